"""DEP.8: who can make a build run their code."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.principal_rows import Document, Tables, allow, arn, joined, role
from tests.recommendations.support import DEVELOPMENT, REGION, failures, judged, results, statuses

PUSH = {"type": "EVENT", "pattern": "PUSH"}
REQUEST = {"type": "EVENT", "pattern": "PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED"}
MAIN = {"type": "HEAD_REF", "pattern": "^refs/heads/main$"}
TEAM = {"type": "ACTOR_ACCOUNT_ID", "pattern": "^(123|456)$"}


DEPLOYS = allow("cloudformation:*")


def builds(webhook: Any, *statements: Document, **more: Any) -> Tables:
    project = {
        "region": REGION,
        "arn": f"arn:aws:codebuild:{REGION}:{DEVELOPMENT}:project/billing",
        "name": "billing",
        "source_type": "GITHUB",
        "webhook": webhook,
        "build_specification": "source",
        "service_role_arn": arn("role", "build"),
        **more,
    }
    return joined(role("build", *statements), {"codebuild_projects": [project]})


def started_by(*filters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"filterGroups": [list(filters)], **more}


def keys(webhook: Any, *statements: Document) -> list[str]:
    rows = builds(webhook, *(statements or [DEPLOYS]))
    return [each.key for each in failures("DEP.8", rows)]


@pytest.mark.parametrize(
    "webhook",
    [
        None,
        started_by(PUSH, MAIN),
        started_by(PUSH, TEAM),
        started_by(REQUEST, TEAM),
        started_by(
            REQUEST, pullRequestBuildPolicy={"requiresCommentApproval": "ALL_PULL_REQUESTS"}
        ),
        {"branchFilter": "^main$"},
    ],
)
def test_builds_that_only_some_can_start_pass(webhook: Any) -> None:
    assert statuses(results("DEP.8", builds(webhook, DEPLOYS))) == ["ok"]


def test_a_webhook_without_filters_fails() -> None:
    assert keys({"filterGroups": []}) == ["events"]


def test_pull_requests_that_nobody_approved_fail() -> None:
    [found] = failures("DEP.8", builds(started_by(REQUEST), DEPLOYS))
    assert found.key == "pull_requests"
    assert "with the commands that they bring along" in found.title
    own = builds(started_by(REQUEST), DEPLOYS, build_specification="project")
    assert "commands" not in failures("DEP.8", own)[0].title


@pytest.mark.parametrize("pattern", ["123", "^123", "^123|456$"])
def test_an_actor_that_is_found_within_other_ids_is_no_filter(pattern: str) -> None:
    actor = {"type": "ACTOR_ACCOUNT_ID", "pattern": pattern}
    assert keys(started_by(REQUEST, actor)) == ["pull_requests"]


def test_all_but_some_actors_are_no_filter() -> None:
    assert keys(started_by(REQUEST, {**TEAM, "excludeMatchedPattern": True})) == ["pull_requests"]


def test_a_push_to_any_branch_fails() -> None:
    assert keys(started_by(PUSH)) == ["branches"]


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        (allow("secretsmanager:GetSecretValue"), "medium"),
        (allow("dynamodb:*"), "medium"),
        (allow("cloudformation:UpdateStack"), "high"),
        (allow("iam:PutRolePolicy", arn("role", "app")), "high"),
    ],
)
def test_the_power_of_the_role_decides_what_it_weighs(statement: Document, severity: str) -> None:
    [found] = failures("DEP.8", builds(started_by(PUSH), statement))
    assert found.severity == severity


def test_whoever_starts_a_build_that_only_tests_does_no_harm() -> None:
    only = allow(["logs:*", "codebuild:CreateReport", "s3:PutObject"])
    assert statuses(results("DEP.8", builds(started_by(REQUEST), only))) == ["ok"]


@pytest.mark.parametrize(
    "odd",
    [
        7,
        {"filterGroups": [None, [None, 7, {"type": "EVENT"}], []], "pullRequestBuildPolicy": "x"},
        {"filterGroups": {"a": 1}, "branchFilter": "^main$"},
    ],
)
def test_odd_webhooks_break_nothing(odd: Any) -> None:
    assert statuses(results("DEP.8", builds(odd, DEPLOYS))) == ["ok"]


def test_without_projects_dep_8_is_unknown(tmp_path: Path) -> None:
    rows = builds(None, allow("logs:*"))
    found = judged("DEP.8", tmp_path, rows, ("iam_attachments", DEVELOPMENT, "*"))
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
