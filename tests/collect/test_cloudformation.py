"""Stacks, what they own, and templates that have lost their secrets."""

import json
from typing import Any

from awsbasics.collect.engine import to_arrow
from awsbasics.collect.tables import TABLES
from tests.collect.fake_caller import (
    ACCOUNT,
    WHEN,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    read,
    refused,
    rows_of,
)

SECRET = "hunter2-planted"
STACKS = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack"
STACK: dict[str, Any] = {
    "StackId": f"{STACKS}/billing-prod/1",
    "StackName": "billing-prod",
    "StackStatus": "CREATE_COMPLETE",
    "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/deploy",
    "EnableTerminationProtection": True,
    "ParentId": f"{STACKS}/root/0",
    "RootId": f"{STACKS}/root/0",
    "CreationTime": WHEN,
    "LastUpdatedTime": WHEN,
    "Parameters": [{"ParameterKey": "DbPassword", "ParameterValue": SECRET}],
    "Outputs": [{"OutputKey": "Url", "OutputValue": f"https://u:{SECRET}@db"}],
    "DriftInformation": {"StackDriftStatus": "IN_SYNC", "LastCheckTimestamp": WHEN},
    "Tags": [{"Key": "application", "Value": "billing"}],
}
IN_REVIEW = {
    "StackId": f"{STACKS}/draft/2",
    "StackName": "draft",
    "StackStatus": "REVIEW_IN_PROGRESS",
    "CreationTime": WHEN,
}
YAML = f"""
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  DbPassword: {{Type: String, Default: {SECRET}}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "billing-${{AWS::Region}}"
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Environment:
        Variables:
          STRIPE: {SECRET}
"""
RECORDED: dict[str, Any] = {
    "DescribeStacks": {"Stacks": [STACK, IN_REVIEW]},
    "ListStackResources": {
        "StackResourceSummaries": [
            {
                "LogicalResourceId": "Role",
                "PhysicalResourceId": "billing-role",
                "ResourceType": "AWS::IAM::Role",
                "ResourceStatus": "CREATE_COMPLETE",
                "LastUpdatedTimestamp": WHEN,
            }
        ]
    },
    "GetTemplate": {"TemplateBody": YAML},
}
TABLE_NAMES = (
    "cloudformation_stacks",
    "cloudformation_stack_resources",
    "cloudformation_templates",
)


def test_every_column_of_every_table_has_its_source_in_the_answers() -> None:
    for name in TABLE_NAMES:
        assert_every_column_is_filled(name, rows_of(name, RECORDED))


def test_no_secret_of_a_stack_is_written() -> None:
    written = ""
    for name in TABLE_NAMES:
        rows = rows_of(name, RECORDED)
        assert rows
        written += str(to_arrow(TABLES[name], rows).to_pylist())
    assert "DbPassword" in written
    assert "STRIPE" in written
    assert SECRET not in written


def test_parameters_and_outputs_keep_their_names() -> None:
    rows = {row["name"]: row for row in rows_of("cloudformation_stacks", RECORDED)}
    stack = rows["billing-prod"]
    assert (stack["parameters"], stack["outputs"]) == ('["DbPassword"]', '["Url"]')
    assert (rows["draft"]["parameters"], rows["draft"]["outputs"]) == ("[]", "[]")
    assert stack["id"] == stack["arn"] == STACK["StackId"]


def test_a_stack_in_review_owns_nothing_and_has_no_template_yet() -> None:
    caller = fake_caller(RECORDED)
    resources = rows_of("cloudformation_stack_resources", caller)
    templates = {row["stack_name"]: row for row in rows_of("cloudformation_templates", caller)}
    assert {row["stack_name"] for row in resources} == {"billing-prod"}
    assert templates["draft"]["body_status"] == "absent"
    assert asked(caller) == ["DescribeStacks", "ListStackResources", "GetTemplate"]


def test_templates_in_yaml_and_json_are_the_same_text() -> None:
    body = _bodies(YAML)["billing-prod"]
    as_boto3_gives_json = json.loads(body)
    assert as_boto3_gives_json["Resources"]["Function"]["Properties"]["Role"] == {
        "Fn::GetAtt": ["Role", "Arn"]
    }
    assert _bodies(as_boto3_gives_json)["billing-prod"] == body


def test_a_template_that_cannot_be_read_is_unread_and_none_of_it_is_kept() -> None:
    broken = f"Resources: [{SECRET}"
    found = read("cloudformation_templates", {**RECORDED, "GetTemplate": {"TemplateBody": broken}})
    row = next(row for row in found.rows if row["stack_name"] == "billing-prod")
    assert (row["body"], row["body_status"]) == (None, "error")
    assert found.coverage.status == "partial"
    assert SECRET not in found.coverage.error_message


def test_one_stack_that_is_denied_leaves_the_others_and_a_partial_table() -> None:
    second = {**STACK, "StackId": f"{STACKS}/other/3", "StackName": "other"}

    def resources(StackName: str, region: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        if "other" in StackName:
            raise refused()
        answer: dict[str, Any] = RECORDED["ListStackResources"]
        return answer

    found = read(
        "cloudformation_stack_resources",
        {"DescribeStacks": {"Stacks": [STACK, second]}, "ListStackResources": resources},
    )
    assert {row["stack_name"] for row in found.rows} == {"billing-prod"}
    assert (found.coverage.status, found.coverage.error_code) == ("partial", "AccessDenied")


def _bodies(template: Any) -> dict[str, str]:
    recorded = {**RECORDED, "GetTemplate": {"TemplateBody": template}}
    return {r["stack_name"]: r["body"] for r in rows_of("cloudformation_templates", recorded)}
