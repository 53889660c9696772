import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from awsbasics.demo.account import Account
from awsbasics.demo.setting import REGIONS

InAccount = Callable[[str], Account]


def trail(account: Account, name: str, region: str = REGIONS[0]) -> tuple[Any, Any, Any]:
    """A trail, its status and its selectors."""
    client = account.client("cloudtrail", region)
    found = client.get_trail(Name=name)["Trail"]
    return (
        found,
        client.get_trail_status(Name=name),
        client.get_event_selectors(TrailName=name)["EventSelectors"],
    )


def test_the_organizations_trail_has_all_it_needs(in_account: InAccount) -> None:
    found, status, selectors = trail(in_account("management"), "organization-trail")
    assert found["IsOrganizationTrail"]
    assert found["IsMultiRegionTrail"]
    assert found["LogFileValidationEnabled"]
    assert status["IsLogging"]
    assert "LatestDeliveryError" not in status
    assert selectors[0]["ReadWriteType"] == "All"
    key = in_account("management").client("kms").get_key_policy(KeyId=found["KmsKeyId"])
    assert "cloudtrail.amazonaws.com" in key["Policy"]


def test_its_bucket_lies_closed_in_the_log_archive(in_account: InAccount) -> None:
    client = in_account("log-archive").client("s3")
    bucket = "example-organization-trail"
    assert bucket in {each["Name"] for each in client.list_buckets()["Buckets"]}
    block = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert all(block.values())
    policy = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
    principals = {each["Principal"]["Service"] for each in policy["Statement"]}
    assert principals == {"cloudtrail.amazonaws.com"}
    lock = client.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"]["Mode"] == "COMPLIANCE"


def test_a_trail_was_stopped_and_its_bucket_is_public(in_account: InAccount) -> None:
    account = in_account("ledger-production")
    found, status, _ = trail(account, "ledger-trail")
    assert not status["IsLogging"]
    assert account.now - status["StopLoggingTime"] == timedelta(days=19)
    client = account.client("s3")
    policy = json.loads(client.get_bucket_policy(Bucket=found["S3BucketName"])["Policy"])
    assert "*" in [each["Principal"] for each in policy["Statement"]]
    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        client.get_public_access_block(Bucket=found["S3BucketName"])


def test_a_trail_lacks_validation_regions_and_key(in_account: InAccount) -> None:
    found, status, _ = trail(in_account("development"), "dev-trail", REGIONS[1])
    assert not found["LogFileValidationEnabled"]
    assert not found["IsMultiRegionTrail"]
    assert "KmsKeyId" not in found
    assert status["IsLogging"]


def test_a_trail_leaves_out_what_changes_things(in_account: InAccount) -> None:
    _, _, selectors = trail(in_account("test"), "test-trail")
    assert selectors[0]["ReadWriteType"] == "ReadOnly"
    assert selectors[0]["ExcludeManagementEventSources"] == ["kms.amazonaws.com"]


def test_a_trails_files_do_not_arrive(in_account: InAccount) -> None:
    _, status, _ = trail(in_account("security"), "audit-trail")
    assert status["IsLogging"]
    assert status["LatestDeliveryError"] == "AccessDenied"
