"""Deployment roles: what stacks deploy with, what builds deploy as, and what is called one."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import translate
from typing import TYPE_CHECKING

from awsbasics.iam.estate import Principal
from awsbasics.recommendations.evidence.deployed_stacks import Deployed
from awsbasics.recommendations.evidence.principals import is_left_alone
from awsbasics.recommendations.evidence.rows import rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# Whoever may do one of these deploys (Service Authorization Reference, AWS CloudFormation).
DEPLOYING = (
    "cloudformation:CreateStack",
    "cloudformation:UpdateStack",
    "cloudformation:ExecuteChangeSet",
)

NONE = "No role deploys an application."


@dataclass(frozen=True, slots=True)
class Deployer:
    """A deployment role: the applications that it is for, and the stacks that deploy with it.

    `is_named` says that the engagement file's patterns call it a deployment role, `builds` are
    the build projects that run as it.
    """

    role: Principal
    applications: frozenset[str]
    stacks: tuple[Deployed, ...] = ()
    builds: tuple[str, ...] = ()
    is_named: bool = False


def deployers(facts: "Facts") -> Iterator[Deployer]:
    """Every deployment role that somebody here wrote; `facts.deployers` are these, found once."""
    stacks: dict[str, list[Deployed]] = defaultdict(list)
    for deployed in facts.stacks:
        if deployed.role_arn and deployed.is_deployed_by_itself:
            stacks[deployed.role_arn].append(deployed)
    builds = _builds(facts)
    known = frozenset(application for _, application in application_stacks(facts))
    roles = facts.engagement.roles
    for role in facts.permissions.estate.principals.values():
        if role.kind != "role" or role.is_protected or is_left_alone(facts, role):
            continue
        named = roles.is_deployment(role.name, role.path)
        own, builds_own = stacks.get(role.arn, []), builds.get(role.arn, [])
        if named or own or (builds_own and can_deploy(facts, role)):
            found = {_application(facts, each) for each in own} - {None}
            found = found or {_named_for(facts, role, known)}
            applications = frozenset(each for each in found if each)
            yield Deployer(role, applications, tuple(own), tuple(builds_own), named)


def application_stacks(facts: "Facts") -> Mapping[tuple[str, str], tuple[Deployed, ...]]:
    """The stacks of each application by account and application, nested ones included.

    An application of which nobody deploys a stack (stack sets do) is not in it.
    """
    found: dict[tuple[str, str], list[Deployed]] = defaultdict(list)
    for deployed in facts.stacks:
        application = _application(facts, deployed)
        if application:
            found[deployed.account_id, application].append(deployed)
    return {
        place: tuple(stacks)
        for place, stacks in found.items()
        if any(each.is_deployed_by_itself for each in stacks)
    }


def deployers_of_applications(facts: "Facts") -> Mapping[tuple[str, str], list[Deployer]]:
    """The deployment roles in each account, by account and application."""
    found: dict[tuple[str, str], list[Deployer]] = defaultdict(list)
    for deployer in facts.deployers:
        for application in deployer.applications:
            found[deployer.role.account_id, application].append(deployer)
    return found


def can_deploy(facts: "Facts", principal: Principal) -> bool:
    """Whether a principal may make or change stacks, as far as its policies were read."""
    matrix = facts.permissions.matrix
    profile = matrix.profile(principal)
    row = profile.granted & profile.possible
    return any(matrix.vocabulary.has(row, action) for action in DEPLOYING)


def _builds(facts: "Facts") -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows(facts.frame("codebuild_projects"), "arn", "service_role_arn"):
        if row.service_role_arn:
            found[row.service_role_arn].append(row.arn)
    return found


def _application(facts: "Facts", deployed: Deployed) -> str | None:
    place = (deployed.account_id, deployed.region, deployed.arn)
    return facts.ownership.application(*place).value


def _named_for(facts: "Facts", role: Principal, known: frozenset[str]) -> str | None:
    """The application that a role belongs to, or whose name is what `*-deploy` leaves open."""
    owner = facts.ownership.application(role.account_id, "global", role.arn)
    if owner.value is not None:
        return owner.value
    for pattern in facts.engagement.roles.deployment:
        if pattern.count("*") == 1:
            open_part = translate(pattern).replace(".*", "(.*)", 1)
            found = re.match(open_part, role.name)
            if found and found[1] in known:
                return found[1]
    return None
