"""Trails, and their buckets and keys in whichever account these lie."""

import json
from typing import Any

from tests.collect.fake_caller import (
    ACCOUNT,
    REGION,
    WHEN,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    read,
    refused,
    rows_of,
)

MANAGEMENT = "123456789012"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k1"
BUCKET = "example-trail"
POLICY = '{"Version": "2012-10-17", "Statement": []}'


def trail(owner: str = ACCOUNT, home: str = REGION, **more: Any) -> dict[str, Any]:
    return {
        "Name": "audit",
        "TrailARN": f"arn:aws:cloudtrail:{home}:{owner}:trail/audit",
        "HomeRegion": home,
        "S3BucketName": BUCKET,
        "S3KeyPrefix": "logs",
        "IsMultiRegionTrail": True,
        "IsOrganizationTrail": False,
        "IncludeGlobalServiceEvents": True,
        "LogFileValidationEnabled": True,
        "KmsKeyId": KEY,
        "CloudWatchLogsLogGroupArn": f"arn:aws:logs:{home}:{owner}:log-group:trail:*",
        **more,
    }


def trails(*found: dict[str, Any]) -> dict[str, Any]:
    return {**RECORDED, "DescribeTrails": {"trailList": list(found)}}


RECORDED: dict[str, Any] = {
    "DescribeTrails": {"trailList": [trail()]},
    "GetTrailStatus": {
        "IsLogging": False,
        "LatestDeliveryTime": WHEN,
        "LatestDeliveryError": "AccessDenied",
        "StartLoggingTime": WHEN,
        "StopLoggingTime": WHEN,
    },
    "GetEventSelectors": {
        "TrailARN": trail()["TrailARN"],
        "EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}],
        "AdvancedEventSelectors": [{"Name": "all", "FieldSelectors": []}],
    },
    "ListBuckets": {
        "Buckets": [
            {"Name": BUCKET, "BucketRegion": "us-east-1"},
            {"Name": f"{BUCKET}-2", "BucketRegion": "us-east-1"},
        ]
    },
    "GetBucketPolicy": {"Policy": POLICY},
    "GetPublicAccessBlock": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
    "GetBucketAcl": {"Owner": {"ID": "1"}, "Grants": [{"Permission": "FULL_CONTROL"}]},
    "GetObjectLockConfiguration": {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
    "GetBucketLifecycleConfiguration": {"Rules": [{"ID": "year", "Status": "Enabled"}]},
    "DescribeKey": {
        "KeyMetadata": {"KeyId": "k1", "Arn": KEY, "KeyState": "Enabled", "KeyManager": "CUSTOMER"}
    },
    "GetKeyPolicy": {"Policy": POLICY},
}


def test_every_column_of_every_table_has_its_source_in_the_answers() -> None:
    for name in ("cloudtrail_trails", "s3_trail_buckets", "kms_trail_keys"):
        assert_every_column_is_filled(name, rows_of(name, RECORDED))


def test_a_trail_is_one_row_in_its_home_region_and_none_elsewhere() -> None:
    elsewhere = trails(trail(home="us-east-1"))
    assert rows_of("cloudtrail_trails", elsewhere) == []
    (row,) = rows_of("cloudtrail_trails", elsewhere, region="us-east-1")
    assert row["region"] == row["home_region"] == "us-east-1"


def test_an_organizations_trail_is_no_row_of_the_members_that_see_it() -> None:
    caller = fake_caller(trails(trail(owner=MANAGEMENT, IsOrganizationTrail=True)))
    assert rows_of("cloudtrail_trails", caller) == []
    assert asked(caller) == ["DescribeTrails"]


def test_a_status_that_is_denied_is_unread_and_the_selectors_stay() -> None:
    found = read("cloudtrail_trails", {**RECORDED, "GetTrailStatus": refused()})
    (row,) = found.rows
    assert (row["is_logging"], row["is_logging_status"]) == (None, "denied")
    assert row["event_selectors_status"] == "ok"
    assert found.coverage.status == "partial"


def test_a_trail_that_never_failed_has_no_error_and_that_is_known() -> None:
    recorded = {**RECORDED, "GetTrailStatus": {"IsLogging": True}}
    (row,) = rows_of("cloudtrail_trails", recorded)
    assert (row["latest_delivery_error"], row["latest_delivery_error_status"]) == (None, "absent")


def test_a_bucket_of_the_organizations_trail_is_a_row_of_the_account_that_owns_it() -> None:
    caller = fake_caller(trails(trail(owner=MANAGEMENT, IsOrganizationTrail=True)))
    (row,) = rows_of("s3_trail_buckets", caller)
    assert (row["account_id"], row["name"]) == (ACCOUNT, BUCKET)
    assert f":{MANAGEMENT}:" in row["trail_arn"]
    assert json.loads(row["policy"]) == json.loads(POLICY)


def test_a_bucket_of_another_account_is_neither_a_row_nor_asked_about() -> None:
    others = {"Buckets": [{"Name": f"{BUCKET}-2", "BucketRegion": "us-east-1"}]}
    caller = fake_caller({**RECORDED, "ListBuckets": others})
    assert rows_of("s3_trail_buckets", caller) == []
    assert "GetBucketPolicy" not in asked(caller)


def test_a_bucket_is_asked_in_its_own_region() -> None:
    caller = fake_caller(RECORDED)
    rows_of("s3_trail_buckets", caller)
    session: Any = caller.session
    regions = {call.operation: call.region for call in session.asked}
    assert regions["GetBucketPolicy"] == "us-east-1"
    assert regions["ListBuckets"] == REGION


def test_settings_that_a_bucket_lacks_are_absent_and_not_unread() -> None:
    found = read(
        "s3_trail_buckets",
        {
            **RECORDED,
            "GetBucketPolicy": refused("NoSuchBucketPolicy"),
            "GetPublicAccessBlock": refused("NoSuchPublicAccessBlockConfiguration"),
            "GetObjectLockConfiguration": refused("ObjectLockConfigurationNotFoundError"),
            "GetBucketLifecycleConfiguration": refused("NoSuchLifecycleConfiguration"),
        },
    )
    (row,) = found.rows
    assert found.coverage.status == "ok"
    settings = ("policy", "public_access_block", "object_lock", "lifecycle_rules")
    assert {row[f"{name}_status"] for name in settings} == {"absent"}


def test_a_bucket_policy_that_is_denied_is_unread() -> None:
    found = read("s3_trail_buckets", {**RECORDED, "GetBucketPolicy": refused()})
    assert found.rows[0]["policy_status"] == "denied"
    assert found.coverage.status == "partial"


def test_where_buckets_cannot_be_listed_the_table_does_not_look_empty() -> None:
    found = read("s3_trail_buckets", {**RECORDED, "ListBuckets": refused()})
    assert found.coverage.status == "denied"


def test_a_key_is_a_row_of_the_account_in_its_arn_and_asked_in_its_region() -> None:
    caller = fake_caller(trails(trail(owner=MANAGEMENT, IsOrganizationTrail=True)))
    (row,) = rows_of("kms_trail_keys", caller)
    assert (row["account_id"], row["arn"], row["state"]) == (ACCOUNT, KEY, "Enabled")
    session: Any = caller.session
    assert {c.region for c in session.asked if c.operation == "GetKeyPolicy"} == {"us-east-1"}


def test_a_key_of_another_account_is_neither_a_row_nor_asked_about() -> None:
    other = KEY.replace(ACCOUNT, MANAGEMENT)
    caller = fake_caller(trails(trail(KmsKeyId=other)))
    assert rows_of("kms_trail_keys", caller) == []
    assert asked(caller) == ["DescribeTrails"]


def test_a_trail_without_a_key_has_none() -> None:
    plain = trail()
    del plain["KmsKeyId"]
    assert rows_of("kms_trail_keys", trails(plain)) == []


def test_a_key_that_was_deleted_is_absent() -> None:
    gone = refused("NotFoundException")
    found = read("kms_trail_keys", {**RECORDED, "DescribeKey": gone, "GetKeyPolicy": gone})
    assert found.rows[0]["state_status"] == "absent"
    assert found.coverage.status == "ok"


def test_the_three_tables_share_one_list_of_trails() -> None:
    caller = fake_caller(RECORDED)
    for name in ("cloudtrail_trails", "s3_trail_buckets", "kms_trail_keys"):
        rows_of(name, caller)
    assert asked(caller).count("DescribeTrails") == 1
