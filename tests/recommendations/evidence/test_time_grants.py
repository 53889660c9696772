"""TMP.2 and TMP.3: grants for a time, their length and their end. It is 2026-11-01, 12:00."""

from typing import Any

import pytest

from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    REGION,
    engagement,
    failures,
    results,
    statuses,
)

ROLE = f"arn:aws:iam::{DEVELOPMENT}:role/firefighter"
SSO = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"


def allow(start: str | None = None, end: str | None = None, **more: Any) -> dict[str, Any]:
    condition: dict[str, Any] = {}
    if start:
        condition["DateGreaterThan"] = {"aws:CurrentTime": start}
    if end:
        condition["DateLessThan"] = {"aws:CurrentTime": end}
    return {
        "Sid": "Grant",
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Resource": "*",
        "Condition": condition,
        **more,
    }


def role(trust: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    document = {"Statement": [trust or {"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    row = {"arn": ROLE, "name": "firefighter", "path": "/", "trust_policy": document}
    return {**row, "max_session_duration": 3600, **more}


def inline(*statements: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    policy = {"principal_arn": ROLE, "name": "grant", "document": document}
    return {"iam_roles": [role()], "iam_inline_policies": [policy]}


SHORT = allow("2026-11-01T08:00:00Z", "2026-11-01T16:00:00Z")
LONG = allow("2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z")
OVER = allow("2026-09-01T08:00:00Z", "2026-09-01T16:00:00Z")


def test_a_short_window_meets_both() -> None:
    assert statuses(results("TMP.2", inline(SHORT))) == ["ok"]
    assert statuses(results("TMP.3", inline(SHORT))) == ["ok"]


def test_a_long_window_fails_tmp_2_only() -> None:
    [found] = failures("TMP.2", inline(LONG))
    assert (found.resource, found.key) == (ROLE, "grant/Grant")
    assert found.facts["end"] == "2026-12-01T00:00:00Z"
    assert "61 days" in found.title
    assert not failures("TMP.3", inline(LONG))


def test_a_window_that_is_over_fails_tmp_3_only() -> None:
    assert results("TMP.2", inline(OVER)) == []
    [found] = failures("TMP.3", inline(OVER))
    assert "ended on 2026-09-01" in found.title


def test_the_limit_comes_from_the_engagement_file() -> None:
    patient = engagement(thresholds={**engagement().thresholds, "elevation_hours": 24 * 90})
    assert not failures("TMP.2", inline(LONG), engagement=patient)


def test_an_end_alone_is_an_expiry_that_counts_from_now() -> None:
    assert statuses(results("TMP.2", inline(allow(end="2026-11-01T20:00:00Z")))) == ["ok"]
    [found] = failures("TMP.2", inline(allow(end="2026-11-03T12:00:00Z")))
    assert "at least 48 hours" in found.title
    assert found.facts["start"] is None


def test_seconds_since_1970_are_dates_too() -> None:
    ended = allow(Condition={"NumericLessThan": {"aws:EpochTime": "1756710000"}})
    assert len(failures("TMP.3", inline(ended))) == 1


@pytest.mark.parametrize(
    "statement",
    [
        allow(),
        allow(start="2026-01-01T00:00:00Z"),  # ends never: TMP.4
        {**LONG, "Effect": "Deny"},
        allow(Condition={"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}),
    ],
)
def test_these_are_no_grants_for_a_time(statement: dict[str, Any]) -> None:
    assert results("TMP.2", inline(statement)) == []
    assert results("TMP.3", inline(statement)) == []


def test_a_window_in_trust_ends_with_the_last_session() -> None:
    ends_at_noon = allow("2026-11-01T10:00:00Z", "2026-11-01T11:30:00Z")
    rows = {"iam_roles": [role(ends_at_noon, max_session_duration=43200)]}
    [found] = failures("TMP.2", rows)
    assert (found.key, found.facts["end"]) == ("trust/Grant", "2026-11-01T23:30:00Z")
    assert not failures("TMP.3", rows)
    short = {"iam_roles": [role(ends_at_noon, max_session_duration=1200)]}
    assert len(failures("TMP.3", short)) == 1


def test_a_managed_policy_counts_while_it_is_attached() -> None:
    policy = {
        "arn": f"arn:aws:iam::{DEVELOPMENT}:policy/grant",
        "name": "grant",
        "path": "/",
        "aws_managed": False,
        "document": {"Statement": [OVER]},
    }
    attachment = {"principal_arn": ROLE, "policy_arn": policy["arn"]}
    rows = {"iam_roles": [role()], "iam_policies": [policy]}
    assert results("TMP.3", rows) == []
    [found] = failures("TMP.3", {**rows, "iam_attachments": [attachment]})
    assert (found.resource, found.facts["held_by"]) == (policy["arn"], [ROLE])


def test_reserved_roles_are_judged_by_their_permission_sets() -> None:
    path = "/aws-reserved/sso.amazonaws.com/"
    reserved = role(OVER, arn=f"arn:aws:iam::{DEVELOPMENT}:role{path}x", path=path)
    assert results("TMP.3", {"iam_roles": [reserved]}) == []
    place = {"account_id": MANAGEMENT, "region": REGION}
    rows = {
        "sso_permission_sets": [
            {**place, "arn": SSO, "name": "firefighter", "inline_policy": {"Statement": [OVER]}}
        ]
    }
    assert results("TMP.3", rows) == []
    assigned = {"sso_assignments": [{**place, "permission_set_arn": SSO, "principal_id": "g-1"}]}
    assert [result.resource for result in failures("TMP.3", {**rows, **assigned})] == [SSO]


def unread(start: str, end: str) -> dict[str, list[dict[str, Any]]]:
    more = {"max_session_duration": None, "max_session_duration_status": "denied"}
    return {"iam_roles": [role(allow(start, end), **more)]}


@pytest.mark.parametrize(
    ("start", "end", "length", "over"),
    [
        ("2026-11-01T10:00:00Z", "2026-11-01T11:30:00Z", ["unknown"], ["ok"]),
        ("2026-10-31T22:00:00Z", "2026-11-01T06:00:00Z", ["unknown"], ["unknown"]),
        ("2026-10-01T00:00:00Z", "2026-11-02T00:00:00Z", ["fail"], ["ok"]),
        ("2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", [], ["fail"]),
    ],
)
def test_a_longest_session_that_was_not_read_is_not_taken_for_an_hour(
    start: str, end: str, length: list[str], over: list[str]
) -> None:
    assert statuses(results("TMP.2", unread(start, end))) == length
    assert statuses(results("TMP.3", unread(start, end))) == over
