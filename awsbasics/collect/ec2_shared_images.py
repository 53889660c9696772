"""Snapshots and images that are shared (SEP.6), found without asking about each.

AWS tells whom a snapshot is shared with one by one. But whoever received it sees it, so the
sharing between the organization's accounts shows at the account that it leads to, and what
is public shows at its owner.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from awsbasics.collect.ec2_network import PAGE, TAGS
from awsbasics.collect.shaping import tags_object
from awsbasics.collect.table import Caller, Column, Item, Table

PUBLIC_SNAPSHOTS: Mapping[str, Any] = {
    **PAGE,
    "OwnerIds": ["self"],
    "RestorableByUserIds": ["all"],
}
SNAPSHOTS_FOR_US: Mapping[str, Any] = {**PAGE, "RestorableByUserIds": ["self"]}
PUBLIC_IMAGES: Mapping[str, Any] = {**PAGE, "Owners": ["self"], "ExecutableUsers": ["all"]}
IMAGES_FOR_US: Mapping[str, Any] = {**PAGE, "ExecutableUsers": ["self"]}

SHARING = Column(
    "sharing",
    "string",
    "",
    "public (the account's own, open to all) or received (another's, open to this account).",
)
OWNER_ID = Column("owner_id", "string", "OwnerId", "The account that owns it.")
ARN = Column("arn", "string", "", "Its ARN, which names no account.")


def _shared(
    operation: str,
    path: str,
    kind: str,
    identifier: str,
    queries: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> Callable[[Caller], Iterable[Item]]:
    """A `gather` of the account's own public things and of what others opened to it."""

    def gather(call: Caller) -> Iterator[Item]:
        public, received = (call.items("ec2", operation, path, **query) for query in queries)
        for sharing, items in (("public", public), ("received", received)):
            for item in items:
                # Whatever one owns is open to oneself.
                if sharing == "public" or item.get("OwnerId") != call.account_id:
                    arn = f"arn:{call.partition}:ec2:{call.region}::{kind}/{item[identifier]}"
                    tags = tags_object(item.get("Tags"))
                    yield {**item, "arn": arn, "tags": tags, "sharing": sharing}

    return gather


TABLES = (
    Table(
        name="ec2_shared_snapshots",
        description="The account's public snapshots, and others' that it may restore.",
        service="ec2",
        operation="DescribeSnapshots",
        path="Snapshots",
        parameters=PUBLIC_SNAPSHOTS,
        gather=_shared(
            "DescribeSnapshots",
            "Snapshots",
            "snapshot",
            "SnapshotId",
            (PUBLIC_SNAPSHOTS, SNAPSHOTS_FOR_US),
        ),
        columns=(
            Column("id", "string", "SnapshotId", "AWS's id of the snapshot, snap-…"),
            ARN,
            SHARING,
            OWNER_ID,
            Column("volume_id", "string", "VolumeId", "The volume that it was made of."),
            Column("encrypted", "bool", "Encrypted", "Whether it is encrypted."),
            Column("kms_key_id", "string", "KmsKeyId", "ARN of its key."),
            Column("created", "timestamp", "StartTime", "When it was begun."),
            TAGS,
        ),
    ),
    Table(
        name="ec2_shared_images",
        description="The account's public images, and others' that were opened to it by name.",
        service="ec2",
        operation="DescribeImages",
        path="Images",
        parameters=PUBLIC_IMAGES,
        gather=_shared(
            "DescribeImages", "Images", "image", "ImageId", (PUBLIC_IMAGES, IMAGES_FOR_US)
        ),
        columns=(
            Column("id", "string", "ImageId", "AWS's id of the image, ami-…"),
            ARN,
            Column("name", "string", "Name", "Name of the image."),
            SHARING,
            OWNER_ID,
            Column("state", "string", "State", "available, disabled, …"),
            Column(
                "snapshot_ids",
                "json",
                "BlockDeviceMappings[].Ebs.SnapshotId",
                "List of the snapshots in it.",
            ),
            Column("created", "timestamp", "CreationDate", "When it was made."),
            TAGS,
        ),
    ),
)
