"""R05: roles and policies owned by code, without wildcards."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement.model import Humans
from tests.recommendations.support import (
    DEVELOPMENT,
    REGION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

STACK = f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/billing-dev/1"
LAMBDA_BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def arn(kind: str, name: str) -> str:
    return f"arn:aws:iam::{DEVELOPMENT}:{kind}/{name}"


def role(name: str, path: str = "/", **more: Any) -> dict[str, Any]:
    return {
        "arn": f"arn:aws:iam::{DEVELOPMENT}:role{path}{name}",
        "name": name,
        "path": path,
        **more,
    }


def policy(name: str, *statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    row = {"arn": arn("policy", name), "name": name, "path": "/", "aws_managed": False}
    return {**row, "document": document, **more}


def inline(holder: str, name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"principal_arn": holder, "name": name, "document": document}


def attached(holder: str, policy_arn: str) -> dict[str, Any]:
    return {"principal_arn": holder, "policy_arn": policy_arn}


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def owned(kind: str, physical_id: str) -> dict[str, Any]:
    row = {
        "region": REGION,
        "stack_id": STACK,
        "stack_name": "billing-dev",
        "status": "CREATE_COMPLETE",
    }
    return {**row, "type": f"AWS::IAM::{kind}", "physical_id": physical_id, "logical_id": kind}


# APP.1


def test_roles_and_policies_of_a_stack_meet_app_1() -> None:
    rows = {
        "iam_roles": [role("billing")],
        "iam_policies": [policy("billing")],
        "cloudformation_stacks": [
            {"region": REGION, "id": STACK, "arn": STACK, "name": "billing-dev"}
        ],
        "cloudformation_stack_resources": [
            owned("Role", "billing"),
            owned("ManagedPolicy", arn("policy", "billing")),
        ],
    }
    assert statuses(results("APP.1", rows)) == ["ok", "ok"]


def test_roles_of_terraform_meet_app_1() -> None:
    rows = {"iam_roles": [role("billing", tags={"ManagedBy": "Terraform"})]}
    assert statuses(results("APP.1", rows)) == ["ok"]


def test_roles_and_policies_that_no_code_owns_fail_app_1_by_name() -> None:
    rows = {"iam_roles": [role("by-hand")], "iam_policies": [policy("loose")]}
    found = failures("APP.1", rows)
    assert [result.resource for result in found] == [arn("role", "by-hand"), arn("policy", "loose")]
    assert "by-hand" in found[0].title


@pytest.mark.parametrize(
    "exempt",
    [
        role("AWSServiceRoleForSupport", "/aws-service-role/support.amazonaws.com/"),
        role("AWSReservedSSO_Admin_1", "/aws-reserved/sso.amazonaws.com/eu-west-1/"),
        role("AWSControlTowerExecution"),
        role("cdk-hnb659fds-cfn-exec-role-1-eu-west-1"),
        role("OrganizationAccountAccessRole"),
    ],
    ids=lambda row: row["name"],
)
def test_roles_that_others_provision_are_left_out(exempt: dict[str, Any]) -> None:
    everything = allow("*")
    rows = {
        "iam_roles": [exempt],
        "iam_inline_policies": [inline(exempt["arn"], "all", everything)],
        "iam_attachments": [attached(exempt["arn"], ADMINISTRATOR)],
        "iam_policies": [
            policy("AdministratorAccess", everything, arn=ADMINISTRATOR, aws_managed=True)
        ],
    }
    assert results("APP.1", rows) == []
    assert results("APP.3", rows) == []


def test_policies_of_aws_belong_to_nobodys_code() -> None:
    assert results("APP.1", {"iam_policies": [policy("x", aws_managed=True)]}) == []


def test_stacks_that_were_not_read_make_nothing_fail_app_1(tmp_path: Path) -> None:
    denied = ("cloudformation_stack_resources", DEVELOPMENT, REGION)
    found = judged("APP.1", tmp_path, {"iam_roles": [role("by-hand")]}, denied)
    assert {finding.status for finding in found} == {"unknown"}


# APP.3


def test_exact_policies_meet_app_3() -> None:
    exact = allow(["dynamodb:GetItem", "dynamodb:PutItem"], "arn:aws:dynamodb:x:1:table/t")
    rows = {
        "iam_roles": [role("billing")],
        "iam_inline_policies": [inline(arn("role", "billing"), "own", exact)],
        "iam_policies": [policy("spare", exact)],
    }
    assert statuses(results("APP.3", rows)) == ["ok", "ok"]


def test_each_statement_that_is_too_wide_is_one_failure() -> None:
    statements = [
        allow("s3:*", Sid="Everything"),
        allow("sqs:SendMessage", "arn:aws:sqs:x:1:q"),
        allow(["dynamodb:PutItem", "ec2:DescribeInstances"], Sid="Tables"),
    ]
    rows = {
        "iam_roles": [role("billing")],
        "iam_inline_policies": [inline(arn("role", "billing"), "own", *statements)],
    }
    found = failures("APP.3", rows)
    assert [result.key for result in found] == ["own/Everything", "own/Tables"]
    assert found[1].facts["on_all_resources"] == ["dynamodb:PutItem"]
    assert found[1].facts["access_level"] == "Write"


def test_a_key_stays_when_statements_move() -> None:
    first, second = allow("s3:*"), allow("sqs:*")

    def keys(*statements: dict[str, Any]) -> set[str]:
        return {
            result.key for result in failures("APP.3", {"iam_policies": [policy("p", *statements)]})
        }

    assert keys(first, second) == keys(second, first)
    assert len(keys(first, second)) == 2


def test_boundaries_are_wide_on_purpose() -> None:
    assert results("APP.3", {"iam_policies": [policy("limit", allow("*"), boundary_count=3)]}) == []


def test_policies_that_only_people_hold_are_judged_elsewhere() -> None:
    rows = {
        "iam_users": [{"arn": arn("user", "ann"), "name": "ann", "path": "/"}],
        "iam_groups": [{"arn": arn("group", "team-a"), "name": "team-a", "path": "/"}],
        "iam_policies": [policy("wide", allow("*"))],
        "iam_attachments": [attached(arn("group", "team-a"), arn("policy", "wide"))],
        "iam_inline_policies": [inline(arn("user", "ann"), "own", allow("*"))],
    }
    assert results("APP.3", rows) == []


def test_a_program_that_is_a_user_is_an_application() -> None:
    rows = {
        "iam_users": [{"arn": arn("user", "ci-x"), "name": "ci-x", "path": "/"}],
        "iam_inline_policies": [inline(arn("user", "ci-x"), "own", allow("*"))],
    }
    humans = engagement(humans=Humans(exclude=("ci-*",)))
    assert [result.severity for result in failures("APP.3", rows, engagement=humans)] == ["high"]


def test_the_break_glass_role_is_no_application() -> None:
    rows = {
        "iam_roles": [role("break-glass")],
        "iam_inline_policies": [inline(arn("role", "break-glass"), "own", allow("*"))],
    }
    assert results("APP.3", rows) == []


def test_a_whole_service_by_a_policy_of_aws_fails_at_the_role() -> None:
    rows = {
        "iam_roles": [role("billing"), role("ledger")],
        "iam_policies": [
            policy("AdministratorAccess", allow("*"), arn=ADMINISTRATOR, aws_managed=True)
        ],
        "iam_attachments": [attached(arn("role", "billing"), ADMINISTRATOR)],
    }
    [found] = failures("APP.3", rows)
    assert (found.resource, found.key) == (arn("role", "billing"), ADMINISTRATOR)
    assert (found.severity, "every action" in found.title) == ("high", True)


def test_the_log_policy_that_aws_gives_functions_is_no_failure() -> None:
    rows = {
        "iam_roles": [role("billing")],
        "iam_policies": [
            policy(
                "AWSLambdaBasicExecutionRole",
                allow(["logs:CreateLogGroup", "logs:PutLogEvents"]),
                arn=LAMBDA_BASIC,
                path="/service-role/",
                aws_managed=True,
            )
        ],
        "iam_attachments": [attached(arn("role", "billing"), LAMBDA_BASIC)],
    }
    assert not failures("APP.3", rows)


def test_a_document_that_was_not_read_is_unknown() -> None:
    row = policy("hidden")
    rows = {"iam_policies": [{**row, "document": None, "document_status": "denied"}]}
    assert statuses(results("APP.3", rows)) == ["unknown"]


def test_a_document_that_cannot_be_understood_is_unknown() -> None:
    rows = {"iam_policies": [{**policy("odd"), "document": "{not json"}]}
    assert statuses(results("APP.3", rows)) == ["unknown"]


def test_actions_that_the_vocabulary_lacks_are_unknown_not_harmless() -> None:
    rows = {"iam_policies": [policy("new", allow("quantumthing:Entangle"))]}
    [found] = results("APP.3", rows)
    assert found.status == "unknown"
    assert "quantumthing:Entangle" in found.title
