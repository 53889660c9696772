from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.iam.policy import statements
from awsbasics.iam.windows import Window, parse_time, windows

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SIX = datetime(2026, 11, 1, 18, tzinfo=UTC)
AT_NOON, AT_SIX = "2026-11-01T12:00:00Z", "2026-11-01T18:00:00Z"


def window(condition: dict[str, Any]) -> Window | None:
    whole = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    return windows(statements({"Statement": whole})[0])


def test_a_start_and_an_end_make_a_window() -> None:
    condition = {
        "DateGreaterThan": {"aws:CurrentTime": AT_NOON},
        "DateLessThan": {"aws:CurrentTime": AT_SIX},
    }
    assert window(condition) == (NOON, SIX)


def test_no_condition_on_the_clock_is_no_window() -> None:
    assert window({}) is None
    assert window({"Bool": {"aws:MultiFactorAuthPresent": "true"}}) is None
    assert window({"DateLessThan": {"aws:TokenIssueTime": AT_SIX}}) is None
    assert window({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}) is None


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("DateLessThan", (None, NOON)),
        ("DateLessThanEquals", (None, NOON)),
        ("DateLessThanIfExists", (None, NOON)),
        ("DateLessThanEqualsIfExists", (None, NOON)),
        ("datelessthan", (None, NOON)),
        ("ForAllValues:DateLessThan", (None, NOON)),
        ("DateGreaterThan", (NOON, None)),
        ("DateGreaterThanEquals", (NOON, None)),
        ("DateGreaterThanEqualsIfExists", (NOON, None)),
        ("ForAnyValue:DateGreaterThan", (NOON, None)),
        ("DateEquals", (NOON, NOON)),
        ("DateNotEquals", None),
        ("StringLike", None),
        ("NumericLessThan", None),
        ("DateLess", None),
    ],
)
def test_operators_on_the_current_time(operator: str, expected: Window | None) -> None:
    assert window({operator: {"aws:CurrentTime": AT_NOON}}) == expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("NumericLessThan", (None, NOON)),
        ("NumericLessThanEqualsIfExists", (None, NOON)),
        ("NumericGreaterThanEquals", (NOON, None)),
        ("DateLessThan", (None, NOON)),
        ("NumericNotEquals", None),
    ],
)
def test_operators_on_the_epoch_time(operator: str, expected: Window | None) -> None:
    assert window({operator: {"aws:EpochTime": int(NOON.timestamp())}}) == expected


def test_keys_are_found_in_any_case() -> None:
    assert window({"DateLessThan": {"AWS:currenttime": AT_NOON}}) == (None, NOON)


def test_conditions_add_up_to_the_narrowest_window() -> None:
    condition = {
        "DateLessThan": {"aws:CurrentTime": AT_SIX},
        "NumericLessThan": {"aws:EpochTime": int(NOON.timestamp())},
    }
    assert window(condition) == (None, NOON)


def test_values_of_one_condition_are_alternatives() -> None:
    assert window({"DateLessThan": {"aws:CurrentTime": [AT_NOON, AT_SIX]}}) == (None, SIX)
    assert window({"DateGreaterThan": {"aws:CurrentTime": [AT_NOON, AT_SIX]}}) == (NOON, None)


def test_a_value_that_is_no_date_bounds_nothing() -> None:
    assert window({"DateLessThan": {"aws:CurrentTime": "tomorrow"}}) == (None, None)
    assert window({"DateLessThan": {"aws:CurrentTime": "${aws:username}"}}) == (None, None)
    assert window({"DateLessThan": {"aws:CurrentTime": []}}) == (None, None)
    assert window({"DateLessThan": {"aws:CurrentTime": ["tomorrow", AT_NOON]}}) == (None, NOON)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01T12:00:00Z", NOON),
        ("2026-11-01T12:00Z", NOON),
        ("2026-11-01T12:00:00", NOON),
        ("2026-11-01T13:00:00+01:00", NOON),
        ("2026-11-01T07:00:00-05:00", NOON),
        ("2026-11-01T12:00:00.000Z", NOON),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        (str(int(NOON.timestamp())), NOON),
        (f"{NOON.timestamp():.3f}", NOON),
        ("0001-01-01T00:00:00+10:00", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59-10:00", datetime.max.replace(tzinfo=UTC)),
        ("9" * 18, datetime.max.replace(tzinfo=UTC)),
        ("-" + "9" * 18, datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_iam_takes_them(text: str, expected: datetime) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-13-01", "2026-02-30", "01.11.2026", "2026-11-01 12:00", "2026-11-01Z",
     "2026-W01", "20261101T120000Z", "nan", "inf", "1e400", "2026-11-01T12:00:00Z\n"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_time(text) is None


@given(st.datetimes(min_value=datetime(1, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_time_is_read_back(time: datetime) -> None:
    assert parse_time(time.isoformat()) == time


@given(st.text() | st.from_regex(r"[0-9:TZ+.eE-]{1,30}"))
def test_any_value_is_a_time_or_none(text: str) -> None:
    time = parse_time(text)
    assert time is None or time.tzinfo is UTC
