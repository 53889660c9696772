"""Batch's compute environments: their groups, roles and templates (SG.6, APP.2, SEP.4)."""

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, tagged
from awsbasics.collect.table import Column, Table

TABLES = (
    Table(
        name="batch_compute_environments",
        description="Compute environments of Batch.",
        service="batch",
        operation="DescribeComputeEnvironments",
        path="computeEnvironments",
        split=tagged("tags"),
        columns=(
            Column("arn", "string", "computeEnvironmentArn", "ARN of the environment."),
            Column("name", "string", "computeEnvironmentName", "Name of the environment."),
            Column("type", "string", "type", "MANAGED or UNMANAGED."),
            Column("state", "string", "state", "ENABLED or DISABLED."),
            Column("status", "string", "status", "VALID, INVALID, DELETING, …"),
            Column("resource_type", "string", "computeResources.type", "EC2, SPOT, FARGATE, …"),
            Column("max_vcpus", "int", "computeResources.maxvCpus", "How large it may become."),
            Column("desired_vcpus", "int", "computeResources.desiredvCpus", "How large it is."),
            Column("subnet_ids", "json", "computeResources.subnets", "List of its subnets."),
            Column(
                "group_ids", "json", "computeResources.securityGroupIds", "List of security groups."
            ),
            Column(
                "instance_role",
                "string",
                "computeResources.instanceRole",
                "ARN or name of its instances' profile.",
            ),
            Column(
                "launch_template",
                "json",
                "computeResources.launchTemplate",
                "The launch template that it uses.",
            ),
            Column("service_role", "string", "serviceRole", "ARN of the role of Batch."),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
)
