"""CloudTrail's trails, each in its home region and in the account that owns it.

A trail of all regions is seen in each of them, and a trail of the organization in each
member, as a shadow. One call sees all; the rows are only of the trails that live here.
"""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.shaping import account_of
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

# Shadows are asked for as well: they tell the owner of an organization trail's bucket or
# key, who is seldom the owner of the trail, what to look at.
PARAMETERS: Mapping[str, Any] = {"includeShadowTrails": True}


def trails_homed_here(call: Caller) -> list[Item]:
    """Trails whose home is the caller's region: the account's own, and its organization's."""
    trails: list[Item] = call.items("cloudtrail", "DescribeTrails", "trailList", **PARAMETERS)
    return [trail for trail in trails if trail.get("HomeRegion", call.region) == call.region]


def _own_trails(call: Caller) -> list[Item]:
    return [
        trail
        for trail in trails_homed_here(call)
        if account_of(trail["TrailARN"]) == call.account_id
    ]


def _status_and_selectors(call: Caller, trail: Item) -> Mapping[str, Answer]:
    arn = trail["TrailARN"]
    status = call.answer("cloudtrail", "GetTrailStatus", expect="IsLogging", Name=arn)
    selectors = call.answer("cloudtrail", "GetEventSelectors", expect="TrailARN", TrailName=arn)
    return {
        "is_logging": status.at("IsLogging"),
        "latest_delivery_time": status.at("LatestDeliveryTime"),
        "latest_delivery_error": status.at("LatestDeliveryError"),
        "start_logging_time": status.at("StartLoggingTime"),
        "stop_logging_time": status.at("StopLoggingTime"),
        "event_selectors": selectors.at("EventSelectors"),
        "advanced_event_selectors": selectors.at("AdvancedEventSelectors"),
    }


def _status_column(name: str, dtype: Any, description: str) -> Column:
    return Column(name, dtype, "", description, follow_up=True)


TABLES = (
    Table(
        name="cloudtrail_trails",
        description="Trails, in their home region; an organization's at the account that owns it.",
        service="cloudtrail",
        operation="DescribeTrails",
        path="trailList",
        parameters=PARAMETERS,
        gather=_own_trails,
        each=_status_and_selectors,
        follow_ups=(
            FollowUp(service="cloudtrail", operation="GetTrailStatus"),
            FollowUp(service="cloudtrail", operation="GetEventSelectors"),
        ),
        columns=(
            Column("arn", "string", "TrailARN", "ARN of the trail."),
            Column("name", "string", "Name", "Name of the trail."),
            Column("home_region", "string", "HomeRegion", "The region that it was made in."),
            Column("is_multi_region", "bool", "IsMultiRegionTrail", "Whether it logs all regions."),
            Column(
                "is_organization",
                "bool",
                "IsOrganizationTrail",
                "Whether it logs all accounts of the organization.",
            ),
            Column(
                "include_global_service_events",
                "bool",
                "IncludeGlobalServiceEvents",
                "Whether it logs services without regions, such as IAM.",
            ),
            Column(
                "log_file_validation",
                "bool",
                "LogFileValidationEnabled",
                "Whether digests make tampering evident.",
            ),
            Column("kms_key_id", "string", "KmsKeyId", "ARN of the key that encrypts the logs."),
            Column("bucket_name", "string", "S3BucketName", "The bucket that logs go to."),
            Column("bucket_prefix", "string", "S3KeyPrefix", "The logs' prefix in the bucket."),
            Column(
                "cloudwatch_log_group_arn",
                "string",
                "CloudWatchLogsLogGroupArn",
                "The log group that events go to, too.",
            ),
            _status_column("is_logging", "bool", "Whether it logs now."),
            _status_column("latest_delivery_time", "timestamp", "When files last arrived."),
            _status_column(
                "latest_delivery_error", "string", "Why S3 refused the last file, if it did."
            ),
            _status_column("start_logging_time", "timestamp", "When logging last started."),
            _status_column("stop_logging_time", "timestamp", "When logging last stopped."),
            _status_column("event_selectors", "json", "List of basic event selectors."),
            _status_column("advanced_event_selectors", "json", "List of advanced selectors."),
        ),
    ),
)
