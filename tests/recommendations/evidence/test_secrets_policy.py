"""SEC.1: the answers about a policy for secrets, and what the secrets say. It is 2026-11-01."""

from pathlib import Path

import pytest

from awsbasics.engagement.model import Answer, Engagement
from tests.recommendations.principal_rows import Tables, allow, joined, role
from tests.recommendations.secret_rows import secret, secret_arn
from tests.recommendations.support import (
    MANAGEMENT,
    PRODUCTION,
    REGION,
    Rows,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

OLD, YOUNG = "2025-01-01T00:00:00Z", "2026-10-01T00:00:00Z"
GOOD = secret(created=YOUNG, last_changed=YOUNG)
ALL_WELL = {"SEC.1": "complete", "SEC.1.names": "written", "SEC.1.updates": "automated"}


def answered(**parts: str) -> Engagement:
    return engagement(answers={f"SEC.1.{part}": Answer(choice=c) for part, c in parts.items()})


def judged_with(path: Path, rows: Rows, answers: dict[str, str]) -> set[str]:
    file = engagement(answers={key: Answer(choice=choice) for key, choice in answers.items()})
    return {each.status for each in judged("SEC.1", path, rows, engagement=file)}


def test_without_answers_nothing_is_compared(tmp_path: Path) -> None:
    assert results("SEC.1", secret("Odd")) == []
    assert judged_with(tmp_path, GOOD, {}) == {"ask"}


def test_answers_that_the_secrets_bear_out_pass(tmp_path: Path) -> None:
    assert judged_with(tmp_path, GOOD, {**ALL_WELL, "SEC.1.reuse": "shared"}) == {"pass"}


def test_an_answer_that_the_secrets_speak_against_fails_and_names_both(tmp_path: Path) -> None:
    [found] = failures("SEC.1", secret("Odd"), engagement=answered(names="written"))
    assert (found.account_id, found.key) == (MANAGEMENT, "facts.names")
    assert (
        "Answer: Yes, in writing. But 1 of 1 secrets have names of another format." in found.title
    )
    assert "fail" in judged_with(tmp_path, secret("Odd"), ALL_WELL)


def test_one_in_ten_may_be_otherwise() -> None:
    good = [secret(f"prod/billing/{n}") for n in range(9)]
    rows = joined(secret("Odd"), *good)
    assert statuses(results("SEC.1", rows, engagement=answered(names="written"))) == ["ok"]
    assert failures("SEC.1", joined(secret("Odder"), rows), engagement=answered(names="written"))


COPIES = joined(secret("prod/billing/twilio"), secret("prod/ledger/twilio"))


@pytest.mark.parametrize(
    ("part", "choice", "rows"),
    [
        ("updates", "automated", secret(created=OLD, last_changed=OLD)),
        ("updates", "owner_by_hand", secret("nobodys", created=YOUNG)),
        ("reuse", "shared", COPIES),
    ],
)
def test_updates_and_reuse_are_compared_too(part: str, choice: str, rows: Tables) -> None:
    [found] = failures("SEC.1", rows, engagement=answered(**{part: choice}))
    assert found.key == f"facts.{part}"


def test_copies_for_each_application_are_not_read_by_several() -> None:
    reads = allow("secretsmanager:GetSecretValue", secret_arn("twilio"))
    names = ("billing-prod-app", "ledger-prod-app")
    rows = joined(secret("twilio"), *(role(name, reads, account=PRODUCTION) for name in names))
    [found] = failures("SEC.1", rows, engagement=answered(reuse="copied"))
    assert found.key == "facts.reuse"
    assert not failures("SEC.1", COPIES, engagement=answered(reuse="copied"))


@pytest.mark.parametrize("choice", ["habit", "none", "dont_know"])
def test_answers_that_fail_by_themselves_need_no_facts(choice: str) -> None:
    assert results("SEC.1", secret("Odd"), engagement=answered(names=choice)) == []


def test_secrets_that_were_not_read_leave_no_pass(tmp_path: Path) -> None:
    found = judged("SEC.1", tmp_path, GOOD, ("secretsmanager_secrets", PRODUCTION, REGION))
    assert {each.status for each in found} == {"ask", "unknown"}
