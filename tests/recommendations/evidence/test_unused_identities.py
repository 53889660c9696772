"""ENG.10: what nobody uses. It is 2026-11-01; the limit is 90 days."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    Rows,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

RECENT, LONG_AGO = "2026-10-01T00:00:00Z", "2026-06-01T00:00:00Z"
ADA = f"arn:aws:iam::{DEVELOPMENT}:user/ada"


def user(**more: Any) -> Rows:
    row = {"arn": ADA, "user": "ada", "user_creation_time": LONG_AGO, "password_enabled": False}
    return {"iam_credential_report": [{**row, **more}]}


def password(used: str | None, changed: str = LONG_AGO) -> dict[str, Any]:
    times = {"password_last_used": used, "password_last_changed": changed}
    return {"password_enabled": True, **times}


def access_key(number: int, used: str | None, made: str = LONG_AGO) -> dict[str, Any]:
    key = f"access_key_{number}"
    return {
        f"{key}_active": True,
        f"{key}_last_rotated": made,
        f"{key}_last_used_date": used,
    }


def role(name: str = "old", path: str = "/", **more: Any) -> Rows:
    arn = f"arn:aws:iam::{DEVELOPMENT}:role{path}{name}"
    return {"iam_roles": [{"arn": arn, "name": name, "path": path, "created": LONG_AGO, **more}]}


def keys(rows: Rows, **more: Any) -> list[str]:
    return [each.key for each in failures("ENG.10", rows, **more)]


def test_a_user_that_signs_in_passes() -> None:
    assert statuses(results("ENG.10", user(**password(RECENT)))) == ["ok"]


@pytest.mark.parametrize("used", [None, LONG_AGO])
def test_a_user_that_uses_nothing_fails_once(used: str | None) -> None:
    rows = user(**password(used), **access_key(1, used), **access_key(2, None))
    [found] = failures("ENG.10", rows)
    assert (found.resource, found.key) == (ADA, "user")
    assert (found.facts["limit_days"], found.facts["cis_days"]) == (90, 45)


def test_what_a_user_of_other_things_does_not_use_fails_by_itself() -> None:
    assert keys(user(**password(LONG_AGO), **access_key(1, RECENT))) == ["password"]
    rows = user(**password(RECENT), **access_key(1, LONG_AGO), **access_key(2, None))
    found = failures("ENG.10", rows)
    assert [each.key for each in found] == ["access_key_1", "access_key_2"]
    assert found[0].title == "Access key 1 of IAM user ada has not been used for 153 days."
    assert found[1].title.endswith("shows no use since it was made, 153 days ago.")


def test_new_things_are_not_unused() -> None:
    assert keys(user(**password(None, RECENT), **access_key(1, None, RECENT))) == []
    assert keys(role(created=RECENT)) == []
    assert keys(user(user_creation_time=RECENT)) == []


def test_a_user_without_credentials_weighs_little() -> None:
    [found] = failures("ENG.10", user())
    assert (found.key, found.severity) == ("user", "low")


def test_the_limit_is_a_threshold() -> None:
    own = engagement(thresholds={**engagement().thresholds, "unused_days": 400})
    assert keys(user(**password(LONG_AGO)), engagement=own) == []


@pytest.mark.parametrize("used", [None, LONG_AGO])
def test_a_role_that_nobody_uses_fails(used: str | None) -> None:
    [found] = failures("ENG.10", role(last_used=used))
    assert (found.key, found.table) == ("role", "iam_roles")


def test_a_role_in_use_passes() -> None:
    assert statuses(results("ENG.10", role(last_used=RECENT))) == ["ok"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("AWSServiceRoleForSupport", "/aws-service-role/support.amazonaws.com/"),
        ("AWSReservedSSO_Read_0123", "/aws-reserved/sso.amazonaws.com/"),
        ("OrganizationAccountAccessRole", "/"),
        ("AWSControlTowerExecution", "/"),
        ("break-glass", "/"),
    ],
)
def test_roles_of_aws_of_provisioning_and_for_emergencies_may_rest(name: str, path: str) -> None:
    assert results("ENG.10", role(name, path)) == []


def test_root_and_emergency_users_are_not_judged() -> None:
    assert results("ENG.10", user(user="<root_account>", **password(None))) == []
    assert results("ENG.10", user(user="break-glass-1", **password(None))) == []


def test_a_report_that_was_not_read_leaves_it_unknown(tmp_path: Path) -> None:
    denied = ("iam_credential_report", PRODUCTION, "global")
    found = judged("ENG.10", tmp_path, user(**password(RECENT)), denied)
    assert sorted((f.account_id, f.status) for f in found) == [
        (DEVELOPMENT, "pass"),
        (PRODUCTION, "unknown"),
    ]
