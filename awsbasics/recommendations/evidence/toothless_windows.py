"""TMP.4: limits in time that do not limit: no end, on a Deny that ends, on a key that is absent.

Sources: the IAM user guide, "IAM JSON policy elements: Condition operators" (`…IfExists` holds
where the key is absent) and "AWS global condition context keys" (`aws:TokenIssueTime` is only in
requests with temporary credentials, `aws:MultiFactorAuthAge` only where a second factor was
shown; `aws:CurrentTime` and `aws:EpochTime` are in every request).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from awsbasics.iam.estate import Principal
from awsbasics.iam.permissions import Permissions
from awsbasics.iam.policy import Statement, statements
from awsbasics.iam.windows import windows
from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.documents import inline_policies, managed_policies
from awsbasics.recommendations.evidence.roles import is_aws_own
from awsbasics.recommendations.evidence.rows import from_json, rows, shown
from awsbasics.recommendations.evidence.wildcards import statement_key

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ABSENT_KEYS = ("aws:tokenissuetime", "aws:multifactorauthage")
CLOCKS = ("aws:currenttime", "aws:epochtime")

WHY = {
    "start": "has a start and no end",
    "deny": "is a Deny that is over at some time, and leaves what is allowed open",
    "never": "is a Deny for a window that never opens: both of its bounds must hold at once",
    "if_exists": "is limited by a key that may be absent (…IfExists), and then is not limited",
    "absent": "is a Deny by the age of the second factor, which says nothing where none was shown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A document with conditions on time: where it is, what it is called, who holds it."""

    account_id: str
    region: str
    resource: str
    prefix: str
    label: str
    table: str
    text: str
    holders: tuple[str, ...]
    is_trust: bool = False


def toothless_windows(facts: "Facts") -> Iterator[Result]:
    """TMP.4: one result per statement with a limit in time.

    A Deny between two dates is a freeze, not a limit of elevated access, and is left alone. One
    that ends is only a fault where somebody who holds it is then allowed what it denied.
    """
    permissions = facts.permissions
    for timed in _documents(facts):
        for key, statement in timed_statements(timed.text):
            place = (timed.account_id, timed.resource, timed.region)
            faults = [
                kind
                for kind in faults_of(statement)
                if kind not in ("deny", "never", "absent")
                or _is_open(permissions, timed, statement)
            ]
            if not faults:
                yield ok(*place)
            for kind in faults:
                seen = {
                    "statement": statement.sid or key,
                    "effect": statement.effect,
                    "conditions": [
                        f"{line.operator} {line.key}: {', '.join(line.values)}"
                        for line in statement.conditions
                    ],
                    "held_by": shown(timed.holders),
                }
                yield fail(
                    *place,
                    key=f"{timed.prefix}{key}/{kind}",
                    title=f"The time limit in {timed.label} {WHY[kind]}.",
                    facts=seen,
                    table=timed.table,
                )


@lru_cache(maxsize=65536)
def timed_statements(text: str) -> tuple[tuple[str, Statement], ...]:
    """The statements of a document with a condition on time, and the key of each."""
    folded = text.casefold()
    if not any(key in folded for key in (*CLOCKS, *ABSENT_KEYS)):
        return ()
    return tuple(
        (statement_key(each), each)
        for each in statements(text)
        if any(line.key.casefold() in (*CLOCKS, *ABSENT_KEYS) for line in each.conditions)
    )


def faults_of(statement: Statement) -> Iterator[str]:
    """Why a limit does not limit, as keys of `WHY`; `deny`, `never`, `absent` leave an Allow."""
    start, end = windows(statement) or (None, None)
    if statement.effect == "Allow":
        if start is not None and end is None:
            yield "start"
        if any(
            _is_absent_key(line.key) and _if_exists(line.operator) for line in statement.conditions
        ):
            yield "if_exists"
    elif statement.effect == "Deny":
        if start is not None and end is not None and start >= end:
            yield "never"
        elif end is not None and start is None:
            yield "deny"
        if any(
            line.key.casefold() == "aws:multifactorauthage"
            and not _if_exists(line.operator)
            and not line.operator.casefold().startswith("null")
            for line in statement.conditions
        ):
            yield "absent"


