"""REV.7: alarms and rules on changes that matter tell somebody."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.alarms import (
    ALARMS,
    OFF,
    RULES,
    TOPICS,
    Alarms,
    Watcher,
)
from awsbasics.recommendations.evidence.places import Places
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, shown, texts_in
from awsbasics.recommendations.evidence.watched_events import WATCHED
from awsbasics.recommendations.evidence.watching import arriving

if TYPE_CHECKING:
    from awsbasics.facts import Facts

RECEIVER_TABLES = (ALARMS, RULES, TOPICS)
READ = "ok"


def alarms_reach_someone(facts: "Facts") -> Iterator[Result]:
    """REV.7: one result per alarm or rule that watches what REV.5 asks for."""
    alarms, receivers = Alarms(facts), Receivers(facts)
    for watcher in _watchers(facts, alarms):
        yield receivers.judge(watcher, alarms)


def _watchers(facts: "Facts", alarms: Alarms) -> Iterator[Watcher]:
    """Each alarm and each rule once."""
    seen = set()
    for arrival in arriving(facts):
        for watched in WATCHED:
            for watcher in alarms.on_log_group(arrival.group, watched):
                if watcher.row.arn not in seen:
                    seen.add(watcher.row.arn)
                    yield watcher
    yield from alarms.all_rules()


class Receivers:
    """Who hears of an alarm: topics with subscribers, functions, incidents, other buses."""

    def __init__(self, facts: "Facts") -> None:
        self._places = Places(facts, (TOPICS, RULES))
        frame = facts.frame(TOPICS)
        names = ("arn", "subscriptions_confirmed", "subscriptions_confirmed_status")
        self._topics = {row.arn: row for row in rows(frame, *names)}

    def judge(self, watcher: Watcher, alarms: Alarms) -> Result:
        """Whether an alarm or a rule tells anybody."""
        row = watcher.row
        kind = "Alarm" if watcher.table == ALARMS else "Rule"
        reason, targets = (
            self._of_alarm(row, alarms) if watcher.table == ALARMS else self._of_rule(row, alarms)
        )
        if reason == "":
            return ok(row.account_id, row.arn, row.region)
        seen = {"watches": watcher.watched.what, "tells": shown(targets)}
        more: dict[str, Any] = {"facts": seen, "table": watcher.table}
        if reason is None:
            title = f"{kind} {row.name} watches {watcher.watched.what}; whom it tells was not read."
            return unknown(row.account_id, title, row.arn, row.region, **more)
        title = f"{kind} {row.name} watches {watcher.watched.what} but reaches nobody: {reason}."
        return fail(row.account_id, row.arn, row.region, title=title, **more)

    def _of_alarm(self, alarm: Any, alarms: Alarms) -> tuple[str | None, list[str]]:
        """Why an alarm reaches nobody ("" if it does, None if not known), and whom it names.

        A composite alarm that depends on it may tell in its place.
        """
        reason, actions = self._by_actions(alarm)
        for composite in alarms.composites(alarm):
            other, more = self._by_actions(composite)
            actions = [*actions, *more]
            reason = "" if "" in (reason, other) else None if None in (reason, other) else reason
        return reason, actions

    def _by_actions(self, alarm: Any) -> tuple[str | None, list[str]]:
        actions = list(texts_in(alarm.alarm_actions))
        if not alarm.actions_enabled:
            return "its actions are switched off", actions
        return self._heard(actions, "it has no action"), actions

    def _of_rule(self, rule: Any, alarms: Alarms) -> tuple[str | None, list[str]]:
        if rule.state == OFF:
            return "it is switched off", []
        if rule.targets_status not in (READ, "absent"):
            return None, []
        found = from_json(rule.targets) or []
        named = (each.get("Arn") for each in found if isinstance(each, dict))
        arns = [arn for arn in named if isinstance(arn, str)]
        buses = [arn for arn in arns if ":event-bus/" in arn]
        others = [arn for arn in arns if arn not in buses]
        reason = self._heard(others, "it has no target") if others or not buses else "nobody"
        if reason == "" or not buses:
            return reason, arns
        return self._through(buses, reason, alarms), arns

    def _through(self, buses: list[str], reason: str | None, alarms: Alarms) -> str | None:
        """Whether events that are passed on to another bus are heard there."""
        for arn in buses:
            parts = arn.split(":", 5)
            account, region, bus = parts[4], parts[3], parts[5].removeprefix("event-bus/")
            rules = [each for each in alarms.bus_rules(account, region, bus) if each.state != OFF]
            if any(_has_targets(each) for each in rules):
                return ""
            if not self._places.was_read(RULES, account, region):
                reason = None
        return reason and "the bus that it passes events to has no rule for them"

    def _heard(self, arns: list[str], nothing: str) -> str | None:
        """Why nobody hears of some ARNs; what is no topic (a function, an incident) hears."""
        if not arns:
            return nothing
        states = [self._topic(arn) if ":sns:" in arn else True for arn in arns]
        if True in states:
            return ""
        if None in states:
            return None
        return f"nobody has confirmed a subscription to {listed(shown(map(_name, arns)))}"

    def _topic(self, arn: str) -> bool | None:
        """Whether a topic has a confirmed subscription."""
        topic = self._topics.get(arn)
        parts = arn.split(":")
        if topic is None:
            known = len(parts) == 6 and self._places.was_read(TOPICS, parts[4], parts[3])
            return False if known else None
        if topic.subscriptions_confirmed_status != READ:
            return None
        return bool(topic.subscriptions_confirmed)


def _has_targets(rule: Any) -> bool:
    return bool(from_json(rule.targets))


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]
