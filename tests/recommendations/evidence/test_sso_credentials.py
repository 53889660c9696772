"""ENG.8: passwords and keys beside Identity Center."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.principal_rows import (
    SSO,
    Document,
    Tables,
    allow,
    credentials,
    joined,
    signs_in,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    failures,
    judged,
    results,
    statuses,
)

READS = allow("s3:Get*")


def center(*statements: Document, person: str = "ada@example.com") -> Tables:
    return signs_in(person, "Developers", PRODUCTION, *statements)


def test_a_permission_set_without_credentials_passes() -> None:
    assert statuses(results("ENG.8", center(READS))) == ["ok"]


@pytest.mark.parametrize("resource", ["*", "arn:aws:iam::*:user/*"])
def test_a_permission_set_that_makes_keys_fails_once(resource: str) -> None:
    statement = allow(["iam:CreateAccessKey", "iam:ChangePassword"], resource)
    [found] = failures("ENG.8", center(READS, statement))
    assert (found.account_id, found.resource, found.key) == (MANAGEMENT, SSO, "credentials")
    assert "allows ChangePassword and CreateAccessKey" in found.title
    assert found.facts["accounts"] == [PRODUCTION]


def test_what_names_the_iam_user_of_a_role_does_nothing() -> None:
    own = "arn:aws:iam::*:user/${aws:username}"
    assert not failures("ENG.8", center(READS, allow("iam:CreateAccessKey", own)))


def test_administrators_are_left_to_other_checks() -> None:
    assert statuses(results("ENG.8", center(allow("*")))) == ["ok"]


def twin(name: str = "ada", person: str = "ada@example.com", **more: Any) -> Tables:
    return joined(center(READS, person=person), user(name), credentials(name, DEVELOPMENT, **more))


@pytest.mark.parametrize(
    ("has", "text"),
    [
        ({}, "a password"),
        ({"access_key_1_active": True}, "a password and an access key"),
        (
            {"password_enabled": False, "access_key_1_active": True, "access_key_2_active": True},
            "two access keys",
        ),
    ],
)
def test_a_person_with_an_iam_user_that_signs_in_fails(has: dict[str, Any], text: str) -> None:
    [found] = failures("ENG.8", twin(**has))
    assert (found.account_id, found.key) == (DEVELOPMENT, "twin")
    assert found.title == (
        f"ada@example.com signs in by Identity Center, and has {text} as IAM user too."
    )


def test_names_are_compared_whole_or_without_the_domain_in_any_case() -> None:
    assert failures("ENG.8", twin("Ada@Example.com"))
    assert failures("ENG.8", twin("ada", person="ADA"))
    assert not failures("ENG.8", twin("adam"))


def test_a_user_that_cannot_sign_in_and_the_emergency_user_pass() -> None:
    assert not failures("ENG.8", twin(password_enabled=False))
    assert not failures("ENG.8", twin("break-glass", person="break-glass"))


def test_without_identity_center_there_is_nothing_to_leave_out() -> None:
    assert results("ENG.8", joined(user("ada"), credentials("ada", DEVELOPMENT))) == []


def test_credentials_that_were_not_read_leave_it_unknown(tmp_path: Path) -> None:
    denied = ("iam_credential_report", DEVELOPMENT, "global")
    found = judged("ENG.8", tmp_path, joined(center(READS), user("ada")), denied)
    assert {(f.account_id, f.status) for f in found} == {
        (MANAGEMENT, "pass"),
        (DEVELOPMENT, "unknown"),
    }
