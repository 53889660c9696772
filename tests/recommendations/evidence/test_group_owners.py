"""SG.1 and SG.2: the applications that groups serve, and the code that owns them."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import (
    DEVELOPMENT,
    REGION,
    Rows,
    failures,
    judged,
    results,
    statuses,
)

PLACE = {"region": REGION}
STACK = f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/billing-dev/1"
STACKS = [{**PLACE, "id": STACK, "arn": STACK, "name": "billing-dev"}]


def arn(id_: str) -> str:
    return f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:security-group/{id_}"


def group(id_: str, name: str = "", **more: Any) -> dict[str, Any]:
    row = {**PLACE, "id": id_, "arn": arn(id_), "name": name or id_, "vpc_id": "vpc-1"}
    return {**row, **more}


def interface(id_: str, groups: list[str], application: str | None = None, **more: Any) -> Any:
    tags = {"application": application} if application else {}
    return {**PLACE, "id": id_, "group_ids": groups, "vpc_id": "vpc-1", "tags": tags, **more}


def rule(id_: str, group_id: str) -> dict[str, Any]:
    return {**PLACE, "id": id_, "group_id": group_id, "is_egress": True, "protocol": "-1"}


def owned(physical_id: str, kind: str = "SecurityGroup") -> dict[str, Any]:
    return {
        **PLACE,
        "stack_id": STACK,
        "stack_name": "billing-dev",
        "logical_id": physical_id,
        "physical_id": physical_id,
        "type": f"AWS::EC2::{kind}",
        "status": "CREATE_COMPLETE",
    }


# SG.1


def test_a_group_for_each_application_meets_sg_1() -> None:
    rows = {
        "ec2_security_groups": [group("sg-1"), group("sg-2")],
        "ec2_network_interfaces": [
            interface("eni-1", ["sg-1"], "billing"),
            interface("eni-2", ["sg-1"], "billing"),
            interface("eni-3", ["sg-2"], "ledger"),
        ],
    }
    assert set(statuses(results("SG.1", rows))) == {"ok"}


def test_a_group_of_several_applications_fails_and_so_do_those_without_another() -> None:
    rows = {
        "ec2_security_groups": [group("sg-1"), group("sg-2")],
        "ec2_network_interfaces": [
            interface("eni-1", ["sg-1"], "billing"),
            interface("eni-2", ["sg-1", "sg-2"], "ledger"),
        ],
    }
    found = {result.key: result for result in failures("SG.1", rows)}
    assert set(found) == {"shared", "billing"}
    assert found["shared"].resource == arn("sg-1")
    assert found["shared"].facts["applications"] == ["billing", "ledger"]
    assert (found["billing"].application, found["billing"].region) == ("billing", REGION)


def test_the_application_of_an_interface_is_its_instances_where_it_says_nothing() -> None:
    rows = {
        "ec2_security_groups": [group("sg-1")],
        "ec2_network_interfaces": [
            interface("eni-1", ["sg-1"], instance_id="i-1"),
            interface("eni-2", ["sg-1"], instance_id="i-2"),
        ],
        "ec2_instances": [
            {**PLACE, "id": "i-1", "tags": {"application": "billing"}},
            {**PLACE, "id": "i-2", "tags": {}},
        ],
        "cloudformation_stacks": [{**STACKS[0], "name": "ledger-test"}],
        "cloudformation_stack_resources": [owned("i-2", "Instance")],
    }
    [found] = [result for result in failures("SG.1", rows) if result.key == "shared"]
    assert found.facts["applications"] == ["billing", "ledger"]


def test_a_default_group_in_use_fails_and_is_no_applications_own() -> None:
    rows = {
        "ec2_security_groups": [group("sg-0", "default")],
        "ec2_network_interfaces": [interface("eni-1", ["sg-0"], "billing")],
    }
    assert {result.key for result in failures("SG.1", rows)} == {"default_in_use", "billing"}


def test_a_default_group_with_rules_fails_mildly_where_anything_lives() -> None:
    rows: Rows = {
        "ec2_security_groups": [group("sg-0", "default"), group("sg-1")],
        "ec2_security_group_rules": [rule("sgr-1", "sg-0")],
        "ec2_network_interfaces": [interface("eni-1", ["sg-1"])],
    }
    [found] = failures("SG.1", rows)
    assert (found.key, found.severity) == ("default_rules", "low")
    assert not failures("SG.1", {**rows, "ec2_network_interfaces": []})
    assert not failures("SG.1", {**rows, "ec2_security_group_rules": []})


# SG.2


def test_groups_of_stacks_and_terraform_meet_sg_2() -> None:
    rows = {
        "ec2_security_groups": [
            group("sg-1"),
            group("sg-2", tags={"terraform": "true"}),
            group("sg-3", tags={"aws:cloudformation:stack-id": STACK}),
        ],
        "cloudformation_stacks": STACKS,
        "cloudformation_stack_resources": [owned("sg-1")],
    }
    assert statuses(results("SG.2", rows)) == ["ok", "ok", "ok"]


def test_a_group_made_by_hand_fails_by_name_with_its_rules_counted() -> None:
    rows = {
        "ec2_security_groups": [group("sg-1", "launch-wizard-1")],
        "ec2_security_group_rules": [rule("sgr-1", "sg-1"), rule("sgr-2", "sg-1")],
        "cloudformation_stacks": STACKS,
        "cloudformation_stack_resources": [owned("sgr-2", "SecurityGroupIngress")],
    }
    [found] = failures("SG.2", rows)
    assert "launch-wizard-1" in found.title
    assert (found.facts["rules"], found.facts["rules_of_stacks"]) == (2, 1)


@pytest.mark.parametrize(
    "group_row",
    [
        group("sg-0", "default"),
        group("sg-1", tags={"aws:eks:cluster-name": "c"}),
        group("sg-1", tags={"elbv2.k8s.aws/cluster": "c"}),
        group("sg-1", description="AWS created security group for d-1 directory controllers"),
    ],
)
def test_groups_that_aws_or_a_service_makes_are_left_out(group_row: dict[str, Any]) -> None:
    assert results("SG.2", {"ec2_security_groups": [group_row]}) == []


def test_stacks_that_were_not_read_make_no_group_fail(tmp_path: Path) -> None:
    denied = ("cloudformation_stack_resources", DEVELOPMENT, REGION)
    found = judged("SG.2", tmp_path, {"ec2_security_groups": [group("sg-1")]}, denied)
    assert {finding.status for finding in found} == {"unknown"}
