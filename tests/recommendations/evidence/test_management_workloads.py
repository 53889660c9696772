"""SEP.5: the management account runs nothing."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement.model import Allow
from tests.recommendations.principal_rows import Tables, joined
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    REGION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

PLACE = {"account_id": MANAGEMENT, "region": REGION}
FUNCTION = f"arn:aws:lambda:{REGION}:{MANAGEMENT}:function:account-factory"
STACK = f"arn:aws:cloudformation:{REGION}:{MANAGEMENT}:stack/billing/1f"
INTERFACE = f"arn:aws:ec2:{REGION}:{MANAGEMENT}:network-interface/eni-1"


def function(**more: Any) -> Tables:
    return {"lambda_functions": [{**PLACE, "arn": FUNCTION, **more}]}


def stack(*types: str, **more: Any) -> Tables:
    row = {**PLACE, "arn": STACK, "name": "billing", "status": "CREATE_COMPLETE", **more}
    held = [{**PLACE, "stack_id": STACK, "type": kind} for kind in types]
    return {"cloudformation_stacks": [row], "cloudformation_stack_resources": held}


def interface() -> Tables:
    return {"ec2_network_interfaces": [{**PLACE, "arn": INTERFACE}]}


def test_each_kind_is_one_finding_in_its_region() -> None:
    found = failures(
        "SEP.5", joined(function(), function(arn="arn:two"), stack("AWS::ECS::Service"))
    )
    assert [(each.key, each.facts["count"]) for each in found] == [
        ("lambda_functions", 2),
        ("cloudformation_stacks", 1),
    ]
    assert {each.region for each in found} == {REGION}


def test_an_account_with_nothing_is_in_order() -> None:
    assert statuses(results("SEP.5", {})) == ["ok"]


def test_what_others_run_is_theirs() -> None:
    assert statuses(results("SEP.5", function(account_id=DEVELOPMENT))) == ["ok"]


@pytest.mark.parametrize(
    "types",
    [
        ["AWS::CloudTrail::Trail", "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::KMS::Key"],
        ["AWS::IAM::Role", "AWS::Organizations::Policy"],
    ],
)
def test_stacks_that_govern_are_no_workload(types: list[str]) -> None:
    assert statuses(results("SEP.5", stack(*types))) == ["ok"]


@pytest.mark.parametrize("types", [[], ["AWS::IAM::Role", "AWS::DynamoDB::Table"], ["Custom::X"]])
def test_other_stacks_are(types: list[str]) -> None:
    assert [each.key for each in failures("SEP.5", stack(*types))] == ["cloudformation_stacks"]


def test_what_provisions_accounts_is_left_alone() -> None:
    made = STACK.replace("billing", "StackSet-AWSControlTowerBP-1f")
    forwarder = FUNCTION.replace("account-factory", "aws-controltower-NotificationForwarder")
    rows = joined(stack("AWS::Lambda::Function", arn=made), function(arn=forwarder))
    assert statuses(results("SEP.5", rows)) == ["ok"]


def test_interfaces_count_where_nothing_else_explains_them() -> None:
    assert [each.key for each in failures("SEP.5", interface())] == ["ec2_network_interfaces"]
    found = failures("SEP.5", joined(interface(), function()))
    assert [each.key for each in found] == ["lambda_functions"]


@pytest.mark.parametrize("pattern", ["account-factory", "account-*", FUNCTION, "arn:aws:lambda:*"])
def test_the_engagement_file_may_accept_it(pattern: str) -> None:
    more = engagement(allow=Allow(management_account=(pattern,)))
    assert statuses(results("SEP.5", function(), engagement=more)) == ["ok"]


def test_without_an_organization_it_does_not_apply() -> None:
    assert statuses(results("SEP.5", function(), management=None)) == ["not_applicable"]


def test_functions_that_were_not_read_leave_it_open(tmp_path: Path) -> None:
    found = judged("SEP.5", tmp_path, interface(), ("lambda_functions", MANAGEMENT, REGION))
    assert "unknown" in {each.status for each in found}
