"""ORG.5: root users."""

from pathlib import Path
from typing import Any

from tests.recommendations.principal_rows import Tables, joined, organization
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    failures,
    judged,
    results,
    statuses,
)

CENTRAL = {
    "iam_organizations_features": [
        {"account_id": MANAGEMENT, "enabled_features": ["RootCredentialsManagement"]}
    ]
}
ORGANIZATION = joined(organization(members=(DEVELOPMENT,)), CENTRAL)


def root(account: str = MANAGEMENT, **more: Any) -> Tables:
    row = {
        "account_id": account,
        "user": "<root_account>",
        "arn": f"arn:aws:iam::{account}:root",
        "password_enabled": True,
        "mfa_active": True,
        "access_key_1_active": False,
        "access_key_2_active": False,
        "generated": "2026-11-01T00:00:00Z",
    }
    return {"iam_credential_report": [{**row, **more}]}


NONE: dict[str, Any] = {"password_enabled": False, "mfa_active": False}


def keys(*parts: Tables, **more: Any) -> list[tuple[str, str]]:
    chosen = {"accounts": [MANAGEMENT, DEVELOPMENT], **more}
    found = failures("ORG.5", joined(ORGANIZATION, *parts), **chosen)
    return [(each.account_id, each.key) for each in found]


def test_root_users_with_mfa_or_without_anything_are_in_order() -> None:
    rows = joined(ORGANIZATION, root(), root(DEVELOPMENT, **NONE))
    found = results("ORG.5", rows, accounts=[MANAGEMENT, DEVELOPMENT])
    assert set(statuses(found)) == {"ok"}


def test_a_root_user_without_mfa_fails_where_it_can_sign_in() -> None:
    assert keys(root(mfa_active=False)) == [(MANAGEMENT, "mfa")]
    assert keys(root(**{**NONE, "password_enabled": None})) == [(MANAGEMENT, "mfa")]
    assert (DEVELOPMENT, "mfa") not in keys(root(DEVELOPMENT, **NONE))


def test_access_keys_are_critical() -> None:
    [found] = failures("ORG.5", joined(ORGANIZATION, root(access_key_2_active=True)))
    assert (found.key, found.severity) == ("access_key", "critical")


def test_keys_without_a_password_need_mfa_too() -> None:
    found = keys(root(**NONE, access_key_1_active=True))
    assert found == [(MANAGEMENT, "access_key"), (MANAGEMENT, "mfa")]


def test_use_within_the_threshold_fails() -> None:
    assert keys(root(password_last_used="2026-09-01T00:00:00Z")) == [(MANAGEMENT, "used")]
    assert keys(root(access_key_1_last_used_date="2026-09-01T00:00:00Z")) == [(MANAGEMENT, "used")]
    assert keys(root(password_last_used="2026-01-01T00:00:00Z")) == []


def test_members_need_no_root_credentials_where_the_organization_can_remove_them() -> None:
    assert keys(root(), root(DEVELOPMENT)) == [(DEVELOPMENT, "credentials")]


def test_without_central_root_access_that_is_said_once() -> None:
    rows = joined(organization(members=(DEVELOPMENT,)), root(), root(DEVELOPMENT))
    [found] = failures("ORG.5", rows)
    assert (found.account_id, found.key) == (MANAGEMENT, "central_root_access")


def test_a_lone_account_has_no_members() -> None:
    found = results("ORG.5", root(), management=None, accounts=[MANAGEMENT])
    assert statuses(found) == ["ok"]


def test_a_report_that_says_less_is_unknown() -> None:
    found = results("ORG.5", joined(ORGANIZATION, root(mfa_active=None)), accounts=[MANAGEMENT])
    assert "unknown" in statuses(found)
    found = results("ORG.5", ORGANIZATION, accounts=[MANAGEMENT])
    assert [(each.status, each.key) for each in found if each.key] == [("unknown", "root")]


def test_other_users_are_not_looked_at() -> None:
    rows = joined(ORGANIZATION, root(), root(user="ada", arn="arn:user/ada", mfa_active=False))
    assert not failures("ORG.5", rows)


def test_a_report_that_was_not_read_is_unknown(tmp_path: Path) -> None:
    rows = joined(ORGANIZATION, root(), root(DEVELOPMENT, **NONE))
    found = judged("ORG.5", tmp_path, rows, ("iam_credential_report", DEVELOPMENT, "*"))
    mine = {each.status for each in found if each.account_id == DEVELOPMENT}
    assert mine == {"unknown"}
    assert "pass" in {each.status for each in found if each.account_id == MANAGEMENT}
