"""DEP.2: what deployment roles can do in IAM: their own application's roles, and nothing else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.access import Access
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.iam.vocabulary import Bits, Vocabulary
from awsbasics.recommendations.base import Result, Severity, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.application_administrators import HOW
from awsbasics.recommendations.evidence.boundaries import (
    MAKING,
    boundaries_in_use,
    holes,
)
from awsbasics.recommendations.evidence.deployers import NONE, Deployer
from awsbasics.recommendations.evidence.principals import iam_was_read, is_left_alone
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_roles"

# What changes permissions of a role, or of a policy (Service Authorization Reference, "Actions
# defined by AWS Identity and Access Management").
ON_ROLES = (
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)
ON_POLICIES = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
# Handing over roles is APP.8's; a service's own role can be made by whoever uses the service.
_HARMLESS = frozenset({"iam:PassRole", "iam:CreateServiceLinkedRole"})
_ANOTHER = "awsbasics-another-application"
_APPLICATIONS_TRIED = 10


class Fault(NamedTuple):
    """One thing that is wrong with a deployment role: `text` goes on after its name."""

    key: str
    text: str
    facts: Mapping[str, Any]
    severity: Severity = "high"


def deployment_power(facts: "Facts") -> Iterator[Result]:
    """DEP.2: one result per deployment role, or one per fault of it."""
    permissions = facts.permissions
    heavy = changes_in_iam(permissions.matrix.vocabulary)
    others = _roles_of_applications(facts)
    used = boundaries_in_use(permissions.estate.principals.values())
    for deployer in facts.deployers:
        role = deployer.role
        if permissions.matrix.profile(role).unread_identity:
            if iam_was_read(permissions.estate, role.account_id):
                title = f"A policy of deployment role {role.name} was not read."
                yield unknown(role.account_id, title, role.arn, key="policies", table=TABLE)
            continue
        bounds = used.get(role.account_id, frozenset())
        found = list(_faults(facts, deployer, heavy, others.get(role.account_id, {}), bounds))
        if not found:
            yield ok(role.account_id, role.arn)
        for fault in found:
            title = f"Deployment role {role.name} {fault.text}."
            seen = {"applications": sorted(deployer.applications), **fault.facts}
            more: dict[str, Any] = {"facts": seen, "severity": fault.severity, "table": TABLE}
            yield fail(role.account_id, role.arn, key=fault.key, title=title, **more)
    if not facts.deployers:
        yield not_applicable(facts.home_account_id, NONE)


def changes_in_iam(vocabulary: Vocabulary) -> Bits:
    """The row of what changes something in IAM, without handing over roles."""
    changing = vocabulary.of_levels(("Permissions management", "Write"))
    return changing & vocabulary.pack(
        action.name.startswith("iam:") and action.name not in _HARMLESS
        for action in vocabulary.actions
    )


def _faults(
    facts: "Facts",
    deployer: Deployer,
    heavy: Bits,
    others: Mapping[str, Principal],
    bounds: frozenset[str],
) -> Iterator[Fault]:
    permissions = facts.permissions
    role, access = deployer.role, permissions.access
    profile = permissions.matrix.profile(role)
    if profile.title:
        yield Fault("administrator", f"is an administrator: {HOW[profile.title]}", {})
        return
    vocabulary = permissions.matrix.vocabulary
    everywhere = [
        str(vocabulary.names[place]) for place in vocabulary.places(heavy & profile.definite)
    ]
    strange = {name: each for name, each in others.items() if name not in deployer.applications}
    yield from _others(access, role, everywhere, strange)
    if any(access.granted(role, action) for action in MAKING):
        for hole in holes(access, role, bounds):
            if hole.kind in ("attach", "any_boundary") and hole.verdict.status < Status.POSSIBLE:
                seen = {"actions": list(hole.actions), "needs": sorted(hole.verdict.missing)}
                yield Fault("unbounded", "can make roles without a permission boundary", seen)
    yield from _own(facts, deployer)


def _others(
    access: Access, role: Principal, everywhere: list[str], strange: Mapping[str, Principal]
) -> Iterator[Fault]:
    """What it can change beyond its application: everything, roles of no name, others' roles."""
    anybody = f"arn:{role.partition}:iam::{role.account_id}:role/{_ANOTHER}"
    any_policy = f"arn:{role.partition}:iam::{role.account_id}:policy/{_ANOTHER}"
    found = set(everywhere)
    for arn, actions in ((anybody, ON_ROLES), (any_policy, ON_POLICIES)):
        found |= {a for a in actions if access.can(role, a, arn, {}).status is Status.OPEN}
    hit = sorted(name for name, target in strange.items() if _changes(access, role, target))
    if found:
        text = f"can change IAM beyond its application ({listed(shown(found))})"
        yield Fault("others", text, {"actions": shown(found), "applications_reached": hit})
    elif hit:
        text = f"can change roles of other applications ({listed(shown(hit))})"
        yield Fault("others", text, {"applications_reached": hit})


def _changes(access: Access, role: Principal, target: Principal) -> bool:
    """Whether a role can change the permissions of another, as that other is."""
    context = {**access.about(target), "iam:PermissionsBoundary": target.boundary_arn or None}
    verdicts = (access.can(role, action, target.arn, context) for action in ON_ROLES)
    return any(each.status <= Status.CONDITIONAL for each in verdicts)


def _own(facts: "Facts", deployer: Deployer) -> Iterator[Fault]:
    """That it cannot change the roles of the stacks that deploy with it."""
    principals = facts.live_policies.principals
    kind = "AWS::IAM::Role"
    own = [
        row.arn
        for deployed in deployer.stacks
        for name in deployed.made(kind)
        if (row := principals.get((kind, deployed.account_id, name))) is not None
    ]
    estate, access = facts.permissions.estate, facts.permissions.access
    targets = [estate.principals[arn] for arn in own if arn in estate.principals]
    stuck = [each.name for each in targets if not _changes(access, deployer.role, each)]
    if targets and len(stuck) == len(targets):
        text = f"cannot update the roles of its own application ({listed(shown(stuck))})"
        yield Fault("own", text, {"roles": shown(stuck)}, "medium")


def _roles_of_applications(facts: "Facts") -> Mapping[str, Mapping[str, Principal]]:
    """A role of each application, by account, where there are deployment roles; some of them."""
    found: dict[str, dict[str, Principal]] = defaultdict(dict)
    for account in {deployer.role.account_id for deployer in facts.deployers}:
        for role in facts.permissions.estate.by_account.get(account, ()):
            if role.kind != "role" or role.is_protected or is_left_alone(facts, role):
                continue
            owner = facts.ownership.application(account, "global", role.arn).value
            if owner and len(found[account]) < _APPLICATIONS_TRIED:
                found[account].setdefault(owner, role)
    return found
