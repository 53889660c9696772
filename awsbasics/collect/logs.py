"""CloudWatch Logs: metric filters, and the log groups that trails deliver to (REV.5, ORG.7)."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.cloudtrail import PARAMETERS, trails_homed_here
from awsbasics.collect.shaping import account_of
from awsbasics.collect.table import Caller, Column, FollowUp, Item, Table

PAGE: Mapping[str, Any] = {"limit": 50}


def _trail_log_groups(call: Caller) -> Iterator[Item]:
    """The account's own groups; only their owner can describe them."""
    operation = "DescribeLogGroups"
    for trail in trails_homed_here(call):
        arn = trail.get("CloudWatchLogsLogGroupArn", "").removesuffix(":*")
        name = arn.partition(":log-group:")[2]
        if not name or account_of(arn) != call.account_id:
            continue
        found = call.listed("logs", operation, "logGroups", logGroupNamePrefix=name, **PAGE)
        if found.status != "ok":
            call.note(found, operation)
            continue
        group = next((each for each in found.value if each["logGroupName"] == name), None)
        own = {"arn": arn, "name": name, "trail_arn": trail["TrailARN"]}
        yield {**own, "exists": group is not None, "group": group or {}}


TABLES = (
    Table(
        name="logs_metric_filters",
        description="Metric filters, which count what alarms watch.",
        service="logs",
        operation="DescribeMetricFilters",
        path="metricFilters",
        parameters=PAGE,
        columns=(
            Column("name", "string", "filterName", "Name of the filter."),
            Column("log_group_name", "string", "logGroupName", "The log group that it reads."),
            Column("pattern", "string", "filterPattern", "Which log events it counts."),
            Column(
                "metrics",
                "json",
                "metricTransformations",
                "List of {metricName, metricNamespace, metricValue, …} that it counts in.",
            ),
        ),
    ),
    Table(
        name="logs_trail_log_groups",
        description="The account's log groups that trails deliver to, its organization's included.",
        service="cloudtrail",
        operation="DescribeTrails",
        path="trailList",
        parameters=PARAMETERS,
        gather=_trail_log_groups,
        follow_ups=(
            FollowUp(service="logs", operation="DescribeLogGroups", per="log group of a trail"),
        ),
        columns=(
            Column("trail_arn", "string", "", "The trail that delivers to it; see its account."),
            Column("arn", "string", "", "ARN of the log group."),
            Column("name", "string", "", "Name of the log group."),
            Column("exists", "bool", "", "Whether there still is such a group."),
            Column(
                "retention_days",
                "int",
                "group.retentionInDays",
                "How long events are kept; null: for ever.",
            ),
            Column("kms_key_id", "string", "group.kmsKeyId", "ARN of its key, if it has one."),
        ),
    ),
)
