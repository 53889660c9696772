"""Which statements allow more than they name."""

import json
from typing import Any

import pytest

from awsbasics.recommendations.evidence.actions import is_whole_service, matching, service_actions
from awsbasics.recommendations.evidence.wildcards import Wildcard, wildcards


def found(action: Any, resource: Any = "*", **more: Any) -> Wildcard | None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    seen = wildcards(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return seen[0] if seen else None


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ec2:Describe*", "*"),  # lists: most of them cannot be limited
        ("ec2:DescribeInstances", "*"),
        ("s3:ListAllMyBuckets", "*"),
        (["xray:PutTraceSegments", "ecr:GetAuthorizationToken"], "*"),  # name no resources
        ("cloudwatch:PutMetricData", "*"),
        ("s3:GetObject", "arn:aws:s3:::bucket/*"),
        ("dynamodb:*Item", "arn:aws:dynamodb:eu-west-1:1:table/t"),
        ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:1:log-group:/app:*"),
    ],
)
def test_these_are_exact_enough(action: Any, resource: str) -> None:
    assert found(action, resource) is None


@pytest.mark.parametrize(
    ("action", "resource", "level", "severity"),
    [
        ("*", "*", "Permissions management", "high"),
        ("s3:*", "*", "Permissions management", "high"),
        ("S3:*", "arn:aws:s3:::bucket", "Permissions management", "medium"),
        ("iam:AttachRolePolicy", "*", "Permissions management", "high"),
        ("dynamodb:PutItem", "*", "Write", "high"),
        ("DYNAMODB:putitem", "*", "Write", "high"),
        ("sqs:*Message", "*", "Write", "high"),
        ("s3:GetObject", "*", "Read", "medium"),
        ("s3:GetObject", "arn:aws:s3:::*", "Read", "medium"),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:*", "Write", "high"),
        (["logs:CreateLogStream", "logs:PutLogEvents"], "*", "Write", "low"),
        (["logs:PutLogEvents", "logs:DeleteLogGroup"], "*", "Write", "high"),
    ],
)
def test_these_are_too_wide(action: Any, resource: str, level: str, severity: str) -> None:
    wildcard = found(action, resource)
    assert wildcard is not None
    assert wildcard.certain
    assert (wildcard.level, wildcard.severity) == (level, severity)


def test_not_action_and_not_resource_are_wildcards() -> None:
    not_action = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    not_resource = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "NotResource": "arn:aws:sqs:x:1:q",
    }
    seen = wildcards(json.dumps({"Statement": [not_action, not_resource]}))
    assert [wildcard.actions for wildcard in seen] == [("NotAction",), ()]
    assert [wildcard.severity for wildcard in seen] == ["high", "high"]


def test_a_deny_is_never_too_wide() -> None:
    assert found("*", "*", Effect="Deny") is None


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:ResourceTag/application": "billing"}},
        {"StringEquals": {"ec2:ResourceTag/application": "billing"}},
    ],
)
def test_a_condition_on_the_resource_chooses_as_an_arn_would(condition: dict[str, Any]) -> None:
    assert found(["ec2:StartInstances", "ec2:StopInstances"], Condition=condition) is None


def test_a_condition_on_something_else_does_not() -> None:
    assert found("ec2:StartInstances", Condition={"Bool": {"aws:SecureTransport": "true"}})


def test_what_the_vocabulary_lacks_is_kept_apart() -> None:
    wildcard = found(["s3:NoSuchAction", "nosuchservice:Do*"])
    assert wildcard is not None
    assert not wildcard.certain
    assert wildcard.unknown == ("s3:NoSuchAction", "nosuchservice:Do*")


def test_a_whole_unknown_service_is_too_wide() -> None:
    wildcard = found("nosuchservice:*")
    assert wildcard is not None
    assert wildcard.certain


def test_whole_services_are_told_from_parts_of_them() -> None:
    assert all(map(is_whole_service, ("*", "**", "s3:*", "s3:**")))
    assert not any(map(is_whole_service, ("s3:Get*", "s3:?*", "s3:GetObject", "")))


def test_patterns_take_in_what_iam_takes_in() -> None:
    assert {action.name for action in matching("sts:AssumeRole*")} >= {
        "sts:AssumeRole",
        "sts:AssumeRoleWithSAML",
    }
    assert [action.name for action in matching("s3:getobjec?")] == ["s3:GetObject"]
    assert matching("s3:[GP]etObject") == ()  # brackets mean nothing to IAM
    assert service_actions("nosuchservice") == ()
