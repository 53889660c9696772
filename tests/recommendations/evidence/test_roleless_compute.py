"""APP.11: instances and tasks have roles."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.principal_rows import Tables, joined
from tests.recommendations.support import DEVELOPMENT, REGION, failures, judged, results, statuses

PROFILE = f"arn:aws:iam::{DEVELOPMENT}:instance-profile/app"
GROUP = f"arn:aws:autoscaling:{REGION}:{DEVELOPMENT}:autoScalingGroup:1:autoScalingGroupName/web"


def instance(instance_id: str, **more: Any) -> Tables:
    own = f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:instance/{instance_id}"
    row = {"region": REGION, "id": instance_id, "arn": own, "state": "running"}
    return {"ec2_instances": [{**row, **more}]}


def task(**more: Any) -> Tables:
    own = f"arn:aws:ecs:{REGION}:{DEVELOPMENT}:task-definition/billing:1"
    row = {"region": REGION, "arn": own, "family": "billing", "in_service": True}
    return {"ecs_task_definitions": [{**row, **more}]}


def test_instances_with_a_profile_and_tasks_with_a_role_pass() -> None:
    rows = joined(instance("i-1", instance_profile_arn=PROFILE), task(task_role_arn="arn:x"))
    assert statuses(results("APP.11", rows)) == ["ok", "ok"]


def test_an_instance_without_a_profile_fails() -> None:
    [found] = failures("APP.11", instance("i-1"))
    assert found.key == "instance_profile"
    assert found.resource.endswith("/i-1")


def test_a_groups_instances_are_told_once() -> None:
    group = {"region": REGION, "arn": GROUP, "name": "web", "instance_ids": ["i-1", "i-2"]}
    rows = joined(instance("i-1"), instance("i-2"), {"autoscaling_groups": [group]})
    [found] = failures("APP.11", rows)
    assert (found.resource, found.facts["count"]) == (GROUP, 2)
    assert "group web 2 instances have no instance profile" in found.title


@pytest.mark.parametrize("state", ["terminated", "shutting-down"])
def test_instances_at_their_end_are_left_out(state: str) -> None:
    assert results("APP.11", instance("i-1", state=state)) == []


def test_tasks_that_a_service_runs_need_a_role() -> None:
    assert [each.key for each in failures("APP.11", task())] == ["task_role"]
    assert results("APP.11", task(in_service=False)) == []


def test_without_instances_app_11_is_unknown(tmp_path: Path) -> None:
    denied = ("ec2_instances", DEVELOPMENT, "*")
    found = judged("APP.11", tmp_path, task(task_role_arn="arn:x"), denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
