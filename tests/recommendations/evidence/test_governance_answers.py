"""ORG.A and SCP.A: answers against the facts."""

from pathlib import Path

import pytest

from awsbasics.engagement import Answer
from tests.recommendations.principal_rows import Tables
from tests.recommendations.support import (
    MANAGEMENT,
    PRODUCTION,
    REGION,
    engagement,
    failures,
    judged,
    results,
)


def answered(check: str, choice: str, rows: Tables) -> list[str]:
    chosen = engagement(answers={check: Answer(choice=choice)})
    return [each.title for each in failures(check, rows, engagement=chosen)]


def root(*, password: bool = False, key: bool = False) -> Tables:
    row = {
        "account_id": MANAGEMENT,
        "user": "<root_account>",
        "password_enabled": password,
        "access_key_1_active": key,
        "access_key_2_active": False,
    }
    return {"iam_credential_report": [row]}


def share(*, external: bool, status: str = "ASSOCIATED") -> Tables:
    row = {"account_id": PRODUCTION, "region": REGION, "share_arn": "arn:share"}
    row |= {"type": "PRINCIPAL", "associated_entity": "999999999999", "status": status}
    return {"ram_resource_share_associations": [{**row, "external": external}]}


def test_root_credentials_that_are_said_to_be_gone_and_are_there_fail() -> None:
    [title] = answered("ORG.A", "none_exist", root(password=True, key=True))
    assert title.endswith("the credential report shows a password and an access key.")


def test_answers_that_fit_the_facts_stand() -> None:
    assert answered("ORG.A", "none_exist", root()) == []
    assert answered("ORG.A", "two_together", root(password=True)) == []
    assert answered("SCP.A", "blocked", share(external=False)) == []
    assert answered("SCP.A", "blocked", share(external=True, status="DISASSOCIATED")) == []
    assert answered("SCP.A", "approved", share(external=True)) == []


def test_sharing_that_is_said_to_be_blocked_and_happens_fails() -> None:
    [title] = answered("SCP.A", "blocked", share(external=True))
    assert title.endswith("this share is with 1 principal outside.")


@pytest.mark.parametrize("check", ["ORG.A", "SCP.A"])
def test_without_an_answer_the_facts_say_nothing(check: str) -> None:
    assert results(check, {**root(password=True), **share(external=True)}) == []


@pytest.mark.parametrize(
    ("check", "table"),
    [("ORG.A", "iam_credential_report"), ("SCP.A", "ram_resource_share_associations")],
)
def test_the_question_is_open_until_it_is_answered(check: str, table: str, tmp_path: Path) -> None:
    found = judged(check, tmp_path, root(), (table, MANAGEMENT, "*"))
    assert {each.status for each in found} == {"ask", "unknown"}
