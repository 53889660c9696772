"""APP.2: a role serves one application."""

from pathlib import Path
from typing import Any

from tests.recommendations.principal_rows import Tables, arn, joined, role
from tests.recommendations.support import (
    DEVELOPMENT,
    REGION,
    failures,
    judged,
    results,
    statuses,
)

ROLE = arn("role", "app")


def function(name: str, role_arn: str = ROLE) -> Tables:
    own = f"arn:aws:lambda:{REGION}:{DEVELOPMENT}:function:{name}"
    return {
        "lambda_functions": [{"region": REGION, "arn": own, "name": name, "role_arn": role_arn}]
    }


def task(family: str, application: str, **roles: str) -> Tables:
    own = f"arn:aws:ecs:{REGION}:{DEVELOPMENT}:task-definition/{family}:1"
    tags = {"application": application}
    row: dict[str, Any] = {"region": REGION, "arn": own, "family": family, "tags": tags}
    return {"ecs_task_definitions": [{**row, **roles}]}


def test_a_role_of_one_application_passes() -> None:
    rows = joined(role("app"), function("billing-dev-api"), function("billing-dev-worker"))
    assert statuses(results("APP.2", rows)) == ["ok"]


def test_a_role_of_several_fails() -> None:
    rows = joined(role("app"), function("billing-dev-api"), task("x", "ledger", task_role_arn=ROLE))
    [found] = failures("APP.2", rows)
    assert (found.resource, found.key, found.severity) == (ROLE, "shared", "high")
    assert found.facts["applications"] == ["billing", "ledger"]


def test_instances_count_by_the_role_in_their_profile() -> None:
    profile = f"arn:aws:iam::{DEVELOPMENT}:instance-profile/app"
    instances = [
        {
            "region": REGION,
            "id": f"i-{number}",
            "arn": f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:instance/i-{number}",
            "state": "running",
            "instance_profile_arn": profile,
            "tags": {"app": name},
        }
        for number, name in enumerate(("billing", "ledger"))
    ]
    rows: Tables = {
        "iam_instance_profiles": [{"arn": profile, "name": "app", "role_arns": [ROLE]}],
        "ec2_instances": instances,
    }
    assert [each.severity for each in failures("APP.2", joined(rows, role("app")))] == ["high"]


def test_what_only_fetches_images_and_secrets_weighs_less() -> None:
    tasks = [task(name, name, execution_role_arn=ROLE) for name in ("billing", "ledger")]
    assert [each.severity for each in failures("APP.2", joined(role("app"), *tasks))] == ["medium"]


def test_what_belongs_to_no_application_says_nothing() -> None:
    assert results("APP.2", joined(role("app"), function("nameless"))) == []
    rows = joined(role("app"), function("nameless"), function("billing-dev-api"))
    assert statuses(results("APP.2", rows)) == ["ok"]


def test_provisioning_roles_are_left_alone() -> None:
    name = "AWSControlTowerExecution"
    functions = [function(f"{each}-dev-api", arn("role", name)) for each in ("billing", "ledger")]
    assert results("APP.2", joined(role(name), *functions)) == []


def test_without_functions_app_2_is_unknown(tmp_path: Path) -> None:
    rows = joined(role("app"), function("billing-dev-api"))
    found = judged("APP.2", tmp_path, rows, ("lambda_functions", DEVELOPMENT, "*"))
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
