"""SEC.2 to SEC.4: names, phases, owners and age of secrets. It is 2026-11-01."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    SANDBOX,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

CHECKS = ("SEC.2", "SEC.3", "SEC.4")
OLD, YOUNG = "2025-01-01T00:00:00Z", "2026-10-01T00:00:00Z"


def secret(
    name: str = "dev/messaging/twilio", account: str = DEVELOPMENT, **more: Any
) -> dict[str, list[dict[str, Any]]]:
    row = {
        "account_id": account,
        "region": REGION,
        "arn": f"arn:aws:secretsmanager:{REGION}:{account}:secret:{name}-AbCdEf",
        "name": name,
        "created": YOUNG,
        "last_changed": YOUNG,
    }
    return {"secretsmanager_secrets": [{**row, **more}]}


@pytest.mark.parametrize("check", CHECKS)
def test_a_young_secret_with_a_good_name_meets_all(check: str) -> None:
    assert set(statuses(results(check, secret()))) == {"ok"}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "exempt",
    [
        {"owning_service": "rds"},
        {"primary_region": "us-east-1"},
        {"deleted": "2026-10-31T00:00:00Z"},
    ],
)
def test_secrets_that_nobody_here_answers_for_are_left_out(
    check: str, exempt: dict[str, str]
) -> None:
    bad = secret("BadName", PRODUCTION, created=OLD, last_changed=OLD, **exempt)
    assert results(check, bad) == []


def test_the_primary_of_replicas_is_judged() -> None:
    assert failures("SEC.2", secret("BadName", primary_region=REGION))


# SEC.2


@pytest.mark.parametrize(
    "name", ["twilio", "messaging/twilio", "qux/messaging/twilio", "dev/twilio"]
)
def test_a_name_that_does_not_fit_fails_sec_2(name: str) -> None:
    [found] = failures("SEC.2", secret(name))
    assert name in found.title
    assert found.facts["formats"] == ["{phase}/{application}/{item}"]


def test_the_format_is_the_engagement_files() -> None:
    own = engagement(secret_names=("{application}-{phase}-{item}",))
    assert not failures("SEC.2", secret("billing-dev-key"), engagement=own)
    assert failures("SEC.2", secret(), engagement=own)


def test_declared_shared_secrets_may_have_other_names() -> None:
    own = engagement(shared_secrets=("shared-*",))
    assert not failures("SEC.2", secret("shared-twilio"), engagement=own)


# SEC.3


def test_a_production_secret_outside_production_fails_sec_3() -> None:
    [found] = failures("SEC.3", secret("prod/billing/key"))
    assert found.severity == "high"
    assert "is for production but lies in a development account" in found.title


def test_a_development_secret_in_production_fails_sec_3() -> None:
    assert failures("SEC.3", secret("dev/billing/key", PRODUCTION))[0].severity == "high"


def test_a_test_secret_in_development_weighs_less() -> None:
    assert failures("SEC.3", secret("staging/billing/key"))[0].severity == "medium"


@pytest.mark.parametrize("word", ["prod", "production", "PROD"])
def test_each_word_for_production_fits_production(word: str) -> None:
    assert statuses(results("SEC.3", secret(f"{word}/billing/key", PRODUCTION))) == ["ok"]


def test_names_without_phase_are_left_to_sec_2() -> None:
    assert results("SEC.3", secret("twilio", PRODUCTION)) == []


def test_accounts_of_tools_have_no_phase() -> None:
    assert results("SEC.3", secret("prod/ci/token", ARCHIVE)) == []


def test_a_sandbox_has_one_by_default() -> None:
    assert failures("SEC.3", secret("prod/billing/key", SANDBOX))


def test_an_account_of_no_known_environment_asks() -> None:
    assert statuses(results("SEC.3", secret(account="999999999999"))) == ["ask"]


# SEC.4


def keys(rows: dict[str, Any], **more: Any) -> dict[str, str]:
    found = results("SEC.4", rows, **more)
    return {result.key: result.status for result in found if result.status != "ok"}


def test_a_secret_of_nobody_fails_sec_4() -> None:
    assert keys(secret("twilio")) == {"owner": "fail"}


@pytest.mark.parametrize("tag", ["owner", "Owner", "team", "application"])
def test_a_tag_names_the_owner(tag: str) -> None:
    assert keys(secret("twilio", tags={tag: "payments"})) == {}


def test_an_empty_tag_names_nobody() -> None:
    assert keys(secret("twilio", tags={"owner": ""})) == {"owner": "fail"}


def test_an_old_secret_without_rotation_fails_sec_4() -> None:
    [found] = failures("SEC.4", secret(created=OLD, last_changed=OLD))
    assert (found.key, found.facts["limit_days"]) == ("rotation", 90)


@pytest.mark.parametrize(
    "more",
    [
        {"rotation_enabled": True},
        {"last_rotated": YOUNG},
        {"created": YOUNG},
    ],
)
def test_rotation_or_youth_meets_sec_4(more: dict[str, Any]) -> None:
    assert keys(secret(**{"created": OLD, "last_changed": OLD, **more})) == {}


def test_an_edit_of_a_tag_makes_an_old_value_neither_young_nor_surely_old() -> None:
    assert keys(secret(created=OLD, last_changed=YOUNG)) == {"rotation": "unknown"}


@pytest.mark.parametrize(("made", "found"), [(YOUNG, {}), (OLD, {"rotation": "fail"})])
def test_the_current_version_tells_the_age_of_the_value(made: str, found: dict[str, str]) -> None:
    rows = secret(created=OLD, last_changed=YOUNG)
    versions = [
        {"region": REGION, "secret_arn": rows["secretsmanager_secrets"][0]["arn"], **more}
        for more in (
            {"version_id": "1", "stages": ["AWSPREVIOUS"], "created": OLD},
            {"version_id": "2", "stages": ["AWSCURRENT"], "created": made},
            {"version_id": "3", "stages": ["AWSPENDING"], "created": YOUNG},
        )
    ]
    assert keys({**rows, "secretsmanager_secret_versions": versions}) == found


def test_rotation_that_ended_long_ago_does_not_help() -> None:
    old = {"created": OLD, "last_rotated": "2025-06-01T00:00:00Z", "last_changed": OLD}
    assert keys(secret(**old)) == {"rotation": "fail"}


def test_the_limit_is_the_engagement_files() -> None:
    patient = engagement(thresholds={**engagement().thresholds, "secret_age_days": 1000})
    assert keys(secret(created=OLD, last_changed=OLD), engagement=patient) == {}


def test_stacks_that_were_not_read_leave_no_secret_without_owner(tmp_path: Path) -> None:
    denied = ("cloudformation_stack_resources", DEVELOPMENT, REGION)
    found = judged("SEC.4", tmp_path, secret("twilio"), denied)
    assert {finding.status for finding in found} == {"unknown"}
