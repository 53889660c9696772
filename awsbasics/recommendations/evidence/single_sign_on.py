"""ENG.7 and ENG.12: people sign in by IAM Identity Center, which their directory fills."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.recommendations.base import Result, Severity, fail, ok
from awsbasics.recommendations.evidence.rows import counted, from_json, listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

INSTANCES = "sso_instances"
ASSIGNMENTS = "sso_assignments"
USERS = "identitystore_users"
MEMBERS = "identitystore_group_members"
SETS = "sso_permission_sets"
# Identity Center makes one of these in each account that people enter by it.
OWN_PROVIDER = "AWSSSO_"


def single_sign_on(facts: "Facts") -> Iterator[Result]:
    """ENG.7: Identity Center exists, groups are assigned, sessions end, and no user is left.

    Without it there is one finding for all; an account without people has nothing to judge.
    Emergency users may stay: they are for the day on which single sign-on fails.
    """
    people = _users_of_people(facts)
    if facts.frame(INSTANCES).empty:
        yield from _no_identity_center(facts, people)
        return
    yield from _assignments(facts)
    yield from _sessions(facts)
    for account, names in sorted(people.items()):
        number = counted(len(names), "IAM user of a person is", "IAM users of people are")
        title = f"{number} left in account {account}, beside IAM Identity Center."
        seen = {"users": shown(names), "count": len(names)}
        yield fail(account, key="users", title=title, facts=seen, table="iam_users")
    for account in sorted(set(facts.accounts) - people.keys()):
        yield ok(account)


def _users_of_people(facts: "Facts") -> dict[str, list[str]]:
    """The names of people's IAM users, by account; emergency users left out."""
    found: dict[str, list[str]] = defaultdict(list)
    humans, roles = facts.engagement.humans, facts.engagement.roles
    for user in rows(facts.frame("iam_users"), "account_id", "name", "path"):
        path = user.path or "/"
        if humans.includes(user.name, path) and not roles.is_break_glass(user.name, path):
            found[user.account_id].append(user.name)
    return found


def _no_identity_center(facts: "Facts", people: dict[str, list[str]]) -> Iterator[Result]:
    frame = facts.frame("iam_saml_providers")
    arns = [row.arn for row in rows(frame, "arn") if OWN_PROVIDER not in (row.arn or "")]
    number = sum(map(len, people.values()))
    if not number and not arns:
        return
    ways = []
    if number:
        users = counted(number, "IAM user", "IAM users")
        ways.append(f"{users} in {counted(len(people), 'account', 'accounts')}")
    if arns:
        ways.append(counted(len(arns), "SAML provider of an account", "SAML providers of accounts"))
    title = f"There is no IAM Identity Center: people sign in by {listed(ways)}."
    severity: Severity = "high" if number else "medium"
    seen = {"users": number, "accounts": shown(people), "providers": shown(arns)}
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": INSTANCES}
    yield fail(facts.home_account_id, key="identity_center", title=title, **more)


def _assignments(facts: "Facts") -> Iterator[Result]:
    """One result per person or group that is assigned; one where nobody is."""
    accounts: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    columns = ("account_id", "region", "principal_type", "principal_id", "target_account_id")
    for row in rows(facts.frame(ASSIGNMENTS), *columns):
        key = (row.account_id, row.region, row.principal_type, row.principal_id)
        accounts[key].add(row.target_account_id)
    names = {row.id: row.user_name for row in rows(facts.frame(USERS), "id", "user_name")}
    for (account, region, kind, id_), targets in sorted(accounts.items()):
        name = names.get(id_) or id_
        if kind != "USER" or facts.engagement.roles.is_break_glass(name):
            yield ok(account, id_, region)
            continue
        number = counted(len(targets), "account", "accounts")
        title = f"Identity Center user {name} enters {number} by assignments of their own."
        more: dict[str, Any] = {"facts": {"accounts": shown(targets)}, "table": ASSIGNMENTS}
        yield fail(account, id_, region, key="direct", title=title, severity="medium", **more)
    if not accounts:
        for row in rows(facts.frame(INSTANCES), "account_id", "region", "arn"):
            title = "IAM Identity Center is there, but nobody enters an account by it."
            place = (row.account_id, row.arn, row.region)
            yield fail(*place, key="unused", title=title, table=ASSIGNMENTS)


