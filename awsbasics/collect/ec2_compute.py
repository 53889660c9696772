"""Instances, and the network interfaces of everything that has an address in a VPC.

Resources that AWS manages are asked for explicitly: an account can have them hidden, and a
hidden interface still has security groups.
"""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.ec2_network import ARN, OWNER, PAGE, TAGS, described
from awsbasics.collect.table import Column, Table

EVERYTHING: Mapping[str, Any] = {**PAGE, "IncludeManagedResources": True}

TABLES = (
    Table(
        name="ec2_network_interfaces",
        description="Network interfaces of instances, functions, load balancers and all else.",
        service="ec2",
        operation="DescribeNetworkInterfaces",
        path="NetworkInterfaces",
        parameters=EVERYTHING,
        gather=described(
            "DescribeNetworkInterfaces",
            "NetworkInterfaces",
            lambda interface: f"network-interface/{interface['NetworkInterfaceId']}",
            EVERYTHING,
        ),
        columns=(
            Column("id", "string", "NetworkInterfaceId", "AWS's id of the interface, eni-…"),
            ARN,
            Column("vpc_id", "string", "VpcId", "The VPC that it is in."),
            Column("subnet_id", "string", "SubnetId", "The subnet that it is in."),
            Column("group_ids", "json", "Groups[].GroupId", "List of its security groups."),
            Column(
                "interface_type", "string", "InterfaceType", "interface, lambda, vpc_endpoint, …"
            ),
            Column(
                "requester_managed", "bool", "RequesterManaged", "Whether a service manages it."
            ),
            Column("requester_id", "string", "RequesterId", "Who asked for it to be made."),
            Column("description", "string", "Description", "Says what uses it, where AWS made it."),
            Column("instance_id", "string", "Attachment.InstanceId", "The instance that it is on."),
            Column("attachment_id", "string", "Attachment.AttachmentId", "Id of its attachment."),
            Column("private_ip", "string", "PrivateIpAddress", "Its main private IPv4 address."),
            Column("public_ip", "string", "Association.PublicIp", "Its public IPv4 address."),
            Column("status", "string", "Status", "in-use, available (attached to nothing), …"),
            OWNER,
            TAGS,
        ),
    ),
    Table(
        name="ec2_instances",
        description="Instances in every state, shortly after their termination, too.",
        service="ec2",
        operation="DescribeInstances",
        path="Reservations[].Instances[]",
        parameters=EVERYTHING,
        gather=described(
            "DescribeInstances",
            "Reservations[].Instances[]",
            lambda instance: f"instance/{instance['InstanceId']}",
            EVERYTHING,
        ),
        columns=(
            Column("id", "string", "InstanceId", "AWS's id of the instance, i-…"),
            ARN,
            Column("state", "string", "State.Name", "running, stopped, terminated, …"),
            Column("type", "string", "InstanceType", "Instance type, as in `t3.micro`."),
            Column("vpc_id", "string", "VpcId", "The VPC that it is in."),
            Column("subnet_id", "string", "SubnetId", "The subnet that it is in."),
            Column(
                "instance_profile_arn",
                "string",
                "IamInstanceProfile.Arn",
                "The instance profile that gives it a role.",
            ),
            Column("group_ids", "json", "SecurityGroups[].GroupId", "List of security groups."),
            Column("launch_time", "timestamp", "LaunchTime", "When it was last started."),
            Column("public_ip", "string", "PublicIpAddress", "Its public IPv4 address."),
            TAGS,
        ),
    ),
)
