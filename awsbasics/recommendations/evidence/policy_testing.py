"""SEP.7: people can try out roles and policies in a sandbox, bounded."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.accounts import Account, active_accounts
from awsbasics.recommendations.evidence.boundaries import holes
from awsbasics.recommendations.evidence.entrants import entrants
from awsbasics.recommendations.evidence.principals import (
    is_break_glass,
    is_human,
    is_left_alone,
    people_by_role,
    permission_set_name,
    subject,
)
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_roles"
# To test permissions one makes a role, and gives it some.
MAKES = "iam:CreateRole"
GIVES = ("iam:PutRolePolicy", "iam:AttachRolePolicy")


def policies_can_be_tested(facts: "Facts") -> Iterator[Result]:
    """SEP.7: for each sandbox, whether people can make roles there, and under a boundary.

    People are IAM users, who signs in by Identity Center, and whoever of these can assume a role.
    A service control policy that demands the boundary counts as well as a policy's condition.
    """
    sandboxes = [each for each in active_accounts(facts) if each.environment == "sandbox"]
    if not sandboxes:
        title = "There is no sandbox; SEP.2 says so."
        yield not_applicable(facts.home_account_id, title)
    for account in sandboxes:
        if account.id in facts.accounts:
            yield from _judged(facts, account)


def _judged(facts: "Facts", account: Account) -> Iterator[Result]:
    certain: list[Principal] = []
    perhaps: list[Principal] = []
    for principal in facts.permissions.estate.by_account.get(account.id, ()):
        status = _can_make(facts, principal)
        if status <= Status.POSSIBLE and _is_peoples(facts, principal):
            (certain if status <= Status.CONDITIONAL else perhaps).append(principal)
    more: dict[str, Any] = {"key": "testing", "table": TABLE}
    if not certain and perhaps:
        title = f"Whether people can make roles in sandbox {account.label} was not all read."
        yield unknown(account.id, title, facts={"perhaps": _labels(facts, perhaps)}, **more)
    elif not certain:
        title = f"Nobody can make roles and policies in sandbox {account.label}, to test them."
        yield fail(account.id, title=title, **more)
    else:
        yield _bounded(facts, account, certain)


def _can_make(facts: "Facts", principal: Principal) -> Status:
    access = facts.permissions.access
    made = access.anywhere(principal, MAKES).status
    given = min(access.anywhere(principal, action).status for action in GIVES)
    return max(made, given)


def _is_peoples(facts: "Facts", principal: Principal) -> bool:
    """Whether people are it, sign in as it or can assume it; not in an emergency only."""
    if is_left_alone(facts, principal) or is_break_glass(facts, principal):
        return False
    if principal.kind == "user":
        return is_human(facts, principal)
    if permission_set_name(principal):
        return principal.arn in people_by_role(facts.permissions.estate)
    if principal.name == ORGANIZATION_ROLE:
        return False
    return any(
        is_human(facts, each.principal) or permission_set_name(each.principal)
        for each in entrants(facts, principal)
    )


def _bounded(facts: "Facts", account: Account, makers: list[Principal]) -> Result:
    access = facts.permissions.access
    free = [
        each
        for each in makers
        if any(hole.kind in ("attach", "any_boundary") for hole in holes(access, each, ()))
    ]
    if not free:
        return ok(account.id)
    title = (
        f"{listed(_labels(facts, free))} can make roles or users in sandbox {account.label}"
        " that no permission boundary limits."
    )
    seen = {"free": _labels(facts, free), "can_test": _labels(facts, makers)}
    more: dict[str, Any] = {"facts": seen, "severity": "low", "table": TABLE}
    return fail(account.id, key="boundary", title=title, **more)


def _labels(facts: "Facts", principals: list[Principal]) -> list[str]:
    return shown(subject(facts, each).label for each in principals)
