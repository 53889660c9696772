"""EC2's tables, from recorded answers."""

import json
from typing import Any

from awsbasics.collect import ec2_compute, ec2_network, ec2_security_groups
from tests.collect.fake_caller import (
    ACCOUNT,
    REGION,
    WHEN,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    read,
    refused,
    rows_of,
)

OWNER = "111111111111"
TAGS = [{"Key": "Name", "Value": "web"}]
RECORDED: dict[str, Any] = {
    "DescribeRegions": {
        "Regions": [
            {"RegionName": "eu-west-1", "OptInStatus": "opt-in-not-required", "Endpoint": "ec2.eu"},
            {"RegionName": "af-south-1", "OptInStatus": "not-opted-in", "Endpoint": "ec2.af"},
        ]
    },
    "DescribeVpcs": {
        "Vpcs": [
            {
                "VpcId": "vpc-1",
                "OwnerId": OWNER,
                "CidrBlock": "10.0.0.0/16",
                "CidrBlockAssociationSet": [
                    {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
                    {"CidrBlock": "10.9.0.0/16", "CidrBlockState": {"State": "disassociated"}},
                ],
                "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2001:db8::/56"}],
                "IsDefault": False,
                "Tags": TAGS,
            }
        ]
    },
    "DescribeSubnets": {
        "Subnets": [
            {
                "SubnetId": "subnet-1",
                "VpcId": "vpc-1",
                "OwnerId": OWNER,
                "CidrBlock": "10.0.1.0/24",
                "AvailabilityZone": "eu-west-1a",
                "MapPublicIpOnLaunch": True,
                "DefaultForAz": False,
                "Tags": TAGS,
            }
        ]
    },
    "DescribeInternetGateways": {
        "InternetGateways": [
            {
                "InternetGatewayId": "igw-1",
                "OwnerId": ACCOUNT,
                "Attachments": [{"VpcId": "vpc-1", "State": "available"}],
                "Tags": TAGS,
            }
        ]
    },
    "DescribeFlowLogs": {
        "FlowLogs": [
            {
                "FlowLogId": "fl-1",
                "ResourceId": "vpc-1",
                "FlowLogStatus": "ACTIVE",
                "DeliverLogsStatus": "SUCCESS",
                "TrafficType": "ALL",
                "LogGroupName": "flows",
                "LogDestinationType": "cloud-watch-logs",
                "Tags": TAGS,
            }
        ]
    },
    "DescribeSecurityGroups": {
        "SecurityGroups": [
            {
                "GroupId": "sg-1",
                "GroupName": "web",
                "VpcId": "vpc-1",
                "OwnerId": ACCOUNT,
                "Description": "The web servers'",
                "Tags": TAGS,
            }
        ]
    },
    "DescribeSecurityGroupRules": {
        "SecurityGroupRules": [
            {
                "SecurityGroupRuleId": "sgr-1",
                "GroupId": "sg-1",
                "GroupOwnerId": OWNER,
                "IsEgress": False,
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "CidrIpv4": "0.0.0.0/0",
                "Description": "the world",
                "Tags": TAGS,
            },
            {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "CidrIpv6": "::/0"},
            {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "PrefixListId": "pl-1"},
            {
                "SecurityGroupRuleId": "sgr-4",
                "GroupId": "sg-1",
                "ReferencedGroupInfo": {"GroupId": "sg-2", "UserId": OWNER},
            },
        ]
    },
    "DescribeManagedPrefixLists": {
        "PrefixLists": [
            {
                "PrefixListId": "pl-1",
                "PrefixListArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:prefix-list/pl-1",
                "PrefixListName": "offices",
                "OwnerId": ACCOUNT,
                "Tags": TAGS,
            },
            {
                "PrefixListId": "pl-s3",
                "PrefixListArn": f"arn:aws:ec2:{REGION}:aws:prefix-list/pl-s3",
                "PrefixListName": "com.amazonaws.eu-west-1.s3",
                "OwnerId": "AWS",
            },
        ]
    },
    "GetManagedPrefixListEntries": {"Entries": [{"Cidr": "198.51.100.0/24"}]},
    "DescribeNetworkInterfaces": {
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": "eni-1",
                "VpcId": "vpc-1",
                "SubnetId": "subnet-1",
                "OwnerId": ACCOUNT,
                "Groups": [{"GroupId": "sg-1", "GroupName": "web"}],
                "InterfaceType": "interface",
                "RequesterManaged": False,
                "RequesterId": "AROA1",
                "Description": "ELB app/web",
                "Attachment": {"InstanceId": "i-1", "AttachmentId": "eni-attach-1"},
                "Association": {"PublicIp": "198.51.100.7"},
                "PrivateIpAddress": "10.0.1.7",
                "Status": "in-use",
                "TagSet": TAGS,
            }
        ]
    },
    "DescribeInstances": {
        "Reservations": [
            {
                "Instances": [
                    {
                        "InstanceId": "i-1",
                        "State": {"Name": "running"},
                        "InstanceType": "t3.micro",
                        "VpcId": "vpc-1",
                        "SubnetId": "subnet-1",
                        "IamInstanceProfile": {
                            "Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/web"
                        },
                        "SecurityGroups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}],
                        "LaunchTime": WHEN,
                        "PublicIpAddress": "198.51.100.7",
                        "Tags": TAGS,
                    }
                ]
            },
            {"Instances": [{"InstanceId": "i-2"}]},
        ]
    },
}
MODULES = (ec2_network, ec2_security_groups, ec2_compute)
TABLE_NAMES = [table.name for module in MODULES for table in module.TABLES]


