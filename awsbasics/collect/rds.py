"""RDS: databases, those of Aurora, Neptune and DocumentDB included, and shared snapshots.

SEP.4 asks how long they have been there, SG.6 for their groups, APP.2 for their roles, SEP.6
for snapshots that others opened to the account.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, account_of, tagged
from awsbasics.collect.table import Caller, Column, FollowUp, Item, Table

PAGE: Mapping[str, Any] = {"MaxRecords": 100}
# Manual snapshots that other accounts opened to this one by name.
RECEIVED: Mapping[str, Any] = {"SnapshotType": "shared", **PAGE}

GROUP_IDS = Column(
    "group_ids", "json", "VpcSecurityGroups[].VpcSecurityGroupId", "List of security groups."
)
ROLE_ARNS = Column(
    "role_arns", "json", "AssociatedRoles[].RoleArn", "List of roles that the engine uses."
)
SECRET = Column(
    "master_user_secret_arn",
    "string",
    "MasterUserSecret.SecretArn",
    "The secret with its password, where RDS manages it.",
)
ENGINE = Column("engine", "string", "Engine", "postgres, aurora-mysql, docdb, neptune, …")
PUBLIC = Column(
    "publicly_accessible", "bool", "PubliclyAccessible", "Whether its name has a public address."
)
ENCRYPTED = Column("encrypted", "bool", "StorageEncrypted", "Whether it is encrypted.")
KMS_KEY_ID = Column("kms_key_id", "string", "KmsKeyId", "ARN of its key.")
TAGS = Column("tags", "json", "", TAGS_COLUMN_TEXT)


def _received(call: Caller) -> Iterator[Item]:
    """Snapshots of instances and of clusters, with the same names for the same things."""
    for kind, prefix in (("instance", "DB"), ("cluster", "DBCluster")):
        operation = f"Describe{prefix}Snapshots"
        for snapshot in call.items("rds", operation, f"{prefix}Snapshots", **RECEIVED):
            arn = snapshot[f"{prefix}SnapshotArn"]
            encrypted = snapshot.get("Encrypted", snapshot.get("StorageEncrypted"))
            yield {
                **snapshot,
                "kind": kind,
                "arn": arn,
                "owner_id": account_of(arn),
                "encrypted": encrypted,
            }


TABLES = (
    Table(
        name="rds_db_instances",
        description="Database instances.",
        service="rds",
        operation="DescribeDBInstances",
        path="DBInstances",
        parameters=PAGE,
        split=tagged("TagList"),
        columns=(
            Column("arn", "string", "DBInstanceArn", "ARN of the instance."),
            Column("name", "string", "DBInstanceIdentifier", "Name of the instance."),
            ENGINE,
            Column("status", "string", "DBInstanceStatus", "available, stopped, …"),
            Column("cluster", "string", "DBClusterIdentifier", "Name of its cluster, if any."),
            Column("vpc_id", "string", "DBSubnetGroup.VpcId", "The VPC that it is in."),
            Column(
                "subnet_ids",
                "json",
                "DBSubnetGroup.Subnets[].SubnetIdentifier",
                "List of subnets that it may be in.",
            ),
            GROUP_IDS,
            PUBLIC,
            ENCRYPTED,
            KMS_KEY_ID,
            ROLE_ARNS,
            SECRET,
            Column("created", "timestamp", "InstanceCreateTime", "When it was made."),
            TAGS,
        ),
    ),
    Table(
        name="rds_db_clusters",
        description="Database clusters.",
        service="rds",
        operation="DescribeDBClusters",
        path="DBClusters",
        parameters=PAGE,
        split=tagged("TagList"),
        columns=(
            Column("arn", "string", "DBClusterArn", "ARN of the cluster."),
            Column("name", "string", "DBClusterIdentifier", "Name of the cluster."),
            ENGINE,
            Column("status", "string", "Status", "available, stopped, …"),
            Column(
                "members", "json", "DBClusterMembers[].DBInstanceIdentifier", "List of instances."
            ),
            GROUP_IDS,
            PUBLIC,
            ENCRYPTED,
            KMS_KEY_ID,
            ROLE_ARNS,
            SECRET,
            Column("created", "timestamp", "ClusterCreateTime", "When it was made."),
            TAGS,
        ),
    ),
    Table(
        name="rds_shared_snapshots",
        description="Others' database snapshots that the account may restore.",
        service="rds",
        operation="DescribeDBSnapshots",
        path="DBSnapshots",
        parameters=RECEIVED,
        gather=_received,
        follow_ups=(FollowUp(service="rds", operation="DescribeDBClusterSnapshots", per="once"),),
        columns=(
            Column("arn", "string", "", "ARN of the snapshot."),
            Column("kind", "string", "", "What it is of: instance or cluster."),
            Column("owner_id", "string", "", "The account that owns it."),
            ENGINE,
            Column("encrypted", "bool", "", "Whether it is encrypted."),
            KMS_KEY_ID,
            Column("created", "timestamp", "SnapshotCreateTime", "When it was made."),
        ),
    ),
)
