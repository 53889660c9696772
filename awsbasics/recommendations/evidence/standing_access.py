"""TMP.1: elevated access to production that people have without end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.estate import Principal
from awsbasics.iam.permissions import Permissions
from awsbasics.iam.verdict import Status
from awsbasics.iam.vocabulary import LEVELS, Bits
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.elevation import changes, heavy_actions
from awsbasics.recommendations.evidence.entrants import trusted_accounts
from awsbasics.recommendations.evidence.principals import (
    iam_was_read,
    is_break_glass,
    is_human,
    is_left_alone,
    subject,
)
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import counted, listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ACTIONS_SHOWN = 10


class Reached(NamedTuple):
    """A principal that people can be: `people` with how they get there, and what it depends on."""

    principal: Principal
    people: Mapping[str, str]
    needs: frozenset[str]


def standing_access(facts: "Facts") -> Iterator[Result]:
    """TMP.1: one result per principal of production that people can become at any time.

    Standing is what holds at `as_of` and has no end: grants for a time are TMP.2's. Elevated is
    more than the engagement file expects of people in production. The emergency role is let
    pass, TMP.5 judges it; the organization's own role is ORG.6's.
    """
    production = {
        account
        for account in facts.permissions.estate.accounts
        if facts.ownership.environment(account).value == "production"
    }
    heavy = _heavy(facts)
    seen = reached(facts, production)
    for each in seen:
        if not _is_exempt(facts, each.principal):
            yield from _judged(facts, each, heavy)
    found = {each.principal.arn for each in seen}
    yield from _blind(facts, production, found, heavy)


def reached(facts: "Facts", accounts: Iterable[str]) -> list[Reached]:
    """Every principal of some accounts that a person is, signs in as, or can assume from there."""
    wanted = frozenset(accounts)
    return [each for each in facts.reached if each.principal.account_id in wanted]


def all_reached(facts: "Facts") -> list[Reached]:
    """The same of all accounts; `facts.reached` are these, found once."""
    now, ever = facts.permissions, facts.permissions.for_ever
    people: dict[str, dict[str, str]] = defaultdict(dict)
    needs: dict[str, frozenset[str]] = {}
    for name, start, how in _starts(facts):
        for principal, (path, missing) in becomes(now, ever, start, how).items():
            people[principal.arn].setdefault(name, path)
            needs[principal.arn] = needs.get(principal.arn, frozenset()) | missing
    principals = now.estate.principals
    return [Reached(principals[arn], people[arn], needs[arn]) for arn in sorted(people)]


def _starts(facts: "Facts") -> Iterator[tuple[str, Principal, str]]:
    """A person's name, the principal that the person begins as, and how."""
    estate = facts.permissions.estate
    for principal in estate.principals.values():
        if is_human(facts, principal):
            yield f"{principal.name} ({principal.account_id})", principal, "IAM user"
    for person in estate.people:
        for sign_in in person.sign_ins:
            through = f" as a member of {sign_in.through}" if sign_in.through else ""
            how = f"signs in with {sign_in.permission_set}{through}"
            yield person.name, estate.principals[sign_in.role_arn], how


def becomes(
    now: Permissions, ever: Permissions, start: Principal, how: str
) -> dict[Principal, tuple[str, frozenset[str]]]:
    """All that one can become by assuming roles, at present and for ever, in how many steps.

    Administrators are not followed within their account: nothing more comes of it.
    """
    found: dict[Principal, tuple[str, frozenset[str]]] = {start: (how, frozenset())}
    waiting = [start]
    while waiting:
        source = waiting.pop()
        path, missing = found[source]
        ends = bool(now.matrix.profile(source).title)
        later = ever.candidates.assumable(ever.estate.principals.get(source.arn, source))
        for target, verdict in now.candidates.assumable(source).items():
            role = now.estate.principals[target]
            standing = target in later and later[target].status <= Status.CONDITIONAL
            if role in found or not standing or verdict.status > Status.CONDITIONAL:
                continue
            if not (ends and role.account_id == source.account_id):
                found[role] = (f"{path}, assumes {role.name}", missing | verdict.missing)
                waiting.append(role)
    return found


def _is_exempt(facts: "Facts", principal: Principal) -> bool:
    return is_left_alone(facts, principal) or principal.name == ORGANIZATION_ROLE


def _heavy(facts: "Facts") -> Bits:
    """What is more than the engagement file expects people to do in production."""
    matrix = facts.permissions.matrix
    expected = facts.engagement.expected_access.get("production", "read")
    heavy = heavy_actions(matrix)
    if expected == "administer":
        return matrix.vocabulary.nothing()
    return heavy & matrix.vocabulary.of_levels(LEVELS[:1]) if expected == "write" else heavy


def _judged(facts: "Facts", each: Reached, heavy: Bits) -> Iterator[Result]:
    now, ever = facts.permissions, facts.permissions.for_ever
    principal = each.principal
    about = subject(facts, principal)
    place = (about.account_id, about.resource)
    title, actions = _power(now, ever, principal, heavy)
    if is_break_glass(facts, principal) or not (heavy.any() and (title or actions)):
        if not now.matrix.profile(principal).unread_identity:
            yield ok(*place)
        elif iam_was_read(now.estate, principal.account_id):
            text = f"A policy of {about.label} was not read: people may have elevated access by it."
            yield unknown(place[0], text, place[1], key="policies", table=about.table)
        return
    who = counted(len(each.people), "person has", "people have")
    what = "administrator" if title else f"{counted(len(actions), 'action', 'actions')} that change"
    needs = f" (needs {listed(shown(each.needs))})" if each.needs else ""
    seen: dict[str, Any] = {
        "people": shown(f"{name}: {path}" for name, path in each.people.items()),
        "administrator": bool(title),
        "actions": [*actions[:ACTIONS_SHOWN], *(["…"] if len(actions) > ACTIONS_SHOWN else [])],
        "needs": sorted(each.needs),
    }
    text = f"{who} standing elevated access to production by {about.label}: {what}{needs}."
    yield fail(*place, key="standing", title=text, facts=seen, table=about.table)


def _power(
    now: Permissions, ever: Permissions, principal: Principal, heavy: Bits
) -> tuple[str, list[str]]:
    """Why it is an administrator, and what it may change, both now and for ever."""
    later = ever.estate.principals[principal.arn]
    title = now.matrix.profile(principal).title
    lasting = ever.matrix.profile(later).title
    then = set(changes(ever.matrix, heavy, later))
    actions = [name for name in changes(now.matrix, heavy, principal) if name in then]
    return (title if lasting else ""), actions


def _blind(facts: "Facts", production: set[str], found: set[str], heavy: Bits) -> Iterator[Result]:
    """Elevated roles that trust an account of which not all was read: nobody knows who can."""
    permissions = facts.permissions
    estate, matrix = permissions.estate, permissions.matrix
    for account in sorted(production):
        for role in estate.by_account.get(account, ()):
            if role.arn in found or role.is_protected or _is_exempt(facts, role):
                continue
            blind = [
                a
                for a in trusted_accounts(role)
                if a != account and a in estate.accounts and not iam_was_read(estate, a)
            ]
            if blind and (matrix.profile(role).title or changes(matrix, heavy, role)):
                title = (
                    f"Which people of account {listed(shown(blind))} can assume role {role.name}"
                    " was not read."
                )
                yield unknown(account, title, role.arn, key="people", table="iam_roles")
