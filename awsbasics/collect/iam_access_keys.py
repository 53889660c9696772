"""IAM users' access keys by their ids, with their last use (ENG.6, ENG.10).

The credential report knows the age and last use of every key, but no id, and a key's id is
what the logs show and what has to be switched off. So users whom the report credits with
a key are asked for its id; a key that is younger than the report is asked for its last use.
The root user's keys have rows in `iam_credential_report` only.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from awsbasics.collect.iam_credentials import ROOT_USER, credential_report
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

SLOTS = ("access_key_1", "access_key_2")
LAST_USE = {
    "last_used": "last_used_date",
    "last_used_region": "last_used_region",
    "last_used_service": "last_used_service",
}
LAST_USE_SOURCES = {
    "last_used": "AccessKeyLastUsed.LastUsedDate",
    "last_used_region": "AccessKeyLastUsed.Region",
    "last_used_service": "AccessKeyLastUsed.ServiceName",
}
NEVER_USED = "N/A"  # as the region and the service of a key that was never used


def _access_keys(call: Caller) -> Iterator[Item]:
    holders = [
        row
        for row in credential_report(call)
        if row["user"] != ROOT_USER and any(row.get(f"{slot}_last_rotated") for slot in SLOTS)
    ]
    for keys in call.map(lambda row: _keys_of(call, row), holders):
        yield from keys


def _keys_of(call: Caller, row: Item) -> list[Item]:
    operation, path = "ListAccessKeys", "AccessKeyMetadata"
    answer = call.listed("iam", operation, path, absent=("NoSuchEntity",), UserName=row["user"])
    if answer.status in ("denied", "error"):
        call.note(answer, operation)
    return [{**key, "user_arn": row["arn"], "report": row} for key in answer.value or ()]


def _last_use(call: Caller, key: Item) -> Mapping[str, Answer]:
    slot = _slot_of(key)
    if slot is not None:
        values = {column: key["report"].get(f"{slot}_{name}") for column, name in LAST_USE.items()}
        return {column: _known(value) for column, value in values.items()}
    used = call.answer(
        "iam", "GetAccessKeyLastUsed", expect="AccessKeyLastUsed", AccessKeyId=key["AccessKeyId"]
    )
    return {column: _never_absent(used.at(path)) for column, path in LAST_USE_SOURCES.items()}


def _slot_of(key: Item) -> str | None:
    """The report's columns about a key: those with its time of making."""
    for slot in SLOTS:
        made = key["report"].get(f"{slot}_last_rotated")
        if made and datetime.fromisoformat(made) == key["CreateDate"]:
            return slot
    return None


def _known(value: Any) -> Answer:
    return Answer("absent") if value is None else Answer("ok", value)


def _never_absent(answer: Answer) -> Answer:
    return Answer("absent") if answer.value == NEVER_USED else answer


TABLES = (
    Table(
        name="iam_access_keys",
        description="Access keys of IAM users, not of the root user; never their secrets.",
        service="iam",
        operation="GetCredentialReport",
        path="Content",
        scope="account",
        gather=_access_keys,
        each=_last_use,
        follow_ups=(
            FollowUp(service="iam", operation="GenerateCredentialReport", per="once"),
            FollowUp(service="iam", operation="ListAccessKeys", per="user with an access key"),
            FollowUp(service="iam", operation="GetAccessKeyLastUsed", per="key made since"),
        ),
        columns=(
            Column("user_arn", "string", "", "The user that it belongs to."),
            Column("id", "string", "AccessKeyId", "AWS's id of the key, AKIA…"),
            Column("status", "string", "Status", "Active, Inactive or Expired."),
            Column("created", "timestamp", "CreateDate", "When it was made."),
            Column(
                "last_used",
                "timestamp",
                "",
                "When it was last used, up to four hours late; absent: never.",
                follow_up=True,
            ),
            Column("last_used_region", "string", "", "Where it was last used.", follow_up=True),
            Column(
                "last_used_service", "string", "", "The service it was used for.", follow_up=True
            ),
        ),
    ),
)
