"""GuardDuty, Security Hub, Config and Access Analyzer: on, off, or not known."""

import json
from typing import Any

import pytest

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.watch import RECORDED


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("guardduty_detectors", "BadRequestException"),
        ("securityhub_hubs", "InvalidAccessException"),
    ],
)
def test_only_the_organizations_administrator_has_its_settings(table: str, code: str) -> None:
    operation = "DescribeOrganizationConfiguration"
    (row,) = rows_of(table, {**RECORDED[table], operation: refused(code)})
    assert row["organization_auto_enable_status"] == "absent"

    found = read(table, {**RECORDED[table], operation: refused()})
    assert found.rows[0]["organization_auto_enable_status"] == "denied"
    assert found.coverage.status == "partial"


def test_a_region_without_a_detector_is_empty() -> None:
    caller = fake_caller({"ListDetectors": {"DetectorIds": []}})
    assert rows_of("guardduty_detectors", caller) == []
    assert asked(caller) == ["ListDetectors"]


def test_a_hub_that_is_off_is_no_row_and_one_that_is_denied_is_not_read() -> None:
    answers = RECORDED["securityhub_hubs"]
    for code, status in (("InvalidAccessException", "empty"), ("AccessDeniedException", "denied")):
        found = read("securityhub_hubs", {**answers, "DescribeHub": refused(code)})
        assert (found.coverage.status, found.rows) == (status, [])


def test_a_recorder_without_a_status_is_not_taken_for_recording() -> None:
    answers = RECORDED["config_recorders"]
    none: dict[str, Any] = {
        "DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": []}
    }
    (row,) = rows_of("config_recorders", {**answers, **none})
    assert (row["recording"], row["recording_status"]) == (None, "absent")

    denied = {"DescribeConfigurationRecorderStatus": refused()}
    found = read("config_recorders", {**answers, **denied})
    assert (found.rows[0]["recording_status"], found.coverage.status) == ("denied", "partial")


def test_a_region_without_recorders_is_asked_for_no_status() -> None:
    caller = fake_caller({"DescribeConfigurationRecorders": {"ConfigurationRecorders": []}})
    assert rows_of("config_recorders", caller) == []
    assert asked(caller) == ["DescribeConfigurationRecorders"]


def test_an_analyzer_says_how_much_it_found() -> None:
    (row,) = rows_of("accessanalyzer_analyzers", RECORDED["accessanalyzer_analyzers"])
    (external,) = json.loads(row["findings"])
    assert external["externalAccessFindingsStatistics"]["totalActiveFindings"] == 3
