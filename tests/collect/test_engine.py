"""The engine, over small tables of its own."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from awsbasics.collect.caller import Tally
from awsbasics.collect.engine import convert, read_table, to_arrow
from awsbasics.collect.table import Answer, Caller, Column, Item, Table

COLUMNS = (
    Column("arn", "string", "Arn", "Its ARN."),
    Column("size", "int", "Size.Bytes", "How large it is."),
    Column("policy", "json", "", "Its policy.", follow_up=True),
)


class CannedCaller:
    """Answers one list, or raises what it is told to."""

    account_id = "000000000012"
    region = "global"
    partition = "aws"
    regions: tuple[str, ...] = ()
    is_home = True

    def __init__(self, items: list[Any] | Exception) -> None:
        self._items = items
        self.tally = Tally()

    def fresh(self) -> "CannedCaller":
        return CannedCaller(self._items)

    def items(self, *_: Any, **__: Any) -> list[Any]:
        if isinstance(self._items, Exception):
            raise self._items
        return list(self._items)

    def listed(self, *_: Any, **__: Any) -> Answer:
        return Answer("ok", self.items())

    def answer(self, *_: Any, **__: Any) -> Answer:
        return Answer("absent")

    def map(self, function: Callable[[Any], Any], things: Iterable[Any]) -> list[Any]:
        return [function(thing) for thing in things]

    def shared(self, _: tuple[str, ...], function: Callable[[], Any]) -> Any:
        return function()

    def note(self, answer: Answer, operation: str) -> None:
        self.tally.note(answer, operation)


def table(**more: Any) -> Table:
    declared: dict[str, Any] = {
        "name": "x_things",
        "description": "Things.",
        "service": "x",
        "operation": "ListThings",
        "path": "Things",
        "columns": COLUMNS,
        "scope": "account",
    }
    return Table(**{**declared, **more})


def policy(answer: Answer) -> Any:
    def each(_: Caller, __: Item) -> Mapping[str, Answer]:
        return {"policy": answer}

    return each


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "why"}}, "ListThings")


THING = {"Arn": "arn:aws:x:::thing", "Size": {"Bytes": "7"}}


def test_an_item_becomes_a_typed_row_with_its_owner() -> None:
    answer = Answer("ok", {"b": 1, "a": 2})
    read = read_table(table(each=policy(answer)), CannedCaller([THING]))

    assert read.rows == [
        {
            "account_id": "000000000012",
            "region": "global",
            "arn": "arn:aws:x:::thing",
            "size": 7,
            "policy": '{"a":2,"b":1}',
            "policy_status": "ok",
        }
    ]
    assert (read.coverage.status, read.coverage.rows) == ("ok", 1)


def test_nothing_there_is_empty_and_not_unread() -> None:
    assert read_table(table(), CannedCaller([])).coverage.status == "empty"
    absent = table(absent_codes=("NoSuchEntity",))
    assert read_table(absent, CannedCaller(refused("NoSuchEntity"))).coverage.status == "empty"


def test_a_denied_call_is_in_coverage_with_awss_reason() -> None:
    coverage = read_table(table(), CannedCaller(refused("AccessDenied"))).coverage
    assert (coverage.status, coverage.error_code, coverage.error_message) == (
        "denied",
        "AccessDenied",
        "why",
    )


@pytest.mark.parametrize(
    ("status", "expected"), [("denied", "partial"), ("error", "partial"), ("absent", "ok")]
)
def test_a_follow_up_that_was_not_read_makes_the_table_partial(status: Any, expected: str) -> None:
    read = read_table(
        table(each=policy(Answer(status, None, "Code", "why"))), CannedCaller([THING])
    )

    assert read.rows[0]["policy"] is None
    assert read.rows[0]["policy_status"] == status
    assert read.coverage.status == expected


def test_a_row_that_cannot_be_read_costs_that_row_and_is_told() -> None:
    read = read_table(table(), CannedCaller([{"Arn": "a", "Size": {"Bytes": "many"}}, THING]))

    assert [row["arn"] for row in read.rows] == ["arn:aws:x:::thing"]
    assert read.coverage.status == "partial"
    assert "one row was left out" in read.coverage.error_message


def test_an_exception_in_a_declaration_is_an_error_and_not_a_crash() -> None:
    def broken(_: Caller) -> list[Item]:
        raise KeyError("Arn")

    coverage = read_table(table(gather=broken), CannedCaller([])).coverage
    assert (coverage.status, coverage.error_code) == ("error", "KeyError")


def test_one_item_can_be_several_rows() -> None:
    def split(item: Item) -> list[Item]:
        return [{"Arn": arn} for arn in item["Arns"]]

    read = read_table(table(split=split), CannedCaller([{"Arns": ["a", "b"]}]))
    assert [row["arn"] for row in read.rows] == ["a", "b"]


def test_the_order_of_written_rows_does_not_depend_on_threads() -> None:
    rows = [{"account_id": "1", "region": "global", "arn": arn} for arn in "cab"]
    assert to_arrow(table(), rows)["arn"].to_pylist() == ["a", "b", "c"]
    assert to_arrow(table(), rows) == to_arrow(table(), rows[::-1])


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        (None, "int", None),
        ("5", "int", 5),
        (True, "bool", True),
        ("false", "bool", False),
        ("true", "bool", True),
        ("2026-11-01T12:00:00+02:00", "timestamp", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        (datetime(2026, 11, 1, 12), "timestamp", datetime(2026, 11, 1, 12, tzinfo=UTC)),  # noqa: DTZ001
        (0, "timestamp", datetime(1970, 1, 1, tzinfo=UTC)),
        (["b", "a"], "json", '["b","a"]'),
        (12, "string", "12"),
        ("half \ud83d a pair", "string", "half ? a pair"),
    ],
)
def test_values_take_their_columns_type(value: Any, dtype: Any, expected: Any) -> None:
    assert convert(value, dtype) == expected
