"""ENG.9: password policies, where there are passwords."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.principal_rows import Tables, credentials, joined
from tests.recommendations.support import (
    DEVELOPMENT,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

ADA = credentials("ada", DEVELOPMENT)


def policy(length: int | None = 14, reuse: int | None = 24) -> Tables:
    row = {"minimum_password_length": length, "password_reuse_prevention": reuse}
    return {"iam_password_policy": [row]}


def test_long_passwords_that_are_not_used_again_pass() -> None:
    assert statuses(results("ENG.9", joined(ADA, policy()))) == ["ok"]


@pytest.mark.parametrize(
    ("length", "reuse", "text"),
    [
        (8, 24, "passwords may be shorter than 14 characters"),
        (20, None, "fewer than 24 earlier ones are refused"),
        (6, 5, "shorter than 14 characters and fewer than 24 earlier ones are refused"),
    ],
)
def test_a_weak_policy_fails_once(length: int, reuse: int | None, text: str) -> None:
    [found] = failures("ENG.9", joined(ADA, policy(length, reuse)))
    assert (found.account_id, found.key) == (DEVELOPMENT, "policy")
    assert text in found.title
    assert found.facts["minimum_length"] == length


def test_awss_default_is_not_enough() -> None:
    [found] = failures("ENG.9", ADA)
    assert "has only AWS's default password policy" in found.title
    assert "1 user signs in with a password." in found.title


def test_the_engagement_file_sets_the_numbers() -> None:
    numbers: dict[str, Any] = {"password_length": 8, "password_reuse": 1}
    own = engagement(thresholds={**engagement().thresholds, **numbers})
    assert not failures("ENG.9", joined(ADA, policy(8, 1)), engagement=own)


def test_without_passwords_there_is_nothing_to_judge() -> None:
    assert results("ENG.9", credentials("ada", DEVELOPMENT, password_enabled=False)) == []
    assert results("ENG.9", credentials("<root_account>", DEVELOPMENT)) == []


def test_a_policy_that_was_not_read_leaves_it_unknown(tmp_path: Path) -> None:
    found = judged("ENG.9", tmp_path, ADA, ("iam_password_policy", DEVELOPMENT, "global"))
    assert [(f.account_id, f.status) for f in found] == [(DEVELOPMENT, "unknown")]
