"""SG.5: applications that are let in by address."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import DEVELOPMENT, REGION, failures, judged, results, statuses

PLACE = {"region": REGION}


def interface(application: str, address: str | None, **more: Any) -> dict[str, Any]:
    own = {"id": f"eni-{application}", "vpc_id": "vpc-1", "group_ids": [f"sg-{application}"]}
    return {**PLACE, **own, "private_ip": address, "tags": {"application": application}, **more}


def rows(cidr: str, *more: dict[str, Any]) -> dict[str, Any]:
    rule = {"id": "sgr-1", "group_id": "sg-billing", "is_egress": False, "cidr_ipv4": cidr}
    ports = {"protocol": "tcp", "from_port": 443, "to_port": 443}
    return {
        "ec2_security_groups": [
            {**PLACE, "id": "sg-billing", "name": "billing", "vpc_id": "vpc-1"}
        ],
        "ec2_security_group_rules": [{**PLACE, **rule, **ports}],
        "ec2_network_interfaces": [interface("billing", "10.0.0.1"), *more],
    }


LEDGER = interface("ledger", "10.0.1.9")


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "10.0.1.0/24", "10.0.1.9/32"])
def test_another_application_let_in_by_address_fails(cidr: str) -> None:
    [found] = failures("SG.5", rows(cidr, LEDGER))
    assert (found.key, found.application) == ("sgr-1", "billing")
    assert f"lets in ledger by the address range {cidr}" in found.title


@pytest.mark.parametrize(
    ("cidr", "other"),
    [
        ("10.0.2.0/24", LEDGER),
        ("10.0.1.8/32", LEDGER),
        ("0.0.0.0/0", LEDGER),
        ("10.0.0.0/8", interface("ledger", "10.0.1.9", vpc_id="vpc-2")),
        ("10.0.0.0/8", interface("ledger", None)),
        ("10.0.0.0/8", interface("billing", "10.0.1.9")),
        ("nonsense", LEDGER),
    ],
)
def test_other_ranges_and_neighbours_pass(cidr: str, other: dict[str, Any]) -> None:
    assert statuses(results("SG.5", rows(cidr, other))) == ["ok"]


def test_a_group_of_no_or_several_applications_is_not_judged() -> None:
    shared = interface("ledger", "10.0.1.9", group_ids=["sg-billing"])
    assert results("SG.5", rows("10.0.0.0/8", shared)) == []
    assert results("SG.5", {**rows("10.0.0.0/8"), "ec2_network_interfaces": []}) == []


def test_interfaces_that_were_not_read_are_unknown(tmp_path: Path) -> None:
    denied = ("ec2_network_interfaces", DEVELOPMENT, REGION)
    found = judged("SG.5", tmp_path, rows("10.0.0.0/8"), denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
