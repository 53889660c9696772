"""What joins networks."""

import json

from tests.collect.fake_caller import ACCOUNT, rows_of
from tests.collect.recordings.network import OPEN_POLICY, OTHER, RECORDED


def test_a_peering_has_two_sides_with_their_ranges_where_aws_tells_them() -> None:
    (row,) = rows_of("ec2_vpc_peering_connections", RECORDED["ec2_vpc_peering_connections"])
    assert (row["requester_account_id"], row["accepter_account_id"]) == (ACCOUNT, OTHER)
    ranges = ["10.0.0.0/16", "10.1.0.0/16", "2001:db8::/56"]
    assert json.loads(row["requester_cidr_blocks"]) == ranges
    assert json.loads(row["accepter_cidr_blocks"]) == []


def test_a_peering_that_lost_a_side_is_still_a_row() -> None:
    gone = {"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "deleted"}}
    recorded = {"DescribeVpcPeeringConnections": {"VpcPeeringConnections": [gone]}}
    (row,) = rows_of("ec2_vpc_peering_connections", recorded)
    assert (row["status"], row["accepter_vpc_id"]) == ("deleted", None)


def test_a_transit_gateway_that_was_shared_says_who_owns_it() -> None:
    (row,) = rows_of("ec2_transit_gateways", RECORDED["ec2_transit_gateways"])
    assert (row["account_id"], row["owner_id"]) == (ACCOUNT, OTHER)
    assert row["auto_accept_shared_attachments"] == "enable"


def test_an_endpoints_policy_is_canonical_json() -> None:
    (row,) = rows_of("ec2_vpc_endpoints", RECORDED["ec2_vpc_endpoints"])
    assert json.loads(row["policy"]) == json.loads(OPEN_POLICY)
    assert " " not in row["policy"]
