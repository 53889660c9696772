"""EventBridge: buses with their policies, rules and what they start (REV.5, REV.7, SEP.6).

Of a target's settings only its ARN and role are kept: inputs and headers may hold secrets.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.paging import items_by_token
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

PAGE: Mapping[str, Any] = {"Limit": 100}
GONE = ("ResourceNotFoundException",)
TARGET_PARTS = ("Id", "Arn", "RoleArn")


def _buses(call: Caller) -> list[Item]:
    return items_by_token(call, "events", "ListEventBuses", "EventBuses", "NextToken", **PAGE)


def _rules(call: Caller) -> Iterator[Item]:
    names = [bus["Name"] for bus in _buses(call)]
    for rules in call.map(lambda name: _rules_of(call, name), names):
        yield from rules


def _rules_of(call: Caller, bus: str) -> list[Item]:
    operation = "ListRules"
    answer = call.listed("events", operation, "Rules", absent=GONE, EventBusName=bus, **PAGE)
    if answer.status in ("denied", "error"):
        call.note(answer, operation)
    return [{**rule, "EventBusName": bus} for rule in answer.value or ()]


def _targets(call: Caller, rule: Item) -> Mapping[str, Answer]:
    """What a rule starts; rules that are off, or only a clock, are not asked."""
    if rule.get("State") == "DISABLED" or not rule.get("EventPattern"):
        return {"targets": Answer("absent")}
    operation, bus = "ListTargetsByRule", rule["EventBusName"]
    answer = call.listed(
        "events", operation, "Targets", absent=GONE, Rule=rule["Name"], EventBusName=bus, **PAGE
    )
    if answer.status != "ok":
        return {"targets": answer}
    kept = [{name: target.get(name) for name in TARGET_PARTS} for target in answer.value]
    return {"targets": Answer("ok", kept)}


TABLES = (
    Table(
        name="events_event_buses",
        description="Event buses.",
        service="events",
        operation="ListEventBuses",
        path="EventBuses",
        parameters=PAGE,
        gather=_buses,
        columns=(
            Column("arn", "string", "Arn", "ARN of the bus."),
            Column("name", "string", "Name", "Name of the bus; CloudTrail's events go to default."),
            Column("policy", "json", "Policy", "Its resource policy; null without one."),
        ),
    ),
    Table(
        name="events_rules",
        description="Rules, and the targets of those that wait for events.",
        service="events",
        operation="ListEventBuses",
        path="EventBuses",
        parameters=PAGE,
        gather=_rules,
        each=_targets,
        follow_ups=(
            FollowUp(service="events", operation="ListRules", per="events_event_buses"),
            FollowUp(service="events", operation="ListTargetsByRule", per="rule for events"),
        ),
        columns=(
            Column("arn", "string", "Arn", "ARN of the rule."),
            Column("name", "string", "Name", "Name of the rule."),
            Column("event_bus", "string", "EventBusName", "Name of the bus that it listens to."),
            Column(
                "state",
                "string",
                "State",
                "ENABLED, DISABLED, or ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS (reads too).",
            ),
            Column("event_pattern", "json", "EventPattern", "Which events it waits for."),
            Column("schedule", "string", "ScheduleExpression", "When it runs, if by the clock."),
            Column("managed_by", "string", "ManagedBy", "The service that made it, if one did."),
            Column(
                "targets",
                "json",
                "",
                "List of {Id, Arn, RoleArn}; absent for rules that are off or by the clock.",
                follow_up=True,
            ),
        ),
    ),
)
