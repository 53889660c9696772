"""APP.10: what outside accounts can read."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.iam.vocabulary import vocabulary
from awsbasics.recommendations.base import Result
from awsbasics.recommendations.evidence.data_reading import READS_DATA
from tests.recommendations.principal_rows import (
    Document,
    Tables,
    allow,
    arn,
    deny,
    joined,
    organization,
    role,
    root,
    trust,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    engagement,
    judged,
    results,
    statuses,
)

VENDOR = "999999999999"
WITH_ID = {"StringEquals": {"sts:ExternalId": "a-long-one"}}
TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"


def visited(*statements: Document, by: str = VENDOR) -> Tables:
    trusts = trust(root(by), WITH_ID)
    return joined(role("scanner", *statements, trusts=trusts), organization())


def found(*statements: Document, **more: Any) -> list[Result]:
    return results("APP.10", visited(*statements), **more)


def test_the_actions_are_awss() -> None:
    assert not [name for name in READS_DATA if name.lower() not in vocabulary().index]


def test_looking_at_settings_passes() -> None:
    settings = allow(["s3:ListAllMyBuckets", "dynamodb:DescribeTable", "iam:Get*", "ec2:*"])
    assert statuses(found(settings)) == ["ok"]


@pytest.mark.parametrize("actions", ["*", "s3:Get*", "secretsmanager:*", "dynamodb:Scan"])
def test_reading_all_data_of_a_kind_is_high(actions: str) -> None:
    [result] = found(allow(actions))
    assert (result.status, result.severity, result.key) == ("fail", "high", "data")
    assert result.facts["accounts"] == [VENDOR]


def test_a_read_only_policy_of_awss_reads_data_too() -> None:
    rows = visited()
    read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    rows["iam_attachments"] = [
        {"principal_arn": arn("role", "scanner"), "policy_arn": read_only, "aws_managed": True}
    ]
    document = {"Statement": [allow(["s3:Get*", "s3:List*", "sqs:Receive*"])]}
    rows["iam_policies"] = [
        {"arn": read_only, "name": "ReadOnlyAccess", "aws_managed": True, "document": document}
    ]
    [result] = results("APP.10", rows)
    assert "s3:GetObject" in result.facts["actions"]


def test_what_is_named_weighs_less_and_so_does_a_trusted_account() -> None:
    named = allow("dynamodb:GetItem", TABLE)
    trusting = engagement(trusted_accounts=(VENDOR,))
    assert [each.severity for each in found(named)] == ["medium"]
    assert [each.severity for each in found(allow("s3:*"), engagement=trusting)] == ["medium"]
    assert [each.severity for each in found(named, engagement=trusting)] == ["low"]


def test_what_is_denied_is_not_read() -> None:
    assert statuses(found(allow("s3:*"), deny("s3:GetObject*"))) == ["ok"]


def test_own_accounts_and_roles_of_services_are_not_outside() -> None:
    none = "not_applicable"
    assert statuses(results("APP.10", visited(allow("*"), by=PRODUCTION))) == [none]
    assert statuses(results("APP.10", role("app", allow("*")))) == [none]


def test_without_the_organizations_accounts_nobody_is_known_to_be_outside(tmp_path: Path) -> None:
    rows = role("scanner", allow("*"), trusts=trust(root(VENDOR)))
    [result] = judged("APP.10", tmp_path, rows, ("organizations_accounts", "*", "*"))
    assert result.status == "unknown"


def test_policies_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    rows = visited(allow("ec2:*"))
    results_ = judged("APP.10", tmp_path, rows, ("iam_attachments", DEVELOPMENT, "*"))
    assert {each.status for each in results_ if each.account_id == DEVELOPMENT} == {"unknown"}


def test_what_scps_that_were_not_read_may_forbid_is_unknown(tmp_path: Path) -> None:
    rows = visited(allow("s3:*"))
    [result] = judged("APP.10", tmp_path, rows, ("organizations_policies", "*", "*"))
    assert (result.status, result.key) == ("unknown", "data")
