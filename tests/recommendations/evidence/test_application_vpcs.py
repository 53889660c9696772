"""VPC.1: the decision on VPCs against the map of applications and VPCs."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import Answer
from awsbasics.recommendations.base import Result
from tests.recommendations.evidence.vpc_rows import PLACE, interface, vpc
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    engagement,
    judged,
    results,
)

BILLING, LEDGER = {"application": "billing"}, {"application": "ledger"}


def told(choice: str, *interfaces: dict[str, Any], **more: Any) -> list[Result]:
    rows = {"ec2_vpcs": [vpc()], "ec2_network_interfaces": list(interfaces), **more}
    answers = {"VPC.1": Answer(choice=choice)}
    return results("VPC.1", rows, engagement=engagement(answers=answers))


def test_without_an_answer_there_is_nothing_to_compare() -> None:
    rows = {"ec2_vpcs": [vpc()], "ec2_network_interfaces": [interface(tags=BILLING)]}
    assert results("VPC.1", rows) == []
    assert told("no_rule", interface(tags=BILLING)) == []


@pytest.mark.parametrize(
    ("choice", "interfaces", "status"),
    [
        ("per_application", [interface(tags=BILLING)], "ok"),
        ("per_application", [interface(tags=BILLING), interface("eni-2", tags=LEDGER)], "fail"),
        ("per_environment", [interface(tags=BILLING), interface("eni-2", tags=LEDGER)], "ok"),
        ("per_environment", [interface(), interface("eni-2", account_id=PRODUCTION)], "fail"),
        ("shared_network", [interface(tags=BILLING)], "fail"),
        ("shared_network", [interface(tags=BILLING, account_id=PRODUCTION)], "ok"),
        ("shared_network", [interface(), interface("eni-2", account_id=PRODUCTION)], "fail"),
    ],
)
def test_answers_are_compared_with_who_lives_in_a_vpc(
    choice: str, interfaces: list[dict[str, Any]], status: str
) -> None:
    [found] = told(choice, *interfaces)
    assert found.status == status
    assert status == "ok" or (found.title.startswith("The answer is") and "vpc-1" in found.title)


def test_functions_live_in_a_vpc_too() -> None:
    function = {
        **PLACE,
        "arn": f"arn:aws:lambda:{REGION}:{DEVELOPMENT}:function:ledger-dev",
        "vpc_id": "vpc-1",
    }
    [found] = told("per_application", interface(tags=BILLING), lambda_functions=[function])
    assert found.facts["applications"] == ["billing", "ledger"]


def test_a_vpc_in_which_nothing_lives_is_not_judged() -> None:
    assert told("per_application") == []


def test_interfaces_that_were_not_read_make_it_unknown(tmp_path: Path) -> None:
    denied = ("ec2_network_interfaces", DEVELOPMENT, REGION)
    found = judged("VPC.1", tmp_path, {"ec2_vpcs": [vpc()]}, denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
