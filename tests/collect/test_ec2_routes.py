"""Routes and public addresses."""

import json

from tests.collect.fake_caller import ACCOUNT, rows_of
from tests.collect.recordings.network import RECORDED


def test_a_route_table_says_what_it_routes_and_whether_it_is_the_main_one() -> None:
    (row,) = rows_of("ec2_route_tables", RECORDED["ec2_route_tables"])
    assert row["is_main"] is True
    assert json.loads(row["subnet_ids"]) == ["subnet-1"]
    assert json.loads(row["gateway_ids"]) == ["igw-1"]
    assert json.loads(row["routes"])[0]["GatewayId"] == "igw-1"

    bare = {"DescribeRouteTables": {"RouteTables": [{"RouteTableId": "rtb-2", "VpcId": "vpc-1"}]}}
    (row,) = rows_of("ec2_route_tables", bare)
    assert (row["is_main"], row["subnet_ids"]) == (False, "[]")


def test_an_address_without_an_allocation_is_named_by_itself() -> None:
    classic = {"DescribeAddresses": {"Addresses": [{"PublicIp": "198.51.100.7"}]}}
    (row,) = rows_of("ec2_addresses", classic)
    assert row["arn"] == f"arn:aws:ec2:eu-west-1:{ACCOUNT}:elastic-ip/198.51.100.7"
    assert row["network_interface_id"] is None
