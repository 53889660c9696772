"""APP.9: services that a role may use are used."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.assessment import assess
from tests.recommendations.principal_rows import Tables, arn, joined, role
from tests.recommendations.support import (
    DEVELOPMENT,
    NOW,
    engagement,
    failures,
    judged,
    results,
    statuses,
)
from tests.snapshots import write_snapshot

TABLE = "iam_service_last_accessed"
OLD = "2025-01-01T00:00:00Z"


def accessed(name: str = "app", created: str = OLD, **services: str | None) -> Tables:
    rows: list[dict[str, Any]] = [
        {"role_arn": arn("role", name), "service_namespace": service, "last_authenticated": when}
        for service, when in services.items()
    ]
    return joined(role(name, created=created), {TABLE: rows})


def test_a_role_that_uses_what_it_may_passes() -> None:
    assert statuses(results("APP.9", accessed(s3="2025-12-01T00:00:00Z"))) == ["ok"]


def test_services_that_were_never_used_fail_by_name() -> None:
    rows = accessed(s3="2025-12-01T00:00:00Z", sqs=None, ec2=None)
    [found] = failures("APP.9", rows)
    assert (found.key, found.facts["unused"], found.facts["of"]) == ("unused", ["ec2", "sqs"], 3)
    assert found.title == "Role app never used 2 services that it may use: ec2 and sqs."


def test_new_roles_have_time() -> None:
    assert results("APP.9", accessed(created="2026-10-20T00:00:00Z", s3=None)) == []


@pytest.mark.parametrize("name", ["break-glass", "AWSControlTowerExecution"])
def test_roles_that_wait_for_their_day_are_left_out(name: str) -> None:
    assert results("APP.9", accessed(name, s3=None)) == []


def test_where_it_was_denied_app_9_is_unknown(tmp_path: Path) -> None:
    found = judged("APP.9", tmp_path, accessed(s3=None), (TABLE, DEVELOPMENT, "*"))
    assert "unknown" in {each.status for each in found if each.account_id == DEVELOPMENT}


def test_where_nobody_asked_for_it_app_9_is_not_applicable(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path, accounts=(DEVELOPMENT,), management=None)
    read = snapshot.coverage
    vars(snapshot)["coverage"] = read[read["table"] != TABLE]
    findings = assess(snapshot, engagement(), as_of=NOW, only=["R05"]).finding_list
    [found] = [each for each in findings if each.check == "APP.9"]
    assert found.status == "not_applicable"
    assert "--last-accessed" in found.title
