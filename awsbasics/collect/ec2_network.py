"""EC2's regions and networks: VPCs, subnets, internet gateways and flow logs.

A shared VPC or subnet is seen by those it is shared with as well: `owner_id` tells them apart.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, regional_arn, tags_object
from awsbasics.collect.table import Caller, Column, Item, Table, dig

PAGE: Mapping[str, Any] = {"MaxResults": 1000}  # without it, EC2 may answer everything at once

ARN = Column("arn", "string", "", "Its Amazon Resource Name.")
TAGS = Column("tags", "json", "", TAGS_COLUMN_TEXT)
OWNER = Column("owner_id", "string", "OwnerId", "The account that owns it.")


def described(
    operation: str,
    path: str,
    resource: Callable[[Item], str],
    parameters: Mapping[str, Any] = PAGE,
    more: Callable[[Item], Item] = lambda _: {},
) -> Callable[[Caller], Iterator[Item]]:
    """A `gather` for an EC2 call: its items with `arn`, `tags` and what `more` finds.

    `resource` gives the last part of the ARN, as in `vpc/vpc-1`; EC2 leaves most ARNs out.
    """

    def gather(call: Caller) -> Iterator[Item]:
        for item in call.items("ec2", operation, path, **parameters):
            owner = item.get("OwnerId") or item.get("GroupOwnerId")
            arn = regional_arn(call, "ec2", resource(item), owner)
            tags = tags_object(item.get("Tags") or item.get("TagSet"))
            yield {**item, "arn": arn, "tags": tags, **more(item)}

    return gather


def _cidr_blocks(vpc: Item) -> Item:
    """All address ranges of a VPC that are or are becoming part of it, IPv4 first."""
    sets = (
        ("CidrBlockAssociationSet", "CidrBlock"),
        ("Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock"),
    )
    blocks = [
        block[key]
        for name, key in sets
        for block in vpc.get(name) or ()
        if dig(block, f"{key}State.State") not in ("disassociated", "failed")
    ]
    return {"cidr_blocks": blocks}


def _destination(flow_log: Item) -> Item:
    return {"destination": flow_log.get("LogDestination") or flow_log.get("LogGroupName")}


TABLES = (
    Table(
        name="ec2_regions",
        description="All regions of the partition, and which are on in the account.",
        service="ec2",
        operation="DescribeRegions",
        path="Regions",
        parameters={"AllRegions": True},
        scope="account",
        columns=(
            Column("name", "string", "RegionName", "The region, as in `eu-west-1`."),
            Column(
                "opt_in_status",
                "string",
                "OptInStatus",
                "opt-in-not-required, opted-in, or not-opted-in (off).",
            ),
            Column("endpoint", "string", "Endpoint", "Host name of EC2 in the region."),
        ),
    ),
    Table(
        name="ec2_vpcs",
        description="VPCs, the default ones and those shared with the account included.",
        service="ec2",
        operation="DescribeVpcs",
        path="Vpcs",
        parameters=PAGE,
        gather=described(
            "DescribeVpcs", "Vpcs", lambda vpc: f"vpc/{vpc['VpcId']}", more=_cidr_blocks
        ),
        columns=(
            Column("id", "string", "VpcId", "AWS's id of the VPC, vpc-…"),
            ARN,
            Column("cidr_block", "string", "CidrBlock", "Its first IPv4 range."),
            Column("cidr_blocks", "json", "", "List of all its ranges, IPv4 and IPv6."),
            Column("is_default", "bool", "IsDefault", "Whether AWS made it as the default VPC."),
            OWNER,
            TAGS,
        ),
    ),
    Table(
        name="ec2_subnets",
        description="Subnets, those shared with the account included.",
        service="ec2",
        operation="DescribeSubnets",
        path="Subnets",
        parameters=PAGE,
        gather=described("DescribeSubnets", "Subnets", lambda net: f"subnet/{net['SubnetId']}"),
        columns=(
            Column("id", "string", "SubnetId", "AWS's id of the subnet, subnet-…"),
            ARN,
            Column("vpc_id", "string", "VpcId", "The VPC that it is part of."),
            Column("cidr_block", "string", "CidrBlock", "Its IPv4 range."),
            Column("availability_zone", "string", "AvailabilityZone", "The zone that it is in."),
            Column(
                "map_public_ip",
                "bool",
                "MapPublicIpOnLaunch",
                "Whether instances get a public address without asking.",
            ),
            Column("default_for_az", "bool", "DefaultForAz", "Whether it is a default subnet."),
            OWNER,
            TAGS,
        ),
    ),
    Table(
        name="ec2_internet_gateways",
        description="Internet gateways and what they are attached to.",
        service="ec2",
        operation="DescribeInternetGateways",
        path="InternetGateways",
        parameters=PAGE,
        gather=described(
            "DescribeInternetGateways",
            "InternetGateways",
            lambda gateway: f"internet-gateway/{gateway['InternetGatewayId']}",
        ),
        columns=(
            Column("id", "string", "InternetGatewayId", "AWS's id of the gateway, igw-…"),
            ARN,
            Column("vpc_ids", "json", "Attachments[].VpcId", "List of VPCs that it serves."),
            OWNER,
            TAGS,
        ),
    ),
    Table(
        name="ec2_flow_logs",
        description="Flow logs of VPCs, subnets and network interfaces.",
        service="ec2",
        operation="DescribeFlowLogs",
        path="FlowLogs",
        parameters=PAGE,
        gather=described(
            "DescribeFlowLogs",
            "FlowLogs",
            lambda flow_log: f"vpc-flow-log/{flow_log['FlowLogId']}",
            more=_destination,
        ),
        columns=(
            Column("id", "string", "FlowLogId", "AWS's id of the flow log, fl-…"),
            ARN,
            Column(
                "resource_id",
                "string",
                "ResourceId",
                "The VPC, subnet or interface that is logged.",
            ),
            Column("status", "string", "FlowLogStatus", "ACTIVE, or what else AWS says."),
            Column(
                "deliver_status", "string", "DeliverLogsStatus", "SUCCESS, or FAILED; null if new."
            ),
            Column("traffic_type", "string", "TrafficType", "ACCEPT, REJECT or ALL."),
            Column("destination", "string", "", "ARN of the bucket or stream, or the log group."),
            Column(
                "destination_type",
                "string",
                "LogDestinationType",
                "cloud-watch-logs, s3 or kinesis-data-firehose.",
            ),
            TAGS,
        ),
    ),
)
