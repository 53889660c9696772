"""SEC.8: secrets that nobody reads, and credentials kept elsewhere. It is 2026-11-01."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.collect.documents import canonical_json
from awsbasics.collect.secrets_filter import filter_template
from awsbasics.recommendations.evidence.kept_elsewhere import names_credential
from tests.recommendations.secret_rows import secret
from tests.recommendations.support import (
    DEVELOPMENT,
    REGION,
    Rows,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

OLD, YOUNG = "2025-01-01T00:00:00Z", "2026-10-01T00:00:00Z"
STACK = f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/billing-dev/1"
PLACE = {"region": REGION}


def stack(template: Any, **more: Any) -> Rows:
    """A stack with a template as the gather keeps it."""
    body = canonical_json(filter_template(template)) if template is not None else None
    return {
        "cloudformation_stacks": [
            {**PLACE, "id": STACK, "arn": STACK, "name": "billing-dev", "status": "CREATE_COMPLETE"}
        ],
        "cloudformation_templates": [
            {**PLACE, "stack_id": STACK, "stack_name": "billing-dev", "body": body, **more}
        ]
        if template is not None or more
        else [],
    }


def database(password: Any, **more: Any) -> Rows:
    kind = "AWS::RDS::DBInstance"
    resource = {"Type": kind, "Properties": {"MasterUserPassword": password}}
    return stack({"Resources": {"Database": resource}, **more})


# Unused secrets


@pytest.mark.parametrize(
    "more",
    [
        {"created": YOUNG},
        {"created": OLD, "last_accessed": YOUNG},
        {"created": OLD, "owning_service": "rds"},
        {"created": OLD, "primary_region": "us-east-1"},
        {},
    ],
)
def test_secrets_in_use_new_ones_and_those_of_services_are_fine(more: dict[str, Any]) -> None:
    assert not failures("SEC.8", secret(**more))


@pytest.mark.parametrize(
    ("more", "says"), [({}, "was never read"), ({"last_accessed": OLD}, "last read on 2025-01-01")]
)
def test_an_old_secret_that_nobody_reads_fails(more: dict[str, str], says: str) -> None:
    [found] = failures("SEC.8", secret(created="2024-01-01T00:00:00Z", **more))
    assert (found.key, found.severity) == ("unused", "medium")
    assert says in found.title


def test_the_limit_is_the_engagement_files() -> None:
    patient = engagement(thresholds={**engagement().thresholds, "unused_days": 1000})
    assert not failures("SEC.8", secret(created=OLD), engagement=patient)


# Templates


def test_a_password_in_plain_is_high() -> None:
    [found] = failures("SEC.8", database("hunter2"))
    assert (found.resource, found.key, found.severity) == (STACK, "values", "high")
    assert found.facts["names"] == ["Database.MasterUserPassword"]


def test_one_of_two_by_a_condition_is_found() -> None:
    either = {"Fn::If": ["Live", "{{resolve:secretsmanager:a}}", "hunter2"]}
    conditions = {"Live": {"Fn::Equals": [{"Ref": "AWS::StackName"}, {"Ref": "P"}]}}
    rows = database(either, Conditions=conditions, Parameters={"P": {"Type": "String"}})
    assert [each.key for each in failures("SEC.8", rows)] == ["values"]


@pytest.mark.parametrize(
    "password",
    [
        "{{resolve:secretsmanager:prod/billing/database:SecretString:password}}",
        {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:password}}"},
        {"Ref": "AWS::NoValue"},
    ],
)
def test_references_are_no_values(password: Any) -> None:
    assert statuses(results("SEC.8", database(password))) == ["ok"]


def test_generated_secrets_and_settings_of_passwords_are_no_values() -> None:
    generated = {"GenerateSecretString": {"PasswordLength": 32, "SecretStringTemplate": "{}"}}
    pool = {"AccessTokenValidity": 60, "TokenValidityUnits": {"AccessToken": "minutes"}}
    resources = {
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": generated},
        "Client": {"Type": "AWS::Cognito::UserPoolClient", "Properties": pool},
    }
    assert statuses(results("SEC.8", stack({"Resources": resources}))) == ["ok"]


@pytest.mark.parametrize(
    ("declared", "failing"),
    [
        ({"Type": "String"}, True),
        ({"Type": "String", "NoEcho": "false"}, True),
        ({"Type": "String", "NoEcho": True}, False),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, False),
        ({"Type": "String", "Default": "{{resolve:secretsmanager:a}}"}, False),
    ],
)
def test_parameters_for_credentials_need_no_echo(declared: Any, failing: bool) -> None:
    found = failures("SEC.8", stack({"Parameters": {"DatabasePassword": declared}}))
    assert [(each.key, each.severity) for each in found] == [("parameters", "medium")] * failing


def test_outputs_with_credentials_fail() -> None:
    template = {
        "Parameters": {"Password": {"Type": "String", "NoEcho": True}},
        "Resources": {"Key": {"Type": "AWS::IAM::AccessKey", "Properties": {}}},
        "Outputs": {
            "ApiToken": {"Value": "abc"},
            "Login": {"Value": {"Fn::Sub": "ada:${Password}"}},
            "Access": {"Value": {"Fn::GetAtt": ["Key", "SecretAccessKey"]}},
            "AccessKey": {"Value": {"Ref": "Key"}},
            "SecretArn": {"Value": "arn:aws:secretsmanager:eu-west-1:1:secret:a"},
            "Url": {"Value": "https://example.com"},
        },
    }
    found = {each.key: each for each in failures("SEC.8", stack(template))}
    assert found["outputs"].facts["names"] == ["ApiToken", "Login"]
    assert (found["keys"].facts["names"], found["keys"].severity) == (["Access"], "high")
    assert set(found) == {"outputs", "keys"}


def test_a_template_that_was_not_read_passes_no_stack() -> None:
    assert statuses(results("SEC.8", stack(None, body_status="denied"))) == ["unknown"]


@pytest.mark.parametrize("odd", [{"Parameters": 7}, {"Outputs": [1]}, {"Resources": {"A": None}}])
def test_odd_templates_break_nothing(odd: Any) -> None:
    assert statuses(results("SEC.8", stack(odd))) == ["ok"]


# Parameters and environments


@pytest.mark.parametrize(
    ("name", "kind", "failing"),
    [
        ("/prod/billing/db-password", "String", True),
        ("GITHUB_TOKEN", "StringList", True),
        ("/prod/billing/db-password", "SecureString", False),
        ("/prod/billing/secret-name", "String", False),
        ("/prod/billing/passwords/host", "String", False),
        ("/aws/service/token", "String", False),
    ],
)
def test_parameters_in_plain_fail_by_their_name(name: str, kind: str, failing: bool) -> None:
    row = {**PLACE, "name": name, "arn": f"arn:aws:ssm:::parameter{name}", "type": kind}
    found = failures("SEC.8", {"ssm_parameters": [row]})
    assert [(each.key, each.severity) for each in found] == [("parameter", "medium")] * failing


VARIABLES = {"DB_PASSWORD": "literal", "DB_HOST": "literal", "API_KEY": "pointer", "TOKEN": "empty"}
ARN = f"arn:aws:x:{REGION}:{DEVELOPMENT}:thing/billing"


@pytest.mark.parametrize(
    ("table", "more"),
    [
        ("lambda_functions", {"arn": ARN, "environment": VARIABLES}),
        ("codebuild_projects", {"arn": ARN, "environment": {**VARIABLES, "SECRET": "secret"}}),
        (
            "ecs_task_definitions",
            {"arn": f"{ARN}:7", "containers": [{"name": "app", "environment": VARIABLES}]},
        ),
    ],
)
def test_literals_in_environments_fail_by_their_name(table: str, more: dict[str, Any]) -> None:
    name = "family" if "ecs" in table else "name"
    [found] = failures("SEC.8", {table: [{**PLACE, name: "billing", **more}]})
    assert (found.resource, found.severity) == (ARN, "medium")
    assert found.facts["names"] == ["DB_PASSWORD"]


def test_revisions_of_a_family_are_one_finding() -> None:
    containers = [{"name": "app", "environment": VARIABLES}]
    task = {**PLACE, "family": "billing", "containers": containers}
    both = [{**task, "arn": f"{ARN}:{n}", "in_service": n == 7} for n in (7, 8)]
    assert len(failures("SEC.8", {"ecs_task_definitions": both})) == 1


def test_environments_that_are_odd_or_empty_pass() -> None:
    row = {**PLACE, "name": "f", "arn": ARN}
    odd: list[Any] = [None, [], "x", {}]
    for environment in odd:
        function = {**row, "environment": environment}
        assert statuses(results("SEC.8", {"lambda_functions": [function]})) == ["ok"]


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_NAME",
        "DB_SECRET_ARN",
        "TOKEN_ID",
        "TOKEN_URL",
        "PASSWORD_FILE",
        "TOKEN_TTL",
        "PASSWORD_POLICY",
        "SECRETS_REGION",
        "HOST",
    ],
)
def test_names_that_only_look_like_credentials_do_not_count(name: str) -> None:
    assert not names_credential(name)


def test_what_was_not_read_passes_nothing(tmp_path: Path) -> None:
    denied = ("lambda_functions", DEVELOPMENT, REGION)
    found = judged("SEC.8", tmp_path, secret("dev/a/b", DEVELOPMENT), denied)
    here = {each.status for each in found if each.account_id == DEVELOPMENT}
    assert here == {"unknown"}
