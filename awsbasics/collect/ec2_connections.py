"""What joins networks: peerings, transit gateways and endpoints (VPC.5, SEP.6)."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.ec2_network import ARN, OWNER, PAGE, TAGS, described
from awsbasics.collect.table import Column, Item, Table, dig


def _ranges(peering: Item) -> Mapping[str, Any]:
    """The address ranges of both sides, IPv4 first; AWS tells a side's when it is active."""
    sides = {"requester": "RequesterVpcInfo", "accepter": "AccepterVpcInfo"}
    paths = ("CidrBlockSet[].CidrBlock", "Ipv6CidrBlockSet[].Ipv6CidrBlock")
    return {
        f"{side}_cidr_blocks": [
            block for path in paths for block in dig(peering.get(info, {}), path)
        ]
        for side, info in sides.items()
    }


def _side(name: str, info: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_account_id", "string", f"{info}.OwnerId", f"Account of the {name}."),
        Column(f"{name}_region", "string", f"{info}.Region", f"Region of the {name}."),
        Column(f"{name}_vpc_id", "string", f"{info}.VpcId", f"VPC of the {name}."),
        Column(
            f"{name}_cidr_blocks",
            "json",
            "",
            f"List of the ranges of the {name}'s VPC, where AWS tells them.",
        ),
    )


TABLES = (
    Table(
        name="ec2_vpc_peering_connections",
        description="Peerings between VPCs; both sides see each.",
        service="ec2",
        operation="DescribeVpcPeeringConnections",
        path="VpcPeeringConnections",
        parameters=PAGE,
        gather=described(
            "DescribeVpcPeeringConnections",
            "VpcPeeringConnections",
            lambda peering: f"vpc-peering-connection/{peering['VpcPeeringConnectionId']}",
            more=_ranges,
        ),
        columns=(
            Column("id", "string", "VpcPeeringConnectionId", "AWS's id of the peering, pcx-…"),
            ARN,
            Column("status", "string", "Status.Code", "active, pending-acceptance, deleted, …"),
            *_side("requester", "RequesterVpcInfo"),
            *_side("accepter", "AccepterVpcInfo"),
            TAGS,
        ),
    ),
    Table(
        name="ec2_transit_gateways",
        description="Transit gateways, those shared with the account included.",
        service="ec2",
        operation="DescribeTransitGateways",
        path="TransitGateways",
        parameters=PAGE,
        gather=described(
            "DescribeTransitGateways",
            "TransitGateways",
            lambda gateway: f"transit-gateway/{gateway['TransitGatewayId']}",
        ),
        columns=(
            Column("id", "string", "TransitGatewayId", "AWS's id of the gateway, tgw-…"),
            Column("arn", "string", "TransitGatewayArn", "ARN of the gateway."),
            Column("state", "string", "State", "available, pending, modifying, deleting, deleted."),
            Column(
                "auto_accept_shared_attachments",
                "string",
                "Options.AutoAcceptSharedAttachments",
                "enable where other accounts' attachments need no consent, or disable.",
            ),
            Column(
                "default_route_table_association",
                "string",
                "Options.DefaultRouteTableAssociation",
                "enable where attachments share a route table by default, or disable.",
            ),
            Column(
                "default_route_table_propagation",
                "string",
                "Options.DefaultRouteTablePropagation",
                "enable where attachments tell it their routes by default, or disable.",
            ),
            OWNER,
            TAGS,
        ),
    ),
    Table(
        name="ec2_transit_gateway_attachments",
        description="What is attached to transit gateways; a gateway's owner sees all of its.",
        service="ec2",
        operation="DescribeTransitGatewayAttachments",
        path="TransitGatewayAttachments",
        parameters=PAGE,
        gather=described(
            "DescribeTransitGatewayAttachments",
            "TransitGatewayAttachments",
            lambda item: f"transit-gateway-attachment/{item['TransitGatewayAttachmentId']}",
        ),
        columns=(
            Column("id", "string", "TransitGatewayAttachmentId", "AWS's id of the attachment."),
            ARN,
            Column("transit_gateway_id", "string", "TransitGatewayId", "The gateway."),
            Column("transit_gateway_owner_id", "string", "TransitGatewayOwnerId", "Its account."),
            Column("resource_type", "string", "ResourceType", "vpc, vpn, peering, …"),
            Column("resource_id", "string", "ResourceId", "The VPC, or what else is attached."),
            Column("resource_owner_id", "string", "ResourceOwnerId", "The account that owns that."),
            Column("state", "string", "State", "available, pendingAcceptance, rejected, …"),
            Column(
                "route_table_id",
                "string",
                "Association.TransitGatewayRouteTableId",
                "The gateway's route table that says where it may go.",
            ),
            Column("created", "timestamp", "CreationTime", "When it was made."),
            TAGS,
        ),
    ),
    Table(
        name="ec2_vpc_endpoints",
        description="VPC endpoints with their policies.",
        service="ec2",
        operation="DescribeVpcEndpoints",
        path="VpcEndpoints",
        parameters=PAGE,
        gather=described(
            "DescribeVpcEndpoints",
            "VpcEndpoints",
            lambda endpoint: f"vpc-endpoint/{endpoint['VpcEndpointId']}",
        ),
        columns=(
            Column("id", "string", "VpcEndpointId", "AWS's id of the endpoint, vpce-…"),
            ARN,
            Column("vpc_id", "string", "VpcId", "The VPC that it is in."),
            Column("type", "string", "VpcEndpointType", "Interface, Gateway, Resource, …"),
            Column("service_name", "string", "ServiceName", "What it leads to."),
            Column("state", "string", "State", "available, pendingAcceptance, …"),
            Column("policy", "json", "PolicyDocument", "Its policy; null where it can have none."),
            Column("private_dns", "bool", "PrivateDnsEnabled", "Whether names lead to it."),
            Column("subnet_ids", "json", "SubnetIds", "List of subnets with its interfaces."),
            Column("route_table_ids", "json", "RouteTableIds", "List of tables that lead to it."),
            Column("group_ids", "json", "Groups[].GroupId", "List of security groups."),
            Column("requester_managed", "bool", "RequesterManaged", "Whether a service made it."),
            Column("created", "timestamp", "CreationTimestamp", "When it was made."),
            OWNER,
            TAGS,
        ),
    ),
)
