"""Alarms of every kind."""

from typing import Any

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.watch import METRIC_ALARM, RECORDED

ANSWERS = RECORDED["cloudwatch_alarms"]


def test_alarms_on_metrics_on_logs_and_on_alarms_are_one_table() -> None:
    kinds = {row["name"]: row["type"] for row in rows_of("cloudwatch_alarms", ANSWERS)}
    assert kinds == {"root-use": "metric", "any": "composite", "logs": "log"}


def test_where_alarms_on_logs_are_not_known_the_others_are_asked_for() -> None:
    def older(**asked: Any) -> Any:
        if "LogAlarm" in asked["AlarmTypes"]:
            raise refused("ValidationError")
        return {"MetricAlarms": [METRIC_ALARM]}

    caller = fake_caller({"DescribeAlarms": older})
    (row,) = rows_of("cloudwatch_alarms", caller)
    assert (row["type"], row["threshold"]) == ("metric", 1.0)
    assert len(asked(caller)) == 2


def test_an_answer_without_lists_is_no_alarms_and_a_denied_one_is_not() -> None:
    assert rows_of("cloudwatch_alarms", {"DescribeAlarms": {}}) == []
    assert read("cloudwatch_alarms", {"DescribeAlarms": refused()}).coverage.status == "denied"
