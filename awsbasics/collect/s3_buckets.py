"""S3's buckets with their policies, and what keeps them from the public (SEP.6, SCP.2).

The account's switches for public access rule over each bucket's: where all four are on, no
bucket is asked for its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

PAGE: Mapping[str, Any] = {"MaxBuckets": 1000}
BLOCK = "PublicAccessBlockConfiguration"
NO_BLOCK = ("NoSuchPublicAccessBlockConfiguration", "NoSuchBucket")
NO_POLICY = ("NoSuchBucketPolicy", "NoSuchBucket")
SWITCHES = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _of_account(call: Caller) -> Iterator[Item]:
    yield from call.items("s3control", "GetPublicAccessBlock", BLOCK, AccountId=call.account_id)


def _buckets(call: Caller) -> Iterator[Item]:
    for bucket in call.items("s3", "ListBuckets", "Buckets", **PAGE):
        yield {**bucket, "arn": f"arn:{call.partition}:s3:::{bucket['Name']}"}


def _settings(call: Caller, bucket: Item) -> Mapping[str, Answer]:
    region, name = bucket.get("BucketRegion"), bucket["Name"]
    policy = call.answer(
        "s3", "GetBucketPolicy", "Policy", absent=NO_POLICY, region=region, Bucket=name
    )
    account = call.listed(
        "s3control", "GetPublicAccessBlock", BLOCK, absent=NO_BLOCK, AccountId=call.account_id
    )
    if account.status == "ok" and _all_on(account.value[0]):
        return {"policy": policy, "public_access_block": Answer("ok", account.value[0])}
    own = call.answer(
        "s3", "GetPublicAccessBlock", BLOCK, absent=NO_BLOCK, region=region, Bucket=name
    )
    return {"policy": policy, "public_access_block": _in_force(account, own)}


def _in_force(account: Answer, own: Answer) -> Answer:
    """Each switch is on where either is; what one could not be read for stays unread."""
    if own.status == "ok" and _all_on(own.value):
        return own
    for answer in (account, own):
        if answer.status in ("denied", "error"):
            return answer
    known = [*(account.value or ()), *([own.value] if own.value else ())]
    if not known:
        return Answer("absent")
    return Answer("ok", {name: any(each.get(name) for each in known) for name in SWITCHES})


def _all_on(block: Item) -> bool:
    return all(block.get(name) for name in SWITCHES)


TABLES = (
    Table(
        name="s3_account_public_access_block",
        description="The account's switches for public access to S3; no row where none was set.",
        service="s3control",
        operation="GetPublicAccessBlock",
        path=BLOCK,
        scope="account",
        permissions=("s3:GetAccountPublicAccessBlock",),
        absent_codes=NO_BLOCK[:1],
        gather=_of_account,
        columns=(
            Column("block_public_acls", "bool", SWITCHES[0], "Whether new public ACLs fail."),
            Column("ignore_public_acls", "bool", SWITCHES[1], "Whether public ACLs are ignored."),
            Column("block_public_policy", "bool", SWITCHES[2], "Whether public policies fail."),
            Column(
                "restrict_public_buckets",
                "bool",
                SWITCHES[3],
                "Whether public policies let in only the account and AWS's services.",
            ),
        ),
    ),
    Table(
        name="s3_buckets",
        description="Buckets of all regions.",
        service="s3",
        operation="ListBuckets",
        path="Buckets",
        parameters=PAGE,
        scope="account",
        permissions=(
            "s3:ListAllMyBuckets",
            "s3:GetBucketPolicy",
            "s3:GetBucketPublicAccessBlock",
            "s3:GetAccountPublicAccessBlock",
        ),
        gather=_buckets,
        each=_settings,
        follow_ups=(
            FollowUp(service="s3", operation="GetBucketPolicy"),
            FollowUp(service="s3control", operation="GetPublicAccessBlock", per="once"),
            FollowUp(service="s3", operation="GetPublicAccessBlock"),
        ),
        columns=(
            Column("arn", "string", "", "ARN of the bucket."),
            Column("name", "string", "Name", "Name of the bucket."),
            Column("bucket_region", "string", "BucketRegion", "Where the bucket is."),
            Column("created", "timestamp", "CreationDate", "When it was made."),
            Column("policy", "json", "", "Its policy.", follow_up=True),
            Column(
                "public_access_block",
                "json",
                "",
                "The four switches in force: each is on where the account's or its own is.",
                follow_up=True,
            ),
        ),
    ),
)
