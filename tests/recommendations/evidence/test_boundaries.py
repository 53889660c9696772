"""SCP.4: boundaries on what people and pipelines make."""

from pathlib import Path

import pytest

from tests.recommendations.principal_rows import (
    Document,
    allow,
    arn,
    deny,
    joined,
    organization,
    role,
    user,
)
from tests.recommendations.support import DEVELOPMENT, failures, judged, results, statuses

BOUNDARY = arn("policy", "boundary")
MAKES = ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"]


def bounded(operator: str = "StringEquals", value: str = BOUNDARY) -> Document:
    return allow(MAKES, condition={operator: {"iam:PermissionsBoundary": value}})


def keys(*statements: Document) -> set[str]:
    return {each.key for each in failures("SCP.4", role("deployer", *statements))}


def test_whoever_makes_roles_without_a_boundary_fails() -> None:
    [found] = failures("SCP.4", role("deployer", allow(MAKES)))
    assert (found.key, found.severity) == ("attach", "high")
    assert found.facts["actions"] == ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"]


@pytest.mark.parametrize("operator", ["StringEquals", "ArnEquals", "StringLike", "ArnLike"])
def test_whoever_must_attach_one_passes(operator: str) -> None:
    assert statuses(results("SCP.4", role("deployer", bounded(operator)))) == ["ok"]


def test_an_scp_that_demands_one_will_do() -> None:
    other = {"StringNotEquals": {"iam:PermissionsBoundary": BOUNDARY}}
    rows = joined(role("deployer", allow(MAKES)), organization(deny(MAKES, condition=other)))
    assert statuses(results("SCP.4", rows)) == ["ok"]


def test_any_boundary_is_none() -> None:
    some = allow(MAKES, condition={"Null": {"iam:PermissionsBoundary": "false"}})
    assert keys(some) == {"any_boundary"}


def test_whoever_can_take_it_away_fails() -> None:
    assert keys(bounded(), allow("iam:DeleteRolePermissionsBoundary")) == {"remove"}
    assert keys(bounded(), allow("iam:PutRolePermissionsBoundary")) == {"remove"}


def test_whoever_can_rewrite_it_fails() -> None:
    assert keys(bounded(), allow("iam:CreatePolicyVersion")) == {"edit"}
    other = allow("iam:CreatePolicyVersion", arn("policy", "other"))
    assert keys(bounded(), other) == set()


def test_who_makes_nothing_is_not_looked_at() -> None:
    assert results("SCP.4", user("ada", allow(["iam:Get*", "s3:*"]))) == []


def test_administrators_are_left_to_scps() -> None:
    assert results("SCP.4", user("ada", allow("*"))) == []


def test_policies_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    denied = ("iam_policies", DEVELOPMENT, "*")
    found = judged("SCP.4", tmp_path, role("deployer", bounded()), denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
