"""R04: policies of users, team groups, MFA."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement.model import Humans, Teams
from awsbasics.recommendations.engineers import console_mfa
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    Rows,
    engagement,
    facts_of,
    failures,
    judged,
    results,
    statuses,
)

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def arn(kind: str, name: str, account: str = DEVELOPMENT) -> str:
    return f"arn:aws:iam::{account}:{kind}/{name}"


def user(name: str, account: str = DEVELOPMENT) -> dict[str, Any]:
    return {"account_id": account, "arn": arn("user", name, account), "name": name, "path": "/"}


def group(name: str, path: str = "/") -> dict[str, Any]:
    return {"arn": arn("group", name), "name": name, "path": path}


def member(of: str, name: str) -> dict[str, Any]:
    return {"group_arn": arn("group", of), "user_arn": arn("user", name)}


def report(name: str, **more: Any) -> dict[str, Any]:
    row = {"arn": arn("user", name), "user": name, "password_enabled": True, "mfa_active": False}
    return {**row, **more}


# ENG.1


def test_a_user_without_policies_meets_eng_1() -> None:
    assert statuses(results("ENG.1", {"iam_users": [user("ann")]})) == ["ok"]


def test_attached_and_inline_policies_fail_eng_1_once() -> None:
    rows = {
        "iam_users": [user("ann"), user("ben")],
        "iam_attachments": [
            {"principal_arn": arn("user", "ann"), "principal_type": "user", "policy_arn": READ_ONLY}
        ],
        "iam_inline_policies": [
            {"principal_arn": arn("user", "ann"), "principal_type": "user", "name": "own"}
        ],
    }
    [found] = failures("ENG.1", rows)
    assert found.resource == arn("user", "ann")
    assert (found.facts["attached"], found.facts["inline"]) == ([READ_ONLY], ["own"])
    assert "2 policies" in found.title


def test_policies_of_groups_and_roles_do_not_count() -> None:
    rows = {
        "iam_users": [user("ann")],
        "iam_attachments": [
            {"principal_arn": arn(kind, "ann"), "principal_type": kind, "policy_arn": READ_ONLY}
            for kind in ("group", "role")
        ],
    }
    assert not failures("ENG.1", rows)


def test_a_user_of_the_same_name_in_another_account_is_another(tmp_path: Path) -> None:
    rows = {
        "iam_users": [user("ann"), user("ann", PRODUCTION)],
        "iam_inline_policies": [{"principal_arn": arn("user", "ann", PRODUCTION), "name": "own"}],
    }
    assert [found.account_id for found in failures("ENG.1", rows)] == [PRODUCTION]


def test_inline_policies_that_were_not_read_leave_no_pass(tmp_path: Path) -> None:
    denied = ("iam_inline_policies", DEVELOPMENT, "*")
    found = judged("ENG.1", tmp_path, {"iam_users": [user("ann")]}, denied)
    assert {finding.status for finding in found} == {"unknown"}


# ENG.2


def test_a_person_in_a_teams_group_meets_eng_2() -> None:
    rows = {
        "iam_users": [user("ann")],
        "iam_groups": [group("team-payments")],
        "iam_group_members": [member("team-payments", "ann")],
    }
    assert statuses(results("ENG.2", rows)) == ["ok", "ok"]


def test_a_person_in_no_group_fails_eng_2() -> None:
    [found] = failures("ENG.2", {"iam_users": [user("ann")]})
    assert (found.resource, found.facts["groups"]) == (arn("user", "ann"), [])


def test_a_group_of_no_team_fails_and_so_does_whoever_is_only_in_it() -> None:
    rows = {
        "iam_users": [user("ann"), user("ben")],
        "iam_groups": [group("admins"), group("team-payments")],
        "iam_group_members": [member("admins", "ann"), member("team-payments", "ben")],
    }
    found = {result.resource for result in failures("ENG.2", rows)}
    assert found == {arn("group", "admins"), arn("user", "ann")}


def test_the_group_that_all_people_are_in_needs_no_team() -> None:
    rows = {
        "iam_users": [user("ann"), user("ben")],
        "iam_groups": [group("everybody"), group("team-payments")],
        "iam_group_members": [
            member(of, name) for of in ("everybody", "team-payments") for name in ("ann", "ben")
        ],
    }
    assert not failures("ENG.2", rows)


def test_programs_and_their_groups_are_left_out() -> None:
    rows = {
        "iam_users": [user("ci-deploy")],
        "iam_groups": [group("robots")],
        "iam_group_members": [member("robots", "ci-deploy")],
    }
    humans = engagement(humans=Humans(exclude=("ci-*",)))
    assert not failures("ENG.2", rows, engagement=humans)
    assert len(failures("ENG.2", rows)) == 2


def test_a_group_is_a_teams_by_its_path_where_the_pattern_says_so() -> None:
    rows = {
        "iam_users": [user("ann")],
        "iam_groups": [group("developers", "/teams/payments/")],
        "iam_group_members": [member("developers", "ann")],
    }
    by_path = engagement(teams=Teams(group_pattern=("/teams/{team}/*",)))
    assert not failures("ENG.2", rows, engagement=by_path)


def identity_center(**groups: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Identity Center with users u1 and u2, and groups (underscores are dashes) by members."""
    place = {"account_id": MANAGEMENT, "region": REGION}
    return {
        "identitystore_users": [{**place, "id": id_, "user_name": id_} for id_ in ("u1", "u2")],
        "identitystore_groups": [
            {**place, "id": f"g-{name}", "display_name": name.replace("_", "-")} for name in groups
        ],
        "identitystore_group_members": [
            {**place, "group_id": f"g-{name}", "user_id": id_}
            for name, members in groups.items()
            for id_ in members
        ],
    }


