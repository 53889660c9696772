"""VPC.5: peerings and transit gateways."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import Engagement
from awsbasics.recommendations.evidence.addresses import network
from awsbasics.recommendations.evidence.connections import overlapping
from tests.recommendations.evidence.vpc_rows import PLACE, route_table, vpc
from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    engagement,
    judged,
    results,
)


def peering(accepter: str = DEVELOPMENT, **more: Any) -> dict[str, Any]:
    sides = {
        "requester_account_id": DEVELOPMENT,
        "requester_region": REGION,
        "requester_vpc_id": "vpc-1",
        "requester_cidr_blocks": ["10.1.0.0/16"],
        "accepter_account_id": accepter,
        "accepter_region": REGION,
        "accepter_vpc_id": "vpc-2",
        "accepter_cidr_blocks": ["10.2.0.0/16"],
    }
    return {**PLACE, "id": "pcx-1", "status": "active", **sides, **more}


def over(destination: str, **more: Any) -> dict[str, Any]:
    return {
        "DestinationCidrBlock": destination,
        "VpcPeeringConnectionId": "pcx-1",
        "State": "active",
        **more,
    }


def told(rows: dict[str, Any], own: Engagement | None = None) -> list[tuple[str, str, str | None]]:
    found = results("VPC.5", rows, engagement=own)
    return [(each.status, each.key, each.severity) for each in found]


def test_a_narrow_peering_within_an_environment_meets_vpc_5() -> None:
    rows = {
        "ec2_vpc_peering_connections": [peering()],
        "ec2_route_tables": [route_table(over("10.2.3.0/24"))],
    }
    assert told(rows) == [("ok", "", None)]


@pytest.mark.parametrize(
    ("destination", "severity"),
    [("10.2.0.0/16", "low"), ("10.0.0.0/8", "medium"), ("0.0.0.0/0", "medium")],
)
def test_wide_routes_fail(destination: str, severity: str) -> None:
    rows = {
        "ec2_vpc_peering_connections": [peering()],
        "ec2_route_tables": [route_table(over(destination))],
    }
    assert told(rows) == [("fail", "routes", severity)]


@pytest.mark.parametrize(
    "route",
    [
        over("10.2.0.0/16", State="blackhole"),
        over("10.2.0.0/16", VpcPeeringConnectionId="pcx-2"),
        over("nonsense"),
        over("10.2.0.0/16", VpcPeeringConnectionId=7),
    ],
)
def test_other_routes_are_not_the_peerings(route: dict[str, Any]) -> None:
    rows = {
        "ec2_vpc_peering_connections": [peering()],
        "ec2_route_tables": [route_table(route)],
    }
    assert told(rows) == [("ok", "", None)]


@pytest.mark.parametrize(
    ("accepter", "expected"),
    [
        (PRODUCTION, ("fail", "environments", "medium")),
        (ARCHIVE, ("ok", "", None)),
        ("999999999999", ("fail", "outside", "high")),
    ],
)
def test_both_ends_of_a_peering_count(accepter: str, expected: tuple[str, str, str | None]) -> None:
    assert told({"ec2_vpc_peering_connections": [peering(accepter)]}) == [expected]


def test_trusted_accounts_are_known() -> None:
    own = engagement(trusted_accounts=("999999999999",))
    assert told({"ec2_vpc_peering_connections": [peering("999999999999")]}, own) == [
        ("ok", "", None)
    ]


def test_both_sides_see_a_peering_which_is_judged_once() -> None:
    rows = [peering(PRODUCTION, account_id=PRODUCTION), peering(PRODUCTION)]
    [found] = results("VPC.5", {"ec2_vpc_peering_connections": rows})
    assert found.account_id == DEVELOPMENT


def test_peerings_that_are_gone_or_pending_connect_nothing() -> None:
    rows = [peering(PRODUCTION, status=status) for status in ("deleted", "pending-acceptance")]
    assert told({"ec2_vpc_peering_connections": rows}) == []


GATEWAY = {**PLACE, "id": "tgw-1", "arn": "arn:tgw-1", "owner_id": DEVELOPMENT}


def attached(vpc_id: str, owner: str, table: str = "tgw-rtb-1", **more: Any) -> dict[str, Any]:
    return {
        **PLACE,
        "transit_gateway_id": "tgw-1",
        "transit_gateway_owner_id": DEVELOPMENT,
        "resource_type": "vpc",
        "resource_id": vpc_id,
        "resource_owner_id": owner,
        "state": "available",
        "route_table_id": table,
        **more,
    }


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (attached("vpc-2", PRODUCTION), [("fail", "environments/tgw-rtb-1", None)]),
        (attached("vpc-2", PRODUCTION, "tgw-rtb-2"), [("ok", "", None)]),
        (attached("vpc-2", PRODUCTION, state="rejected"), [("ok", "", None)]),
        (attached("vpc-2", ARCHIVE), [("ok", "", None)]),
    ],
)
def test_environments_share_no_route_table_of_a_transit_gateway(
    second: dict[str, Any], expected: list[tuple[str, str, str | None]]
) -> None:
    rows = {
        "ec2_transit_gateways": [GATEWAY, {**GATEWAY, "account_id": PRODUCTION}],
        "ec2_transit_gateway_attachments": [attached("vpc-1", DEVELOPMENT), second],
    }
    assert told(rows) == expected


def test_overlapping_ranges_on_a_transit_gateway_fail() -> None:
    rows = {
        "ec2_transit_gateways": [GATEWAY],
        "ec2_transit_gateway_attachments": [
            attached("vpc-1", DEVELOPMENT),
            attached("vpc-2", DEVELOPMENT),
        ],
        "ec2_vpcs": [
            vpc("vpc-1", cidr_block="10.0.0.0/16"),
            vpc("vpc-2", cidr_blocks=["10.9.0.0/16", "10.0.4.0/24"]),
        ],
    }
    assert told(rows) == [("fail", "overlap", "low")]


def test_overlaps_are_found_between_different_vpcs_only() -> None:
    ranges = {
        "a": (network("10.0.0.0/16"), network("10.0.1.0/24")),
        "b": (network("10.1.0.0/16"),),
        "c": (network("10.0.0.0/16"), network("fd00::/64")),
        "d": (network("fd00::/64"),),
    }
    assert overlapping(ranges) == [("a", "c"), ("c", "d")]
    assert overlapping({"a": ranges["b"], "b": ranges["d"]}) == []


def test_peerings_that_were_not_read_are_unknown(tmp_path: Path) -> None:
    denied = ("ec2_vpc_peering_connections", DEVELOPMENT, REGION)
    found = judged("VPC.5", tmp_path, {}, denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
