"""Last-accessed data: asynchronous, and only where asked for."""

from typing import Any

import pytest

from awsbasics.collect import iam_last_accessed
from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.identity import IAM, RECORDED, details

NAME = "iam_service_last_accessed"
ANSWERS = RECORDED[NAME]
DONE = ANSWERS["GetServiceLastAccessedDetails"]
WAITING = {**DONE, "JobStatus": "IN_PROGRESS"}


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    return pauses


def with_report(report: Any) -> dict[str, Any]:
    return {**ANSWERS, "GetServiceLastAccessedDetails": report}


def test_a_service_that_was_never_used_is_a_row_without_a_time() -> None:
    times = {r["service_namespace"]: r["last_authenticated"] for r in rows_of(NAME, ANSWERS)}
    assert times["s3"] is not None
    assert times["sqs"] is None


def test_a_report_that_is_being_made_is_waited_for(waited: list[float]) -> None:
    rows = rows_of(NAME, with_report([WAITING, WAITING, DONE]))
    assert {row["role_arn"] for row in rows} == {f"{IAM}:role/app"}
    assert waited == list(iam_last_accessed.PAUSES_SECONDS[:2])


@pytest.mark.parametrize(
    ("report", "code"),
    [
        ({"JobStatus": "FAILED", "Error": {"Code": "Oops", "Message": "failed"}}, "Oops"),
        ({"JobStatus": "FAILED"}, "JobFailed"),
        ({"JobStatus": "IN_PROGRESS"}, "JobTimeout"),
        ({"IsTruncated": True}, "IsTruncated"),
    ],
)
def test_a_report_that_is_not_had_whole_is_not_taken_for_unused(
    report: dict[str, Any], code: str
) -> None:
    found = read(NAME, with_report({**DONE, **report}))
    assert (found.coverage.status, found.coverage.error_code) == ("partial", code)
    assert found.rows == []


@pytest.mark.parametrize("path", ["/aws-service-role/ecs.amazonaws.com/", "/aws-reserved/sso/"])
def test_roles_that_nobody_can_change_are_not_asked_about(path: str) -> None:
    reserved = {"GetAccountAuthorizationDetails": details("x", path=path)}
    caller = fake_caller({**ANSWERS, **reserved})
    assert rows_of(NAME, caller) == []
    assert asked(caller) == ["GetAccountAuthorizationDetails"]


def test_a_role_that_was_deleted_meanwhile_has_no_rows() -> None:
    gone = {**ANSWERS, "GenerateServiceLastAccessedDetails": refused("NoSuchEntity")}
    assert rows_of(NAME, gone) == []
