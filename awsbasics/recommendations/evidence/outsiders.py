"""Who from outside the organization a role's trust policy lets in, and what it asks of them."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.request import Request
from awsbasics.iam.rule import Rule

if TYPE_CHECKING:
    from awsbasics.facts import Facts

EVERYONE = "everyone"

# An account and an organization that are nobody's here; a guessed external id is no secret kept.
STRANGER = "000000000000"
_STRANGE_ORGANIZATION = {
    "aws:PrincipalOrgID": "o-awsbasics0",
    "aws:PrincipalOrgPaths": ["o-awsbasics0/r-0000/"],
}
_GUESSED = "awsbasics-guess"
_EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
_SOMEBODY = "awsbasics"
_ACCOUNT = re.compile(r"[0-9]{12}")
_NAMING_KEYS = frozenset({"aws:principalaccount", "aws:principalarn"})


class Outsider(NamedTuple):
    """Someone from outside whom a trust policy may let in.

    `account_id` is `EVERYONE` for whom it does not name. `enters` says whether they can
    without an external id, `needs` which other condition keys that depends on;
    `enters_at_all` whether they can with the right external id.
    """

    account_id: str
    enters: bool
    enters_at_all: bool
    needs: tuple[str, ...] = ()


def organization_was_read(facts: "Facts") -> bool:
    """Whether all accounts of the organization are known, so that others are outside."""
    return any(table == "organizations_accounts" for table, _ in facts.permissions.estate.read)


def outsiders(facts: "Facts", role: Principal) -> Iterator[Outsider]:
    """Those outside that a role's trust policy speaks of, trusted accounts included."""
    if not isinstance(role.trust, CompiledPolicy):
        return
    rules = [rule for rule in role.trust.rules if rule.allows]
    callers = _callers(rules, role.partition)
    if any(map(_is_for_everyone, rules)):
        anybody = f"arn:{role.partition}:iam::{STRANGER}:role/{_SOMEBODY}"
        yield _asked(facts, role, EVERYONE, {anybody, *callers.get(STRANGER, ())})
    for account, named in sorted(callers.items()):
        if account != STRANGER and account not in facts.permissions.estate.guards:
            yield _asked(facts, role, account, named)


def _is_for_everyone(rule: Rule) -> bool:
    source = rule.source
    anyone = any(named == ("AWS", "*") for named in source.principals)
    return anyone or bool(source.not_principals)


def _callers(rules: Iterable[Rule], partition: str) -> dict[str, set[str]]:
    """ARNs as which people could come that statements name, by account.

    Conditions on the caller's ARN or account name people, too; where they leave the account
    open, a stranger may come by that name.
    """
    found: dict[str, set[str]] = {}
    for rule in rules:
        texts = [named.id for named in rule.source.principals if named.kind == "AWS"]
        for line in rule.source.conditions:
            if line.key.casefold() in _NAMING_KEYS and "not" not in line.operator.casefold():
                texts += line.values
        for text in texts:
            parts = text.split(":", 5)
            account = parts[4] if len(parts) == 6 else text
            if len(parts) == 6 and set(account) & {"*", "?"}:
                account = STRANGER
            if _ACCOUNT.fullmatch(account):
                own = parts[5] if len(parts) == 6 else ""
                found.setdefault(account, set()).add(_caller(own, account, partition))
    return found


def _caller(resource: str, account: str, partition: str) -> str:
    """An ARN that fits what a principal's or a condition's text says of a user or role."""
    if not resource.startswith(("role/", "user/", "assumed-role/")):
        resource = f"role/{_SOMEBODY}"
    service = "sts" if resource.startswith("assumed-role/") else "iam"
    fitting = resource.replace("*", _SOMEBODY).replace("?", "x")
    return f"arn:{partition}:{service}::{account}:{fitting}"


def _asked(facts: "Facts", role: Principal, account_id: str, callers: Iterable[str]) -> Outsider:
    without = [_decided(facts, role, c, given) for c in callers for given in (None, _GUESSED)]
    entering = [needs for enters, needs in without if enters]
    if entering:
        return Outsider(account_id, True, True, min(entering, key=len))
    # Without a value the external id stays open: whoever knows it gives it.
    at_all = any(_decided(facts, role, caller, ...)[0] for caller in callers)
    return Outsider(account_id, False, at_all)


def _decided(
    facts: "Facts", role: Principal, caller: str, external_id: Any
) -> tuple[bool, tuple[str, ...]]:
    """Whether a caller from outside may be let in, and which keys that depends on."""
    estate = facts.permissions.estate
    context: dict[str, Any] = {**estate.clock, **_STRANGE_ORGANIZATION}
    if external_id is not ...:
        context["sts:ExternalId"] = external_id
    guards = estate.resource_guards.get(role.account_id)
    decision = evaluate(
        Request(caller, "sts:AssumeRole", role.arn, role.account_id, context),
        identity=(_EVERYTHING,),
        rcps=guards if isinstance(guards, tuple) else None,
        resource_policy=role.trust,
    )
    return "deny" not in decision.outcome, tuple(sorted(decision.missing_keys))
