"""ElastiCache's clusters; those of a replication group are a row each (SEP.4, SG.6)."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.table import Column, Table

PAGE: Mapping[str, Any] = {"MaxRecords": 100}

TABLES = (
    Table(
        name="elasticache_clusters",
        description="Cache clusters.",
        service="elasticache",
        operation="DescribeCacheClusters",
        path="CacheClusters",
        parameters=PAGE,
        columns=(
            Column("arn", "string", "ARN", "ARN of the cluster."),
            Column("name", "string", "CacheClusterId", "Name of the cluster."),
            Column("engine", "string", "Engine", "redis, valkey or memcached."),
            Column("status", "string", "CacheClusterStatus", "available, deleting, …"),
            Column(
                "replication_group_id", "string", "ReplicationGroupId", "Its replication group."
            ),
            Column(
                "group_ids", "json", "SecurityGroups[].SecurityGroupId", "List of security groups."
            ),
            Column("created", "timestamp", "CacheClusterCreateTime", "When it was made."),
        ),
    ),
)
