"""SG.6: security groups to which no attachment was seen."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.recommendations.evidence.unused_groups import BY_ID
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


def group(id_: str = "sg-1", **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:security-group/{id_}"
    return {**PLACE, "id": id_, "name": f"name-{id_}", "arn": arn, "vpc_id": "vpc-1", **more}


def test_a_group_that_nothing_names_fails() -> None:
    [found] = failures("SG.6", {"ec2_security_groups": [group()]})
    assert found.title.startswith("No attachment to security group name-sg-1 (sg-1) was seen")


@pytest.mark.parametrize("table", BY_ID)
def test_whatever_names_a_group_uses_it(table: str) -> None:
    rows = {"ec2_security_groups": [group()], table: [{**PLACE, "group_ids": ["sg-1"]}]}
    assert statuses(results("SG.6", rows)) == ["ok"]


@pytest.mark.parametrize(
    "rows",
    [
        {"eks_clusters": [{**PLACE, "cluster_group_id": "sg-1"}]},
        {"autoscaling_launch_configurations": [{**PLACE, "groups": ["sg-1"]}]},
        {"autoscaling_launch_configurations": [{**PLACE, "groups": ["name-sg-1"]}]},
        {"ec2_launch_template_versions": [{**PLACE, "group_names": ["name-sg-1"]}]},
        {"ec2_security_group_rules": [{"group_id": "sg-2", "referenced_group_id": "sg-1"}]},
    ],
)
def test_templates_names_and_rules_of_other_groups_use_it_too(rows: dict[str, Any]) -> None:
    assert statuses(results("SG.6", {"ec2_security_groups": [group()], **rows})) == ["ok"]


def test_a_rule_that_refers_to_its_own_group_is_no_use() -> None:
    own = {"group_id": "sg-1", "referenced_group_id": "sg-1"}
    rows = {"ec2_security_groups": [group()], "ec2_security_group_rules": [own]}
    assert len(failures("SG.6", rows)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"name": "default"},
        {"description": "EKS created security group applied to ENI"},
        {"owner_id": PRODUCTION},
    ],
)
def test_default_groups_services_own_and_shared_ones_are_left_out(more: dict[str, Any]) -> None:
    assert results("SG.6", {"ec2_security_groups": [group(**more)]}) == []


@pytest.mark.parametrize("table", ["ec2_network_interfaces", "codebuild_projects"])
def test_what_was_not_read_may_use_it(table: str, tmp_path: Path) -> None:
    found = judged(
        "SG.6", tmp_path, {"ec2_security_groups": [group()]}, (table, DEVELOPMENT, REGION)
    )
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
