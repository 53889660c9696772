"""Who a bucket's policy lets in."""

import json
from typing import Any

import pytest

from awsbasics.recommendations.evidence.bucket_policies import policy_is_public, writers


def policy(**statement: Any) -> str:
    whole = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", **statement}
    return json.dumps({"Statement": [whole]})


@pytest.mark.parametrize(
    "statement",
    [
        {},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["*"]}},
        {"Condition": {"StringLike": {"aws:SourceArn": "*"}}},
        {"Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "::/0"]}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    ],
)
def test_these_are_public(statement: dict[str, Any]) -> None:
    assert policy_is_public(policy(**statement))


def test_everybody_but_one_is_public() -> None:
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": "111111111111"}, "Action": "s3:*"}
    assert policy_is_public(json.dumps({"Statement": statement}))


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny"},
        {"Principal": {"AWS": "111111111111"}},
        {"Principal": {"Service": "cloudtrail.amazonaws.com"}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
        {"Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:cloudtrail:*:1:trail/*"}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
    ],
)
def test_these_are_not_public(statement: dict[str, Any]) -> None:
    assert not policy_is_public(policy(**statement))


def test_no_policy_is_not_public_and_lets_nobody_write() -> None:
    assert not policy_is_public(None)
    assert list(writers(None)) == []


@pytest.mark.parametrize(
    ("action", "writes"),
    [
        ("s3:PutObject", True),
        ("s3:Put*", True),
        ("s3:DeleteObjectVersion", True),
        ("s3:PutBucketPolicy", True),
        ("s3:*", True),
        ("*", True),
        ("s3:GetObject", False),
        ("s3:List*", False),
        (["s3:GetObject", "s3:PutLifecycleConfiguration"], True),
    ],
)
def test_whoever_may_change_anything_is_a_writer(action: Any, writes: bool) -> None:
    principal = {"AWS": "arn:aws:iam::111111111111:root"}
    found = list(writers(policy(Action=action, Principal=principal)))
    expected = [("arn:aws:iam::111111111111:root", "111111111111")] if writes else []
    assert found == expected


def test_a_statement_for_everybody_in_named_accounts_is_for_those_accounts() -> None:
    condition = {"StringEquals": {"aws:PrincipalAccount": ["111111111111", "000000000012"]}}
    found = list(writers(policy(Action="s3:PutObject", Condition=condition)))
    assert [account for _, account in found] == ["111111111111", "000000000012"]


def test_a_principal_that_is_no_account_is_a_writer_of_unknown_account() -> None:
    found = list(writers(policy(Action="s3:PutObject", Principal={"CanonicalUser": "79a5"})))
    assert found == [("79a5", None)]
