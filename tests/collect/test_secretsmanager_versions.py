"""The dates of secrets' versions."""

from typing import Any

import pytest

from tests.collect.fake_caller import WHEN, asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.delivery import RECORDED, SECRET

TABLE = "secretsmanager_secret_versions"
ANSWERS = RECORDED[TABLE]


def with_secret(**more: Any) -> dict[str, Any]:
    return {**ANSWERS, "ListSecrets": {"SecretList": [{**SECRET, **more}]}}


def test_all_pages_of_versions_are_read() -> None:
    assert {row["version_id"] for row in rows_of(TABLE, ANSWERS)} == {"v1", "v2"}


@pytest.mark.parametrize(
    "left_out",
    [{"OwningService": "rds"}, {"PrimaryRegion": "us-east-1"}, {"DeletedDate": WHEN}],
)
def test_secrets_that_are_not_judged_by_age_are_not_asked_about(left_out: dict[str, Any]) -> None:
    caller = fake_caller(with_secret(**left_out))
    assert rows_of(TABLE, caller) == []
    assert asked(caller) == ["ListSecrets"]


def test_the_primary_of_a_replicated_secret_is_asked_about() -> None:
    assert rows_of(TABLE, with_secret(PrimaryRegion="eu-west-1"))


def test_a_secret_that_went_meanwhile_has_no_versions_and_a_denied_one_is_not_read() -> None:
    for code, status in (
        ("ResourceNotFoundException", "empty"),
        ("InvalidRequestException", "empty"),
        ("AccessDeniedException", "partial"),
    ):
        found = read(TABLE, {**ANSWERS, "ListSecretVersionIds": refused(code)})
        assert (found.coverage.status, found.rows) == (status, [])
