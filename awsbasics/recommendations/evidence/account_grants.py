"""Which accounts a resource's policy lets in: cross-account grants, each asked of the engine.

It asks for an administrator of the other account, whether or not there is one: whoever governs
that account can make himself one. SCPs of that account, RCPs of the owner's and the denials of
the policy count; the keys of a request that nobody knows (addresses, external ids) are what a
grant needs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.compile import CompiledPolicy, compile_policy
from awsbasics.iam.estate import Guards
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.explain import Decision
from awsbasics.iam.policy import Condition
from awsbasics.iam.request import Request
from awsbasics.iam.rule import Rule
from awsbasics.recommendations.evidence.organization_tree import organization_keys

if TYPE_CHECKING:
    from awsbasics.facts import Facts

EVERYBODY = "*"
MOST_ACTIONS = 20
MOST_RESOURCES = 5
_POSITIVE = re.compile(
    r"(foranyvalue:|forallvalues:)?(string(equals(ignorecase)?|like)|arn(equals|like))(ifexists)?"
)
# Keys that hold the caller's account for everybody who calls (KMS and SNS developer guides).
_ACCOUNT_KEYS = ("aws:principalaccount", "aws:sourceowner", "kms:calleraccount")
_EVERYTHING = compile_policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


class Grant(NamedTuple):
    """What a policy gives to an account: by which principal's name, which actions, needing what."""

    account_id: str
    principal: str
    actions: tuple[str, ...]
    needs: tuple[str, ...]

    def joined(self, other: "Grant") -> "Grant":
        """Both together, by the name of the first."""
        actions = tuple(dict.fromkeys((*self.actions, *other.actions)))
        return self._replace(actions=actions, needs=tuple(sorted({*self.needs, *other.needs})))


class Guest(NamedTuple):
    """An account that may be let in: its SCPs, and the condition keys of its principals."""

    account_id: str
    guards: Guards
    context: Mapping[str, Any]


class Host(NamedTuple):
    """What is entered: its ARN, its account and the RCPs above that."""

    arn: str
    account_id: str
    guards: Guards


class Caller(NamedTuple):
    """A principal of a guest, and what the policy writes for it (`*`: everybody)."""

    guest: Guest
    arn: str
    written: str


def guests(facts: "Facts", accounts: Iterable[str]) -> dict[str, Guest]:
    """Accounts as their administrators would ask."""
    estate, keys = facts.permissions.estate, organization_keys(facts)
    return {
        account: Guest(account, estate.guards.get(account), _context(facts, account, keys))
        for account in accounts
    }


def host(facts: "Facts", arn: str, account_id: str) -> Host:
    """A resource of an account that was gathered."""
    return Host(arn, account_id, facts.permissions.estate.resource_guards.get(account_id))


def grants(
    policy: object, to: Host, actions: Iterable[str], strangers: Mapping[str, Guest]
) -> list[Grant]:
    """What a resource's policy gives to any of some accounts, at most one grant per account.

    `actions` stand for those that statements with wildcards allow; what statements name counts
    too. A statement for everybody counts only where nothing is left open: everybody under a
    condition on addresses or endpoints is somebody else. Of those whom it lets in, one account
    of each OU stands for the others.
    """
    found: dict[str, Grant] = {}
    compiled = compile_policy(policy)
    partition = to.arn.split(":")[1] if ":" in to.arn else "aws"
    for rule in compiled.rules:
        if not rule.allows or not rule.names_principals:
            continue
        wanted = _actions(rule, actions)
        given = _by_rule(compiled, rule, to, wanted, _callers(rule, strangers, partition))
        for account, grant in given.items():
            found[account] = found[account].joined(grant) if account in found else grant
    return list(found.values())


def _context(
    facts: "Facts", account: str, keys: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any]:
    return {
        **facts.permissions.estate.clock,
        **keys.get(account, {}),
        **dict.fromkeys(("aws:SourceOwner", "kms:CallerAccount"), account),
        **dict.fromkeys(("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID")),
        "aws:SecureTransport": "true",
    }


def _actions(rule: Rule, actions: Iterable[str]) -> list[str]:
    named = [text for text in rule.source.actions if "*" not in text and "?" not in text]
    taken = [each for each in actions if rule.matches_action(each.lower()) is not False]
    return list(dict.fromkeys([*taken, *named]))[:MOST_ACTIONS]


