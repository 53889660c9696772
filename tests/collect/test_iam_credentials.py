"""The credential report, MFA devices, the password policy and the summary."""

import time
from typing import Any

import pytest

from tests.collect.fake_caller import (
    ACCOUNT,
    WHEN,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    read,
    refused,
    rows_of,
)

IAM = f"arn:aws:iam::{ACCOUNT}"
HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated"
)
DAY = "2026-01-02T03:04:05+00:00"
ROOT = (
    f"<root_account>,{IAM}:root,{DAY},not_supported,no_information,not_supported,not_supported,"
    "true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
)


def user(name: str, mfa: str = "true") -> str:
    return (
        f"{name},{IAM}:user/{name},{DAY},true,{DAY},{DAY},N/A,{mfa},true,{DAY},{DAY},us-east-1,s3,"
        f"true,{DAY},{DAY},us-east-1,iam,false,N/A,false,N/A"
    )


def report(*lines: str) -> dict[str, Any]:
    content = "\n".join((HEADER, *lines)).encode()
    return {"Content": content, "ReportFormat": "text/csv", "GeneratedTime": WHEN}


def device(name: str) -> dict[str, Any]:
    return {
        "SerialNumber": f"{IAM}:mfa/{name}",
        "EnableDate": WHEN,
        "User": {"Arn": f"{IAM}:user/{name}", "UserName": name},
    }


RECORDED: dict[str, Any] = {
    "GenerateCredentialReport": {"State": "COMPLETE"},
    "GetCredentialReport": report(ROOT, user("olivia"), user("kim"), user("sam", "false")),
    "ListVirtualMFADevices": {"VirtualMFADevices": [device("olivia")], "IsTruncated": False},
    "ListMFADevices": {
        "MFADevices": [
            {"UserName": "kim", "SerialNumber": f"{IAM}:u2f/user/kim/key", "EnableDate": WHEN},
            {"UserName": "kim", "SerialNumber": "GAHT12345678", "EnableDate": WHEN},
        ],
        "IsTruncated": False,
    },
    "GetAccountPasswordPolicy": {
        "PasswordPolicy": {
            "MinimumPasswordLength": 14,
            "RequireSymbols": True,
            "RequireNumbers": True,
            "RequireUppercaseCharacters": True,
            "RequireLowercaseCharacters": True,
            "AllowUsersToChangePassword": True,
            "ExpirePasswords": True,
            "MaxPasswordAge": 90,
            "PasswordReusePrevention": 24,
            "HardExpiry": False,
        }
    },
    "GetAccountSummary": {
        "SummaryMap": {
            "Users": 3,
            "Groups": 2,
            "Roles": 9,
            "Policies": 4,
            "MFADevices": 2,
            "MFADevicesInUse": 1,
            "AccountMFAEnabled": 1,
            "AccountAccessKeysPresent": 0,
            "AccountPasswordPresent": 1,
            "AccountSigningCertificatesPresent": 0,
        }
    },
}


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, none of them slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def test_every_column_of_every_table_has_its_source_in_the_answers() -> None:
    for name in (
        "iam_credential_report",
        "iam_mfa_devices",
        "iam_password_policy",
        "iam_account_summary",
    ):
        assert_every_column_is_filled(name, rows_of(name, RECORDED))


def test_a_report_that_is_there_costs_two_calls_for_both_tables(pauses: list[float]) -> None:
    caller = fake_caller(RECORDED)
    rows_of("iam_credential_report", caller)
    assert asked(caller) == ["GenerateCredentialReport", "GetCredentialReport"]
    rows_of("iam_mfa_devices", caller)
    assert asked(caller).count("GetCredentialReport") == 1
    assert pauses == []


def test_a_report_in_the_making_is_waited_for(pauses: list[float]) -> None:
    outcomes = iter([refused("ReportInProgress"), refused("ReportInProgress")])

    def content(region: str) -> dict[str, Any]:
        for error in outcomes:
            raise error
        return report(ROOT)

    recorded = {
        **RECORDED,
        "GenerateCredentialReport": {"State": "STARTED"},
        "GetCredentialReport": content,
    }
    (row,) = rows_of("iam_credential_report", recorded)
    assert row["user"] == "<root_account>"
    assert len(pauses) == 3


def test_a_report_that_never_comes_is_an_error_after_a_bounded_wait(pauses: list[float]) -> None:
    recorded = {
        **RECORDED,
        "GenerateCredentialReport": {"State": "STARTED"},
        "GetCredentialReport": refused("ReportInProgress"),
    }
    found = read("iam_credential_report", recorded)
    assert (found.coverage.status, found.coverage.error_code) == ("error", "ReportInProgress")
    assert 30 < sum(pauses) < 120


def test_what_the_report_does_not_know_is_null() -> None:
    rows = {row["user"]: row for row in rows_of("iam_credential_report", RECORDED)}
    root, sam = rows["<root_account>"], rows["sam"]
    assert (root["password_enabled"], root["password_last_used"]) == (None, None)
    assert (root["mfa_active"], root["access_key_1_active"]) == (True, False)
    assert (sam["mfa_active"], sam["access_key_1_last_used_date"]) == (False, WHEN)


def test_a_report_without_its_header_is_an_error_and_not_empty() -> None:
    broken = {"Content": b"<html>", "GeneratedTime": WHEN}
    found = read("iam_credential_report", {**RECORDED, "GetCredentialReport": broken})
    assert found.coverage.status == "error"
    assert "lacks its header" in found.coverage.error_message


def test_a_denied_report_is_denied() -> None:
    found = read("iam_credential_report", {**RECORDED, "GenerateCredentialReport": refused()})
    assert found.coverage.status == "denied"


def test_devices_are_asked_for_one_by_one_only_where_the_bulk_call_does_not_explain_mfa() -> None:
    caller = fake_caller(RECORDED)
    rows = rows_of("iam_mfa_devices", caller)
    assert asked(caller).count("ListMFADevices") == 1  # kim; sam has none, olivia a virtual one
    assert {(row["user_arn"], row["kind"]) for row in rows} == {
        (f"{IAM}:user/olivia", "virtual"),
        (f"{IAM}:user/kim", "fido"),
        (f"{IAM}:user/kim", "hardware"),
    }


def test_devices_that_are_denied_leave_the_table_partial() -> None:
    found = read("iam_mfa_devices", {**RECORDED, "ListMFADevices": refused()})
    assert len(found.rows) == 1
    assert found.coverage.status == "partial"


def test_a_user_who_left_meanwhile_has_no_devices() -> None:
    found = read("iam_mfa_devices", {**RECORDED, "ListMFADevices": refused("NoSuchEntity")})
    assert found.coverage.status == "ok"


def test_an_account_without_a_password_policy_has_none_and_that_is_known() -> None:
    found = read(
        "iam_password_policy", {**RECORDED, "GetAccountPasswordPolicy": refused("NoSuchEntity")}
    )
    assert (found.rows, found.coverage.status) == ([], "empty")


def test_the_summary_says_yes_and_no_rather_than_one_and_zero() -> None:
    (row,) = rows_of("iam_account_summary", RECORDED)
    assert (row["account_mfa_enabled"], row["account_access_keys_present"]) == (True, False)

    (row,) = rows_of("iam_account_summary", {"GetAccountSummary": {"SummaryMap": {"Users": 1}}})
    assert row["account_mfa_enabled"] is None
