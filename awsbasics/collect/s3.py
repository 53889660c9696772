"""The buckets that trails write to, looked at by the account that owns the bucket.

Only a bucket's owner can read its policy, and the bucket of an organization's trail lies, as
it should, in another account than the trail. So every account looks at the buckets of the
trails that it sees, its organization's included, and reports those that are its own. A
trail's bucket without a row belongs to an account that was not gathered.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from awsbasics.collect.cloudtrail import PARAMETERS, trails_homed_here
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table


class Setting(NamedTuple):
    """One call about a bucket: the part of its output, and what says that there is none."""

    operation: str
    path: str
    absent: tuple[str, ...] = ()
    expect: str | None = None


SETTINGS: Mapping[str, Setting] = {
    "policy": Setting("GetBucketPolicy", "Policy", ("NoSuchBucketPolicy",)),
    "public_access_block": Setting(
        "GetPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        ("NoSuchPublicAccessBlockConfiguration",),
    ),
    "acl": Setting("GetBucketAcl", "Grants", expect="Owner"),
    "object_lock": Setting(
        "GetObjectLockConfiguration",
        "ObjectLockConfiguration",
        ("ObjectLockConfigurationNotFoundError",),
    ),
    "lifecycle_rules": Setting(
        "GetBucketLifecycleConfiguration", "Rules", ("NoSuchLifecycleConfiguration",)
    ),
}


def _trail_buckets(call: Caller) -> Iterator[Item]:
    trails = [trail for trail in trails_homed_here(call) if trail.get("S3BucketName")]
    names = sorted({trail["S3BucketName"] for trail in trails})
    own = {bucket["Name"]: bucket for name in names for bucket in _own_buckets(call, name)}
    for trail in trails:
        name = trail["S3BucketName"]
        if name in own:
            arn = f"arn:{call.partition}:s3:::{name}"
            yield {**own[name], "arn": arn, "trail_arn": trail["TrailARN"]}


def _own_buckets(call: Caller, name: str) -> list[Item]:
    """The account's buckets whose names begin like this; asking by prefix tells their region."""
    buckets: list[Item] = call.items("s3", "ListBuckets", "Buckets", Prefix=name, MaxBuckets=1000)
    return buckets


def _settings(call: Caller, bucket: Item) -> Mapping[str, Answer]:
    return {
        column: call.answer(
            "s3",
            setting.operation,
            setting.path,
            absent=setting.absent,
            expect=setting.expect,
            region=bucket.get("BucketRegion"),
            Bucket=bucket["Name"],
        )
        for column, setting in SETTINGS.items()
    }


TABLES = (
    Table(
        name="s3_trail_buckets",
        description="The account's buckets that trails write to, its organization's included.",
        service="cloudtrail",
        operation="DescribeTrails",
        path="trailList",
        parameters=PARAMETERS,
        permissions=(
            "cloudtrail:DescribeTrails",
            "s3:ListAllMyBuckets",
            "s3:GetBucketPolicy",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketAcl",
            "s3:GetBucketObjectLockConfiguration",
            "s3:GetLifecycleConfiguration",
        ),
        gather=_trail_buckets,
        each=_settings,
        follow_ups=(
            FollowUp(service="s3", operation="ListBuckets", per="bucket of a trail"),
            *(FollowUp(service="s3", operation=each.operation) for each in SETTINGS.values()),
        ),
        columns=(
            Column("trail_arn", "string", "", "The trail that writes to it; see its account."),
            Column("name", "string", "Name", "Name of the bucket."),
            Column("arn", "string", "", "ARN of the bucket."),
            Column("bucket_region", "string", "BucketRegion", "Where the bucket is."),
            Column("policy", "json", "", "The bucket's policy.", follow_up=True),
            Column(
                "public_access_block",
                "json",
                "",
                "The bucket's own four switches; the account's are not in it.",
                follow_up=True,
            ),
            Column("acl", "json", "", "List of grants of the access control list.", follow_up=True),
            Column(
                "object_lock",
                "json",
                "",
                "Object lock, with its default retention.",
                follow_up=True,
            ),
            Column(
                "lifecycle_rules", "json", "", "List of rules that expire objects.", follow_up=True
            ),
        ),
    ),
)
