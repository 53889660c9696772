"""GuardDuty: whether it is on, and whether new accounts get it (REV.5, REV.8)."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import regional_arn
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

PAGE: Mapping[str, Any] = {"MaxResults": 50}
# What every account but the organization's administrator for GuardDuty is answered.
NOT_ITS_ADMINISTRATOR = ("BadRequestException",)


def _detectors(call: Caller) -> Iterator[Item]:
    for detector_id in call.items("guardduty", "ListDetectors", "DetectorIds", **PAGE):
        yield {"id": detector_id, "arn": regional_arn(call, "guardduty", f"detector/{detector_id}")}


def _settings(call: Caller, detector: Item) -> Mapping[str, Answer]:
    own = call.answer("guardduty", "GetDetector", expect="Status", DetectorId=detector["id"])
    organization = call.answer(
        "guardduty",
        "DescribeOrganizationConfiguration",
        absent=NOT_ITS_ADMINISTRATOR,
        DetectorId=detector["id"],
    )
    return {
        "status": own.at("Status"),
        "features": own.at("Features"),
        "created": own.at("CreatedAt"),
        "organization_auto_enable": organization.at("AutoEnableOrganizationMembers"),
        "organization_features": organization.at("Features"),
    }


TABLES = (
    Table(
        name="guardduty_detectors",
        description="GuardDuty's detector in the region; no row where there is none.",
        service="guardduty",
        operation="ListDetectors",
        path="DetectorIds",
        parameters=PAGE,
        gather=_detectors,
        each=_settings,
        follow_ups=(
            FollowUp(service="guardduty", operation="GetDetector"),
            FollowUp(service="guardduty", operation="DescribeOrganizationConfiguration"),
        ),
        columns=(
            Column("id", "string", "", "AWS's id of the detector."),
            Column("arn", "string", "", "ARN of the detector."),
            Column("status", "string", "", "ENABLED, or DISABLED (suspended).", follow_up=True),
            Column("features", "json", "", "List of features and their status.", follow_up=True),
            Column("created", "timestamp", "", "When it was made.", follow_up=True),
            Column(
                "organization_auto_enable",
                "string",
                "",
                "Which members get it by themselves: ALL, NEW or NONE; absent where the account "
                "does not administer it for the organization.",
                follow_up=True,
            ),
            Column(
                "organization_features",
                "json",
                "",
                "List of features that members get by themselves.",
                follow_up=True,
            ),
        ),
    ),
)