def assigned(*principals: str) -> dict[str, list[dict[str, Any]]]:
    place = {"account_id": MANAGEMENT, "region": REGION}
    return {"sso_assignments": [{**place, "principal_id": id_} for id_ in principals]}


def test_identity_center_users_in_teams_groups_meet_eng_2() -> None:
    rows = identity_center(team_payments=["u1"], team_ledger=["u2"])
    assert not failures("ENG.2", {**rows, **assigned("g-team_payments")})


def test_an_identity_center_user_with_access_and_no_team_weighs_more_than_one_without() -> None:
    rows = {**identity_center(admins=["u1"]), **assigned("g-admins")}
    found = {result.resource: result.severity for result in failures("ENG.2", rows)}
    assert found == {"g-admins": None, "u1": "medium", "u2": "low"}


def test_identity_center_groups_that_reach_no_account_are_not_judged() -> None:
    rows = identity_center(football=["u1", "u2"], team_payments=["u1", "u2"])
    assert not failures("ENG.2", rows)


def test_disabled_identity_center_users_are_not_judged() -> None:
    rows = identity_center()
    off = [{**row, "status": "DISABLED"} for row in rows["identitystore_users"]]
    assert results("ENG.2", {"identitystore_users": off}) == []


@pytest.mark.parametrize("table", ["iam_group_members", "identitystore_group_members"])
def test_memberships_that_were_not_read_make_nobody_fail(tmp_path: Path, table: str) -> None:
    rows: Rows = {"iam_users": [user("ann")], **identity_center()}
    found = judged("ENG.2", tmp_path, rows, (table, "*", "*"))
    failed = {finding.resource for finding in found if finding.status == "fail"}
    own = {"u1", "u2"} if table.startswith("identity") else {arn("user", "ann")}
    assert failed.isdisjoint(own)
    assert "unknown" in {finding.status for finding in found}


# ENG.5


def test_a_console_user_with_mfa_meets_eng_5() -> None:
    rows = {"iam_credential_report": [report("ann", mfa_active=True)]}
    assert statuses(results("ENG.5", rows)) == ["ok"]


def test_a_console_user_without_mfa_fails_eng_5() -> None:
    rows = {"iam_credential_report": [report("ann", password_last_used="2026-10-30T10:00:00Z")]}
    [found] = failures("ENG.5", rows)
    assert found.resource == arn("user", "ann")
    assert found.facts["password_last_used"] == "2026-10-30T10:00:00Z"


def test_the_root_row_and_users_without_password_are_no_console_users() -> None:
    rows = {
        "iam_credential_report": [
            report("<root_account>", password_enabled=None),
            report("<root_account>"),
            report("ci", password_enabled=False),
        ]
    }
    assert results("ENG.5", rows) == []


def test_kinds_of_mfa_are_counted_apart() -> None:
    rows = {
        "iam_credential_report": [
            report("ann", mfa_active=True),
            report("ben", mfa_active=True),
            report("cas", mfa_active=True),
            report("dot"),
        ],
        "iam_mfa_devices": [
            {"user_arn": arn("user", "ann"), "kind": "virtual"},
            {"user_arn": arn("user", "ann"), "kind": "fido"},
            {"user_arn": arn("user", "ben"), "kind": "virtual"},
        ],
    }
    found = console_mfa(facts_of(rows))
    assert dict(zip(found["user"], found["mfa"], strict=True)) == {
        "ann": "fido",
        "ben": "virtual",
        "cas": "unknown",
        "dot": "none",
    }
