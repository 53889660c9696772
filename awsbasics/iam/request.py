"""A request, and what follows from who makes it.

Sources: the IAM user guide, "IAM identifiers" (the forms of ARNs), "AWS global condition context
keys" and "IAM policy elements: Variables and tags" (which principals have which keys).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from awsbasics.iam.context import ABSENT, Values

_ACCOUNT_DIGITS = 12
_ARN_PARTS = 6
# Providers that are named by their host alone, not by an ARN.
_WEB_PROVIDERS = frozenset(
    {
        "cognito-identity.amazonaws.com",
        "www.amazon.com",
        "graph.facebook.com",
        "accounts.google.com",
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request: who asks for which action on which resource, and what else is known.

    `principal` is the ARN of a user, role, role session or federated user, an account's root
    (its ARN or the account's id), an identity provider, a service (`ec2.amazonaws.com`), or `*`
    for someone without credentials. `role_arn` is the role of a session, with its path, which
    the session's ARN lacks (of a federated user: the user behind it). `resource_account` is the
    owner of the resource; without it that of its ARN, or else the principal's own account.
    `context` has condition keys in any case; None as a value says that the key is absent.
    """

    principal: str
    action: str
    resource: str = "*"
    resource_account: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    role_arn: str | None = None


class Kind(StrEnum):
    """What a caller is."""

    USER = "User"
    ROLE = "Role"
    SESSION = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    ROOT = "Account"
    SERVICE = "Service"
    PROVIDER = "Federated"
    ANONYMOUS = "Anonymous"


IDENTITIES = frozenset({Kind.USER, Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER, Kind.ROOT})
_PRINCIPAL_TYPES: dict[Kind, str] = {
    Kind.USER: "User",
    Kind.ROLE: "AssumedRole",
    Kind.SESSION: "AssumedRole",
    Kind.FEDERATED_USER: "FederatedUser",
    Kind.ROOT: "Account",
    Kind.ANONYMOUS: "Anonymous",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal taken apart.

    `entity` is the ARN of the role or user behind the caller, as far as it is known; `name` its
    name without path, which in one account belongs to one role only. `in_session` is set for a
    user whose request is limited by session policies.
    """

    id: str
    kind: Kind
    account: str = ""
    partition: str = ""
    name: str = ""
    entity: str = ""
    entity_is_exact: bool = True
    in_session: bool = False

    @property
    def is_identity(self) -> bool:
        """Whether IAM knows the caller: identity policies, boundaries and SCPs are about it."""
        return self.kind in IDENTITIES

    @property
    def is_service_linked(self) -> bool | None:
        """Whether it is a service-linked role; None where only the name makes it likely.

        Source: "Service-linked roles": they lie under the path /aws-service-role/.
        """
        if self.kind not in {Kind.ROLE, Kind.SESSION}:
            return False
        if ":role/aws-service-role/" in self.entity:
            return True
        likely = not self.entity_is_exact and self.name.startswith("AWSServiceRoleFor")
        return None if likely else False


def caller_of(request: Request) -> Caller:
    """Who makes the request; a form that is not known is a service or provider of that name."""
    if _is_account_id(request.principal):
        return _root_of(request.principal, request.resource)
    return _caller(request.principal, request.role_arn)


@lru_cache(maxsize=1024)
def _caller(text: str, role_arn: str | None) -> Caller:
    if text == "*":
        return Caller(text, Kind.ANONYMOUS)
    parts = text.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or parts[0] != "arn":
        is_provider = text in _WEB_PROVIDERS or ".amazonaws." not in f"{text}."
        return Caller(text, Kind.PROVIDER if is_provider else Kind.SERVICE)
    return _from_arn(text, parts, role_arn)


def _root_of(account: str, resource: str) -> Caller:
    """An account's root; the partition is the resource's, where that tells it."""
    parts = resource.split(":", 2)
    if parts[0] != "arn" or len(parts) < 3:
        return Caller(account, Kind.ROOT, account)
    return Caller(f"arn:{parts[1]}:iam::{account}:root", Kind.ROOT, account, parts[1])


def _from_arn(text: str, parts: list[str], role_arn: str | None) -> Caller:
    partition, service, account, resource = parts[1], parts[2], parts[4], parts[5]
    kind, _, rest = resource.partition("/")
    name = rest.rpartition("/")[2]
    if (service, resource) == ("iam", "root"):
        return Caller(text, Kind.ROOT, account, partition)
    if (service, kind) == ("iam", "user"):
        return Caller(text, Kind.USER, account, partition, name, text)
    if (service, kind) == ("iam", "role"):
        return Caller(text, Kind.ROLE, account, partition, name, text)
    if (service, kind) == ("sts", "assumed-role"):
        name = rest.partition("/")[0]
        entity = role_arn or f"arn:{partition}:iam::{account}:role/{name}"
        return Caller(text, Kind.SESSION, account, partition, name, entity, role_arn is not None)
    if (service, kind) == ("sts", "federated-user"):
        return Caller(text, Kind.FEDERATED_USER, account, partition, name, role_arn or "")
    return Caller(text, Kind.PROVIDER, account, partition)


def resource_account_of(request: Request, caller: Caller) -> str:
    """Who owns the resource; where nothing says so, the caller's own account."""
    if request.resource_account is not None:
        return request.resource_account
    parts = request.resource.split(":", _ARN_PARTS - 1)
    account = parts[4] if len(parts) == _ARN_PARTS else ""
    return account if _is_account_id(account) else caller.account


def derived_keys(caller: Caller) -> dict[str, Values]:
    """The condition keys that follow from the caller; empty: the key is absent.

    A service that calls on its own behalf is in no account, nor is someone anonymous; who makes
    a call with an identity provider's token has no ARN of his own yet.
    """
    keys: dict[str, Values] = {"aws:username": ABSENT}
    if caller.kind in _PRINCIPAL_TYPES:
        keys["aws:principaltype"] = (_PRINCIPAL_TYPES[caller.kind],)
    keys["aws:principalisawsservice"] = ("true" if caller.kind is Kind.SERVICE else "false",)
    if not caller.is_identity:
        keys["aws:principalarn"] = keys["aws:principalaccount"] = ABSENT
        keys["aws:principalorgid"] = keys["aws:principalorgpaths"] = ABSENT
        if caller.kind is Kind.SERVICE:
            keys["aws:principalservicename"] = (caller.id,)
        return keys
    keys["aws:principalaccount"] = (caller.account,)
    if caller.partition:
        is_session = caller.kind is Kind.SESSION  # whose key has the role's ARN
        keys["aws:principalarn"] = (caller.entity if is_session else caller.id,)
    if caller.kind is Kind.USER:
        keys["aws:username"] = (caller.name,)
    return keys


def _is_account_id(text: str) -> bool:
    return len(text) == _ACCOUNT_DIGITS and text.isascii() and text.isdigit()
