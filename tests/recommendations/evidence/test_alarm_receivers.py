"""REV.7: the alarms that REV.5 asks for reach somebody."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.evidence.test_watching import TRAIL, filters, rule
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    judged,
    results,
)

TOPIC = f"arn:aws:sns:{REGION}:{MANAGEMENT}:security"
BUS = f"arn:aws:events:{REGION}:{DEVELOPMENT}:event-bus/default"


def topic(confirmed: int | None = 1, **more: Any) -> dict[str, Any]:
    place = {"account_id": MANAGEMENT, "region": REGION}
    return {**place, "arn": TOPIC, "subscriptions_confirmed": confirmed, **more}


def rows(topics: list[dict[str, Any]], *more: dict[str, Any], **alarm: Any) -> dict[str, Any]:
    own = filters("root")
    given = {"actions_enabled": True, "alarm_actions": [TOPIC], **alarm}
    own["cloudwatch_alarms"] = [{**own["cloudwatch_alarms"][0], **given}, *more]
    return {"cloudtrail_trails": [TRAIL], "sns_topics": topics, **own}


def told(rows: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each.status, each.resource) for each in results("REV.7", rows)]


def test_an_alarm_with_a_subscriber_meets_rev_7() -> None:
    assert told(rows([topic()])) == [("ok", "a-root")]


@pytest.mark.parametrize(
    ("topics", "alarm", "why"),
    [
        ([topic(0)], {}, "nobody has confirmed a subscription to security"),
        ([], {}, "nobody has confirmed"),
        ([topic()], {"actions_enabled": False}, "its actions are switched off"),
        ([topic()], {"alarm_actions": []}, "it has no action"),
        ([topic()], {"alarm_actions": None}, "it has no action"),
    ],
)
def test_an_alarm_that_nobody_hears_fails(
    topics: list[dict[str, Any]], alarm: dict[str, Any], why: str
) -> None:
    [found] = results("REV.7", rows(topics, **alarm))
    assert found.status == "fail"
    assert why in found.title


def test_other_actions_than_topics_hear() -> None:
    action = f"arn:aws:lambda:{REGION}:{MANAGEMENT}:function:tell"
    assert told(rows([], alarm_actions=[action])) == [("ok", "a-root")]


def test_a_composite_alarm_may_tell_in_its_place() -> None:
    composite = {
        "account_id": MANAGEMENT,
        "region": REGION,
        "arn": "a-all",
        "name": "all",
        "rule": 'ALARM("root")',
        "actions_enabled": True,
        "alarm_actions": [TOPIC],
    }
    assert told(rows([topic()], composite, alarm_actions=[])) == [("ok", "a-root")]


@pytest.mark.parametrize(
    "topics",
    [[topic(None, subscriptions_confirmed_status="denied")], []],
)
def test_a_topic_that_was_not_read_is_unknown(topics: list[dict[str, Any]]) -> None:
    foreign = TOPIC.replace(MANAGEMENT, "999999999999")
    own = rows(topics) if topics else rows([], alarm_actions=[foreign])
    assert told(own) == [("unknown", "a-root")]


def test_alarms_on_other_things_are_not_judged() -> None:
    assert told({**rows([]), "logs_metric_filters": []}) == []


IAM = {"eventSource": ["iam.amazonaws.com"]}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"targets": [{"Arn": TOPIC}]}, "ok"),
        ({"targets": [{"Arn": f"{TOPIC}-none"}]}, "fail"),
        ({"targets": []}, "fail"),
        ({"state": "DISABLED"}, "fail"),
        ({"targets": None, "targets_status": "denied"}, "unknown"),
        ({"targets": [{"Arn": BUS}]}, "fail"),
    ],
)
def test_a_rule_is_judged_by_its_targets(more: dict[str, Any], status: str) -> None:
    own = {"events_rules": [rule(REGION, IAM, **more)], "sns_topics": [topic()]}
    assert told(own) == [(status, f"r-{REGION}")]


def test_a_rule_may_pass_events_to_a_bus_on_which_another_listens() -> None:
    first = rule(REGION, IAM, targets=[{"Arn": BUS}])
    second = {**rule(REGION, {"x": ["y"]}), "account_id": DEVELOPMENT, "arn": "r-2"}
    assert told({"events_rules": [first, second]}) == [("ok", f"r-{REGION}")]


def test_topics_that_were_not_read_make_nothing_fail(tmp_path: Path) -> None:
    denied = ("sns_topics", MANAGEMENT, REGION)
    found = judged("REV.7", tmp_path, rows([]), denied)
    assert {each.status for each in found if each.account_id == MANAGEMENT} == {"unknown"}
    assert PRODUCTION not in {each.account_id for each in found if each.status == "fail"}
