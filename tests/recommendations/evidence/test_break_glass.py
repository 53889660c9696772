"""TMP.5: emergency roles, `break-glass*` unless the engagement file says otherwise."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import Engagement
from awsbasics.engagement.model import Roles
from tests.recommendations.principal_rows import (
    MFA,
    Document,
    Tables,
    allow,
    arn,
    joined,
    role,
    root,
    signs_in,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

ROLE = arn("role", "break-glass", PRODUCTION)
ASSUMES = allow("sts:AssumeRole")
TOPIC = f"arn:aws:sns:{REGION}:{PRODUCTION}:security"


def emergency(condition: Document | None = MFA, **more: Any) -> Tables:
    trusts = trust(root(PRODUCTION), condition)
    return role("break-glass", allow("*"), account=PRODUCTION, trusts=trusts, **more)


def rule(detail: Any = None, account: str = PRODUCTION, **more: Any) -> Tables:
    detail = detail or {"eventName": ["AssumeRole"], "requestParameters": {"roleArn": [ROLE]}}
    row = {
        "account_id": account,
        "region": REGION,
        "state": "ENABLED",
        "event_pattern": {"source": ["aws.sts"], "detail": detail},
        "targets": [{"Id": "1", "Arn": TOPIC}],
    }
    return {"events_rules": [{**row, **more}]}


def metric(pattern: str, **alarm: Any) -> Tables:
    place = {"account_id": MANAGEMENT, "region": REGION}
    named = {"metricNamespace": "Security", "metricName": "BreakGlass"}
    row = {"namespace": "Security", "metric_name": "BreakGlass", "actions_enabled": True}
    return {
        "logs_metric_filters": [{**place, "pattern": pattern, "metrics": [named]}],
        "cloudwatch_alarms": [{**place, **row, "alarm_actions": [TOPIC], **alarm}],
    }


def keys(*rows: Tables, **more: Any) -> list[str]:
    return sorted(each.key for each in failures("TMP.5", joined(*rows), **more))


def test_a_short_role_with_mfa_and_an_alarm_passes() -> None:
    assert statuses(results("TMP.5", joined(emergency(), rule()))) == ["ok"]


def test_no_emergency_role_is_said_once_at_home() -> None:
    [found] = failures("TMP.5", role("operator", account=PRODUCTION))
    assert (found.account_id, found.key) == (MANAGEMENT, "missing")
    [nothing] = results("TMP.5", {}, engagement=Engagement())
    assert nothing.status == "not_applicable"


def test_the_engagement_file_says_which_it_is() -> None:
    own = engagement(roles=Roles(break_glass=("firefighter",)))
    rows = role("firefighter", account=PRODUCTION, trusts=trust(root(PRODUCTION), MFA))
    assert keys(rows, engagement=own) == ["alarm"]


def test_a_trust_that_asks_for_no_mfa_fails_even_where_nobody_can_enter() -> None:
    [found] = failures("TMP.5", joined(emergency(None), rule()))
    assert (found.resource, found.key) == (ROLE, "mfa")


def test_a_user_that_enters_without_mfa_fails() -> None:
    weak = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}
    ada = user("ada", ASSUMES, account=PRODUCTION)
    [found] = failures("TMP.5", joined(emergency(weak), rule(), ada))
    assert found.facts["people"] == [f"ada ({PRODUCTION})"]
    assert "without MFA, by an access key" in found.title


def test_people_of_single_sign_on_need_no_mfa_of_iam() -> None:
    assert keys(emergency(None), rule(), signs_in("grace", "Ops", PRODUCTION, ASSUMES)) == []


@pytest.mark.parametrize(("seconds", "expected"), [(3600, []), (7200, ["session"])])
def test_a_session_is_an_hour_at_most(seconds: int, expected: list[str]) -> None:
    assert keys(emergency(max_session_duration=seconds), rule()) == expected


def test_its_last_use_is_evidence() -> None:
    used = "2026-10-20T08:00:00Z"
    [found] = failures("TMP.5", emergency(last_used=used))
    assert (found.key, found.facts["last_used"]) == ("alarm", used)


@pytest.mark.parametrize(
    "watch",
    [
        rule(),
        rule({"eventName": ["AssumeRole"]}),
        rule({"requestParameters": {"roleArn": [{"wildcard": "*role/break-*"}]}}),
        rule({"requestParameters": {"roleArn": [{"prefix": ROLE[:-3]}]}}),
        rule(state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
        metric(
            '{ ($.eventName = "AssumeRole") && ($.requestParameters.roleArn = "*break-glass") }'
        ),
        metric("{ $.eventName = AssumeRole }"),
    ],
    ids=["arn", "any-role", "wildcard", "prefix", "all-events", "filter", "any-role-filter"],
)
def test_what_tells_of_its_use(watch: Tables) -> None:
    assert keys(emergency(), watch) == []


@pytest.mark.parametrize(
    "watch",
    [
        {},
        rule(state="DISABLED"),
        rule(targets=[]),
        rule(account=DEVELOPMENT),
        rule({"eventName": ["ConsoleLogin"]}),
        rule({"eventName": ["AssumeRoleWithSAML"]}),
        rule({"eventName": ["AssumeRole"], "roleArn": [arn("role", "operator", PRODUCTION)]}),
        rule({"requestParameters": {"roleArn": [arn("role", "break-glass", DEVELOPMENT)]}}),
        metric("{ $.roleArn = *break-glass }", actions_enabled=False),
        metric("{ $.roleArn = *break-glass }", alarm_actions=[]),
        metric("{ $.roleArn = *break-glass }", metric_name="Other"),
    ],
)
def test_what_does_not_tell_of_its_use(watch: Tables) -> None:
    assert keys(emergency(), watch) == ["alarm"]


def test_an_emergency_user_needs_the_alarm_too() -> None:
    rows = user("break-glass-1", account=PRODUCTION)
    assert keys(rows) == ["alarm"]
    assert keys(rows, rule({"userIdentity": {"userName": ["break-glass-1"]}})) == []


def test_a_duration_that_was_not_read_is_unknown() -> None:
    rows = emergency(max_session_duration=None, max_session_duration_status="denied")
    [found] = results("TMP.5", joined(rows, rule()))
    assert (found.status, found.key) == ("unknown", "session")


def test_rules_that_were_not_read_leave_the_alarm_unknown(tmp_path: Path) -> None:
    denied = ("events_rules", PRODUCTION, REGION)
    found = judged("TMP.5", tmp_path, emergency(None), denied)
    assert {(f.key, f.status) for f in found if f.account_id == PRODUCTION} == {
        ("alarm", "unknown"),
        ("mfa", "fail"),
        ("unread", "unknown"),
    }
