"""CloudTrail trails, their buckets and keys (ORG.7, REV.4).

good   organization-trail: all that ORG.7 asks for, its bucket in the log archive
       billing-trail: as good, for one account
bad    ledger-trail: stopped, in a public bucket of its own account
       dev-trail: one region, no validation, no key
       test-trail: leaves out what changes things
       audit-trail: its log files do not arrive (`extras.DELIVERY_ERRORS`)
"""

from collections.abc import Mapping
from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.documents import Statement, document
from awsbasics.demo.setting import HOME_REGION, MANAGEMENT, REGIONS

ARCHIVE_BUCKET = "example-organization-trail"
FLOW_LOG_BUCKET = "example-flow-logs"
ALL_EVENTS = [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}]
READS_ONLY = [
    {
        "ReadWriteType": "ReadOnly",
        "IncludeManagementEvents": True,
        "DataResources": [],
        "ExcludeManagementEventSources": ["kms.amazonaws.com"],
    }
]


def build_trails(accounts: Mapping[str, Account]) -> None:
    """Create the log archive's buckets and every account's trails."""
    archive = accounts["log-archive"]
    _create_bucket(archive, ARCHIVE_BUCKET, locked=True)
    _create_bucket(archive, FLOW_LOG_BUCKET)
    good: Any = {"IsMultiRegionTrail": True, "EnableLogFileValidation": True}
    for name, trail in (
        (MANAGEMENT, "organization-trail"),
        ("billing-production", "billing-trail"),
    ):
        account = accounts[name]
        key = _create_key(account)
        organization: Any = {"IsOrganizationTrail": True} if name == MANAGEMENT else {}
        _create_trail(
            account, trail, S3BucketName=ARCHIVE_BUCKET, KmsKeyId=key, **good, **organization
        )
    _create_trail(accounts["security"], "audit-trail", S3BucketName=ARCHIVE_BUCKET, **good)
    _create_trail(accounts["test"], "test-trail", READS_ONLY, S3BucketName=ARCHIVE_BUCKET, **good)
    _stopped_trail(accounts["ledger-production"])
    _weak_trail(accounts["development"])


def _create_bucket(account: Account, name: str, *, locked: bool = False) -> None:
    client = account.client("s3")
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=locked)
    client.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"),
            True,
        ),
    )
    client.put_bucket_policy(Bucket=name, Policy=document(*_written_by_cloudtrail(name)))
    if locked:
        retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}
        client.put_object_lock_configuration(
            Bucket=name,
            ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": retention},
        )


def _written_by_cloudtrail(bucket: str) -> list[Statement]:
    service = {"Service": "cloudtrail.amazonaws.com"}
    return [
        {
            "Effect": "Allow",
            "Principal": service,
            "Action": "s3:GetBucketAcl",
            "Resource": f"arn:aws:s3:::{bucket}",
        },
        {
            "Effect": "Allow",
            "Principal": service,
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{bucket}/AWSLogs/*",
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ]


def _create_key(account: Account) -> str:
    """A key that CloudTrail may use, and the account may administer; gives its ARN."""
    policy = document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": account.arn("iam", "root")},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudtrail.amazonaws.com"},
            "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"],
            "Resource": "*",
        },
    )
    with account.ago(1200):
        made = account.client("kms").create_key(Description="CloudTrail", Policy=policy)
    return str(made["KeyMetadata"]["Arn"])


def _create_trail(
    account: Account,
    name: str,
    selectors: list[dict[str, Any]] | None = None,
    region: str = HOME_REGION,
    **settings: Any,
) -> Any:
    client = account.client("cloudtrail", region)
    with account.ago(1200):
        client.create_trail(Name=name, **settings)
        client.put_event_selectors(TrailName=name, EventSelectors=selectors or ALL_EVENTS)
        client.start_logging(Name=name)
    return client


def _stopped_trail(account: Account) -> None:
    bucket = f"ledger-trail-{account.id}"
    client = account.client("s3")
    client.create_bucket(Bucket=bucket)
    public = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    policy = document(*_written_by_cloudtrail(bucket), public)
    client.put_bucket_policy(Bucket=bucket, Policy=policy)
    trail = _create_trail(account, "ledger-trail", S3BucketName=bucket, IsMultiRegionTrail=True)
    with account.ago(19):
        trail.stop_logging(Name="ledger-trail")


def _weak_trail(account: Account) -> None:
    region = REGIONS[1]
    bucket = f"dev-trail-{account.id}"
    account.client("s3", region).create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region}
    )
    _create_trail(
        account, "dev-trail", region=region, S3BucketName=bucket, EnableLogFileValidation=False
    )
