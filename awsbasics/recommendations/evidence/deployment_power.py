"""DEP.2: what deployment roles can do in IAM: their own application's roles, and nothing else."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.access import Access
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status, best
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
    """One thing that is wrong with a deployment role: `text` goes on after its name.

    `sure` is False where something that was not read may forbid it.
    """

    key: str
    text: str
    facts: Mapping[str, Any]
    severity: Severity = "high"
    sure: bool = True


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
            more: dict[str, Any] = {"key": fault.key, "facts": seen, "table": TABLE}
            if fault.sure:
                yield fail(role.account_id, role.arn, title=title, severity=fault.severity, **more)
            else:
                text = f"{title[:-1]}, unless what was not read forbids it."
                yield unknown(role.account_id, text, role.arn, **more)
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
            if hole.kind in ("attach", "any_boundary"):
                seen = {"actions": list(hole.actions), "needs": sorted(hole.verdict.missing)}
                sure = hole.verdict.status < Status.POSSIBLE
                text = "can make roles without a permission boundary"
                yield Fault("unbounded", text, seen, sure=sure)
    yield from _own(facts, deployer)


def _others(
    access: Access, role: Principal, everywhere: list[str], strange: Mapping[str, Principal]
) -> Iterator[Fault]:
    """What it can change beyond its application: everything, roles of no name, others' roles.

    For a role that is not there conditions are no fault: a boundary or tags may be asked for.
    """
    own = f"arn:{role.partition}:iam::{role.account_id}"
    verdicts = dict.fromkeys(everywhere, Status.OPEN)
    for kind, actions in (("role", ON_ROLES), ("policy", ON_POLICIES)):
        for action in actions:
            verdict = access.can(role, action, f"{own}:{kind}/{_ANOTHER}", {})
            verdicts.setdefault(action, verdict.status)
    found = [action for action, status in verdicts.items() if status is Status.OPEN]
    unsure = [action for action, status in verdicts.items() if status is Status.POSSIBLE]
    reached = {name: _change(access, role, target) for name, target in strange.items()}
    hit = [name for name, status in reached.items() if status <= Status.CONDITIONAL]
    maybe = [name for name, status in reached.items() if status is Status.POSSIBLE]
    if found or unsure:
        text = f"can change IAM beyond its application ({listed(shown(found or unsure))})"
        seen = {"actions": shown(found or unsure), "applications_reached": shown(hit)}
        yield Fault("others", text, seen, sure=bool(found))
    elif hit or maybe:
        text = f"can change roles of other applications ({listed(shown(hit or maybe))})"
        yield Fault("others", text, {"applications_reached": shown(hit or maybe)}, sure=bool(hit))


def _change(access: Access, role: Principal, target: Principal) -> Status:
    """Whether a role can change the permissions of another, as that other is."""
    context = {**access.about(target), "iam:PermissionsBoundary": target.boundary_arn or None}
    return best(access.can(role, action, target.arn, context) for action in ON_ROLES).status


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
    stuck = [e.name for e in targets if _change(access, deployer.role, e) > Status.POSSIBLE]
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
