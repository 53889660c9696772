"""VPC.6: block public access and network ACLs, once per account."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.recommendations.evidence.open_networks import lets_in
from tests.recommendations.evidence.vpc_rows import PLACE, gateway, interface, vpc
from tests.recommendations.support import DEVELOPMENT, REGION, failures, judged, results, statuses


def entry(number: int, action: str = "allow", ports: Any = None, **more: Any) -> dict[str, Any]:
    first = {"RuleNumber": number, "RuleAction": action, "Egress": False, "CidrBlock": "0.0.0.0/0"}
    if ports is None:
        return {**first, "Protocol": "-1", **more}
    return {**first, "Protocol": "6", "PortRange": {"From": ports[0], "To": ports[1]}, **more}


ALL = entry(100)
LAST = entry(32767, "deny")
CLOSED = [entry(1, "deny", (22, 22)), entry(2, "deny", (3389, 3389)), ALL, LAST]


def rows(entries: list[dict[str, Any]], mode: str = "block-ingress") -> dict[str, Any]:
    acl = {**PLACE, "id": "acl-1", "vpc_id": "vpc-1", "is_default": True}
    return {
        "ec2_vpcs": [vpc()],
        "ec2_network_interfaces": [interface()],
        "ec2_network_acls": [{**acl, "subnet_ids": ["subnet-1"], "entries": entries}],
        "ec2_block_public_access": [{**PLACE, "vpc_internet_gateway_block_mode": mode}],
    }


def test_a_closed_account_meets_vpc_6() -> None:
    assert statuses(results("VPC.6", rows(CLOSED))) == ["ok", "ok"]


def test_what_is_as_aws_made_it_is_said_once_per_account() -> None:
    own = rows([ALL, LAST], "off")
    own["ec2_vpcs"].append(vpc("vpc-2"))
    own["ec2_network_interfaces"].append(interface("eni-2", "vpc-2"))
    own["ec2_internet_gateways"] = [gateway()]
    found = failures("VPC.6", own)
    assert [each.key for each in found] == ["block_public_access", "network_acls"]
    assert found[0].facts["regions_off"] == [REGION]
    assert found[0].facts["of_them_without_internet_gateway"] == []
    assert found[1].title.startswith("1 of 1 network ACLs in use")


def test_vpcs_in_which_nothing_lives_are_not_judged() -> None:
    assert results("VPC.6", {**rows([ALL], "off"), "ec2_network_interfaces": []}) == []


@pytest.mark.parametrize(
    ("entries", "open_"),
    [
        ([ALL, LAST], True),
        ([entry(100, ports=(443, 443)), LAST], False),
        ([entry(100, ports=(22, 22))], True),
        ([entry(100, ports=(1024, 65535))], True),
        (CLOSED, False),
        ([entry(200, "deny"), entry(100)], True),
        ([entry(99, "deny"), entry(100)], False),
        ([entry(100, Egress=True)], False),
        ([entry(100, CidrBlock="10.0.0.0/8")], False),
        ([*CLOSED, entry(101, CidrBlock=None, Ipv6CidrBlock="::/0")], True),
        (["nonsense", {}], False),
        (None, False),
    ],
)
def test_entries_are_read_in_their_order_and_by_family(entries: Any, open_: bool) -> None:
    assert lets_in(entries) is open_


def test_block_public_access_that_was_not_read_is_unknown(tmp_path: Path) -> None:
    own = rows(CLOSED)
    own["ec2_block_public_access"] = []
    denied = ("ec2_block_public_access", DEVELOPMENT, REGION)
    found = judged("VPC.6", tmp_path, own, denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
