"""ENG.6: people's access keys. It is 2026-11-01, 12:00."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement.model import Humans
from tests.recommendations.support import (
    DEVELOPMENT,
    REGION,
    Rows,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

ADA = f"arn:aws:iam::{DEVELOPMENT}:user/ada"
YOUNG, OLD = "2026-10-01T00:00:00Z", "2025-10-01T00:00:00Z"


def key(id_: str = "AKIA1", **more: Any) -> dict[str, Any]:
    return {"user_arn": ADA, "id": id_, "status": "Active", "created": YOUNG, **more}


def rows(*keys: dict[str, Any], **more: Any) -> Rows:
    return {
        "iam_users": [{"arn": ADA, "name": "ada", "path": "/"}],
        "iam_access_keys": list(keys),
        **more,
    }


def event(name: str = "PutObject", **more: Any) -> dict[str, Any]:
    row = {"region": REGION, "event_id": f"e-{name}", "event_name": name, "access_key_id": "AKIA1"}
    return {**row, "event_time": "2026-10-20T08:00:00Z", **more}


def test_a_user_without_active_keys_passes() -> None:
    assert statuses(results("ENG.6", rows())) == ["ok"]
    assert statuses(results("ENG.6", rows(key(status="Inactive")))) == ["ok"]


@pytest.mark.parametrize(("created", "severity"), [(YOUNG, "medium"), (OLD, "high")])
def test_an_active_key_weighs_by_its_age(created: str, severity: str) -> None:
    [found] = failures("ENG.6", rows(key(created=created)))
    assert (found.resource, found.key, found.severity) == (ADA, "AKIA1", severity)


def test_the_age_that_counts_is_a_threshold() -> None:
    own = engagement(thresholds={**engagement().thresholds, "access_key_age_days": 7})
    [found] = failures("ENG.6", rows(key()), engagement=own)
    assert (found.severity, found.facts["limit_days"]) == ("high", 7)


@pytest.mark.parametrize(
    ("use", "text"),
    [
        (
            {"last_used": "2026-10-30T00:00:00Z", "last_used_service": "s3"},
            "last used on 2026-10-30 for s3.",
        ),
        ({}, "never used."),
        ({"last_used_status": "denied"}, "whose last use was not read."),
    ],
)
def test_its_last_use_is_told(use: dict[str, Any], text: str) -> None:
    [found] = failures("ENG.6", rows(key(**use)))
    assert found.title == f"IAM user ada has an active access key, 31 days old, {text}"


def test_two_active_keys_are_a_finding_of_their_own() -> None:
    found = failures("ENG.6", rows(key(), key("AKIA2")))
    assert [each.key for each in found] == ["AKIA1", "AKIA2", "two_keys"]


def test_calls_that_logs_show_count_as_made_without_mfa() -> None:
    events = [event(), event("RunInstances", event_time="2026-10-21T08:00:00Z")]
    [found] = failures("ENG.6", rows(key(), cloudtrail_events=events))
    assert found.severity == "high"
    assert found.facts["calls_without_mfa"] == 2
    assert found.facts["last_call_without_mfa"] == "2026-10-21T08:00:00Z"
    assert "It made 2 calls without MFA." in found.title


@pytest.mark.parametrize(
    "other",
    [
        event("GetSessionToken"),
        event("AssumeRole"),
        event(error_code="AccessDenied"),
        event(access_key_id="ASIA1"),
    ],
)
def test_exchanges_failures_and_other_keys_are_no_use(other: dict[str, Any]) -> None:
    [found] = failures("ENG.6", rows(key(), cloudtrail_events=[other]))
    assert (found.severity, found.facts["calls_without_mfa"]) == ("medium", None)


def test_programs_keep_their_keys() -> None:
    people = engagement(humans=Humans(exclude=("ada",)))
    assert results("ENG.6", rows(key()), engagement=people) == []


def test_keys_that_were_not_read_leave_it_unknown(tmp_path: Path) -> None:
    found = judged("ENG.6", tmp_path, rows(), ("iam_access_keys", DEVELOPMENT, "global"))
    assert [(f.account_id, f.status) for f in found] == [(DEVELOPMENT, "unknown")]
