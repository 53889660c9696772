"""Whom the Principal and NotPrincipal elements of resource policies mean.

Sources: the IAM user guide, "AWS JSON policy elements: Principal" (the kinds of principals; an
account's id or its root ARN hands the decision on to the account; `*` is everyone; no other
wildcards), "… NotPrincipal" (with Deny, a session is spared only if it and its role are named,
and whoever has a permissions boundary never is), and "Policy evaluation for requests within a
single account" (what is granted to a user or session itself needs nothing else, what is granted
to a role stays within its boundary and session policies).
"""

from collections.abc import Iterable
from enum import IntEnum

from awsbasics.iam.logic import Atom, Truth
from awsbasics.iam.policy import Principal
from awsbasics.iam.request import Caller, Kind

_ROLES = frozenset({Kind.ROLE, Kind.SESSION})


class Grant(IntEnum):
    """How closely an element names the caller; the higher, the less else is needed.

    ACCOUNT hands on to the identity policies of the caller's account. ENTITY is the role (or
    federated user's user) behind the caller: boundary and session policies still bind. DIRECT
    is the caller himself, or everyone.
    """

    NONE = 0
    ACCOUNT = 1
    ENTITY = 2
    DIRECT = 3


def grant(principals: Iterable[Principal], caller: Caller) -> Grant:
    """The closest way in which any of the principals names the caller."""
    return max((_names(principal, caller) for principal in principals), default=Grant.NONE)


def canonical_user(principals: Iterable[Principal], caller: Caller) -> Truth:
    """Whether a canonical user id may be the caller's: nobody can tell whose account it is."""
    ids = [principal.id for principal in principals if principal.kind == "CanonicalUser"]
    if not ids or not caller.account:
        return False
    return Atom(("canonical", caller.account, tuple(ids)), f"account {caller.account} is {ids[0]}")


def is_spared(principals: Iterable[Principal], caller: Caller) -> bool:
    """Whether a NotPrincipal element takes the caller out of a Deny (no boundary at hand).

    AWS looks at the account, the role and the session one after the other; that the account
    be named too is its advice, not its rule.
    """
    named = list(principals)
    closest = grant(named, caller)
    if caller.kind is not Kind.SESSION:
        return closest >= Grant.ENTITY
    if any(principal.id == "*" for principal in named):
        return True
    return closest is Grant.DIRECT and any(_is_role(p.id, caller) for p in named)


def _names(principal: Principal, caller: Caller) -> Grant:
    if principal.kind == "AWS":
        return _names_aws(principal.id, caller)
    kinds = {Kind.SERVICE, Kind.PROVIDER}
    wanted = Kind.SERVICE if principal.kind == "Service" else Kind.PROVIDER
    if principal.id == "*" and caller.kind is wanted:
        return Grant.DIRECT
    if principal.id == caller.id and (caller.kind in kinds or principal.kind == "CanonicalUser"):
        return Grant.DIRECT
    return Grant.NONE


def _names_aws(text: str, caller: Caller) -> Grant:
    if text == "*":
        return Grant.DIRECT
    if not caller.is_identity:
        return Grant.NONE
    if text == caller.id:
        behind = caller.kind is Kind.ROLE or caller.in_session
        return Grant.ENTITY if behind else Grant.DIRECT
    if _is_account(text, caller):
        return Grant.DIRECT if caller.kind is Kind.ROOT else Grant.ACCOUNT
    if _is_role(text, caller) or (caller.entity and text == caller.entity):
        return Grant.ENTITY
    return Grant.NONE


def _is_account(text: str, caller: Caller) -> bool:
    if text == caller.account:
        return True
    parts = text.split(":")
    if parts[:1] != ["arn"] or parts[2:] != ["iam", "", caller.account, "root"]:
        return False
    return caller.partition in {"", parts[1]}


def _is_role(text: str, caller: Caller) -> bool:
    """Whether an ARN is the caller's role; without its path, the name decides, for it is unique."""
    if caller.kind not in _ROLES:
        return False
    if caller.entity_is_exact:
        return text == caller.entity
    prefix = f"arn:{caller.partition}:iam::{caller.account}:role/"
    return text.startswith(prefix) and text.rpartition("/")[2] == caller.name
