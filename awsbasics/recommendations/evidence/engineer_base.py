"""ENG.3: something that reaches all engineers: a group, a policy or a permission set."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Person
from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.people import human_users
from awsbasics.recommendations.evidence.principals import is_break_glass
from awsbasics.recommendations.evidence.rows import rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Base = Mapping[str, frozenset[str]]
"""Of each person, by name, the groups, policies and permission sets that reach them."""


def engineer_base(facts: "Facts") -> Iterator[Result]:
    """ENG.3: one result per account with people's IAM users, and one for Identity Center.

    Emergency users are no engineers at work. A policy counts whether a group gives it or not.
    """
    accounts: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for user in human_users(facts):
        if not is_break_glass(facts, user):
            accounts[user.account_id][user.name] = frozenset((*user.groups, *user.attached))
    for account, users in sorted(accounts.items()):
        yield _judged(account, users, "group or policy", "IAM users", "iam_group_members")
    center = _identity_center(facts)
    for account, people in sorted(center.items()):
        kinds = ("group or permission set", "users of Identity Center")
        table = "identitystore_group_members"
        yield _judged(account, people, *kinds, table, key="identity_center")


def _identity_center(facts: "Facts") -> Mapping[str, Base]:
    """The people who enter some account, by the account of Identity Center."""
    frame = facts.frame("identitystore_groups")
    names = {row.id: row.display_name for row in rows(frame, "id", "display_name")}
    groups: dict[str, set[str]] = defaultdict(set)
    frame = facts.frame("identitystore_group_members")
    for row in rows(frame, "group_id", "user_id"):
        groups[row.user_id].add(f"group {names.get(row.group_id) or row.group_id}")
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for person in facts.permissions.estate.people:
        if person.sign_ins and not facts.engagement.roles.is_break_glass(person.name):
            found[person.account_id][person.name] = _reaching(person, groups)
    return found


def _reaching(person: Person, groups: Mapping[str, set[str]]) -> frozenset[str]:
    own = groups.get(person.arn.rpartition("/")[2], set())
    return frozenset(own | {f"permission set {each.permission_set}" for each in person.sign_ins})


def _judged(
    account: str, people: Base, what: str, whom: str, table: str, key: str = "iam"
) -> Result:
    if frozenset.intersection(*people.values()):
        return ok(account)
    widest, reached = _widest(people)
    most = f": {widest} reaches {reached}" if widest else ""
    title = f"No {what} reaches all {len(people)} {whom} who are engineers{most}."
    seen: dict[str, Any] = {
        "people": len(people),
        "widest": widest,
        "reached": reached,
        "not_reached": shown(name for name, own in people.items() if widest not in own),
    }
    return fail(account, key=key, title=title, facts=seen, table=table)


def _widest(people: Base) -> tuple[str, int]:
    """What reaches most people, and how many; the first by name of several."""
    counts = Counter(each for own in people.values() for each in own)
    return min(counts.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
