"""APP.8: iam:PassRole names its roles and the service."""

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
)
from tests.recommendations.support import DEVELOPMENT, failures, judged, results, statuses

TASK = arn("role", "task")
SERVICE = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


def holes(*statements: Document) -> set[str]:
    found = failures("APP.8", role("app", *statements))
    return {each.key.rpartition("/")[2] for each in found}


def test_any_role_to_any_service_fails_twice() -> None:
    found = failures("APP.8", role("app", {**allow("iam:PassRole"), "Sid": "Pass"}))
    assert [each.key for each in found] == ["own/Pass/roles", "own/Pass/service"]
    assert found[0].facts["held_by"] == [arn("role", "app")]


@pytest.mark.parametrize("resource", [TASK, arn("role", "*", path="/app/"), arn("role", "app-*")])
def test_named_roles_for_a_service_pass(resource: str) -> None:
    rows = role("app", allow("iam:PassRole", resource, SERVICE))
    assert statuses(results("APP.8", rows)) == ["ok"]


@pytest.mark.parametrize("resource", ["*", arn("role", "*"), "arn:aws:iam::*:role/*"])
def test_a_star_names_no_role(resource: str) -> None:
    assert holes(allow("iam:PassRole", resource, SERVICE)) == {"roles"}


@pytest.mark.parametrize(
    "condition",
    [None, {"StringLike": {"iam:PassedToService": "*"}}, {"StringEquals": {"aws:x": "y"}}],
)
def test_a_service_must_be_named(condition: Document | None) -> None:
    assert holes(allow("iam:Pass*", TASK, condition)) == {"service"}


def test_what_something_else_denies_is_no_finding() -> None:
    wide = allow("iam:PassRole", "*", SERVICE)
    assert holes(wide, deny("iam:PassRole", "*")) == set()
    guarded = joined(role("app", wide), organization(deny("iam:PassRole")))
    assert statuses(results("APP.8", guarded)) == ["ok"]


def test_whole_services_and_administrators_are_told_elsewhere() -> None:
    assert results("APP.8", role("app", allow("iam:*", arn("role", "x")))) == []
    assert results("APP.8", role("app", allow("*"), allow("iam:PassRole"))) == []


def test_policies_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    denied = ("iam_attachments", DEVELOPMENT, "*")
    rows = role("app", allow("iam:PassRole", TASK, SERVICE))
    found = judged("APP.8", tmp_path, rows, denied)
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
