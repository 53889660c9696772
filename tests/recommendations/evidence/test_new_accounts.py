"""REV.8: what accounts to come get by themselves."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    MANAGEMENT,
    REGION,
    failures,
    judged,
    results,
    statuses,
)

PLACE = {"account_id": ARCHIVE, "region": REGION}
SECURITY = {
    "account_id": MANAGEMENT,
    "id": ARCHIVE,
    "services": ["guardduty.amazonaws.com", "securityhub.amazonaws.com"],
}
RECORDER = {
    "account_id": DEVELOPMENT,
    "region": REGION,
    "stack_name": "StackSet-recorders-1234",
    "type": "AWS::Config::ConfigurationRecorder",
}


def automatic(**changes: Any) -> dict[str, Any]:
    """All services come by themselves."""
    rows: dict[str, Any] = {
        "organizations_delegated_administrators": [SECURITY],
        "guardduty_detectors": [{**PLACE, "id": "d", "organization_auto_enable": "ALL"}],
        "securityhub_hubs": [{**PLACE, "organization_auto_enable": True}],
        "accessanalyzer_analyzers": [{**PLACE, "type": "ORGANIZATION", "status": "ACTIVE"}],
        "cloudformation_stack_sets": [
            {"account_id": MANAGEMENT, "name": "recorders", "auto_deployment": True}
        ],
        "cloudformation_stack_resources": [RECORDER],
    }
    return {**rows, **changes}


def test_services_that_come_by_themselves_meet_rev_8() -> None:
    assert statuses(results("REV.8", automatic())) == ["ok"] * 4


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"guardduty_detectors": []}, "guardduty"),
        (
            {"guardduty_detectors": [{**PLACE, "id": "d", "organization_auto_enable": "NONE"}]},
            "guardduty",
        ),
        ({"securityhub_hubs": [{**PLACE, "organization_auto_enable": False}]}, "securityhub"),
        (
            {"accessanalyzer_analyzers": [{**PLACE, "type": "ACCOUNT", "status": "ACTIVE"}]},
            "external_access",
        ),
        (
            {
                "cloudformation_stack_sets": [
                    {"account_id": MANAGEMENT, "name": "recorders", "auto_deployment": False}
                ]
            },
            "config",
        ),
        ({"cloudformation_stack_resources": []}, "config"),
    ],
)
def test_what_does_not_come_by_itself_fails(changes: dict[str, Any], key: str) -> None:
    [found] = failures("REV.8", automatic(**changes))
    assert (found.key, found.account_id) == (key, MANAGEMENT)
    assert found.title.startswith("New accounts do not get")


@pytest.mark.parametrize(
    "changes",
    [
        {
            "securityhub_hubs": [
                {**PLACE, "organization_configuration": {"ConfigurationType": "CENTRAL"}}
            ]
        },
        {
            "cloudformation_stack_sets": [
                {"account_id": MANAGEMENT, "name": "AWSControlTowerBP-BASELINE-CONFIG"}
            ]
        },
    ],
)
def test_central_configuration_and_control_tower_count(changes: dict[str, Any]) -> None:
    assert failures("REV.8", automatic(**changes)) == []


def test_regions_that_lack_it_are_named() -> None:
    [first, *_] = failures("REV.8", automatic(), regions=(REGION, "eu-central-1"))
    assert first.facts["regions_without"] == ["eu-central-1"]


@pytest.mark.parametrize(
    "changes",
    [
        {
            "organizations_delegated_administrators": [{**SECURITY, "id": "999999999999"}],
            "guardduty_detectors": [],
        },
        {
            "guardduty_detectors": [
                {**PLACE, "id": "d", "organization_auto_enable_status": "denied"}
            ]
        },
    ],
)
def test_an_administrator_that_was_not_read_is_unknown(changes: dict[str, Any]) -> None:
    found = [each for each in results("REV.8", automatic(**changes)) if each.status != "ok"]
    assert [(each.status, each.key) for each in found] == [("unknown", "guardduty")]


def test_a_lone_account_has_no_new_ones() -> None:
    assert statuses(results("REV.8", {}, management=None)) == ["not_applicable"]


def test_detectors_that_were_not_read_where_they_are_administered_are_unknown(
    tmp_path: Path,
) -> None:
    rows = automatic(guardduty_detectors=[])
    found = judged("REV.8", tmp_path, rows, ("guardduty_detectors", ARCHIVE, REGION))
    assert {each.status for each in found if each.key == "guardduty"} == {"unknown"}


def test_stacks_that_were_not_read_may_hold_the_recorders(tmp_path: Path) -> None:
    rows = automatic(cloudformation_stack_resources=[])
    denied = ("cloudformation_stack_resources", DEVELOPMENT, REGION)
    found = judged("REV.8", tmp_path, rows, denied)
    assert {each.status for each in found if each.key == "config"} == {"unknown"}
