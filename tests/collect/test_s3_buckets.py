"""Buckets, and what keeps them from the public."""

import json
from typing import Any

import pytest

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.watch import ALL_ON, RECORDED

ANSWERS = RECORDED["s3_buckets"]
NO_BLOCK = "NoSuchPublicAccessBlockConfiguration"
PARTLY = {**ALL_ON, "BlockPublicAcls": False}


def blocks(account: Any, own: Any) -> dict[str, Any]:
    """Answers with the account's and the bucket's switches; an error's code for either."""

    def answer(**asked: Any) -> Any:
        found = account if "AccountId" in asked else own
        if isinstance(found, str):
            raise refused(found)
        return {"PublicAccessBlockConfiguration": found}

    return {**ANSWERS, "GetPublicAccessBlock": answer}


@pytest.mark.parametrize(
    ("account", "own", "status", "acls_blocked"),
    [
        (PARTLY, {"BlockPublicAcls": True}, "ok", True),
        (PARTLY, PARTLY, "ok", False),
        (NO_BLOCK, ALL_ON, "ok", True),
        (NO_BLOCK, PARTLY, "ok", False),
        (PARTLY, NO_BLOCK, "ok", False),
        (NO_BLOCK, NO_BLOCK, "absent", None),
        ("AccessDenied", ALL_ON, "ok", True),
        ("AccessDenied", PARTLY, "denied", None),
        ("AccessDenied", NO_BLOCK, "denied", None),
        (NO_BLOCK, "AccessDenied", "denied", None),
        (PARTLY, "AccessDenied", "denied", None),
    ],
)
def test_a_switch_is_on_where_the_accounts_or_the_buckets_is(
    account: Any, own: Any, status: str, acls_blocked: bool | None
) -> None:
    (row,) = read("s3_buckets", blocks(account, own)).rows
    assert row["public_access_block_status"] == status
    switches = json.loads(row["public_access_block"] or "{}")
    assert switches.get("BlockPublicAcls") is acls_blocked


def test_where_the_account_blocks_everything_no_bucket_is_asked_for_its_own() -> None:
    caller = fake_caller(blocks(ALL_ON, "AccessDenied"))
    (row,) = rows_of("s3_buckets", caller)
    assert json.loads(row["public_access_block"]) == ALL_ON
    assert asked(caller).count("GetPublicAccessBlock") == 1


def test_the_accounts_switches_are_asked_once_for_both_tables_and_all_buckets() -> None:
    many = [{"Name": f"data-{n}", "BucketRegion": "eu-west-1"} for n in range(3)]
    caller = fake_caller({**blocks(ALL_ON, NO_BLOCK), "ListBuckets": {"Buckets": many}})
    rows_of("s3_buckets", caller)
    (row,) = rows_of("s3_account_public_access_block", caller)
    assert row["restrict_public_buckets"] is True
    assert asked(caller).count("GetPublicAccessBlock") == 1


def test_a_bucket_is_asked_in_its_own_region() -> None:
    caller = fake_caller(ANSWERS)
    rows_of("s3_buckets", caller)
    session: Any = caller.session
    regions = {call.region for call in session.asked if call.operation == "GetBucketPolicy"}
    assert regions == {"us-east-1"}


@pytest.mark.parametrize("code", ["NoSuchBucketPolicy", "NoSuchBucket"])
def test_a_bucket_without_a_policy_is_not_one_whose_policy_was_denied(code: str) -> None:
    (row,) = rows_of("s3_buckets", {**ANSWERS, "GetBucketPolicy": refused(code)})
    assert (row["policy"], row["policy_status"]) == (None, "absent")

    found = read("s3_buckets", {**ANSWERS, "GetBucketPolicy": refused()})
    assert found.rows[0]["policy_status"] == "denied"
    assert found.coverage.status == "partial"
