"""ORG.7: the organization trail and the bucket of its log, part by part."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.recommendations.base import Result
from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    failures,
    judged,
    results,
    statuses,
)

ARN = f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:trail/org"
BUCKET = "arn:aws:s3:::logs"
ALL_SWITCHES = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
CLOUDTRAIL_WRITES = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudtrail.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": f"{BUCKET}/AWSLogs/*",
    "Condition": {"StringEquals": {"aws:SourceArn": ARN}},
}
REGIONS = [{"account_id": MANAGEMENT, "name": REGION, "opt_in_status": "opt-in-not-required"}]
PARTS = {
    "logging",
    "delivery",
    "validation",
    "events",
    "multi_region",
    "kms_key",
    "bucket_account",
    "bucket_public",
    "bucket_public_access_block",
    "bucket_writers",
    "retention",
}


def trail(**more: Any) -> dict[str, Any]:
    return {
        "account_id": MANAGEMENT,
        "region": REGION,
        "arn": ARN,
        "name": "org",
        "home_region": REGION,
        "is_multi_region": True,
        "is_organization": True,
        "log_file_validation": True,
        "kms_key_id": f"arn:aws:kms:{REGION}:{ARCHIVE}:key/1",
        "bucket_name": "logs",
        "is_logging": True,
        **more,
    }


def bucket(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    row = {
        "account_id": ARCHIVE,
        "region": REGION,
        "trail_arn": ARN,
        "name": "logs",
        "arn": BUCKET,
        "policy": {"Statement": [CLOUDTRAIL_WRITES, *statements]},
        "public_access_block": ALL_SWITCHES,
        "acl": [{"Grantee": {"Type": "CanonicalUser", "ID": "1"}, "Permission": "FULL_CONTROL"}],
    }
    return {**row, **more}


def judge(trail_row: dict[str, Any], *buckets: dict[str, Any], **more: Any) -> list[Result]:
    rows = {"cloudtrail_trails": [trail_row], "s3_trail_buckets": buckets or [bucket()], **more}
    return results("ORG.7", rows)


def failing(found: list[Result]) -> set[str]:
    return {result.key for result in found if result.status == "fail"}


def unread(found: list[Result]) -> set[str]:
    return {result.key for result in found if result.status == "unknown"}


def test_a_trail_that_does_everything_passes_in_each_of_its_parts() -> None:
    found = judge(trail())
    assert statuses(found) == ["ok"] * len(PARTS)
    assert {result.account_id for result in found} == {MANAGEMENT}


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("logging", {"is_logging": False}),
        ("delivery", {"latest_delivery_error": "AccessDenied"}),
        ("validation", {"log_file_validation": False}),
        ("multi_region", {"is_multi_region": False}),
        ("kms_key", {"kms_key_id": None}),
        (
            "events",
            {"event_selectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]},
        ),
    ],
)
def test_each_part_of_the_trail_fails_by_itself(part: str, change: dict[str, Any]) -> None:
    assert failing(judge(trail(**change))) == {part}


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("bucket_account", {"account_id": PRODUCTION}),
        ("bucket_account", {"account_id": MANAGEMENT}),
        ("bucket_public_access_block", {"public_access_block": None}),
        (
            "bucket_public_access_block",
            {"public_access_block": {**ALL_SWITCHES, "BlockPublicAcls": False}},
        ),
        (
            "retention",
            {"lifecycle_rules": [{"ID": "30", "Status": "Enabled", "Expiration": {"Days": 30}}]},
        ),
    ],
)
def test_each_part_of_the_bucket_fails_by_itself(part: str, change: dict[str, Any]) -> None:
    assert failing(judge(trail(), bucket(**change))) == {part}


@pytest.mark.parametrize(
    ("column", "parts"),
    [
        ("is_logging", {"logging"}),
        ("latest_delivery_error", {"delivery"}),
        ("event_selectors", {"events"}),
        ("advanced_event_selectors", {"events"}),
    ],
)
def test_what_was_not_read_of_the_trail_is_unknown(column: str, parts: set[str]) -> None:
    found = judge(trail(**{column: None, f"{column}_status": "denied"}))
    assert (unread(found), failing(found)) == (parts, set())


@pytest.mark.parametrize(
    ("column", "parts"),
    [
        ("policy", {"bucket_public", "bucket_writers"}),
        ("public_access_block", {"bucket_public", "bucket_public_access_block"}),
        ("acl", {"bucket_public"}),
        ("lifecycle_rules", {"retention"}),
    ],
)
def test_what_was_not_read_of_the_bucket_is_unknown(column: str, parts: set[str]) -> None:
    found = judge(trail(), bucket(**{column: None, f"{column}_status": "error"}))
    assert (unread(found), failing(found)) == (parts, set())


def test_a_bucket_whose_owner_was_not_gathered_is_unknown_once() -> None:
    found = judge(trail(), bucket(trail_arn="arn:aws:cloudtrail:x:1:trail/other"))
    assert unread(found) == {"bucket"}


def test_a_bucket_in_an_account_of_no_known_environment_is_not_judged_by_place() -> None:
    assert unread(judge(trail(), bucket(account_id="999999999999"))) == {"bucket_account"}


def test_rules_for_other_files_or_later_or_switched_off_do_not_shorten_the_log() -> None:
    rules = [
        {"Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 1}},
        {
            "Status": "Enabled",
            "Filter": {"Tag": {"Key": "a", "Value": "b"}},
            "Expiration": {"Days": 1},
        },
        {"Status": "Disabled", "Expiration": {"Days": 1}},
        {"Status": "Enabled", "Expiration": {"Days": 365}},
        {"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 1}},
    ]
    assert failing(judge(trail(), bucket(lifecycle_rules=rules))) == set()


def test_rules_for_the_trails_own_prefix_do() -> None:
    rule = {"Status": "Enabled", "Filter": {"Prefix": "org/AWSLogs"}, "Expiration": {"Days": 1}}
    found = judge(trail(bucket_prefix="org"), bucket(lifecycle_rules=[rule]))
    assert failing(found) == {"retention"}


def test_a_disabled_key_fails_and_one_that_may_not_be_described_does_not() -> None:
    key = {"account_id": ARCHIVE, "trail_arn": ARN, "key_id": "k", "state": "Disabled"}
    assert failing(judge(trail(), kms_trail_keys=[key])) == {"kms_key"}
    hidden = {**key, "state": None, "state_status": "denied"}
    assert failing(judge(trail(), kms_trail_keys=[hidden])) == set()


def test_a_workload_account_that_may_write_fails() -> None:
    principal = {"AWS": f"arn:aws:iam::{PRODUCTION}:role/app"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:PutObject"}
    [found] = [r for r in judge(trail(), bucket(statement)) if r.status == "fail"]
    assert (found.key, found.severity) == ("bucket_writers", "critical")
    assert found.facts["writers"] == [f"arn:aws:iam::{PRODUCTION}:role/app"]


def test_the_whole_organization_writing_fails_without_being_public() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    }
    assert failing(judge(trail(), bucket(statement))) == {"bucket_writers"}


def test_reading_by_a_workload_account_and_writing_by_the_archive_are_no_failure() -> None:
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Principal": {"AWS": DEVELOPMENT}, "Action": "s3:GetObject"},
        {"Effect": "Allow", "Principal": {"AWS": ARCHIVE}, "Action": "s3:*"},
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*"},
    ]
    assert failing(judge(trail(), bucket(*statements))) == set()


def test_a_public_bucket_fails_unless_its_own_switches_undo_it() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    assert failing(judge(trail(), bucket(statement))) == set()
    half = {**ALL_SWITCHES, "RestrictPublicBuckets": False}
    found = judge(trail(), bucket(statement, public_access_block=half))
    assert failing(found) == {"bucket_public", "bucket_public_access_block"}


def test_a_public_access_control_list_fails() -> None:
    everybody = {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}}
    found = judge(trail(), bucket(acl=[everybody], public_access_block=None))
    assert "bucket_public" in failing(found)


def test_of_several_organization_trails_the_best_is_judged() -> None:
    data_only = trail(arn=f"{ARN}-data", is_logging=False, log_file_validation=False)
    rows = {"cloudtrail_trails": [data_only, trail()], "s3_trail_buckets": [bucket()]}
    assert not failures("ORG.7", rows)


def test_no_organization_trail_fails() -> None:
    own = trail(is_organization=False)
    found = failures("ORG.7", {"cloudtrail_trails": [own], "ec2_regions": REGIONS})
    assert [(result.key, result.account_id) for result in found] == [("exists", MANAGEMENT)]


def test_a_trail_may_hide_in_a_region_that_was_left_out() -> None:
    elsewhere = {"account_id": MANAGEMENT, "name": "us-east-1", "opt_in_status": "opted-in"}
    found = results("ORG.7", {"ec2_regions": [*REGIONS, elsewhere]})
    assert [(result.key, result.status) for result in found] == [("exists", "unknown")]


def test_a_region_that_is_off_hides_nothing() -> None:
    off = {"account_id": MANAGEMENT, "name": "ap-east-1", "opt_in_status": "not-opted-in"}
    assert failing(results("ORG.7", {"ec2_regions": [*REGIONS, off]})) == {"exists"}


def test_members_may_not_see_the_trail_so_their_silence_says_nothing() -> None:
    found = results("ORG.7", {"ec2_regions": REGIONS}, accounts=[PRODUCTION])
    assert [(result.key, result.status) for result in found] == [("exists", "unknown")]


def test_without_an_organization_it_does_not_apply() -> None:
    assert statuses(results("ORG.7", {}, management=None)) == ["not_applicable"]


def test_trails_that_were_not_read_are_not_missing(tmp_path: Path) -> None:
    denied = ("cloudtrail_trails", MANAGEMENT, "*")
    organization = {"account_id": MANAGEMENT, "id": "o-1", "feature_set": "ALL"}
    rows = {"organizations_organization": [organization], "ec2_regions": REGIONS}
    found = judged("ORG.7", tmp_path, rows, denied)
    assert {finding.status for finding in found} == {"unknown"}
