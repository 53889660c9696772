"""CloudWatch's alarms, of every kind (REV.5, REV.7, TMP.5)."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.table import Caller, Column, Item, Table

KINDS = {"metric": "MetricAlarms", "composite": "CompositeAlarms", "log": "LogAlarms"}
TYPES: Mapping[str, Any] = {
    "AlarmTypes": ["MetricAlarm", "CompositeAlarm", "LogAlarm"],
    "MaxRecords": 100,
}
OLDER_TYPES: Mapping[str, Any] = {**TYPES, "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
# What a partition answers that does not have the newest kind yet.
UNKNOWN_TYPE = ("ValidationError", "InvalidParameterValue", "InvalidParameterCombination")


def _alarms(call: Caller) -> Iterator[Item]:
    newest = call.listed("cloudwatch", "DescribeAlarms", "", absent=UNKNOWN_TYPE, **TYPES)
    types = OLDER_TYPES if newest.status == "absent" else TYPES
    # A page has a list for each kind, and may leave out those without alarms.
    for page in call.items("cloudwatch", "DescribeAlarms", "", **types):
        for kind, path in KINDS.items():
            for alarm in page.get(path) or ():
                yield {**alarm, "type": kind}


TABLES = (
    Table(
        name="cloudwatch_alarms",
        description="Alarms on metrics, on logs and on other alarms.",
        service="cloudwatch",
        operation="DescribeAlarms",
        path="MetricAlarms",
        parameters=TYPES,
        gather=_alarms,
        columns=(
            Column("arn", "string", "AlarmArn", "ARN of the alarm."),
            Column("name", "string", "AlarmName", "Name of the alarm."),
            Column("type", "string", "", "metric, composite or log."),
            Column("state", "string", "StateValue", "OK, ALARM or INSUFFICIENT_DATA."),
            Column("actions_enabled", "bool", "ActionsEnabled", "Whether it tells anyone at all."),
            Column("alarm_actions", "json", "AlarmActions", "List of ARNs that it tells."),
            Column("metric_name", "string", "MetricName", "The metric, where it has one."),
            Column("namespace", "string", "Namespace", "Namespace of that metric."),
            Column("metrics", "json", "Metrics", "List of metrics and expressions, if several."),
            Column("comparison", "string", "ComparisonOperator", "How it is compared."),
            Column("threshold", "float", "Threshold", "What it is compared with."),
            Column("rule", "string", "AlarmRule", "The other alarms that it depends on."),
        ),
    ),
)
