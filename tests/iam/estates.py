"""Small estates for tests, written by hand: principals, policies, what exists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from awsbasics.iam.compile import compile_policy
from awsbasics.iam.escalation import Way, ways
from awsbasics.iam.estate import Estate, Guards, MaybePolicy, Principal
from awsbasics.iam.frames import CARRIERS, PRESENT

ACCOUNT = "111122223333"
NOW = {"aws:CurrentTime": "2026-11-23T12:00:00Z", "aws:EpochTime": "1795435200"}

Document = Mapping[str, Any]


def arn(kind: str, name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:{kind}/{name}"


def policy(*statements: Document, name: str = "policy") -> MaybePolicy:
    return compile_policy({"Version": "2012-10-17", "Statement": list(statements)}, name)


def allow(actions: Any, resource: Any = "*", **condition: Any) -> Document:
    return _statement("Allow", actions, resource, condition)


def deny(actions: Any, resource: Any = "*", **condition: Any) -> Document:
    return _statement("Deny", actions, resource, condition)


def _statement(effect: str, actions: Any, resource: Any, condition: Any) -> Document:
    statement = {"Effect": effect, "Action": actions, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


ADMINISTRATOR = policy(allow("*"), name="AdministratorAccess")


def principal(
    kind: Literal["user", "role"],
    name: str,
    *identity: MaybePolicy,
    account: str = ACCOUNT,
    **more: Any,
) -> Principal:
    return Principal(
        arn=arn(kind, name, account),
        account_id=account,
        kind=kind,
        name=name,
        identity=identity,
        **more,
    )


def role(
    name: str, *identity: MaybePolicy, trusts: Document | None = None, **more: Any
) -> Principal:
    """A role; it trusts nobody unless a test says whom."""
    trust = {"Effect": "Allow", "Principal": trusts or {"AWS": []}, "Action": "sts:AssumeRole"}
    return principal("role", name, *identity, trust=policy(trust), **more)


def user(name: str, *identity: MaybePolicy, **more: Any) -> Principal:
    return principal("user", name, *identity, **more)


def estate(*principals: Principal, **more: Any) -> Estate:
    """An estate of which everything is read that the kit can gather."""
    accounts = sorted({each.account_id for each in principals})
    tables = ("iam_credential_report", "sso_instances", *CARRIERS, *PRESENT)
    whole: dict[str, Any] = {
        "principals": {each.arn: each for each in principals},
        "accounts": tuple(accounts),
        "carriers": dict.fromkeys(CARRIERS, ()),
        "present": dict.fromkeys(PRESENT, frozenset()),
        "clock": NOW,
        "read": frozenset((table, account) for table in tables for account in accounts),
    }
    return Estate(**{**whole, **more})


def under(guards: Sequence[Sequence[MaybePolicy]]) -> Guards:
    return tuple(tuple(level) for level in guards)


def found(of: Estate, source: Principal, path_id: str = "") -> list[Way]:
    """The ways up of a principal, all or by one path."""
    return [
        way
        for way in ways(of)
        if way.principal_arn == source.arn and path_id in {"", way.edges[0].path.id}
    ]


def statuses(of: Estate, source: Principal, path_id: str = "") -> set[str]:
    return {way.row()[6] for way in found(of, source, path_id) if len(way.edges) == 1}


def changed(of: Estate, old: Principal, **more: Any) -> tuple[Estate, Principal]:
    """The estate with one principal changed."""
    new = replace(old, **more)
    return replace(of, principals={**of.principals, new.arn: new}), new
