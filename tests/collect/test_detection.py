"""GuardDuty, Security Hub, Config and Access Analyzer: on, off, or not known."""

import json
from typing import Any

import pytest

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.watch import RECORDED, analyzer


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


def test_what_analyzers_found_open_to_others_is_listed_from_all_pages() -> None:
    first, second = rows_of("accessanalyzer_findings", RECORDED["accessanalyzer_findings"])
    assert (first["id"], second["id"]) == ("f1", "f2")
    assert json.loads(first["principal"]) == {"AWS": "111122223333"}
    assert json.loads(first["actions"]) == ["sts:AssumeRole"]
    assert (first["is_public"], first["error"]) == (False, None)
    assert second["error"] == "ACCESS_DENIED"


def test_only_open_findings_of_analyzers_of_external_access_are_asked_for() -> None:
    kinds = ("ACCOUNT", "ORGANIZATION", "ACCOUNT_UNUSED_ACCESS", "ORGANIZATION_INTERNAL_ACCESS")
    analyzers = [analyzer(kind) for kind in kinds]
    caller = fake_caller(
        {"ListAnalyzers": {"analyzers": analyzers}, "ListFindings": {"findings": []}}
    )
    assert rows_of("accessanalyzer_findings", caller) == []
    session: Any = caller.session
    listed = [one.parameters for one in session.asked if one.operation == "ListFindings"]
    assert {one["analyzerArn"] for one in listed} == {one["arn"] for one in analyzers[:2]}
    assert all(one["filter"] == {"status": {"eq": ["ACTIVE"]}} for one in listed)


def test_an_analyzer_that_went_meanwhile_has_no_findings_and_a_denied_one_is_not_read() -> None:
    answers = RECORDED["accessanalyzer_findings"]
    for code, status in (
        ("ResourceNotFoundException", "empty"),
        ("AccessDeniedException", "partial"),
    ):
        found = read("accessanalyzer_findings", {**answers, "ListFindings": refused(code)})
        assert (found.coverage.status, found.rows) == (status, [])
