"""What every table promises, held against the recorded answers of each."""

import copy
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from awsbasics.collect.engine import to_arrow
from awsbasics.collect.table import Table
from awsbasics.collect.tables import TABLES
from awsbasics.coverage import READ
from tests.collect.fake_caller import (
    ACCOUNT,
    REGION,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    read,
    refused,
    rows_of,
)
from tests.collect.recordings.every import RECORDED
from tests.collect.recordings.workloads import SECRET_VALUE

MARKUP = "<script>alert(1)</script>"
CALLS = [(name, operation) for name, recorded in RECORDED.items() for operation in recorded]

each_table = pytest.mark.parametrize("name", RECORDED)
each_call = pytest.mark.parametrize(("name", "operation"), CALLS)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


def declared(table: Table) -> set[str]:
    return {table.operation, *(call.operation for call in table.follow_ups)}


@each_table
def test_every_column_is_filled_from_the_answers(name: str) -> None:
    rows = rows_of(name, RECORDED[name])
    assert_every_column_is_filled(name, rows)
    assert to_arrow(TABLES[name], rows).num_rows == len(rows)


@each_table
def test_the_calls_made_are_those_declared_and_so_permitted(name: str) -> None:
    caller = fake_caller(RECORDED[name])
    read(name, caller)
    assert set(asked(caller)) == declared(TABLES[name])


@each_call
def test_a_refused_call_never_looks_like_nothing_there(name: str, operation: str) -> None:
    found = read(name, {**RECORDED[name], operation: refused()})
    assert found.coverage.status not in READ
    assert found.coverage.error_code == "AccessDenied"


@each_table
def test_a_table_whose_first_call_is_refused_is_denied_whole(name: str) -> None:
    first = asked_first(name)
    found = read(name, {**RECORDED[name], first: refused()})
    assert (found.coverage.status, found.rows) == ("denied", [])


@each_table
def test_what_a_policy_of_the_organization_refuses_is_told_apart(name: str) -> None:
    denial = refused(message="with an explicit deny in a service control policy")
    found = read(name, {**RECORDED[name], asked_first(name): denial})
    assert found.coverage.status == "scp_denied"


@each_table
def test_codes_for_nothing_there_make_an_empty_table(name: str) -> None:
    for code in TABLES[name].absent_codes:
        found = read(name, {**RECORDED[name], asked_first(name): refused(code)})
        assert (found.coverage.status, found.rows) == ("empty", [])


@each_table
def test_hostile_texts_stay_texts_and_cost_no_row_silently(name: str) -> None:
    plain = rows_of(name, RECORDED[name])
    found = read(name, hostile(copy.deepcopy(dict(RECORDED[name]))))
    assert found.coverage.status != "empty"
    assert to_arrow(TABLES[name], found.rows).num_rows == len(found.rows)
    if found.coverage.status == "ok":
        assert len(found.rows) >= len(plain)


@each_table
def test_a_row_says_its_account_and_its_region(name: str) -> None:
    region = REGION if TABLES[name].scope == "region" else "global"
    for row in rows_of(name, RECORDED[name]):
        assert (row["account_id"], row["region"]) == (ACCOUNT, region)


@each_table
def test_moments_are_in_utc(name: str) -> None:
    for row in rows_of(name, RECORDED[name]):
        for value in row.values():
            assert not isinstance(value, datetime) or value.utcoffset() is not None


@each_table
def test_no_secret_that_an_answer_holds_is_kept(name: str) -> None:
    assert SECRET_VALUE not in str(rows_of(name, RECORDED[name]))


def test_there_are_secrets_to_be_left_out() -> None:
    assert {name for name, recorded in RECORDED.items() if SECRET_VALUE in str(recorded)} >= {
        "lambda_functions",
        "autoscaling_launch_configurations",
    }


def asked_first(name: str) -> str:
    caller = fake_caller(RECORDED[name])
    read(name, caller)
    return asked(caller)[0]


def hostile(value: Any) -> Any:
    """An answer whose every text but the region's name ends in markup."""
    if isinstance(value, str):
        return value if value == REGION else value + MARKUP
    if isinstance(value, Mapping):
        return {key: hostile(part) for key, part in value.items()}
    return [hostile(part) for part in value] if isinstance(value, list) else value
