"""VPC.2 and VPC.7: where the Internet comes in."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import Answer, Engagement
from tests.recommendations.evidence.vpc_rows import (
    OUT,
    PLACE,
    gateway,
    interface,
    route_table,
    subnet,
    vpc,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

ENTRANCE = {
    "ec2_internet_gateways": [gateway()],
    "ec2_subnets": [subnet()],
    "ec2_route_tables": [route_table(OUT)],
}
DMZ = vpc("vpc-dmz", tags={"Name": "company-dmz"})


def answered(choice: str, **more: Any) -> Engagement:
    return engagement(answers={"VPC.2": Answer(choice=choice)}, **more)


def test_without_an_answer_there_is_nothing_to_compare() -> None:
    assert results("VPC.2", {"ec2_vpcs": [vpc()], **ENTRANCE}) == []


def test_entrances_in_the_dmz_only_meet_vpc_2() -> None:
    rows = {"ec2_vpcs": [DMZ, vpc("vpc-2")], "ec2_internet_gateways": [gateway("vpc-dmz")]}
    assert statuses(results("VPC.2", rows, engagement=answered("dmz"))) == ["ok", "ok"]


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ({}, "medium"),
        (
            {
                "elbv2_load_balancers": [
                    {**PLACE, "name": "web", "scheme": "internet-facing", "vpc_id": "vpc-1"}
                ]
            },
            "high",
        ),
        ({"ec2_network_interfaces": [interface(public_ip="203.0.113.7")]}, "high"),
        (
            {
                "ec2_network_interfaces": [
                    interface(public_ip="203.0.113.7", interface_type="nat_gateway")
                ]
            },
            "medium",
        ),
    ],
)
def test_an_entrance_beside_the_dmz_fails_and_names_answer_and_facts(
    more: dict[str, Any], severity: str
) -> None:
    rows = {"ec2_vpcs": [DMZ, vpc()], **ENTRANCE, **more}
    [found] = failures("VPC.2", rows, engagement=answered("dmz"))
    assert (found.resource, found.severity) == (vpc()["arn"], severity)
    assert found.title.startswith("The answer is that only the DMZ is reached")
    assert found.facts["public_subnets"] == ["subnet-1"]


def test_a_dmz_that_no_vpc_is_known_as_is_asked_for() -> None:
    [found] = results("VPC.2", {"ec2_vpcs": [vpc()], **ENTRANCE}, engagement=answered("dmz"))
    assert (found.status, found.key) == ("ask", "dmz_vpcs")
    named = answered("dmz", dmz_vpcs=("vpc-1",))
    assert statuses(results("VPC.2", {"ec2_vpcs": [vpc()], **ENTRANCE}, engagement=named)) == ["ok"]


def test_a_dmz_against_an_answer_without_one_fails() -> None:
    rows = {"ec2_vpcs": [DMZ, vpc()], **ENTRANCE}
    found = results("VPC.2", rows, engagement=answered("per_application"))
    assert [(each.status, each.key) for each in found] == [("fail", "called_dmz"), ("ok", "")]


def test_untouched_default_vpcs_are_no_entrances() -> None:
    rows = {"ec2_vpcs": [DMZ, vpc(is_default=True)], **ENTRANCE}
    assert failures("VPC.2", rows, engagement=answered("dmz")) == []


def test_a_shared_vpc_is_judged_at_its_owner() -> None:
    rows = {"ec2_vpcs": [DMZ, vpc(), vpc(account_id=PRODUCTION)], **ENTRANCE}
    found = failures("VPC.2", rows, engagement=answered("dmz"))
    assert [each.account_id for each in found] == [DEVELOPMENT]


def test_subnets_that_give_no_addresses_meet_vpc_7() -> None:
    assert statuses(results("VPC.7", {"ec2_vpcs": [vpc()], **ENTRANCE})) == ["ok"]


GIVING = {**ENTRANCE, "ec2_subnets": [subnet(map_public_ip=True)]}


def test_subnets_outside_the_dmz_that_give_addresses_fail_once_per_vpc() -> None:
    rows = {**GIVING, "ec2_subnets": [*GIVING["ec2_subnets"], subnet("s-2", map_public_ip=True)]}
    [found] = failures("VPC.7", {"ec2_vpcs": [vpc()], **rows})
    assert found.severity == "medium"
    assert found.facts["subnets"] == ["s-2", "subnet-1"]


@pytest.mark.parametrize(
    ("own", "more", "severity"),
    [
        (None, {"ec2_route_tables": []}, "low"),
        (answered("per_application"), {}, "low"),
        (answered("dmz"), {}, "medium"),
    ],
)
def test_addresses_without_a_way_or_by_decision_weigh_less(
    own: Engagement | None, more: dict[str, Any], severity: str
) -> None:
    [found] = failures("VPC.7", {"ec2_vpcs": [vpc()], **GIVING, **more}, engagement=own)
    assert found.severity == severity


@pytest.mark.parametrize("own", [DMZ | {"id": "vpc-1"}, vpc(is_default=True)])
def test_the_dmz_and_untouched_default_vpcs_may_give_addresses(own: dict[str, Any]) -> None:
    assert statuses(results("VPC.7", {"ec2_vpcs": [own], **GIVING})) == ["ok"]


@pytest.mark.parametrize("table", ["ec2_subnets", "ec2_internet_gateways"])
def test_what_was_not_read_is_unknown(table: str, tmp_path: Path) -> None:
    for check in ("VPC.2", "VPC.7"):
        found = judged(check, tmp_path / check, {"ec2_vpcs": [vpc()]}, (table, DEVELOPMENT, REGION))
        own = {each.status for each in found if each.account_id == DEVELOPMENT}
        assert own == {"unknown"}
