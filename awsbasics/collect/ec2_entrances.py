"""AWS's own ways in for people: Client VPN and EC2 Instance Connect endpoints (DEV.1, DEV.4)."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.ec2_network import ARN, OWNER, PAGE, TAGS, described
from awsbasics.collect.table import Column, Table

CONNECT_PAGE: Mapping[str, Any] = {"MaxResults": 50}

TABLES = (
    Table(
        name="ec2_client_vpn_endpoints",
        description="Client VPN endpoints: how people sign in and whether connections are logged.",
        service="ec2",
        operation="DescribeClientVpnEndpoints",
        path="ClientVpnEndpoints",
        parameters=PAGE,
        gather=described(
            "DescribeClientVpnEndpoints",
            "ClientVpnEndpoints",
            lambda endpoint: f"client-vpn-endpoint/{endpoint['ClientVpnEndpointId']}",
        ),
        columns=(
            Column("id", "string", "ClientVpnEndpointId", "AWS's id of the endpoint, cvpn-…"),
            ARN,
            Column("description", "string", "Description", "What its author says of it."),
            Column("status", "string", "Status.Code", "available, pending-associate, deleted, …"),
            Column("vpc_id", "string", "VpcId", "The VPC that it leads into."),
            Column("group_ids", "json", "SecurityGroupIds", "List of security groups."),
            Column("client_cidr_block", "string", "ClientCidrBlock", "Addresses that clients get."),
            Column("split_tunnel", "bool", "SplitTunnel", "Whether other traffic stays out of it."),
            Column(
                "authentication_types",
                "json",
                "AuthenticationOptions[].Type",
                "List of federated-, directory-service- and certificate-authentication.",
            ),
            Column(
                "connections_logged",
                "bool",
                "ConnectionLogOptions.Enabled",
                "Whether it logs who connects.",
            ),
            Column(
                "log_group",
                "string",
                "ConnectionLogOptions.CloudwatchLogGroup",
                "The log group that it logs to.",
            ),
            Column("created", "timestamp", "CreationTime", "When it was made."),
            TAGS,
        ),
    ),
    Table(
        name="ec2_instance_connect_endpoints",
        description="EC2 Instance Connect endpoints, which reach instances without addresses.",
        service="ec2",
        operation="DescribeInstanceConnectEndpoints",
        path="InstanceConnectEndpoints",
        parameters=CONNECT_PAGE,
        gather=described(
            "DescribeInstanceConnectEndpoints",
            "InstanceConnectEndpoints",
            lambda endpoint: f"instance-connect-endpoint/{endpoint['InstanceConnectEndpointId']}",
            CONNECT_PAGE,
        ),
        columns=(
            Column("id", "string", "InstanceConnectEndpointId", "AWS's id of it, eice-…"),
            Column("arn", "string", "InstanceConnectEndpointArn", "ARN of the endpoint."),
            Column("vpc_id", "string", "VpcId", "The VPC that it is in."),
            Column("subnet_id", "string", "SubnetId", "The subnet that it is in."),
            Column("state", "string", "State", "create-complete, or what else AWS says."),
            Column("group_ids", "json", "SecurityGroupIds", "List of security groups."),
            Column(
                "preserve_client_ip",
                "bool",
                "PreserveClientIp",
                "Whether instances see the client's address and not the endpoint's.",
            ),
            Column("created", "timestamp", "CreatedAt", "When it was made."),
            OWNER,
            TAGS,
        ),
    ),
)
