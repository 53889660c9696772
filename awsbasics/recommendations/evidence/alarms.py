"""Alarms on what trails record, rules on CloudTrail's events, and whom they tell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.recommendations.evidence.rows import from_json, rows
from awsbasics.recommendations.evidence.watched_events import (
    WATCHED,
    Watched,
    filter_takes_in,
    rule_takes_in,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ALARMS = "cloudwatch_alarms"
FILTERS = "logs_metric_filters"
RULES = "events_rules"
TOPICS = "sns_topics"
DEFAULT_BUS = "default"
OFF = "DISABLED"

Place = tuple[str, str]  # account and region


class LogGroup(NamedTuple):
    """A log group by account, region and name."""

    account_id: str
    region: str
    name: str


class Watcher(NamedTuple):
    """An alarm or a rule that watches a kind of event."""

    watched: Watched
    table: str
    row: Any


def log_group(arn: str | None) -> LogGroup | None:
    """What the ARN of a log group names: `arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*`."""
    parts = (arn or "").split(":", 6)
    if len(parts) < 7 or parts[5] != "log-group":
        return None
    return LogGroup(parts[4], parts[3], parts[6].removesuffix(":*"))


class Alarms:
    """All alarms, metric filters and rules, by what they watch."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts

    def on_log_group(self, group: LogGroup, watched: Watched) -> list[Watcher]:
        """The alarms on metrics that count a kind of event in a log group."""
        metrics = {
            metric
            for row in self._filters.get(group, ())
            if filter_takes_in(row.pattern, watched)
            for metric in _counted(row.metrics)
        }
        place = (group.account_id, group.region)
        return [
            Watcher(watched, ALARMS, alarm)
            for metric in sorted(metrics)
            for alarm in self._alarms.get((*place, *metric), ())
        ]

    def rules_in(self, account_id: str, region: str, watched: Watched) -> list[Watcher]:
        """The rules on CloudTrail's events in a region, switched on or not."""
        return [
            Watcher(watched, RULES, rule)
            for rule in self._rules.get((account_id, region), ())
            if rule_takes_in(rule.event_pattern, watched)
        ]

    def all_rules(self) -> Iterator[Watcher]:
        """Every rule that watches some kind, once."""
        for account_id, region in self._rules:
            seen = set()
            for watched in WATCHED:
                for found in self.rules_in(account_id, region, watched):
                    if found.row.arn not in seen:
                        seen.add(found.row.arn)
                        yield found

    def composites(self, alarm: Any) -> list[Any]:
        """The composite alarms that depend on one."""
        place = (alarm.account_id, alarm.region)
        names = (f'"{alarm.name}"', f"({alarm.name})", str(alarm.arn))
        return [
            each
            for each in self._composites.get(place, ())
            if each.arn != alarm.arn and any(name in (each.rule or "") for name in names)
        ]

    def bus_rules(self, account_id: str, region: str, bus: str) -> list[Any]:
        """The rules that listen to a bus."""
        return self._by_bus.get((account_id, region, bus), [])

    @cached_property
    def _filters(self) -> Mapping[LogGroup, list[Any]]:
        found: dict[LogGroup, list[Any]] = defaultdict(list)
        names = ("account_id", "region", "log_group_name", "pattern", "metrics")
        for row in rows(self._facts.frame(FILTERS), *names):
            found[LogGroup(row.account_id, row.region, row.log_group_name)].append(row)
        return found

    @cached_property
    def _alarm_rows(self) -> list[Any]:
        names = ("account_id", "region", "arn", "name", "type", "actions_enabled", "alarm_actions")
        more = ("metric_name", "namespace", "metrics", "rule")
        return list(rows(self._facts.frame(ALARMS), *names, *more))

    @cached_property
    def _alarms(self) -> Mapping[tuple[str, str, str, str], list[Any]]:
        """By account, region, namespace and name of each metric."""
        found: dict[tuple[str, str, str, str], list[Any]] = defaultdict(list)
        for alarm in self._alarm_rows:
            for metric in _watched_metrics(alarm):
                found[alarm.account_id, alarm.region, *metric].append(alarm)
        return found

    @cached_property
    def _composites(self) -> Mapping[Place, list[Any]]:
        found: dict[Place, list[Any]] = defaultdict(list)
        for alarm in self._alarm_rows:
            if alarm.rule:
                found[alarm.account_id, alarm.region].append(alarm)
        return found

    @cached_property
    def _by_bus(self) -> Mapping[tuple[str, str, str], list[Any]]:
        found: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        names = ("account_id", "region", "arn", "name", "event_bus", "state", "event_pattern")
        for row in rows(self._facts.frame(RULES), *names, "targets", "targets_status"):
            if row.event_pattern:
                found[row.account_id, row.region, row.event_bus or DEFAULT_BUS].append(row)
        return found

    @cached_property
    def _rules(self) -> Mapping[Place, list[Any]]:
        """CloudTrail's events go to the default bus."""
        return {
            (account_id, region): found
            for (account_id, region, bus), found in self._by_bus.items()
            if bus == DEFAULT_BUS
        }


def is_on(watcher: Watcher) -> bool:
    """Whether it would notice an event: alarms always do, rules unless switched off."""
    return watcher.table == ALARMS or watcher.row.state != OFF


def _counted(text: str | None) -> Iterator[tuple[str, str]]:
    """Namespace and name of the metrics that a filter counts in."""
    for each in _dicts(from_json(text)):
        yield str(each.get("metricNamespace")), str(each.get("metricName"))


def _watched_metrics(alarm: Any) -> set[tuple[str, str]]:
    """Namespace and name of the metrics that an alarm watches."""
    found = {(str(alarm.namespace), str(alarm.metric_name))} if alarm.metric_name else set()
    for each in _dicts(from_json(alarm.metrics)):
        stat = each.get("MetricStat")
        metric = stat.get("Metric") if isinstance(stat, dict) else None
        if isinstance(metric, dict):
            found.add((str(metric.get("Namespace")), str(metric.get("MetricName"))))
    return found


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (
        (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())
    )
