"""REV.5, alarms: somebody is told of changes that matter, where the trail's events arrive.

That is the log group of a trail that records the account, which may lie in another account, or
the default event bus of the account itself.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.alarms import (
    ALARMS,
    FILTERS,
    RULES,
    Alarms,
    LogGroup,
    is_on,
    log_group,
)
from awsbasics.recommendations.evidence.places import Places
from awsbasics.recommendations.evidence.rows import rows, shown
from awsbasics.recommendations.evidence.trails import TABLE as TRAILS
from awsbasics.recommendations.evidence.trails import is_recording, trails
from awsbasics.recommendations.evidence.watched_events import GLOBAL_EVENTS, WATCHED, Watched

if TYPE_CHECKING:
    from awsbasics.facts import Facts

WATCH_TABLES = (TRAILS, FILTERS, ALARMS, RULES)


class Arrival(NamedTuple):
    """A log group in which the events of some accounts arrive; "" for all of the organization."""

    group: LogGroup
    account_id: str
    trail_arn: str


class View(NamedTuple):
    """What is looked at; `hidden` says that trails may exist which were not seen."""

    alarms: Alarms
    places: Places
    arrivals: list[Arrival]
    hidden: bool


def watching(facts: "Facts") -> Iterator[Result]:
    """REV.5: one result per account and kind of event.

    Where an organization's trail records everything, what nobody watches is said once.
    """
    view = View(Alarms(facts), Places(facts, WATCH_TABLES), list(arriving(facts)), _hidden(facts))
    accounts = [
        account
        for account in facts.accounts
        if facts.ownership.environment(account).value != "sandbox"
    ]
    for watched in WATCHED:
        concerned = accounts
        if watched.key == "organization":  # its events are the management account's alone
            concerned = [each for each in accounts if each == facts.management_account_id]
        lacking: list[str] = []
        for account in concerned:
            state = _is_watched(view, account, watched)
            if state:
                yield ok(account)
            elif state is None:
                title = f"Whether anything watches {watched.what} was not read."
                yield unknown(account, title, key=f"watch/{watched.key}", table=FILTERS)
            else:
                lacking.append(account)
        yield from _unwatched(facts, view, watched, lacking, len(concerned))


def _hidden(facts: "Facts") -> bool:
    """Whether an organization's trail may exist that was not seen: its owner was not gathered."""
    management = facts.management_account_id
    return management is not None and management not in facts.accounts


def arriving(facts: "Facts") -> Iterator[Arrival]:
    """Where the trails that record all regions bring their events."""
    groups = {
        row.arn: log_group(row.cloudwatch_log_group_arn)
        for row in rows(facts.frame(TRAILS), "arn", "cloudwatch_log_group_arn")
    }
    for trail in trails(facts):
        group = groups.get(trail.arn)
        if group is not None and trail.is_multi_region and is_recording(trail) is not False:
            yield Arrival(group, "" if trail.is_organization else trail.account_id, trail.arn)


def _is_watched(view: View, account: str, watched: Watched) -> bool | None:
    unsure = view.hidden or not view.places.was_read_everywhere(TRAILS, account)
    for arrival in view.arrivals:
        if arrival.account_id in ("", account):
            if view.alarms.on_log_group(arrival.group, watched):
                return True
            where = (arrival.group.account_id, arrival.group.region)
            unsure = unsure or not all(view.places.was_read(t, *where) for t in (FILTERS, ALARMS))
    by_rules = _by_rules(view, account, watched)
    return True if by_rules else None if unsure or by_rules is None else False


def _by_rules(view: View, account: str, watched: Watched) -> bool | None:
    """Whether rules watch it, in each region where its events arrive."""
    regions = view.places.regions(account)
    if watched.everywhere:
        return _all(_in_region(view, account, region, watched) for region in regions)
    central = GLOBAL_EVENTS.get(view.places.partition)
    if central is None:
        states = [_in_region(view, account, region, watched) for region in regions]
        return True if True in states else _all(states)
    if not view.places.was_gathered(central):
        return None
    return central in regions and _in_region(view, account, central, watched)


def _all(states: Iterable[bool | None]) -> bool | None:
    found = list(states)
    return False if False in found else None if None in found or not found else True


def _in_region(view: View, account: str, region: str, watched: Watched) -> bool | None:
    if any(is_on(rule) for rule in view.alarms.rules_in(account, region, watched)):
        return True
    return False if view.places.was_read(RULES, account, region) else None


def _unwatched(
    facts: "Facts", view: View, watched: Watched, lacking: list[str], number: int
) -> Iterator[Result]:
    """Said once where an organization's trail records all, or nobody watches anywhere."""
    key = f"watch/{watched.key}"
    central = any(arrival.account_id == "" for arrival in view.arrivals)
    if len(lacking) > 1 and (central or len(lacking) == number):
        title = f"Nothing tells anybody of {watched.what}, in {len(lacking)} of {number} accounts."
        seen: dict[str, Any] = {
            "accounts": len(lacking),
            "examples": shown(lacking),
            "log_groups": _log_groups(view, ""),
        }
        yield fail(facts.home_account_id, key=key, title=title, facts=seen, table=FILTERS)
        return
    for account in lacking:
        title = f"Nothing tells anybody of {watched.what}."
        seen = {"log_groups": _log_groups(view, account)}
        yield fail(account, key=key, title=title, facts=seen, table=FILTERS)


def _log_groups(view: View, account: str) -> list[str]:
    """Where a metric filter would see the events: nowhere, if no trail brings them to any."""
    groups = (each.group for each in view.arrivals if each.account_id in ("", account))
    return shown(f"{group.name} in {group.account_id}, {group.region}" for group in groups)
