"""TMP.4: time limits that do not limit."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.principal_rows import (
    Document,
    allow,
    arn,
    deny,
    joined,
    role,
    root,
    signs_in,
    trust,
)
from tests.recommendations.support import DEVELOPMENT, failures, judged, results, statuses

START, END = "2026-11-01T08:00:00Z", "2026-11-01T16:00:00Z"
AFTER_START = {"DateGreaterThan": {"aws:CurrentTime": START}}
BEFORE_END = {"DateLessThan": {"aws:CurrentTime": END}}
AFTER_END = {"DateGreaterThan": {"aws:CurrentTime": END}}
BEFORE_START = {"DateLessThan": {"aws:CurrentTime": START}}
AGE = "aws:MultiFactorAuthAge"
ISSUED = "aws:TokenIssueTime"


def faults(*statements: Document) -> set[str]:
    found = failures("TMP.4", role("fixer", *statements))
    return {each.key.rpartition("/")[2] for each in found}


def test_a_start_alone_fails() -> None:
    [found] = failures("TMP.4", role("fixer", {**allow("s3:*", "*", AFTER_START), "Sid": "Grant"}))
    assert (found.resource, found.key) == (arn("role", "fixer"), "own/Grant/start")
    assert found.facts["conditions"] == [f"DateGreaterThan aws:CurrentTime: {START}"]


def test_a_window_with_an_end_passes() -> None:
    rows = role("fixer", allow("s3:*", "*", AFTER_START | BEFORE_END))
    assert statuses(results("TMP.4", rows)) == ["ok"]


def test_statements_without_time_are_not_looked_at() -> None:
    assert results("TMP.4", role("fixer", allow("s3:*"))) == []


def test_a_deny_that_ends_leaves_the_allow_open() -> None:
    assert faults(allow("s3:*"), deny("s3:*", "*", BEFORE_START)) == {"deny"}


def test_a_deny_from_the_end_on_is_a_limit() -> None:
    assert faults(allow("s3:*"), deny("s3:*", "*", AFTER_END)) == set()
    both = [deny("s3:*", "*", BEFORE_START), deny("s3:*", "*", AFTER_END)]
    assert faults(allow("s3:*"), *both) == set()


def test_a_deny_whose_bounds_cannot_both_hold_denies_never() -> None:
    contradiction = {
        "DateLessThan": {"aws:CurrentTime": START},
        "DateGreaterThan": {"aws:CurrentTime": END},
    }
    assert faults(allow("s3:*"), deny("s3:*", "*", contradiction)) == {"never"}


def test_a_deny_of_what_nobody_allows_leaves_nothing_open() -> None:
    assert faults(allow("sqs:*"), deny("s3:*", "*", BEFORE_START)) == set()


def test_a_freeze_is_no_limit_of_access() -> None:
    assert faults(allow("s3:*"), deny("s3:*", "*", AFTER_START | BEFORE_END)) == set()


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("s3:*", "*", {"NumericLessThanIfExists": {AGE: "3600"}})], {"if_exists"}),
        ([allow("s3:*", "*", {"DateLessThanIfExists": {ISSUED: END}})], {"if_exists"}),
        ([allow("s3:*", "*", {"NumericLessThan": {AGE: "3600"}})], set()),
        ([allow("s3:*", "*", {"DateLessThanIfExists": {"aws:CurrentTime": END}})], set()),
        ([allow("s3:*"), deny("*", "*", {"NumericGreaterThanIfExists": {AGE: "3600"}})], set()),
        ([allow("s3:*"), deny("*", "*", {"NumericGreaterThan": {AGE: "3600"}})], {"absent"}),
        ([allow("s3:*"), deny("*", "*", {"DateLessThan": {ISSUED: END}})], set()),
    ],
)
def test_keys_that_can_be_absent(statements: list[Document], expected: set[str]) -> None:
    assert faults(*statements) == expected


def test_trust_policies_are_looked_at_too() -> None:
    rows = role("fixer", trusts=trust(root(DEVELOPMENT), AFTER_START))
    [found] = failures("TMP.4", rows)
    assert found.key.startswith("trust/")


def test_permission_sets_are_judged_for_their_reserved_roles() -> None:
    rows = signs_in("kim", "operator", DEVELOPMENT, allow("s3:*", "*", AFTER_START))
    assert results("TMP.4", rows) == []
    sets: list[dict[str, Any]] = rows["sso_permission_sets"]
    sets[0]["inline_policy"] = {"Statement": [allow("s3:*", "*", AFTER_START)]}
    [found] = failures("TMP.4", rows)
    assert found.resource.startswith("arn:aws:sso")


def test_policies_of_aws_and_unattached_ones_are_left_out() -> None:
    row = {"arn": arn("policy", "x"), "name": "x", "path": "/", "aws_managed": False}
    spare = {"iam_policies": [{**row, "document": {"Statement": [allow("*", "*", AFTER_START)]}}]}
    assert results("TMP.4", joined(spare)) == []


def test_policies_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    rows = role("fixer", allow("s3:*", "*", AFTER_START | BEFORE_END))
    found = judged("TMP.4", tmp_path, rows, ("iam_attachments", DEVELOPMENT, "*"))
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
