"""VPC.3 and VPC.4: default VPCs and flow logs."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    failures,
    judged,
    results,
    statuses,
)

PLACE = {"region": REGION}


def vpc(id_: str = "vpc-1", **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:vpc/{id_}"
    return {**PLACE, "id": id_, "arn": arn, "is_default": False, "owner_id": DEVELOPMENT, **more}


def interface(id_: str = "eni-1", vpc_id: str = "vpc-1", **more: Any) -> dict[str, Any]:
    return {**PLACE, "id": id_, "vpc_id": vpc_id, "subnet_id": "subnet-1", **more}


def flow_log(resource: str = "vpc-1", **more: Any) -> dict[str, Any]:
    row = {**PLACE, "id": "fl-1", "resource_id": resource, "status": "ACTIVE"}
    return {**row, "deliver_status": "SUCCESS", "traffic_type": "ALL", **more}


def test_empty_default_vpcs_are_counted_not_listed() -> None:
    rows = {"ec2_vpcs": [vpc("vpc-1", is_default=True), vpc("vpc-2", is_default=True)]}
    assert statuses(results("VPC.3", rows)) == ["ok", "ok"]


def test_a_default_vpc_in_which_something_lives_fails() -> None:
    rows = {
        "ec2_vpcs": [vpc(is_default=True)],
        "ec2_network_interfaces": [interface(instance_id="i-1"), interface("eni-2")],
    }
    [found] = failures("VPC.3", rows)
    assert found.region == REGION
    assert found.facts["interfaces"] == ["eni-1 (i-1)", "eni-2 (interface)"]


def test_other_vpcs_are_not_default_ones() -> None:
    rows = {"ec2_vpcs": [vpc()], "ec2_network_interfaces": [interface()]}
    assert results("VPC.3", rows) == []


def test_interfaces_that_were_not_read_do_not_make_a_vpc_empty(tmp_path: Path) -> None:
    denied = ("ec2_network_interfaces", DEVELOPMENT, REGION)
    found = judged("VPC.3", tmp_path, {"ec2_vpcs": [vpc(is_default=True)]}, denied)
    assert {finding.status for finding in found} == {"unknown"}


@pytest.mark.parametrize(
    "logs",
    [
        [flow_log()],
        [flow_log(traffic_type="REJECT")],
        [flow_log("subnet-1")],
        [flow_log("eni-1")],
        [flow_log(deliver_status=None)],
        [flow_log(deliver_status="FAILED"), flow_log()],
    ],
)
def test_recorded_traffic_meets_vpc_4(logs: list[dict[str, Any]]) -> None:
    rows = {"ec2_vpcs": [vpc()], "ec2_network_interfaces": [interface()], "ec2_flow_logs": logs}
    assert statuses(results("VPC.4", rows)) == ["ok"]


@pytest.mark.parametrize(
    ("logs", "why"),
    [
        ([], "is not recorded."),
        ([flow_log("vpc-2")], "is not recorded."),
        ([flow_log(deliver_status="FAILED")], "cannot deliver"),
        ([flow_log(traffic_type="ACCEPT")], "leaves out rejected traffic"),
        ([flow_log("eni-1")], "leave out some interfaces"),
    ],
)
def test_traffic_that_is_not_recorded_fails_vpc_4(logs: list[dict[str, Any]], why: str) -> None:
    rows = {
        "ec2_vpcs": [vpc()],
        "ec2_network_interfaces": [interface(), interface("eni-2", subnet_id="subnet-2")],
        "ec2_flow_logs": logs,
    }
    [found] = failures("VPC.4", rows)
    assert why in found.title
    assert found.facts["interfaces"] == 2


def test_a_vpc_without_interfaces_has_nothing_to_record() -> None:
    assert results("VPC.4", {"ec2_vpcs": [vpc()]}) == []


def test_a_shared_vpc_is_judged_at_its_owner_by_what_others_have_in_it() -> None:
    rows = {
        "ec2_vpcs": [vpc(), vpc(account_id=PRODUCTION)],
        "ec2_network_interfaces": [interface(account_id=PRODUCTION)],
    }
    assert [result.account_id for result in failures("VPC.4", rows)] == [DEVELOPMENT]


def test_flow_logs_that_were_not_read_make_nothing_fail(tmp_path: Path) -> None:
    rows = {"ec2_vpcs": [vpc()], "ec2_network_interfaces": [interface()]}
    denied = ("ec2_flow_logs", DEVELOPMENT, REGION)
    found = judged("VPC.4", tmp_path, rows, denied)
    assert {finding.status for finding in found} == {"unknown"}
