"""ENG.2: engineers, of IAM and of Identity Center, and the teams that their groups stand for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, Severity, fail, ok
from awsbasics.recommendations.evidence.rows import rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Members = Mapping[str, frozenset[str]]


def team_groups(facts: "Facts") -> Iterator[Result]:
    """One result per person, and one per group that people are in."""
    yield from _iam(facts)
    yield from _identity_center(facts)


def _iam(facts: "Facts") -> Iterator[Result]:
    members = _members(facts, "iam_group_members", "group_arn", "user_arn")
    humans = facts.engagement.humans
    users = [
        user
        for user in rows(facts.frame("iam_users"), "account_id", "arn", "name", "path")
        if humans.includes(user.name, user.path or "/")
    ]
    people: dict[str, set[str]] = defaultdict(set)
    for user in users:
        people[user.account_id].add(user.arn)
    teams, groups = {}, list(rows(facts.frame("iam_groups"), "account_id", "arn", "name", "path"))
    for group in groups:
        team = facts.ownership.team_of_group(group.name, group.path).value
        teams[group.arn] = team
        yield from _group_result(group, team, members, people[group.account_id])
    names = {group.arn: group.name for group in groups}
    of_user = _turned(members)
    for user in users:
        own = of_user.get(user.arn, frozenset())
        if any(teams.get(arn) for arn in own):
            yield ok(user.account_id, user.arn)
            continue
        title = f"IAM user {user.name} is in no team's group."
        seen = {"groups": shown(names.get(arn, arn) for arn in own)}
        yield fail(user.account_id, user.arn, title=title, facts=seen, table="iam_group_members")


def _group_result(
    group: Any, team: str | None, members: Members, people: set[str]
) -> Iterator[Result]:
    """Groups of programs, and the one that all people are in, need no team."""
    inside = members.get(group.arn, frozenset())
    programs_only = bool(inside) and inside.isdisjoint(people)
    base = len(people) > 1 and people <= inside
    if team is not None or programs_only or base:
        yield ok(group.account_id, group.arn)
        return
    title = f"IAM group {group.name} belongs to no team."
    more: dict[str, Any] = {"facts": {"members": len(inside)}, "table": "iam_groups"}
    yield fail(group.account_id, group.arn, title=title, **more)


def _identity_center(facts: "Facts") -> Iterator[Result]:
    """People who reach no account weigh less: a directory holds more than engineers."""
    members = _members(facts, "identitystore_group_members", "group_id", "user_id")
    assigned = {row.principal_id for row in rows(facts.frame("sso_assignments"), "principal_id")}
    columns = ("account_id", "region", "id", "user_name", "status")
    everybody = rows(facts.frame("identitystore_users"), *columns)
    users = [user for user in everybody if user.status != "DISABLED"]
    of_user = _turned(members)
    people = {user.id for user in users if _enters(user.id, of_user, assigned)}
    teams, names = dict[str, str | None](), dict[str, str]()
    frame = facts.frame("identitystore_groups")
    for group in rows(frame, "account_id", "region", "id", "display_name"):
        names[group.id] = group.display_name or group.id
        teams[group.id] = facts.ownership.team_of_group(names[group.id]).value
        if group.id in assigned:
            base = len(people) > 1 and people <= members.get(group.id, frozenset())
            yield _assigned_group(group, names[group.id], fine=base or bool(teams[group.id]))
    for user in users:
        own = of_user.get(user.id, frozenset())
        if any(teams.get(id_) for id_ in own):
            yield ok(user.account_id, user.id, user.region)
            continue
        severity: Severity = "medium" if user.id in people else "low"
        title = f"Identity Center user {user.user_name} is in no team's group."
        seen = {
            "groups": shown(names.get(id_, id_) for id_ in own),
            "reaches_accounts": user.id in people,
        }
        more: dict[str, Any] = {"facts": seen, "severity": severity}
        place = (user.account_id, user.id, user.region)
        yield fail(*place, title=title, table="identitystore_group_members", **more)


def _enters(user_id: str, of_user: Members, assigned: set[str]) -> bool:
    """Whether a person reaches any account, by an assignment to them or to a group of theirs."""
    return user_id in assigned or not of_user.get(user_id, frozenset()).isdisjoint(assigned)


def _assigned_group(group: Any, name: str, *, fine: bool) -> Result:
    place = (group.account_id, group.id, group.region)
    if fine:
        return ok(*place)
    title = f"Identity Center group {name} reaches accounts and belongs to no team."
    return fail(*place, title=title, table="identitystore_groups")


def _members(facts: "Facts", table: str, group: str, user: str) -> Members:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(facts.frame(table), group, user):
        found[getattr(row, group)].add(getattr(row, user))
    return {each: frozenset(members) for each, members in found.items()}


def _turned(members: Members) -> Members:
    """Groups of each member, from members of each group."""
    found: dict[str, set[str]] = defaultdict(set)
    for group, inside in members.items():
        for member in inside:
            found[member].add(group)
    return {each: frozenset(groups) for each, groups in found.items()}