def test_every_column_of_every_table_has_its_source_in_the_answers() -> None:
    assert len(TABLE_NAMES) == 10
    for name in TABLE_NAMES:
        assert_every_column_is_filled(name, rows_of(name, RECORDED))


def test_arns_have_the_callers_partition_and_region_and_the_owners_account() -> None:
    (row,) = rows_of("ec2_vpcs", RECORDED, partition="aws-cn", region="cn-north-1")
    assert row["arn"] == f"arn:aws-cn:ec2:cn-north-1:{OWNER}:vpc/vpc-1"
    assert (row["account_id"], row["owner_id"]) == (ACCOUNT, OWNER)

    (row, *_) = rows_of("ec2_instances", RECORDED)
    assert row["arn"] == f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1"


def test_a_vpc_has_all_the_ranges_that_are_part_of_it() -> None:
    (row,) = rows_of("ec2_vpcs", RECORDED)
    assert json.loads(row["cidr_blocks"]) == ["10.0.0.0/16", "2001:db8::/56"]


def test_instances_of_all_reservations_are_rows() -> None:
    rows = {row["id"]: row for row in rows_of("ec2_instances", RECORDED)}
    assert json.loads(rows["i-1"]["group_ids"]) == ["sg-1", "sg-2"]
    assert json.loads(rows["i-2"]["group_ids"]) == []


def test_tags_are_one_object_whatever_ec2_calls_them() -> None:
    (row,) = rows_of("ec2_network_interfaces", RECORDED)
    assert json.loads(row["tags"]) == {"Name": "web"}


def test_interfaces_and_instances_that_aws_hides_are_asked_for() -> None:
    for name in ("ec2_network_interfaces", "ec2_instances"):
        caller = fake_caller(RECORDED)
        rows_of(name, caller)
        session: Any = caller.session
        assert session.asked[0].parameters["IncludeManagedResources"] is True


def test_only_prefix_lists_of_customers_are_asked_for_their_ranges() -> None:
    caller = fake_caller(RECORDED)
    rows = {row["id"]: row for row in rows_of("ec2_prefix_lists", caller)}
    assert json.loads(rows["pl-1"]["entries"]) == ["198.51.100.0/24"]
    assert rows["pl-s3"]["entries_status"] == "absent"
    assert asked(caller).count("GetManagedPrefixListEntries") == 1


def test_ranges_that_are_denied_are_unread() -> None:
    found = read("ec2_prefix_lists", {**RECORDED, "GetManagedPrefixListEntries": refused()})
    assert {row["entries_status"] for row in found.rows} == {"absent", "denied"}
    assert found.coverage.status == "partial"


def test_a_flow_log_goes_to_its_destination_or_its_log_group() -> None:
    (row,) = rows_of("ec2_flow_logs", RECORDED)
    assert row["destination"] == "flows"
    log = {**RECORDED["DescribeFlowLogs"]["FlowLogs"][0], "LogDestination": "arn:aws:s3:::logs"}
    (row,) = rows_of("ec2_flow_logs", {"DescribeFlowLogs": {"FlowLogs": [log]}})
    assert row["destination"] == "arn:aws:s3:::logs"


def test_regions_that_are_off_are_listed_and_belong_to_no_region() -> None:
    rows = {row["name"]: row for row in rows_of("ec2_regions", RECORDED)}
    assert rows["af-south-1"]["opt_in_status"] == "not-opted-in"
    assert {row["region"] for row in rows.values()} == {"global"}
