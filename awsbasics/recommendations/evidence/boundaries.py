"""SCP.4: who makes or changes roles and users must bound them, and cannot loosen the bound."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.access import Access
from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import NO, Status, Verdict, best
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.accounts import severity_in
from awsbasics.recommendations.evidence.principals import (
    iam_was_read,
    is_human,
    is_left_alone,
    permission_set_name,
    subject,
)
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# Those of IAM's actions that make a principal or give it permissions, and that know the key
# iam:PermissionsBoundary (Service Authorization Reference, "Actions defined by AWS IAM").
MAKING = ("iam:CreateRole", "iam:CreateUser")
CHANGING = (
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:PutUserPolicy",
    "iam:AttachUserPolicy",
)
REMOVING = ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary")
REPLACING = ("iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary")
EDITING = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
KEY = "iam:permissionsboundary"

HOLES = {
    "attach": "can make or change principals that have no permission boundary",
    "any_boundary": "can choose any policy as their boundary, also one that limits nothing",
    "remove": "can take permission boundaries away",
    "edit": "can rewrite the policy that is the boundary",
}


class Hole(NamedTuple):
    """A way past boundaries: which (`HOLES`), by which actions, and how open it is."""

    kind: str
    actions: tuple[str, ...]
    verdict: Verdict


def enforced_boundaries(facts: "Facts") -> Iterator[Result]:
    """SCP.4: one result per hole of each principal that makes or changes roles or users.

    Administrators are left out: they are held by SCPs alone, which SCP.2 asks for.
    """
    permissions = facts.permissions
    used = boundaries_in_use(permissions.estate.principals.values())
    for principal, profile in permissions.matrix.profiles():
        if profile.title or is_left_alone(facts, principal) or principal.is_service_linked:
            continue
        if profile.unread_identity:
            if iam_was_read(permissions.estate, principal.account_id):
                yield _unread(facts, principal)
            continue
        if _can_make(permissions.access, principal):
            yield from _judged(facts, principal, used.get(principal.account_id, frozenset()))


def _unread(facts: "Facts", principal: Principal) -> Result:
    about = subject(facts, principal)
    title = f"A policy of {about.label} was not read: it may make or change roles or users."
    return unknown(about.account_id, title, about.resource, key="policies", table=about.table)


def _can_make(access: Access, principal: Principal) -> bool:
    return any(
        access.granted(principal, action)
        and access.anywhere(principal, action).status <= Status.POSSIBLE
        for action in (*MAKING, *CHANGING)
    )


def _judged(facts: "Facts", principal: Principal, used: frozenset[str]) -> Iterator[Result]:
    about = subject(facts, principal)
    environment = facts.ownership.environment(principal.account_id).value
    sound = True
    for hole in holes(facts.permissions.access, principal, used):
        sound = False
        title = f"{about.label} {HOLES[hole.kind]} ({listed(shown(hole.actions))})."
        more: dict[str, Any] = {
            "key": hole.kind,
            "facts": {"actions": list(hole.actions), "needs": sorted(hole.verdict.missing)},
            "table": about.table,
        }
        if hole.verdict.status is Status.POSSIBLE:
            title = f"{title[:-1]}, unless what was not read forbids it."
            yield unknown(about.account_id, title, about.resource, **more)
        else:
            severity = severity_in(environment, "high")
            yield fail(about.account_id, about.resource, title=title, severity=severity, **more)
    if sound:
        yield ok(about.account_id, about.resource)


def holes(access: Access, principal: Principal, used: Iterable[str]) -> Iterator[Hole]:
    """The ways past boundaries that a principal has."""
    strongest = f"arn:{principal.partition}:iam::aws:policy/AdministratorAccess"
    without, weak = {"iam:PermissionsBoundary": None}, {"iam:PermissionsBoundary": strongest}
    free = _open(access, principal, (*MAKING, *CHANGING), without)
    yield from _hole("attach", free)
    if not free:
        yield from _hole("any_boundary", _open(access, principal, MAKING, weak))
    removed = _open(access, principal, REMOVING, {}) | _open(access, principal, REPLACING, weak)
    yield from _hole("remove", removed)
    wanted = sorted({*used, *_demanded(principal)})
    yield from _hole("edit", {
        action: verdict
        for action in EDITING
        if (verdict := best(access.can(principal, action, arn, {}) for arn in wanted)).status
        <= Status.POSSIBLE
    })  # fmt: skip


def _hole(kind: str, found: Mapping[str, Verdict]) -> Iterator[Hole]:
    if found:
        yield Hole(kind, tuple(found), best(found.values()))


def _open(
    access: Access, principal: Principal, actions: Iterable[str], about: Mapping[str, Any]
) -> dict[str, Verdict]:
    found = {
        action: access.anywhere(principal, action, about)
        if access.granted(principal, action)
        else NO
        for action in actions
    }
    return {action: each for action, each in found.items() if each.status <= Status.POSSIBLE}


def _demanded(principal: Principal) -> Iterator[str]:
    """The policies of its account that a principal's own policies demand as boundaries."""
    for policy in principal.identity:
        if isinstance(policy, CompiledPolicy):
            for statement in policy.content.policy.statements:
                for line in statement.conditions:
                    if line.key.casefold() == KEY:
                        yield from (v for v in line.values if f":{principal.account_id}:" in v)


def boundaries_in_use(principals: Iterable[Principal]) -> Mapping[str, frozenset[str]]:
    """The policies of each account that are some principal's boundary."""
    found: dict[str, set[str]] = {}
    for each in principals:
        if f":{each.account_id}:policy/" in each.boundary_arn:
            found.setdefault(each.account_id, set()).add(each.boundary_arn)
    return {account: frozenset(arns) for account, arns in found.items()}


def kind_of(facts: "Facts", principal: Principal) -> str:
    """Whose principal it is: `people`, `applications` or `deployment`; empty: nobody's here."""
    if is_left_alone(facts, principal):
        return ""
    if is_human(facts, principal) or permission_set_name(principal):
        return "people"
    if facts.engagement.roles.is_deployment(principal.name, principal.path):
        return "deployment"
    return "" if principal.is_protected else "applications"
