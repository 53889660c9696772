"""DEV.1 and DEV.4: the answered way in, and what is there."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import Answer, Engagement
from tests.recommendations.principal_rows import Tables, allow, joined, user
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

SINGLE, OFFICE = "203.0.113.7/32", "198.51.100.0/24"


def answered(choice: str, *ranges: str) -> Engagement:
    return engagement(answers={"DEV.1": Answer(choice=choice)}, vpn_ranges=ranges or (OFFICE,))


def rules(*cidrs: str, account: str = DEVELOPMENT) -> Tables:
    row = {"account_id": account, "region": REGION, "group_id": "sg-1", "is_egress": False}
    return {
        "ec2_security_group_rules": [
            {**row, "id": f"sgr-{number}", "cidr_ipv4": cidr} for number, cidr in enumerate(cidrs)
        ]
    }


def endpoint(state: str = "create-complete") -> Tables:
    return {"ec2_instance_connect_endpoints": [{"region": REGION, "id": "eice-1", "state": state}]}


def keys(choice: str, rows: Tables) -> list[str]:
    return [each.key for each in failures("DEV.1", rows, engagement=answered(choice))]


def test_without_an_answer_there_is_nothing_to_compare() -> None:
    assert results("DEV.1", rules(SINGLE)) == []


@pytest.mark.parametrize("choice", ["session_manager", "no_access"])
def test_ways_without_rules_are_contradicted_by_rules(choice: str) -> None:
    assert keys(choice, {}) == []
    rows = rules(SINGLE, OFFICE)
    [found] = failures("DEV.1", rows, engagement=answered(choice))
    assert (found.account_id, found.key) == (DEVELOPMENT, f"{choice}/rules")
    assert found.facts == {"answer": choice, "rules": ["sgr-0", "sgr-1"]}
    assert "are said to come" in found.title
    assert "but 2 inbound rules let in single addresses or VPN ranges" in found.title


def test_a_vpn_range_is_contradicted_by_other_addresses_alone() -> None:
    assert keys("vpn_range", rules(OFFICE, "198.51.100.7/32")) == []
    assert keys("vpn_range", rules(OFFICE, SINGLE)) == ["vpn_range/rules"]


def test_rules_outside_development_are_left_to_dev_2() -> None:
    assert keys("session_manager", rules(SINGLE, account=PRODUCTION)) == []


def test_a_vpn_range_that_nobody_names_is_no_range() -> None:
    none = engagement(answers={"DEV.1": Answer(choice="vpn_range")})
    [found] = failures("DEV.1", {}, engagement=none)
    assert (found.account_id, found.key) == (MANAGEMENT, "vpn_range/ranges")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (endpoint(), []),
        (endpoint("delete-complete"), ["instance_connect/endpoints"]),
        ({}, ["instance_connect/endpoints"]),
    ],
)
def test_instance_connect_needs_an_endpoint(rows: Tables, expected: list[str]) -> None:
    assert keys("instance_connect", rows) == expected


def test_rules_by_policy_need_somebody_who_can() -> None:
    changer = allow("ec2:AuthorizeSecurityGroupIngress")
    assert keys("rules_by_policy", user("ada", changer)) == []
    assert keys("rules_by_policy", rules(SINGLE)) == ["rules_by_policy/policies"]
    elsewhere = user("ada", changer, account=PRODUCTION)
    assert keys("rules_by_policy", elsewhere) == ["rules_by_policy/policies"]


def test_an_answer_passes_only_where_the_facts_agree(tmp_path: Path) -> None:
    said = answered("session_manager")
    agreed = judged("DEV.1", tmp_path / "agreed", rules(), engagement=said)
    assert {each.status for each in agreed} == {"pass"}
    against = judged("DEV.1", tmp_path / "against", rules(SINGLE), engagement=said)
    assert {each.status for each in against} == {"pass", "fail"}
    unanswered = judged(
        "DEV.1", tmp_path / "none", {}, ("ec2_security_group_rules", PRODUCTION, REGION)
    )
    assert {each.status for each in unanswered} == {"ask", "unknown"}


# DEV.4


def vpn(logged: bool | None, **more: Any) -> Tables:
    row = {"region": REGION, "id": "cvpn-1", "status": "available", "connections_logged": logged}
    return {"ec2_client_vpn_endpoints": [{**row, **more}]}


@pytest.mark.parametrize(("logged", "status"), [(True, "ok"), (False, "fail"), (None, "unknown")])
def test_a_vpn_endpoint_logs_its_connections(logged: bool | None, status: str) -> None:
    [found] = results("DEV.4", vpn(logged))
    assert (found.status, found.region) == (status, REGION)


def test_a_deleted_endpoint_is_gone() -> None:
    assert results("DEV.4", vpn(logged=False, status="deleted")) == []


def test_a_vpn_of_another_make_is_not_judged() -> None:
    assert results("DEV.4", {}) == []
    assert statuses(results("DEV.4", {}, engagement=answered("vpn_range"))) == ["not_applicable"]
    assert statuses(results("DEV.4", vpn(logged=True), engagement=answered("vpn_range"))) == ["ok"]
    assert results("DEV.4", {}, engagement=answered("session_manager")) == []


def test_endpoints_that_were_not_read_leave_it_unknown(tmp_path: Path) -> None:
    denied = ("ec2_client_vpn_endpoints", DEVELOPMENT, REGION)
    found = judged("DEV.4", tmp_path, joined(vpn(logged=True)), denied)
    assert [(f.account_id, f.status) for f in found] == [(DEVELOPMENT, "unknown")]
