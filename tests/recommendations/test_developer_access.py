"""DEV.2: rules for one person's address. It is 2026-11-01."""

from typing import Any

import pytest

from awsbasics.recommendations.developer_access import stale_because
from tests.recommendations.support import (
    DEVELOPMENT,
    NOW,
    PRODUCTION,
    REGION,
    SANDBOX,
    engagement,
    failures,
    results,
    statuses,
)

VPN = engagement(vpn_ranges=("198.51.100.0/24", "10.8.0.0/16"))


def rows(cidr: str | None = "203.0.113.7/32", account: str = DEVELOPMENT, **more: Any) -> Any:
    place = {"account_id": account, "region": REGION}
    arn = f"arn:aws:ec2:{REGION}:{account}:security-group/sg-1"
    rule = {
        **place,
        "id": "sgr-1",
        "group_id": "sg-1",
        "is_egress": False,
        "protocol": "tcp",
        "from_port": 5432,
        "to_port": 5432,
        "cidr_ipv4": cidr,
    }
    return {
        "ec2_security_groups": [{**place, "id": "sg-1", "arn": arn, "name": "db"}],
        "ec2_security_group_rules": [{**rule, **more}],
    }


@pytest.mark.parametrize("account", [DEVELOPMENT, SANDBOX])
def test_one_address_is_fine_in_development(account: str) -> None:
    assert statuses(results("DEV.2", rows(account=account))) == ["ok"]


def test_one_address_in_production_fails() -> None:
    [found] = failures("DEV.2", rows(account=PRODUCTION))
    assert (found.account_id, found.key) == (PRODUCTION, "sgr-1")
    assert "in production lets in the single address 203.0.113.7/32" in found.title


def test_one_ipv6_address_in_production_fails() -> None:
    found = failures("DEV.2", rows(None, PRODUCTION, cidr_ipv6="2001:db8::7/128"))
    assert len(found) == 1


@pytest.mark.parametrize("cidr", ["198.51.100.0/24", "198.51.100.64/26", "10.8.1.0/24"])
def test_a_vpn_range_in_production_fails_where_it_is_known(cidr: str) -> None:
    assert failures("DEV.2", rows(cidr, PRODUCTION), engagement=VPN)
    assert not failures("DEV.2", rows(cidr, PRODUCTION))


@pytest.mark.parametrize("cidr", ["10.0.0.7/32", "203.0.113.0/24", "0.0.0.0/0"])
def test_other_ranges_are_not_a_persons(cidr: str) -> None:
    assert results("DEV.2", rows(cidr, PRODUCTION), engagement=VPN) == []


def test_outbound_rules_are_left_out() -> None:
    assert results("DEV.2", rows(account=PRODUCTION, is_egress=True)) == []


def test_a_prefix_list_with_a_persons_address_counts() -> None:
    own = {"account_id": PRODUCTION, "region": REGION, "id": "pl-1", "owner_id": PRODUCTION}
    by_list = rows(None, PRODUCTION, prefix_list_id="pl-1")
    lists = {"ec2_prefix_lists": [{**own, "entries": ["203.0.113.7/32"]}]}
    assert failures("DEV.2", {**by_list, **lists})
    assert statuses(results("DEV.2", by_list)) == ["unknown"]


def test_an_account_of_no_known_environment_asks_once() -> None:
    found = results("DEV.2", rows(account="999999999999"))
    assert [(result.status, result.account_id) for result in found] == [("ask", "999999999999")]


def test_a_stale_rule_in_development_fails_less_badly() -> None:
    [found] = failures("DEV.2", rows(description="ann, until 2026-10-01"))
    assert found.severity == "medium"
    assert "2026-10-01" in found.title


@pytest.mark.parametrize(
    ("description", "stale"),
    [
        (None, False),
        ("", False),
        ("ann's laptop", False),
        ("temperature sensors", False),
        ("temp access for ann", True),
        ("TMP", True),
        ("until 2026-10-31", True),
        ("until 2026-11-01", False),  # that day is not over
        ("until 2026-12-01", False),
        ("temporary, until 2026-12-01", False),
        ("expires: 20261001", True),
        ("added 2026-10-20 by ann", False),
        ("added 2026-08-20 by ann", True),
        ("added 2025-01-01, until 2027-01-01", False),
        ("added 2026-10-30, until 2026-10-31", True),
        ("ticket 20269999", False),
    ],
)
def test_a_description_says_that_a_rule_is_stale(description: str | None, stale: bool) -> None:
    assert bool(stale_because(description, NOW, days=30)) == stale
