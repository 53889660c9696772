"""EKS clusters (SEP.4, SG.6)."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, any_tags
from awsbasics.collect.table import Caller, Column, FollowUp, Item, Table

PAGE: Mapping[str, Any] = {"maxResults": 100}


def _clusters(call: Caller) -> list[Item]:
    names = call.items("eks", "ListClusters", "clusters", **PAGE)
    found = call.map(lambda name: _cluster(call, name), names)
    return [cluster for cluster in found if cluster is not None]


def _cluster(call: Caller, name: str) -> Item | None:
    """A cluster; only its name where it could not be described, None where it is gone."""
    operation = "DescribeCluster"
    answer = call.answer(
        "eks", operation, "cluster", absent=("ResourceNotFoundException",), name=name
    )
    if answer.status == "absent":
        return None
    if answer.status != "ok":
        call.note(answer, operation)
    cluster = answer.value or {}
    return {**cluster, "name": name, "tags": any_tags(cluster.get("tags"))}


TABLES = (
    Table(
        name="eks_clusters",
        description="Kubernetes clusters.",
        service="eks",
        operation="ListClusters",
        path="clusters",
        parameters=PAGE,
        gather=_clusters,
        follow_ups=(FollowUp(service="eks", operation="DescribeCluster"),),
        columns=(
            Column("arn", "string", "arn", "ARN of the cluster."),
            Column("name", "string", "name", "Name of the cluster."),
            Column("status", "string", "status", "ACTIVE, CREATING, DELETING, …"),
            Column("version", "string", "version", "Version of Kubernetes."),
            Column("role_arn", "string", "roleArn", "The role of its control plane."),
            Column("vpc_id", "string", "resourcesVpcConfig.vpcId", "The VPC that it is in."),
            Column("subnet_ids", "json", "resourcesVpcConfig.subnetIds", "List of its subnets."),
            Column(
                "group_ids",
                "json",
                "resourcesVpcConfig.securityGroupIds",
                "List of security groups that it was given.",
            ),
            Column(
                "cluster_group_id",
                "string",
                "resourcesVpcConfig.clusterSecurityGroupId",
                "The security group that EKS made for it.",
            ),
            Column(
                "endpoint_public_access",
                "bool",
                "resourcesVpcConfig.endpointPublicAccess",
                "Whether its API answers the Internet.",
            ),
            Column(
                "public_access_cidrs",
                "json",
                "resourcesVpcConfig.publicAccessCidrs",
                "List of the ranges that may ask it from there.",
            ),
            Column("created", "timestamp", "createdAt", "When it was made."),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
)
