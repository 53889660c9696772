"""Clusters, services and task definitions, without what containers are told in secret."""

import json
from typing import Any

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.workloads import (
    RECORDED,
    SECRET_ARN,
    SERVICE,
    arn,
    task_definition,
)

TASKS = RECORDED["ecs_task_definitions"]


def test_the_newest_of_each_family_and_what_services_still_run_are_rows() -> None:
    found = {
        (row["family"], row["revision"]): row["in_service"]
        for row in rows_of("ecs_task_definitions", TASKS)
    }
    assert found == {("app", 3): True, ("app", 2): True, ("nightly", 3): False}


def test_no_task_definition_is_asked_for_twice() -> None:
    caller = fake_caller(TASKS)
    rows_of("ecs_task_definitions", caller)
    assert asked(caller).count("DescribeTaskDefinition") == 3


def test_services_are_read_once_for_both_tables() -> None:
    caller = fake_caller(TASKS)
    rows_of("ecs_services", caller)
    rows_of("ecs_task_definitions", caller)
    assert asked(caller).count("DescribeServices") == asked(caller).count("ListServices") == 1


def test_of_a_container_only_names_and_pointers_are_kept() -> None:
    row = rows_of("ecs_task_definitions", TASKS)[0]
    assert json.loads(row["containers"]) == [
        {
            "name": "app",
            "image": "public.ecr.aws/nginx",
            "environment": {"DB_PASSWORD": "literal", "DB_SECRET": "pointer", "EMPTY": "empty"},
            "secrets": {"API_KEY": SECRET_ARN},
            "environment_files": ["arn:aws:s3:::config/app.env"],
        }
    ]


def test_services_are_described_ten_at_a_time() -> None:
    arns = [arn("ecs", f"service/main/s{n}") for n in range(21)]

    def described(**asked: Any) -> dict[str, Any]:
        assert len(asked["services"]) <= 10
        return {"services": [{**SERVICE, "serviceArn": name} for name in asked["services"]]}

    answers = {
        **RECORDED["ecs_services"],
        "ListServices": {"serviceArns": arns},
        "DescribeServices": described,
    }
    caller = fake_caller(answers)
    rows = rows_of("ecs_services", caller)
    assert {row["arn"] for row in rows} == set(arns)
    assert asked(caller).count("DescribeServices") == 3


def test_a_cluster_that_was_deleted_meanwhile_has_no_services_and_a_denied_one_is_not_read() -> (
    None
):
    for code, status in (("ClusterNotFoundException", "empty"), ("AccessDenied", "partial")):
        found = read("ecs_services", {**RECORDED["ecs_services"], "ListServices": refused(code)})
        assert (found.coverage.status, found.rows) == (status, [])


def test_a_task_without_a_role_has_none() -> None:
    bare = task_definition()
    del bare["taskDefinition"]["taskRoleArn"]
    (row, *_) = rows_of("ecs_task_definitions", {**TASKS, "DescribeTaskDefinition": bare})
    assert row["task_role_arn"] is None
