"""Access keys: their ids from IAM, their last use from the credential report."""

from datetime import UTC, datetime

from tests.collect.fake_caller import WHEN, asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.identity import (
    IAM,
    KIM_ROW,
    RECORDED,
    ROOT_ROW,
    SAM_ROW,
    credential_report,
    key,
)

ANSWERS = RECORDED["iam_access_keys"]
SECOND = datetime(2025, 6, 1, tzinfo=UTC)


def test_the_last_use_of_a_key_that_the_report_knows_costs_no_call() -> None:
    keys = {"AccessKeyMetadata": [key("AKIA-EXAMPLE-KEY-1"), key("AKIA-EXAMPLE-KEY-2", SECOND)]}
    caller = fake_caller({**ANSWERS, "ListAccessKeys": keys})
    first, second = rows_of("iam_access_keys", caller)
    assert (first["last_used"], first["last_used_service"]) == (WHEN, "s3")
    assert (second["last_used"], second["last_used_status"]) == (None, "absent")
    assert "GetAccessKeyLastUsed" not in asked(caller)


def test_a_key_that_is_younger_than_the_report_is_asked_for_its_last_use() -> None:
    young = [row for row in rows_of("iam_access_keys", ANSWERS) if row["created"].year == 2027]
    assert [(row["last_used"], row["last_used_service"]) for row in young] == [(WHEN, "sts")]


def test_a_young_key_that_was_never_used_has_no_last_use() -> None:
    never = {"AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}, "UserName": "kim"}
    keys = {"AccessKeyMetadata": [key("AKIA-EXAMPLE-KEY-3", WHEN.replace(year=2027))]}
    (row,) = rows_of(
        "iam_access_keys", {**ANSWERS, "ListAccessKeys": keys, "GetAccessKeyLastUsed": never}
    )
    uses = ("last_used", "last_used_region", "last_used_service")
    assert {(row[use], row[f"{use}_status"]) for use in uses} == {(None, "absent")}


def test_only_users_with_a_key_are_asked() -> None:
    caller = fake_caller(ANSWERS)
    rows = rows_of("iam_access_keys", caller)
    assert {row["user_arn"] for row in rows} == {f"{IAM}:user/kim"}
    assert asked(caller).count("ListAccessKeys") == 1

    nobody = fake_caller({**ANSWERS, "GetCredentialReport": credential_report(ROOT_ROW, SAM_ROW)})
    assert rows_of("iam_access_keys", nobody) == []
    assert "ListAccessKeys" not in asked(nobody)


def test_a_user_that_was_deleted_meanwhile_has_no_keys() -> None:
    gone = {**ANSWERS, "ListAccessKeys": refused("NoSuchEntity")}
    assert rows_of("iam_access_keys", gone) == []


def test_keys_that_may_not_be_listed_are_not_taken_for_none() -> None:
    report = credential_report(KIM_ROW)
    found = read(
        "iam_access_keys",
        {**ANSWERS, "GetCredentialReport": report, "ListAccessKeys": refused()},
    )
    assert (found.coverage.status, found.rows) == ("partial", [])
