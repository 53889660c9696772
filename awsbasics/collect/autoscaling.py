"""Auto scaling groups and what they start instances from (SG.6, APP.2, APP.11, SEP.4).

User data of launch configurations are never kept: people put secrets there.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, tags_object
from awsbasics.collect.table import Column, Item, Table, dig

PAGE: Mapping[str, Any] = {"MaxRecords": 100}
MIXED = "MixedInstancesPolicy.LaunchTemplate"


def _group(group: Item) -> Iterable[Item]:
    templates = [
        group.get("LaunchTemplate"),
        dig(group, f"{MIXED}.LaunchTemplateSpecification"),
        *dig(dig(group, MIXED) or {}, "Overrides[].LaunchTemplateSpecification"),
    ]
    return (
        {
            **group,
            "launch_templates": [template for template in templates if template],
            "subnet_ids": [part for part in group.get("VPCZoneIdentifier", "").split(",") if part],
            "tags": tags_object(group.get("Tags")),
        },
    )


TABLES = (
    Table(
        name="autoscaling_groups",
        description="Auto scaling groups.",
        service="autoscaling",
        operation="DescribeAutoScalingGroups",
        path="AutoScalingGroups",
        parameters=PAGE,
        split=_group,
        columns=(
            Column("arn", "string", "AutoScalingGroupARN", "ARN of the group."),
            Column("name", "string", "AutoScalingGroupName", "Name of the group."),
            Column(
                "launch_configuration_name",
                "string",
                "LaunchConfigurationName",
                "The launch configuration that it uses, if it does.",
            ),
            Column(
                "launch_templates",
                "json",
                "",
                "List of {LaunchTemplateId, LaunchTemplateName, Version} that it uses.",
            ),
            Column("subnet_ids", "json", "", "List of its subnets."),
            Column("desired_capacity", "int", "DesiredCapacity", "How many instances it wants."),
            Column("max_size", "int", "MaxSize", "How many instances it may have."),
            Column("instance_ids", "json", "Instances[].InstanceId", "List of its instances."),
            Column("created", "timestamp", "CreatedTime", "When it was made."),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
    Table(
        name="autoscaling_launch_configurations",
        description="Launch configurations, the older kind of launch template.",
        service="autoscaling",
        operation="DescribeLaunchConfigurations",
        path="LaunchConfigurations",
        parameters=PAGE,
        columns=(
            Column("arn", "string", "LaunchConfigurationARN", "ARN of the configuration."),
            Column("name", "string", "LaunchConfigurationName", "Name of the configuration."),
            Column("image_id", "string", "ImageId", "What instances start."),
            Column(
                "instance_profile",
                "string",
                "IamInstanceProfile",
                "ARN or name of the instance profile, if any.",
            ),
            Column("groups", "json", "SecurityGroups", "List of security groups, ids or names."),
            Column(
                "associate_public_ip",
                "bool",
                "AssociatePublicIpAddress",
                "Whether instances get a public address; null: as the subnet says.",
            ),
            Column("created", "timestamp", "CreatedTime", "When it was made."),
        ),
    ),
)
