"""How people and keys sign in: credential report, MFA devices, password policy, summary.

The credential report is made on request and is good for four hours; it is the only bulk
source of passwords, keys and MFA, and the only one with the root user in it
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html).
"""

import csv
import io
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from awsbasics.collect.table import Caller, Column, FollowUp, Item, Table

ROOT_USER = "<root_account>"
NO_VALUE = frozenset({"", "N/A", "no_information", "not_supported"})
NOT_READY = frozenset({"ReportInProgress", "ReportNotPresent", "ReportExpired"})
REPORT_PAUSES_SECONDS = (1, 2, 4, 8, 15, 30)
ASSIGNED: Mapping[str, Any] = {"AssignmentStatus": "Assigned", "MaxItems": 1000}
SUMMARY_FLAGS = {
    "account_mfa_enabled": "AccountMFAEnabled",
    "account_access_keys_present": "AccountAccessKeysPresent",
    "account_password_present": "AccountPasswordPresent",
    "account_signing_certificates_present": "AccountSigningCertificatesPresent",
}


def credential_report(call: Caller) -> list[Item]:
    """The rows of the account's credential report, which is made first where there is none.

    Raises what the calls raise, and ValueError for a report without its header.
    """
    if call.items("iam", "GenerateCredentialReport", "State") != ["COMPLETE"]:
        call.shared(("iam", "credential report", call.account_id), lambda: _wait(call))
    content = call.items("iam", "GetCredentialReport", "Content")[0]
    generated = call.items("iam", "GetCredentialReport", "GeneratedTime")[:1]
    rows = csv.DictReader(io.StringIO(content.decode()))
    if not {"user", "arn"} <= set(rows.fieldnames or ()):
        raise ValueError("the credential report lacks its header")
    return [{"generated": next(iter(generated), None), **_with_nulls(row)} for row in rows]


def _wait(call: Caller) -> None:
    """Return when the report is there or cannot be had; the next call says which."""
    for pause in REPORT_PAUSES_SECONDS:
        time.sleep(pause)
        if call.answer("iam", "GetCredentialReport").error_code not in NOT_READY:
            return


def _with_nulls(row: Mapping[str, str]) -> Item:
    return {name: None if value in NO_VALUE else value for name, value in row.items() if name}


def _mfa_devices(call: Caller) -> Iterator[Item]:
    """Virtual devices in bulk; others only for users whose MFA is not explained by those."""
    virtual = call.items("iam", "ListVirtualMFADevices", "VirtualMFADevices", **ASSIGNED)
    explained = {device.get("User", {}).get("Arn") for device in virtual}
    for device in virtual:
        yield {**device, "user_arn": device.get("User", {}).get("Arn"), "kind": "virtual"}
    others = [
        row
        for row in credential_report(call)
        if row["mfa_active"] == "true" and row["user"] != ROOT_USER and row["arn"] not in explained
    ]
    for devices in call.map(lambda row: _devices_of(call, row), others):
        yield from devices


def _devices_of(call: Caller, row: Item) -> list[Item]:
    operation = "ListMFADevices"
    answer = call.listed(
        "iam", operation, "MFADevices", absent=("NoSuchEntity",), UserName=row["user"]
    )
    if answer.status in ("denied", "error"):
        call.note(answer, operation)
    return [
        {**device, "user_arn": row["arn"], "kind": _kind(device["SerialNumber"])}
        for device in answer.value or ()
    ]


def _kind(serial_number: str) -> str:
    """Passkeys and security keys have ARNs with `u2f`; hardware tokens have bare numbers."""
    if ":u2f/" in serial_number:
        return "fido"
    return "virtual" if ":mfa/" in serial_number else "hardware"


def _with_flags(summary: Item) -> Iterable[Item]:
    """The summary's ones and zeros as true and false; null where it does not say."""
    flags = {
        column: None if summary.get(key) is None else summary[key] > 0
        for column, key in SUMMARY_FLAGS.items()
    }
    return ({**summary, **flags},)


def _key_columns(number: int) -> tuple[Column, ...]:
    prefix = f"access_key_{number}"
    return (
        Column(f"{prefix}_active", "bool", "", f"Whether access key {number} exists and works."),
        Column(f"{prefix}_last_rotated", "timestamp", "", f"When access key {number} was made."),
        Column(
            f"{prefix}_last_used_date",
            "timestamp",
            "",
            f"When access key {number} was last used; null if never.",
        ),
        Column(
            f"{prefix}_last_used_service",
            "string",
            "",
            f"The service that access key {number} was last used for.",
        ),
    )


