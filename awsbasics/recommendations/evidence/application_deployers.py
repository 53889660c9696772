"""DEP.1 and DEP.3: which role deploys an application, and which people can be it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.deployed_stacks import Deployed
from awsbasics.recommendations.evidence.deployers import (
    NONE,
    Deployer,
    application_stacks,
    deployers_of_applications,
)
from awsbasics.recommendations.evidence.entrants import Entrant
from awsbasics.recommendations.evidence.principals import (
    iam_was_read,
    is_human,
    permission_set_name,
    subject,
)
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

STACKS, ROLES = "cloudformation_stacks", "iam_roles"
NO_APPLICATION = "No stack belongs to an application that is known."

# Where engineers try their templates, and where they are to leave that to the pipeline.
TRYING, GUARDED = frozenset({"sandbox", "development"}), "production"


def deployment_roles(facts: "Facts") -> Iterator[Result]:
    """DEP.1: one result per application and account in which it has stacks.

    Stacks that deploy with what provisions accounts (such as CDK's bootstrap roles) are left out.
    """
    found = False
    people, own = _people(facts), deployers_of_applications(facts)
    for (account, application), every in sorted(application_stacks(facts).items()):
        stacks = [each for each in every if each.is_deployed_by_itself]
        if not all(_is_provisioned(facts, each) for each in stacks):
            found = True
            yield _deployed_by(facts, stacks, application, own.get((account, application)), people)
    if not found:
        yield not_applicable(facts.home_account_id, NO_APPLICATION)


def _is_provisioned(facts: "Facts", deployed: Deployed) -> bool:
    name = deployed.role_arn.rpartition("/")[2]
    path = deployed.role_arn.partition(":role")[2].removesuffix(name) or "/"
    return bool(name) and facts.engagement.roles.is_provisioning(name, path)


def _deployed_by(
    facts: "Facts",
    stacks: list[Deployed],
    application: str,
    own: list[Deployer] | None,
    people: Mapping[str, list[Entrant]],
) -> Result:
    account = stacks[0].account_id
    names = shown(each.name for each in stacks)
    more: dict[str, Any] = {"application": application, "table": STACKS}
    if not own:
        title = f"Application {application} has no deployment role (stacks {listed(names)})."
        key = f"{application}/none"
        return fail(account, key=key, title=title, facts={"stacks": names}, **more)
    shared = [each for each in own if len(each.applications) > 1]
    if len(shared) < len(own):
        return ok(account, own[0].role.arn)
    role = shared[0].role
    others = listed(shown(shared[0].applications - {application}))
    title = f"Application {application} shares its deployment role {role.name} with {others}."
    who = shown(_label(facts, each) for each in people.get(role.arn, ()))
    seen = {"role": role.arn, "stacks": names, "people": who}
    key = f"{application}/shared"
    return fail(account, role.arn, key=key, title=title, facts=seen, **more)


def deploying_people(facts: "Facts") -> Iterator[Result]:
    """DEP.3: one result per deployment role of an account for trying, or of production.

    People are IAM users that the engagement file takes for such, and permission sets.
    """
    people = _people(facts)
    found = False
    for deployer in facts.deployers:
        environment = facts.ownership.environment(deployer.role.account_id).value
        if environment in TRYING or environment == GUARDED:
            found = True
            entering = people.get(deployer.role.arn, [])
            yield _entered(facts, deployer, entering, guarded=environment == GUARDED)
    if not found:
        yield not_applicable(facts.home_account_id, NONE)


def _entered(facts: "Facts", deployer: Deployer, people: list[Entrant], *, guarded: bool) -> Result:
    role = deployer.role
    certain = [each for each in people if each.verdict.status <= Status.CONDITIONAL]
    who = shown(_label(facts, each) for each in certain or people)
    seen = {"people": who, "applications": sorted(deployer.applications)}
    more: dict[str, Any] = {"facts": seen, "table": ROLES}
    unsure = not certain and (people or not iam_was_read(facts.permissions.estate, role.account_id))
    if unsure:
        title = f"Whether people can deploy as {role.name} was not all read."
        return unknown(role.account_id, title, role.arn, key="people", **more)
    if guarded and certain:
        title = f"People can deploy to production as {role.name}: {listed(who)}."
        return fail(role.account_id, role.arn, key="people", title=title, **more)
    if not guarded and not certain:
        title = f"No engineer can deploy as {role.name}, to try out templates and permissions."
        return fail(role.account_id, role.arn, key="nobody", title=title, **more)
    return ok(role.account_id, role.arn)


def _people(facts: "Facts") -> Mapping[str, list[Entrant]]:
    """The people, as what they sign in as, who can assume each deployment role, by its ARN."""
    wanted = {deployer.role.arn for deployer in facts.deployers}
    permissions = facts.permissions
    found: dict[str, list[Entrant]] = defaultdict(list)
    for principal in permissions.estate.principals.values():
        if not wanted or not (is_human(facts, principal) or permission_set_name(principal)):
            continue
        for arn, verdict in permissions.candidates.assumable(principal).items():
            if arn in wanted and verdict.status <= Status.POSSIBLE:
                found[arn].append(Entrant(principal, verdict))
    return found


def _label(facts: "Facts", entrant: Entrant) -> str:
    about = subject(facts, entrant.principal)
    needs = f" (needs {listed(shown(entrant.verdict.missing))})" if entrant.verdict.missing else ""
    return f"{about.label} of {entrant.principal.account_id}{needs}"
