"""Whom resource policies name, as principals or in conditions on who asks."""

from collections import defaultdict
from collections.abc import Iterator

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.target import Target

# Nobody has them: whoever lets these in lets in everybody of their account, or of any.
SOMEBODY = "awsbasics-somebody"
STRANGER = "000000000000"
_WHO = ("aws:principalaccount", "aws:principalarn")


def somebody(partition: str, account: str) -> str:
    """The ARN of a role that nobody has made, of an account."""
    return f"arn:{partition}:iam::{account}:role/{SOMEBODY}"


def names_in(target: Target, partition: str) -> dict[str, list[str]]:
    """Whom the allowing statements of a policy name, by account, as ARNs of principals.

    Patterns become the ARN of somebody whom they mean; one for any account a stranger's.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for text in dict.fromkeys(principals_named(target)):
        account = account_of(text)
        if is_pattern(account):
            account = STRANGER
        if not (account.isdigit() and len(account) == len(STRANGER)):
            continue  # `*`, a service, or the id of a principal that is no more
        tail = text.split(":", 5)[-1].replace("*", "awsbasics").replace("?", "x")
        whole = not tail.startswith(("role/", "user/", "assumed-role/", "federated-user/"))
        head = ":".join(text.split(":")[:3]) if not whole else ""
        name = somebody(partition, account) if whole else f"{head}::{account}:{tail}"
        found[account].append(name)
    return found


def is_pattern(text: str) -> bool:
    """Whether a text has wildcards."""
    return "*" in text or "?" in text


def account_of(text: str) -> str:
    """The account of a principal as a policy names it: an id, or an ARN's."""
    parts = text.split(":")
    return parts[4] if len(parts) >= 6 else text if text.isdigit() else ""


def accounts_named(target: Target) -> set[str]:
    """The accounts whose principals a policy lets in as a whole."""
    names = names_in(target, "aws")
    return {a for a, own in names.items() if any(n.endswith(f"/{SOMEBODY}") for n in own)}


def is_for_everybody(target: Target) -> bool:
    """Whether an allowing statement names `*`, or all but some, and no accounts in conditions."""
    rules = target.policy.rules if isinstance(target.policy, CompiledPolicy) else ()
    return any(
        rule.allows
        and (rule.source.not_principals or any(p.id == "*" for p in rule.source.principals))
        and not any(line.key.casefold() in _WHO for line in rule.source.conditions)
        for rule in rules
    )


def principals_named(target: Target) -> Iterator[str]:
    """Principals, and those that conditions on who asks are about."""
    rules = target.policy.rules if isinstance(target.policy, CompiledPolicy) else ()
    for rule in rules:
        if rule.allows:
            yield from (named.id for named in rule.source.principals if named.kind == "AWS")
            for line in rule.source.conditions:
                if line.key.casefold() in _WHO:
                    yield from line.values
