"""SG.4: what is open to the world."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import (
    DEVELOPMENT,
    REGION,
    failures,
    judged,
    results,
    statuses,
)

PLACE = {"region": REGION}
GROUP = {
    **PLACE,
    "id": "sg-1",
    "arn": f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:security-group/sg-1",
    "name": "web",
    "vpc_id": "vpc-1",
}


def rule(id_: str = "sgr-1", port: int | None = 22, **more: Any) -> dict[str, Any]:
    row = {**PLACE, "id": id_, "group_id": "sg-1", "is_egress": False, "protocol": "tcp"}
    if port is not None:
        row |= {"from_port": port, "to_port": port}
    return {**row, **more}


def rows(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"ec2_security_groups": [GROUP], "ec2_security_group_rules": rules, **more}


def prefix_list(*entries: str, **more: Any) -> dict[str, Any]:
    row = {**PLACE, "id": "pl-1", "owner_id": DEVELOPMENT, "entries": list(entries)}
    return {"ec2_prefix_lists": [{**row, **more}]}


def test_a_group_without_rules_meets_it() -> None:
    assert statuses(results("SG.4", rows())) == ["ok"]


@pytest.mark.parametrize("source", [{"cidr_ipv4": "0.0.0.0/0"}, {"cidr_ipv6": "::/0"}])
def test_ssh_from_everywhere_fails(source: dict[str, Any]) -> None:
    [found] = failures("SG.4", rows(rule(**source)))
    assert (found.resource, found.key) == (GROUP["arn"], "sgr-1")
    assert found.title == "Security group web (sg-1) opens SSH (22) to the whole Internet."
    assert found.severity is None  # critical, as declared


@pytest.mark.parametrize(
    "harmless",
    [
        rule(port=443, cidr_ipv4="0.0.0.0/0"),
        rule(port=80, cidr_ipv6="::/0"),
        rule(cidr_ipv4="10.0.0.0/8"),
        rule(cidr_ipv4="203.0.113.0/24"),
        rule(cidr_ipv4="0.0.0.0/0", is_egress=True),
        rule(referenced_group_id="sg-2"),
        rule(port=None, protocol="icmp", cidr_ipv4="0.0.0.0/0"),
    ],
)
def test_these_are_no_failure(harmless: dict[str, Any]) -> None:
    assert statuses(results("SG.4", rows(harmless))) == ["ok"]


def test_everything_open_says_all_ports() -> None:
    [found] = failures("SG.4", rows(rule(port=None, protocol="-1", cidr_ipv4="0.0.0.0/0")))
    assert "opens all ports to" in found.title
    assert found.facts["ports"] == "all"


def test_each_open_rule_is_a_failure_of_its_own() -> None:
    found = failures(
        "SG.4",
        rows(
            rule("sgr-1", cidr_ipv4="0.0.0.0/0"),
            rule("sgr-2", 5432, cidr_ipv4="0.0.0.0/0"),
            rule("sgr-3", 443, cidr_ipv4="0.0.0.0/0"),
        ),
    )
    assert [result.key for result in found] == ["sgr-1", "sgr-2"]


def test_the_world_in_halves_is_the_world() -> None:
    [found] = failures(
        "SG.4",
        rows(rule("sgr-1", cidr_ipv4="0.0.0.0/2"), rule("sgr-2", cidr_ipv4="64.0.0.0/2")),
    )
    assert found.key == "split"
    assert "to half of the Internet or more, by several rules" in found.title
    assert [part["rule"] for part in found.facts["rules"]] == ["sgr-1", "sgr-2"]


def test_halves_for_different_ports_do_not_add_up() -> None:
    parts = rows(
        rule("sgr-1", 22, cidr_ipv4="0.0.0.0/2"), rule("sgr-2", 23, cidr_ipv4="64.0.0.0/2")
    )
    assert not failures("SG.4", parts)


def test_a_half_for_all_ports_adds_to_a_half_for_one() -> None:
    everything = rule("sgr-1", None, protocol="-1", cidr_ipv4="0.0.0.0/2")
    [found] = failures("SG.4", rows(everything, rule("sgr-2", 3306, cidr_ipv4="64.0.0.0/2")))
    assert "MySQL (3306)" in found.title


def test_a_prefix_list_of_the_world_is_the_world() -> None:
    by_list = rows(rule(prefix_list_id="pl-1"), **prefix_list("0.0.0.0/1", "128.0.0.0/1"))
    [found] = failures("SG.4", by_list)
    assert found.facts["prefix_list"] == "pl-1"


def test_a_prefix_list_of_an_office_is_not() -> None:
    by_list = rows(rule(prefix_list_id="pl-1"), **prefix_list("203.0.113.0/24"))
    assert statuses(results("SG.4", by_list)) == ["ok"]


@pytest.mark.parametrize(
    "lists",
    [{}, prefix_list(entries=None, entries_status="denied")],
    ids=["not in the snapshot", "denied"],
)
def test_a_prefix_list_that_was_not_read_makes_the_group_unknown(lists: dict[str, Any]) -> None:
    assert statuses(results("SG.4", rows(rule(prefix_list_id="pl-1"), **lists))) == ["unknown"]


def test_an_unread_list_hides_no_failure_and_does_not_matter_for_web_ports() -> None:
    mixed = rows(rule("sgr-1", prefix_list_id="pl-1"), rule("sgr-2", cidr_ipv4="0.0.0.0/0"))
    assert sorted(statuses(results("SG.4", mixed))) == ["fail", "unknown"]
    web = rows(rule(port=443, prefix_list_id="pl-1"))
    assert statuses(results("SG.4", web)) == ["ok"]


def test_lists_of_aws_are_not_the_world() -> None:
    lists = prefix_list(owner_id="AWS", entries=None)
    assert statuses(results("SG.4", rows(rule(prefix_list_id="pl-1"), **lists))) == ["ok"]


def test_a_list_of_the_same_id_elsewhere_is_another() -> None:
    lists = prefix_list("203.0.113.0/24", region="us-east-1")
    assert statuses(results("SG.4", rows(rule(prefix_list_id="pl-1"), **lists))) == ["unknown"]


def test_attached_interfaces_are_counted() -> None:
    interfaces = [{**PLACE, "id": "eni-1", "group_ids": ["sg-1", "sg-2"]}]
    open_rows = rows(rule(cidr_ipv4="0.0.0.0/0"), ec2_network_interfaces=interfaces)
    assert failures("SG.4", open_rows)[0].facts["interfaces_seen"] == 1


def test_rules_that_were_not_read_leave_no_pass_but_known_failures_stand(tmp_path: Path) -> None:
    denied = ("ec2_prefix_lists", DEVELOPMENT, REGION)
    found = judged("SG.4", tmp_path, rows(rule(cidr_ipv4="0.0.0.0/0")), denied)
    assert sorted(finding.status for finding in found) == ["fail", "unknown"]