def _is_absent_key(key: str) -> bool:
    return key.casefold() in ABSENT_KEYS


def _if_exists(operator: str) -> bool:
    return operator.casefold().endswith("ifexists")


def _is_open(permissions: Permissions, timed: Timed, statement: Statement) -> bool:
    """Whether somebody who holds a Deny is allowed what it denies once all windows are over."""
    if timed.is_trust:
        return any(
            other.effect == "Allow" and (windows(other) or (None, None))[1] is None
            for other in statements(timed.text)
        )
    later = permissions.for_ever
    vocabulary = later.matrix.vocabulary
    row = vocabulary.row(statement.actions)
    if "NotAction" in statement.elements:
        row = vocabulary.everything & ~vocabulary.row(statement.not_actions)
    return any(
        bool((later.matrix.profile(each).possible & row).any())
        for each in _holders(later, timed.holders)
    )


def _holders(permissions: Permissions, arns: tuple[str, ...]) -> Iterator[Principal]:
    """The principals behind holders: users and roles themselves, and the members of groups."""
    wanted = set(arns)
    estate = permissions.estate
    for arn in arns:
        if arn in estate.principals:
            yield estate.principals[arn]
    groups = {arn for arn in wanted if arn in estate.groups}
    if groups:
        for principal in estate.principals.values():
            if groups.intersection(principal.groups):
                yield principal
    sets = {arn: name for name, arn in estate.permission_sets.items() if arn in wanted}
    for name in sets.values():
        for principal in estate.principals.values():
            if principal.name.startswith(f"AWSReservedSSO_{name}_"):
                yield principal


def _documents(facts: "Facts") -> Iterator[Timed]:
    """Policies that somebody holds, trust policies, and the inline policies of permission sets."""
    aws_own = {
        role.arn for role in rows(facts.frame("iam_roles"), "arn", "path") if is_aws_own(role)
    }
    for source in (managed_policies, inline_policies):
        for document in source(facts):
            held = tuple(arn for arn in document.holders if arn not in aws_own)
            if held and document.text and not document.aws_managed:
                yield Timed(
                    account_id=document.account_id,
                    region="global",
                    resource=document.resource,
                    prefix=document.key(""),
                    label=f"policy {document.name}",
                    table=document.table,
                    text=document.text,
                    holders=held,
                )
    yield from _trusts(facts)
    yield from _permission_sets(facts)


def _trusts(facts: "Facts") -> Iterator[Timed]:
    table = "iam_roles"
    for role in rows(facts.frame(table), "account_id", "arn", "name", "path", "trust_policy"):
        if role.trust_policy and not is_aws_own(role):
            yield Timed(
                account_id=role.account_id,
                region="global",
                resource=role.arn,
                prefix="trust/",
                label=f"the trust policy of role {role.name}",
                table=table,
                text=role.trust_policy,
                holders=(role.arn,),
                is_trust=True,
            )


def _permission_sets(facts: "Facts") -> Iterator[Timed]:
    table = "sso_permission_sets"
    assigned = {
        row.permission_set_arn for row in rows(facts.frame("sso_assignments"), "permission_set_arn")
    }
    for row in rows(facts.frame(table), "account_id", "region", "arn", "name", "inline_policy"):
        value = from_json(row.inline_policy)
        text = value if isinstance(value, str) else row.inline_policy
        if text and row.arn in assigned:
            yield Timed(
                account_id=row.account_id,
                region=row.region,
                resource=row.arn,
                prefix="",
                label=f"permission set {row.name}",
                table=table,
                text=text,
                holders=(row.arn,),
            )
