"""DEP.7: an application is deployed by what its own stack made, within limits that stay."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.iam.access import Access
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.boundaries import EDITING, REMOVING, REPLACING
from awsbasics.recommendations.evidence.deployed_stacks import Deployed
from awsbasics.recommendations.evidence.deployers import (
    NONE,
    Deployer,
    application_stacks,
    deployers_of_applications,
)
from awsbasics.recommendations.evidence.deployment_power import ON_ROLES
from awsbasics.recommendations.evidence.principals import iam_was_read
from awsbasics.recommendations.evidence.rows import shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "cloudformation_stack_resources"
_INLINE = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy")


def own_deployment(facts: "Facts") -> Iterator[Result]:
    """DEP.7: one result per application and deployment role in an account, or one per fault.

    Applications without a deployment role are DEP.1's, stacks without a service role DEP.5's.
    """
    found = False
    own = deployers_of_applications(facts)
    for (account, application), stacks in sorted(application_stacks(facts).items()):
        for deployer in own.get((account, application), ()):
            found = True
            yield from _judged(facts, deployer, application, stacks)
    if not found:
        yield not_applicable(facts.home_account_id, NONE)


def _judged(
    facts: "Facts", deployer: Deployer, application: str, stacks: tuple[Deployed, ...]
) -> Iterator[Result]:
    role = deployer.role
    account, name = role.account_id, role.name
    sound = True
    seen: dict[str, Any] = {"stacks": shown(each.name for each in stacks)}
    more: dict[str, Any] = {"application": application, "facts": seen, "table": TABLE}
    if not _is_made(facts, role, stacks):
        sound = False
        title = (
            f"Deployment role {name} of {application} and its policies are not made by a stack of"
            " the application."
        )
        yield fail(account, role.arn, key=f"{application}/made", title=title, **more)
    elif not any(each.role_arn for each in stacks):
        sound = False
        title = f"No stack of {application} deploys with a role, though one is made for it: {name}."
        low: dict[str, Any] = {**more, "severity": "low"}
        yield fail(account, role.arn, key=f"{application}/deploys", title=title, **low)
    if facts.permissions.matrix.profile(role).unread_identity:
        if iam_was_read(facts.permissions.estate, account):
            title = f"A policy of deployment role {name} was not read: it may lift its own limits."
            yield unknown(account, title, role.arn, key=f"{application}/boundary", table=TABLE)
        return
    lifts = _lifts(facts.permissions.access, role)
    if lifts:
        yield _unlimited(role, application, lifts)
    elif sound:
        yield ok(account, role.arn)


def _unlimited(role: Principal, application: str, lifts: Mapping[str, Status]) -> Result:
    how = "its own permission boundary" if role.boundary_arn else "its own permissions"
    lack = "" if role.boundary_arn else ", and has no permission boundary"
    title = f"Deployment role {role.name} of {application} can change {how}{lack}."
    more: dict[str, Any] = {
        "key": f"{application}/boundary",
        "application": application,
        "facts": {"actions": list(lifts), "boundary": role.boundary_arn or None},
        "table": "iam_roles",
    }
    if min(lifts.values()) is Status.POSSIBLE:
        text = f"{title[:-1]}, unless what was not read forbids it."
        return unknown(role.account_id, text, role.arn, **more)
    return fail(role.account_id, role.arn, title=title, **more)


def _is_made(facts: "Facts", role: Principal, stacks: Iterable[Deployed]) -> bool:
    """Whether stacks make a role, or a policy that it has."""
    embedded = {policy.name for policy in facts.live_policies.embedded.get(role.arn, ())}
    for stack in stacks:
        policies = {each for kind in _INLINE for each in stack.made(kind)}
        if (
            role.name in stack.made("AWS::IAM::Role")
            or set(stack.made("AWS::IAM::ManagedPolicy")) & set(role.attached)
            or embedded & policies
        ):
            return True
    return False


def _lifts(access: Access, role: Principal) -> Mapping[str, Status]:
    """The actions by which a role can free itself: of its boundary, or where it has none, at all.

    Conditions that it may fulfil do not protect it.
    """
    context = {**access.about(role), "iam:PermissionsBoundary": role.boundary_arn or None}
    strongest = f"arn:{role.partition}:iam::aws:policy/AdministratorAccess"
    weak = {**context, "iam:PermissionsBoundary": strongest}
    if not role.boundary_arn:
        tried = [(action, role.arn, context) for action in ON_ROLES[:2]]
    else:
        tried = [(REMOVING[0], role.arn, context), (REPLACING[0], role.arn, weak)]
        tried += [(action, role.boundary_arn, {}) for action in EDITING]
    found = {
        action: access.can(role, action, resource, about).status
        for action, resource, about in tried
        if access.granted(role, action)
    }
    return {action: status for action, status in found.items() if status <= Status.POSSIBLE}
