"""Redshift's clusters (SEP.4, SG.6, APP.2)."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, regional_arn, tags_object
from awsbasics.collect.table import Caller, Column, Item, Table

PAGE: Mapping[str, Any] = {"MaxRecords": 100}


def _clusters(call: Caller) -> Iterator[Item]:
    for cluster in call.items("redshift", "DescribeClusters", "Clusters", **PAGE):
        arn = regional_arn(call, "redshift", f"cluster:{cluster['ClusterIdentifier']}")
        yield {**cluster, "arn": arn, "tags": tags_object(cluster.get("Tags"))}


TABLES = (
    Table(
        name="redshift_clusters",
        description="Data warehouse clusters.",
        service="redshift",
        operation="DescribeClusters",
        path="Clusters",
        parameters=PAGE,
        gather=_clusters,
        columns=(
            Column("arn", "string", "", "ARN of the cluster."),
            Column("name", "string", "ClusterIdentifier", "Name of the cluster."),
            Column("status", "string", "ClusterStatus", "available, paused, …"),
            Column("vpc_id", "string", "VpcId", "The VPC that it is in."),
            Column(
                "group_ids",
                "json",
                "VpcSecurityGroups[].VpcSecurityGroupId",
                "List of security groups.",
            ),
            Column(
                "publicly_accessible",
                "bool",
                "PubliclyAccessible",
                "Whether it has a public address.",
            ),
            Column("encrypted", "bool", "Encrypted", "Whether it is encrypted."),
            Column("kms_key_id", "string", "KmsKeyId", "ARN of its key."),
            Column("role_arns", "json", "IamRoles[].IamRoleArn", "List of roles that it uses."),
            Column(
                "master_user_secret_arn",
                "string",
                "MasterPasswordSecretArn",
                "The secret with its password, where Redshift manages it.",
            ),
            Column("created", "timestamp", "ClusterCreateTime", "When it was made."),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
)