def _callers(rule: Rule, strangers: Mapping[str, Guest], partition: str) -> Iterator[Caller]:
    """Who of these accounts a statement may mean."""
    patterns = [p for line in rule.source.conditions for p in _principals_in(line)]
    everybody = "NotPrincipal" in rule.source.elements
    for named in rule.source.principals:
        if named.kind != "AWS":
            continue
        if named.id == EVERYBODY:
            everybody = True
            continue
        account, whole = _account_of(named.id)
        if account in strangers:
            guest = strangers[account]
            forms = _forms(account, partition, patterns) if whole else [named.id]
            yield from (Caller(guest, each, named.id) for each in forms)
    if everybody and not _is_for_others(rule, strangers):
        for guest in _representatives(rule, strangers):
            forms = _forms(guest.account_id, partition, patterns)
            yield from (Caller(guest, each, EVERYBODY) for each in forms)


def _representatives(rule: Rule, strangers: Mapping[str, Guest]) -> list[Guest]:
    """One account of each OU, and those that a statement for everybody names in conditions."""
    named = {value for line in rule.source.conditions for value in line.values}
    found = {str(each.context.get("aws:PrincipalOrgPaths")): each for each in strangers.values()}
    more = (each for account, each in strangers.items() if any(account in v for v in named))
    return list({each.account_id: each for each in (*found.values(), *more)}.values())


def _is_for_others(rule: Rule, strangers: Mapping[str, Guest]) -> bool:
    """Whether a statement for everybody names the accounts that it is for, and none of these."""
    return any(
        line.key.casefold() in _ACCOUNT_KEYS
        and _POSITIVE.fullmatch(line.operator.casefold())
        and all(value.isdigit() and value not in strangers for value in line.values)
        for line in rule.source.conditions
    )


def _forms(account: str, partition: str, patterns: Iterable[str]) -> list[str]:
    """Principals of an account that a statement may mean: any administrator, and those it names."""
    found = [f"arn:{partition}:iam::{account}:role/awsbasics-administrator"]
    for pattern in patterns:
        parts = pattern.split(":", 5)
        if len(parts) == 6 and parts[4] in ("*", account) and "${" not in pattern:
            parts[4] = account
            found.append(_example(":".join(parts)))
    return found


def _principals_in(line: Condition) -> tuple[str, ...]:
    is_arn = line.key.casefold() == "aws:principalarn"
    return line.values if is_arn and _POSITIVE.fullmatch(line.operator.casefold()) else ()


def _by_rule(
    policy: CompiledPolicy, rule: Rule, to: Host, actions: list[str], callers: Iterable[Caller]
) -> dict[str, Grant]:
    """What one statement gives, by account; one principal of an account is enough."""
    found: dict[str, Grant] = {}
    for caller in callers:
        account = caller.guest.account_id
        if account not in found:
            given, needs = _given(policy, rule, to, actions, caller)
            if given:
                found[account] = Grant(account, caller.written, given, needs)
    return found


def _given(
    policy: CompiledPolicy, rule: Rule, to: Host, actions: Iterable[str], caller: Caller
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The actions that a caller is allowed, and the keys that they depend on."""
    given: list[str] = []
    needs: set[str] = set()
    for action in actions:
        for resource in _resources(rule, to.arn):
            request = Request(caller.arn, action, resource, to.account_id, caller.guest.context)
            decision = evaluate(
                request,
                identity=(_EVERYTHING,),
                scps=caller.guest.guards,
                rcps=to.guards,
                resource_policy=policy,
            )
            if _is_given(decision, certain=caller.written == EVERYBODY):
                given.append(action)
                needs |= set(decision.missing_keys)
                break
    return tuple(given), tuple(sorted(needs))


def _is_given(decision: Decision, *, certain: bool) -> bool:
    """Whether it is allowed; guard rails that were not read (no key is missing) do not count."""
    if decision.outcome == "depends":
        return not (certain and decision.missing_keys)
    return decision.outcome == "allow"


def _resources(rule: Rule, arn: str) -> list[str]:
    named = [_example(text) for text in rule.source.resources if "${" not in text]
    return list(dict.fromkeys([arn, f"{arn}/awsbasics-example", *named]))[: 2 + MOST_RESOURCES]


def _example(pattern: str) -> str:
    """A text that a pattern takes in."""
    return pattern.replace("*", "awsbasics-example").replace("?", "x")


def _account_of(text: str) -> tuple[str, bool]:
    """The account that a principal's name is of, and whether it means the whole account."""
    if text.isdigit():
        return text, True
    parts = text.split(":", 5)
    if len(parts) < 6:
        return "", False
    return parts[4], parts[5] == "root"