TABLES = (
    Table(
        name="iam_credential_report",
        description="Passwords, access keys and MFA of each IAM user and of the root user.",
        service="iam",
        operation="GetCredentialReport",
        path="Content",
        scope="account",
        gather=credential_report,
        follow_ups=(FollowUp(service="iam", operation="GenerateCredentialReport", per="once"),),
        columns=(
            Column("arn", "string", "", "ARN of the user."),
            Column("user", "string", "", f"Name of the user; `{ROOT_USER}` is the root user."),
            Column("user_creation_time", "timestamp", "", "When the user was made."),
            Column("password_enabled", "bool", "", "Whether a password lets them sign in."),
            Column("password_last_used", "timestamp", "", "Last sign-in; null if never."),
            Column("password_last_changed", "timestamp", "", "When the password was set."),
            Column("mfa_active", "bool", "", "Whether an MFA device is enabled."),
            *_key_columns(1),
            *_key_columns(2),
            Column("generated", "timestamp", "", "When AWS made the report, up to 4 hours ago."),
        ),
    ),
    Table(
        name="iam_mfa_devices",
        description="MFA devices of users; hardware devices of the root user are not listed.",
        service="iam",
        operation="ListVirtualMFADevices",
        path="VirtualMFADevices",
        parameters=ASSIGNED,
        scope="account",
        gather=_mfa_devices,
        follow_ups=(
            FollowUp(service="iam", operation="GenerateCredentialReport", per="once"),
            FollowUp(service="iam", operation="GetCredentialReport", per="once"),
            FollowUp(service="iam", operation="ListMFADevices", per="user with another device"),
        ),
        columns=(
            Column("user_arn", "string", "", "The user, or the root user, that it belongs to."),
            Column("serial_number", "string", "SerialNumber", "Its ARN or serial number."),
            Column("enable_date", "timestamp", "EnableDate", "When it was enabled."),
            Column(
                "kind",
                "string",
                "",
                "virtual, fido or hardware. A user with a virtual device is not asked for others.",
            ),
        ),
    ),
    Table(
        name="iam_password_policy",
        description="The account's password policy; no row where it has only AWS's default.",
        service="iam",
        operation="GetAccountPasswordPolicy",
        path="PasswordPolicy",
        scope="account",
        absent_codes=("NoSuchEntity",),
        columns=(
            Column("minimum_password_length", "int", "MinimumPasswordLength", "Characters."),
            Column("require_symbols", "bool", "RequireSymbols", "Whether it asks for symbols."),
            Column("require_numbers", "bool", "RequireNumbers", "Whether it asks for digits."),
            Column(
                "require_uppercase_characters",
                "bool",
                "RequireUppercaseCharacters",
                "Whether it asks for capitals.",
            ),
            Column(
                "require_lowercase_characters",
                "bool",
                "RequireLowercaseCharacters",
                "Whether it asks for small letters.",
            ),
            Column(
                "allow_users_to_change_password",
                "bool",
                "AllowUsersToChangePassword",
                "Whether every user may change their own.",
            ),
            Column("expire_passwords", "bool", "ExpirePasswords", "Whether passwords expire."),
            Column("max_password_age", "int", "MaxPasswordAge", "Days until they expire."),
            Column(
                "password_reuse_prevention",
                "int",
                "PasswordReusePrevention",
                "How many earlier passwords are refused.",
            ),
            Column("hard_expiry", "bool", "HardExpiry", "Whether only an administrator can reset."),
        ),
    ),
    Table(
        name="iam_account_summary",
        description="Counts of IAM's things, and what the root user has to sign in with.",
        service="iam",
        operation="GetAccountSummary",
        path="SummaryMap",
        scope="account",
        split=_with_flags,
        columns=(
            Column("users", "int", "Users", "IAM users."),
            Column("groups", "int", "Groups", "IAM groups."),
            Column("roles", "int", "Roles", "IAM roles."),
            Column("policies", "int", "Policies", "The account's own managed policies."),
            Column("mfa_devices", "int", "MFADevices", "MFA devices, assigned or not."),
            Column(
                "mfa_devices_in_use",
                "int",
                "MFADevicesInUse",
                "MFA devices that someone signs in with.",
            ),
            Column("account_mfa_enabled", "bool", "", "Whether the root user has MFA."),
            Column("account_access_keys_present", "bool", "", "Whether root access keys exist."),
            Column("account_password_present", "bool", "", "Whether root has a password."),
            Column(
                "account_signing_certificates_present",
                "bool",
                "",
                "Whether root signing certificates exist.",
            ),
        ),
    ),
)
