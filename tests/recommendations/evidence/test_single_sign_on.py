"""ENG.7 and ENG.12: how people sign in, and where their names come from."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement.model import Humans
from tests.recommendations.principal_rows import SSO, Tables, arn, joined, signs_in, user
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

GOOD = signs_in("grace", "Operators", PRODUCTION)
PLACE = {"account_id": MANAGEMENT}


def keys(rows: Tables, **more: Any) -> list[str]:
    return [each.key for each in failures("ENG.7", rows, **more)]


def direct(person: str = "grace") -> Tables:
    rows = signs_in(person, "Operators", PRODUCTION)
    rows["sso_assignments"][0].update(principal_type="USER", principal_id=f"u-{person}")
    return rows


def test_groups_that_are_assigned_pass() -> None:
    found = results("ENG.7", GOOD)
    assert set(statuses(found)) == {"ok"}
    assert "g-1" in {each.resource for each in found}


def test_people_who_are_still_users_are_one_finding_per_account() -> None:
    rows = joined(GOOD, user("ada"), user("bob"), user("eve", account=PRODUCTION))
    found = failures("ENG.7", rows)
    assert [(each.account_id, each.key, each.facts["count"]) for each in found] == [
        (DEVELOPMENT, "users", 2),
        (PRODUCTION, "users", 1),
    ]
    assert found[0].title.startswith("2 IAM users of people are left in account")


def test_programs_and_emergency_users_may_stay() -> None:
    people = engagement(humans=Humans(exclude=("ci-*",)))
    rows = joined(GOOD, user("ci-1"), user("break-glass-1"))
    assert keys(rows, engagement=people) == []


def test_a_person_of_its_own_assignments_fails() -> None:
    [found] = failures("ENG.7", direct())
    assert (found.account_id, found.resource, found.key) == (MANAGEMENT, "u-grace", "direct")
    assert found.title == "Identity Center user grace enters 1 account by assignments of their own."
    assert keys(direct("break-glass")) == []


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (None, []),
        ("PT8H", []),
        ("PT9H", ["session"]),
        ("PT8H30M", ["session"]),
        ("PT30M", []),
        ("P1D", ["session"]),
        ("for ever", []),
    ],
)
def test_long_sessions_fail_by_the_threshold(duration: str | None, expected: list[str]) -> None:
    rows = signs_in("grace", "Operators", PRODUCTION)
    rows["sso_permission_sets"][0]["session_duration"] = duration
    own = engagement(thresholds={**engagement().thresholds, "session_hours": 8})
    found = failures("ENG.7", rows, engagement=own)
    assert [each.key for each in found] == expected
    assert {each.resource for each in found} <= {SSO}


def test_an_instance_that_nobody_uses_fails() -> None:
    instance = {"sso_instances": [{**PLACE, "arn": "arn:aws:sso:::instance/ssoins-1"}]}
    assert keys(instance) == ["unused"]


def test_without_identity_center_there_is_one_finding_for_all() -> None:
    [found] = failures("ENG.7", joined(user("ada"), user("eve", account=PRODUCTION)))
    assert (found.account_id, found.key, found.severity) == (MANAGEMENT, "identity_center", "high")
    assert "people sign in by 2 IAM users in 2 accounts." in found.title


def test_federation_by_account_weighs_less() -> None:
    provider = {"iam_saml_providers": [{"arn": arn("saml-provider", "okta")}]}
    [found] = failures("ENG.7", provider)
    assert (found.severity, found.facts["providers"]) == (
        "medium",
        [arn("saml-provider", "okta")],
    )


def test_where_there_are_no_people_there_is_nothing_to_judge() -> None:
    assert results("ENG.7", {}) == []
    left = {"iam_saml_providers": [{"arn": arn("saml-provider", "AWSSSO_0123_DO_NOT_DELETE")}]}
    assert results("ENG.7", left) == []


def test_an_instance_that_was_not_read_leaves_it_unknown(tmp_path: Path) -> None:
    rows = user("ada")
    assert {f.status for f in judged("ENG.7", tmp_path / "read", rows)} == {"fail"}
    found = judged("ENG.7", tmp_path / "denied", rows, ("sso_instances", "*", "*"))
    assert {f.status for f in found} == {"unknown"}


# ENG.12


def person(name: str, *, provided: bool = True, **more: Any) -> dict[str, Any]:
    ids = [{"Issuer": "https://idp.example", "Id": name}] if provided else None
    row = {**PLACE, "identity_store_id": "d-1", "id": f"u-{name}", "user_name": name}
    return {**row, "external_ids": ids, "status": "ENABLED", **more}


def store(*people: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"identitystore_users": list(people), **more}


def test_people_of_the_provider_pass() -> None:
    assert statuses(results("ENG.12", store(person("ada"), person("bob")))) == ["ok", "ok"]


def test_one_made_by_hand_beside_them_fails() -> None:
    [found] = failures("ENG.12", store(person("ada"), person("eve", provided=False)))
    assert (found.resource, found.key) == ("u-eve", "by_hand")


def test_a_directory_of_its_own_is_said_once() -> None:
    rows = store(*(person(f"p{n}", provided=False) for n in range(20)))
    [found] = failures("ENG.12", rows)
    assert (found.resource, found.key) == ("d-1", "provider")
    assert "20 users made by hand" in found.title


def test_users_without_names_crash_nothing() -> None:
    rows = store(*(person(f"p{n}", provided=False, user_name=None) for n in range(2)))
    [found] = failures("ENG.12", rows)
    assert found.facts["users"] == ["u-p0", "u-p1"]


def test_the_emergency_user_is_made_by_hand() -> None:
    rows = store(person("ada"), person("break-glass", provided=False))
    assert statuses(results("ENG.12", rows)) == ["ok", "ok"]


@pytest.mark.parametrize("table", ["identitystore_group_members", "sso_assignments"])
def test_disabled_users_who_keep_their_access_are_listed(table: str) -> None:
    kept: dict[str, Any] = {
        "identitystore_group_members": {"user_id": "u-eve", "group_id": "g-1"},
        "sso_assignments": {"principal_id": "u-eve", "principal_type": "USER"},
    }
    people = (person("ada"), person("eve", status="DISABLED"))
    [found] = failures("ENG.12", store(*people, **{table: [{**PLACE, **kept[table]}]}))
    assert (found.key, found.severity, found.facts["users"]) == ("disabled", "low", ["eve"])
    assert not failures("ENG.12", store(*people))


def test_users_that_were_not_read_leave_it_unknown(tmp_path: Path) -> None:
    found = judged("ENG.12", tmp_path, {}, ("identitystore_users", "*", "*"))
    assert {f.status for f in found} == {"unknown"}
