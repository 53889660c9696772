"""Where packets may go: route tables, NAT gateways, network ACLs and public addresses.

With internet gateways and load balancers they tell where the Internet is met (VPC.2), how
wide the routes over peerings are (VPC.5), and what is left open (VPC.6).
"""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.ec2_network import ARN, OWNER, PAGE, TAGS, described
from awsbasics.collect.table import Column, Item, Table, dig

ROUTE_TABLE_PAGE: Mapping[str, Any] = {"MaxResults": 100}


def _is_main(route_table: Item) -> Item:
    return {"is_main": any(dig(route_table, "Associations[].Main"))}


TABLES = (
    Table(
        name="ec2_route_tables",
        description="Route tables with their routes.",
        service="ec2",
        operation="DescribeRouteTables",
        path="RouteTables",
        parameters=ROUTE_TABLE_PAGE,
        gather=described(
            "DescribeRouteTables",
            "RouteTables",
            lambda table: f"route-table/{table['RouteTableId']}",
            ROUTE_TABLE_PAGE,
            _is_main,
        ),
        columns=(
            Column("id", "string", "RouteTableId", "AWS's id of the table, rtb-…"),
            ARN,
            Column("vpc_id", "string", "VpcId", "The VPC that it is part of."),
            Column(
                "is_main", "bool", "", "Whether subnets without a table of their own have this."
            ),
            Column("subnet_ids", "json", "Associations[].SubnetId", "List of its subnets."),
            Column(
                "gateway_ids",
                "json",
                "Associations[].GatewayId",
                "List of gateways whose incoming traffic it routes.",
            ),
            Column("routes", "json", "Routes", "List of routes as AWS gives them."),
            OWNER,
            TAGS,
        ),
    ),
    Table(
        name="ec2_nat_gateways",
        description="NAT gateways, for an hour also those that were deleted (VPC.2, SEP.4).",
        service="ec2",
        operation="DescribeNatGateways",
        path="NatGateways",
        parameters=PAGE,
        gather=described(
            "DescribeNatGateways",
            "NatGateways",
            lambda gateway: f"natgateway/{gateway['NatGatewayId']}",
        ),
        columns=(
            Column("id", "string", "NatGatewayId", "AWS's id of the gateway, nat-…"),
            ARN,
            Column("vpc_id", "string", "VpcId", "The VPC that it is in."),
            Column("subnet_id", "string", "SubnetId", "Its subnet; null for a regional one."),
            Column("state", "string", "State", "available, pending, failed, deleting or deleted."),
            Column("connectivity_type", "string", "ConnectivityType", "public or private."),
            Column(
                "public_ips", "json", "NatGatewayAddresses[].PublicIp", "List of public addresses."
            ),
            Column("created", "timestamp", "CreateTime", "When it was made."),
            TAGS,
        ),
    ),
    Table(
        name="ec2_network_acls",
        description="Network ACLs with their entries.",
        service="ec2",
        operation="DescribeNetworkAcls",
        path="NetworkAcls",
        parameters=PAGE,
        gather=described(
            "DescribeNetworkAcls", "NetworkAcls", lambda acl: f"network-acl/{acl['NetworkAclId']}"
        ),
        columns=(
            Column("id", "string", "NetworkAclId", "AWS's id of the ACL, acl-…"),
            ARN,
            Column("vpc_id", "string", "VpcId", "The VPC that it is part of."),
            Column("is_default", "bool", "IsDefault", "Whether new subnets get it."),
            Column("subnet_ids", "json", "Associations[].SubnetId", "List of its subnets."),
            Column("entries", "json", "Entries", "List of entries as AWS gives them."),
            OWNER,
            TAGS,
        ),
    ),
    Table(
        name="ec2_addresses",
        description="Elastic IP addresses, in use or not.",
        service="ec2",
        operation="DescribeAddresses",
        path="Addresses",
        gather=described(
            "DescribeAddresses",
            "Addresses",
            lambda address: f"elastic-ip/{address.get('AllocationId', address['PublicIp'])}",
            {},
        ),
        columns=(
            Column("id", "string", "AllocationId", "AWS's id of the address, eipalloc-…"),
            ARN,
            Column("public_ip", "string", "PublicIp", "The public IPv4 address."),
            Column("private_ip", "string", "PrivateIpAddress", "What it leads to."),
            Column("instance_id", "string", "InstanceId", "The instance that has it."),
            Column(
                "network_interface_id",
                "string",
                "NetworkInterfaceId",
                "The interface that has it; null where nothing has.",
            ),
            TAGS,
        ),
    ),
)
