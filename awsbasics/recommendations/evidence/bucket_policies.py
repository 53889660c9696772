"""What a bucket's policy and access control list let strangers do."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import Any

from awsbasics.iam.policy import Condition, Principal, Statement, statements
from awsbasics.recommendations.evidence.actions import is_whole_service, matching

# Keys by which a statement for everybody is for somebody after all (S3 user guide, "The meaning
# of 'public'"), to which AWS has added the keys about organizations and principals.
LIMITING_KEYS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
POSITIVE_OPERATORS = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"}
)
CHANGING_LEVELS = frozenset({"Write", "Permissions management", "Tagging"})
PUBLIC_GROUPS = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
EVERYBODY = "*"


def policy_is_public(policy: str | None) -> bool:
    """Whether a bucket's policy (JSON text) lets anybody in, of whatever account."""
    return any(
        statement.effect == "Allow" and _is_for_everybody(statement) and not _is_limited(statement)
        for statement in _statements(policy)
    )


def acl_is_public(grants: Sequence[Mapping[str, Any]] | None) -> bool:
    """Whether an access control list grants anything to everybody, or to every AWS user."""
    return any(
        str((grant.get("Grantee") or {}).get("URI", "")).endswith(PUBLIC_GROUPS)
        for grant in grants or ()
    )


def writers(policy: str | None) -> Iterator[tuple[str, str | None]]:
    """Whom a bucket's policy lets change it: a name, and its account where that is known.

    Services are left out: they write for the bucket's owner.
    """
    for statement in _statements(policy):
        if statement.effect != "Allow" or not _changes(statement):
            continue
        if "NotPrincipal" in statement.elements:
            yield "everybody but a few (NotPrincipal)", None
        for principal in statement.principals:
            if principal.kind != "Service":
                yield from _named(principal, statement)


def _named(principal: Principal, statement: Statement) -> Iterator[tuple[str, str | None]]:
    if principal != Principal("AWS", EVERYBODY):
        yield principal.id, _account_of(principal.id)
        return
    accounts = _accounts_in_conditions(statement)
    if accounts:
        yield from ((f"everybody in account {account}", account) for account in accounts)
    else:
        yield "everybody" if not _is_limited(statement) else "everybody under a condition", None


def _statements(policy: str | None) -> list[Statement]:
    return statements(policy) if policy else []


def _is_for_everybody(statement: Statement) -> bool:
    return "NotPrincipal" in statement.elements or any(
        EVERYBODY in principal.id for principal in statement.principals if principal.kind == "AWS"
    )


def _is_limited(statement: Statement) -> bool:
    return any(_limits(condition) for condition in statement.conditions)


def _limits(condition: Condition) -> bool:
    key, operator = condition.key.casefold(), condition.operator.casefold()
    if key == "aws:sourceip" and operator == "ipaddress":
        return all(map(_is_some_addresses, condition.values))
    fixed = all(set(value) - {"*", "?"} for value in condition.values)
    return key in LIMITING_KEYS and operator in POSITIVE_OPERATORS and fixed


def _is_some_addresses(cidr: str) -> bool:
    """Whether a range is not the Internet; S3 takes anything from /8 down for some addresses."""
    try:
        network = ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (8 if network.version == 4 else 32)


def _accounts_in_conditions(statement: Statement) -> list[str]:
    """The accounts that a statement for everybody is limited to, if it names them."""
    for condition in statement.conditions:
        if condition.operator.casefold() not in POSITIVE_OPERATORS:
            continue
        if condition.key.casefold() in ("aws:principalaccount", "aws:principalarn"):
            accounts = [_account_of(value) for value in condition.values]
            if all(accounts):
                return [account for account in accounts if account]
    return []


def _account_of(principal: str) -> str | None:
    """The account of an ARN or of a bare account id; None where there is none."""
    parts = principal.split(":")
    account = parts[4] if len(parts) > 4 else principal
    return account if account.isdigit() and len(account) == 12 else None


def _changes(statement: Statement) -> bool:
    if "NotAction" in statement.elements:
        return True
    return any(
        is_whole_service(pattern)
        or any(action.level in CHANGING_LEVELS for action in matching(pattern))
        for pattern in statement.actions
    )
