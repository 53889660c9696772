from typing import Any

import pytest

from awsbasics.ownership import Ownership
from tests.ownership.frames import (
    ACCOUNT,
    REGION,
    ownership,
    resource,
    role_arn,
    stack,
    stack_id,
)

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:dev/billing/db-AbCdEf"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/billing-read"


def owned(*rows: dict[str, Any], stacks: tuple[dict[str, Any], ...] = ()) -> Ownership:
    return ownership(cloudformation_stacks=stacks, cloudformation_stack_resources=rows)


@pytest.mark.parametrize(
    ("kind", "physical_id", "asked"),
    [
        ("AWS::IAM::Role", "billing-role", role_arn("billing-role")),
        ("AWS::IAM::Role", "billing-role", role_arn("app/path/billing-role")),
        ("AWS::IAM::Role", "billing-role", "billing-role"),
        ("AWS::IAM::ManagedPolicy", POLICY, POLICY),
        ("AWS::IAM::InstanceProfile", "x", f"arn:aws:iam::{ACCOUNT}:instance-profile/x"),
        ("AWS::EC2::SecurityGroup", "sg-1", "sg-1"),
        ("AWS::EC2::SecurityGroup", "sg-1", f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/sg-1"),
        ("AWS::SecretsManager::Secret", SECRET, SECRET),
        ("AWS::S3::Bucket", "bucket", "arn:aws:s3:::bucket"),
        ("AWS::Lambda::Function", "x", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:x"),
        ("AWS::Logs::LogGroup", "/aws/x", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/x:*"),
    ],
)
def test_a_resource_is_found_however_its_stack_names_it(
    kind: str, physical_id: str, asked: str
) -> None:
    assert owned(resource("billing", kind, physical_id)).stack_of(ACCOUNT, REGION, asked) == (
        "billing"
    )


def test_iam_is_found_from_any_region_and_the_rest_only_from_its_own() -> None:
    owners = owned(
        resource("billing", "AWS::IAM::Role", "r"),
        resource("billing", "AWS::EC2::SecurityGroup", "sg-1"),
    )
    assert owners.stack_of(ACCOUNT, "global", role_arn("r")) == "billing"
    assert owners.stack_of(ACCOUNT, "us-east-1", role_arn("r")) == "billing"
    assert owners.stack_of(ACCOUNT, "us-east-1", "sg-1") is None


def test_another_account_owns_nothing_here() -> None:
    owners = owned(resource("billing", "AWS::IAM::Role", "r"))
    assert owners.stack_of("000000000013", "global", role_arn("r", "000000000013")) is None


def test_a_user_and_a_role_may_have_the_same_name() -> None:
    owners = owned(
        resource("one", "AWS::IAM::Role", "same"), resource("two", "AWS::IAM::User", "same")
    )
    assert owners.stack_of(ACCOUNT, "global", role_arn("same")) == "one"
    assert owners.stack_of(ACCOUNT, "global", f"arn:aws:iam::{ACCOUNT}:user/same") == "two"
    assert owners.stack_of(ACCOUNT, "global", f"arn:aws:iam::{ACCOUNT}:group/same") is None
    assert owners.stack_of(ACCOUNT, "global", "same") is None


@pytest.mark.parametrize(
    "row",
    [
        resource("x", "Custom::Thing", "r"),
        resource("x", "Company::IAM::Role", "r"),
        resource("x", "AWS::IAM::Policy", "r"),
        resource("x", "AWS::ECS::Cluster", "r"),
        resource("x", "AWS::IAM::Role", "r", status="DELETE_COMPLETE"),
        resource("x", "AWS::IAM::Role", "r", status="DELETE_SKIPPED"),
        resource("x", "AWS::IAM::Role", None),
        resource("x", "AWS::IAM::Role", ""),
        resource("x", "AWS::IAM::Role", "r", type=None),
        resource("x", "AWS::IAM::Role", "r", stack_id=None),
    ],
)
def test_a_row_that_is_not_the_role_does_not_own_it(row: dict[str, Any]) -> None:
    assert owned(row).stack_of(ACCOUNT, "global", role_arn("r")) is None


def test_two_stacks_that_claim_one_thing_own_it_not() -> None:
    owners = owned(resource("one", "AWS::IAM::Role", "r"), resource("two", "AWS::IAM::Role", "r"))
    assert owners.stack_of(ACCOUNT, "global", role_arn("r")) is None


def test_the_tags_that_cloudformation_sets_count_where_there_is_no_row() -> None:
    owners = owned(stacks=(stack("billing-prod"),))
    by_id = {"aws:cloudformation:stack-id": stack_id("billing-prod")}
    by_name = {"aws:cloudformation:stack-name": "billing-prod"}
    assert owners.stack_of(ACCOUNT, REGION, "sg-1", by_id) == "billing-prod"
    assert owners.stack_of(ACCOUNT, REGION, "sg-1", by_name) == "billing-prod"
    unseen = {"aws:cloudformation:stack-name": "unseen"}
    assert owners.stack_of(ACCOUNT, REGION, "sg-1", unseen) == "unseen"
    elsewhere = {"aws:cloudformation:stack-id": stack_id("elsewhere")}
    assert owners.stack_of(ACCOUNT, REGION, "sg-1", elsewhere) == "elsewhere"
    assert owners.stack_of(ACCOUNT, REGION, "sg-1", {"stack-name": "x"}) is None


def test_a_stack_belongs_to_itself() -> None:
    owners = owned(stacks=(stack("billing-prod"),))
    assert owners.stack_of(ACCOUNT, REGION, stack_id("billing-prod")) == "billing-prod"


@pytest.mark.parametrize("text", ["", "x" * 1_000_000, "arn:aws:iam::1:role/" + "x" * 100_000])
def test_hostile_names_own_nothing(text: str) -> None:
    owners = owned(resource("billing", "AWS::IAM::Role", "r"))
    assert owners.stack_of(ACCOUNT, "global", text) is None
