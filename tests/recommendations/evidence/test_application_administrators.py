"""APP.5: application roles that are administrators."""

from pathlib import Path

import pytest

from tests.recommendations.principal_rows import (
    MFA,
    Document,
    allow,
    arn,
    joined,
    role,
    root,
    trust,
    user,
)
from tests.recommendations.support import DEVELOPMENT, failures, judged, results, statuses


@pytest.mark.parametrize(
    ("statements", "how"),
    [
        ([allow("*")], "wildcard"),
        ([allow("iam:*")], "iam"),
        ([{"Effect": "Allow", "NotAction": "aws-portal:*", "Resource": "*"}], "not_action"),
    ],
)
def test_a_role_with_all_power_fails(statements: list[Document], how: str) -> None:
    [found] = failures("APP.5", role("app", *statements))
    assert (found.resource, found.key, found.severity) == (
        arn("role", "app"),
        "administrator",
        None,
    )
    assert found.facts["how"] in (how, "iam")
    assert found.facts["trusted"] == ["lambda.amazonaws.com"]


def test_a_role_with_what_it_needs_passes() -> None:
    assert statuses(results("APP.5", role("app", allow("s3:*")))) == ["ok"]


def test_a_boundary_takes_the_power_away() -> None:
    edge = arn("policy", "edge")
    boundary = {"arn": edge, "name": "edge", "path": "/", "aws_managed": False}
    rows = role("app", allow("*"), boundary_arn=edge)
    rows["iam_policies"] = [{**boundary, "document": {"Statement": [allow("s3:*")]}}]
    assert statuses(results("APP.5", rows)) == ["ok"]


def test_power_under_a_condition_is_told_as_such() -> None:
    [found] = failures("APP.5", role("app", allow("*", condition=MFA)))
    assert found.severity == "high"
    assert "depending on aws:MultiFactorAuthPresent" in found.title


@pytest.mark.parametrize(
    "name",
    ["billing-deploy", "break-glass", "OrganizationAccountAccessRole", "AWSControlTowerAdmin"],
)
def test_roles_with_another_task_are_not_applications(name: str) -> None:
    assert results("APP.5", role(name, allow("*"), trusts=trust(root(DEVELOPMENT)))) == []


def test_service_linked_roles_and_users_are_not_either() -> None:
    linked = role("AWSServiceRoleForX", allow("*"), path="/aws-service-role/x.amazonaws.com/")
    assert results("APP.5", joined(linked, user("ada", allow("*")))) == []


def test_policies_that_were_not_read_pass_no_role(tmp_path: Path) -> None:
    denied = ("iam_attachments", DEVELOPMENT, "*")
    found = judged("APP.5", tmp_path, role("app", allow("s3:*")), denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}


def test_a_document_that_is_missing_makes_its_role_unknown() -> None:
    rows = role("app")
    rows["iam_attachments"] = [
        {"principal_arn": arn("role", "app"), "policy_arn": arn("policy", "gone")}
    ]
    assert statuses(results("APP.5", rows)) == ["unknown"]