def _sessions(facts: "Facts") -> Iterator[Result]:
    limit = facts.engagement.thresholds["session_hours"]
    frame = facts.frame(SETS)
    for row in rows(frame, "account_id", "region", "arn", "name", "session_duration"):
        hours = _hours(row.session_duration)
        place = (row.account_id, row.arn, row.region)
        if not hours > limit:
            yield ok(*place)
            continue
        title = f"Sessions of permission set {row.name} last {hours:g} hours, over {limit:g}."
        more: dict[str, Any] = {"facts": {"hours": hours, "limit": limit}, "table": SETS}
        yield fail(*place, key="session", title=title, severity="medium", **more)


def _hours(duration: str | None) -> float:
    """The hours of an ISO 8601 duration as Identity Center writes it; an hour is its default."""
    length = pd.to_timedelta(duration or "PT1H", errors="coerce")
    return float(length / pd.Timedelta(hours=1))  # NaN, which exceeds nothing, for another text


def provisioned_users(facts: "Facts") -> Iterator[Result]:
    """ENG.12: one result per user of Identity Center who can sign in; one for those who cannot.

    Where no user comes from an identity provider, that is said once.
    """
    stores: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    columns = ("account_id", "region", "identity_store_id", "id", "user_name", "status")
    for user in rows(facts.frame(USERS), *columns, "external_ids"):
        stores[user.account_id, user.region, user.identity_store_id or ""].append(user)
    for (account, region, store), users in sorted(stores.items()):
        place = (account, store, region)
        enabled = [user for user in users if user.status != "DISABLED"]
        by_hand = [user for user in enabled if _is_by_hand(facts, user)]
        if by_hand and not any(from_json(user.external_ids) for user in users):
            number = counted(len(by_hand), "user", "users")
            title = f"No identity provider fills IAM Identity Center: {number} made by hand."
            seen = {"users": shown(user.user_name or user.id for user in by_hand)}
            yield fail(*place, key="provider", title=title, facts=seen, table=USERS)
        else:
            yield from _each(enabled, {user.id for user in by_hand})
        yield from _disabled(facts, place, users)


def _is_by_hand(facts: "Facts", user: Any) -> bool:
    emergency = facts.engagement.roles.is_break_glass(user.user_name or "")
    return not from_json(user.external_ids) and not emergency


def _each(users: list[Any], by_hand: set[str]) -> Iterator[Result]:
    for user in users:
        place = (user.account_id, user.id, user.region)
        if user.id not in by_hand:
            yield ok(*place)
            continue
        title = f"Identity Center user {user.user_name} was made by hand: no leaver's list has it."
        yield fail(*place, key="by_hand", title=title, table=USERS)


def _disabled(facts: "Facts", place: tuple[str, str, str], users: list[Any]) -> Iterator[Result]:
    """Users who cannot sign in and would have everything again if somebody let them."""
    members = {row.user_id for row in rows(facts.frame(MEMBERS), "user_id")}
    assigned = {row.principal_id for row in rows(facts.frame(ASSIGNMENTS), "principal_id")}
    left = [u for u in users if u.status == "DISABLED" and u.id in members | assigned]
    if left:
        number = counted(len(left), "disabled user is", "disabled users are")
        title = f"{number} still in groups or assignments of IAM Identity Center."
        seen = {"users": shown(user.user_name or user.id for user in left)}
        more: dict[str, Any] = {"facts": seen, "severity": "low", "table": USERS}
        yield fail(*place, key="disabled", title=title, **more)
