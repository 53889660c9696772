"""The keys that encrypt trails' logs, looked at by the account that owns the key.

A key's policy can be read in its own account only (see `awsbasics.collect.s3`); a trail's
key without a row belongs to an account that was not gathered.
"""

from collections.abc import Iterator, Mapping

from awsbasics.collect.cloudtrail import PARAMETERS, trails_homed_here
from awsbasics.collect.shaping import account_of, region_of
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table


def _trail_keys(call: Caller) -> Iterator[Item]:
    for trail in trails_homed_here(call):
        key = trail.get("KmsKeyId")
        # An id instead of an ARN can only be a key of the trail's own account.
        owner = account_of(key or "") or account_of(trail["TrailARN"])
        if key and owner == call.account_id:
            yield {"key_id": key, "trail_arn": trail["TrailARN"]}


def _key(call: Caller, item: Item) -> Mapping[str, Answer]:
    region = region_of(item["key_id"]) or None
    gone = ("NotFoundException",)
    key = call.answer(
        "kms", "DescribeKey", "KeyMetadata", absent=gone, region=region, KeyId=item["key_id"]
    )
    arn = key.at("Arn").value or item["key_id"]  # GetKeyPolicy takes no alias
    policy = call.answer(
        "kms",
        "GetKeyPolicy",
        "Policy",
        absent=gone,
        region=region,
        KeyId=arn,
        PolicyName="default",  # the only one that there can be
    )
    return {
        "arn": key.at("Arn"),
        "state": key.at("KeyState"),
        "manager": key.at("KeyManager"),
        "policy": policy,
    }


TABLES = (
    Table(
        name="kms_trail_keys",
        description="The account's keys that encrypt trails, its organization's included.",
        service="cloudtrail",
        operation="DescribeTrails",
        path="trailList",
        parameters=PARAMETERS,
        gather=_trail_keys,
        each=_key,
        follow_ups=(
            FollowUp(service="kms", operation="DescribeKey"),
            FollowUp(service="kms", operation="GetKeyPolicy"),
        ),
        columns=(
            Column("trail_arn", "string", "", "The trail that it encrypts; see its account."),
            Column("key_id", "string", "", "The key as the trail names it, mostly its ARN."),
            Column("arn", "string", "", "ARN of the key.", follow_up=True),
            Column("state", "string", "", "Enabled, Disabled, PendingDeletion, …", follow_up=True),
            Column("manager", "string", "", "AWS or CUSTOMER.", follow_up=True),
            Column("policy", "json", "", "The key's policy.", follow_up=True),
        ),
    ),
)
