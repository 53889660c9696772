"""One engine reads every table: calls, follow-ups, typed rows, and an account of the rest.

`read_table` never raises. What a table could not read is in its coverage row, and a row
that cannot be transformed costs that row, not the table.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pyarrow as pa
from botocore.exceptions import ClientError

from awsbasics.collect.caller import CountingCaller
from awsbasics.collect.documents import canonical_json
from awsbasics.collect.outcome import Failure, failure
from awsbasics.collect.table import GLOBAL_REGION, Answer, Column, DType, Item, Table, dig
from awsbasics.coverage import Coverage

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableRead:
    """What came of reading a table in one account and region."""

    rows: list[Row]
    coverage: Coverage


def read_table(table: Table, caller: CountingCaller) -> TableRead:
    """A table's rows in the caller's account and region, and how the reading ended."""
    caller = caller.fresh()
    started = time.monotonic()
    rows: list[Row] = []
    try:
        rows = _rows(table, caller)
        reason = _partly(caller)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this table's, and recorded
        reason = _why(table, error, caller)
    coverage = Coverage(
        table=table.name,
        account_id=caller.account_id,
        region=GLOBAL_REGION if table.scope != "region" else caller.region,
        status=reason.status if reason else ("ok" if rows else "empty"),
        operation=f"{table.service}:{table.operation}",
        error_code=reason.code if reason else "",
        error_message=reason.message if reason else "",
        rows=len(rows),
        calls=caller.tally.calls,
        seconds=round(time.monotonic() - started, 3),
        read_at=datetime.now(UTC),
    )
    return TableRead(rows, coverage)


def unread(table: Table, account_id: str, region: str, reason: Failure, operation: str) -> Coverage:
    """The coverage row of a table that was not asked for at all, and why."""
    return Coverage(
        table=table.name,
        account_id=account_id,
        region=region,
        status=reason.status,
        operation=operation,
        error_code=reason.code,
        error_message=reason.message,
        read_at=datetime.now(UTC),
    )


def to_arrow(table: Table, rows: Iterable[Row]) -> pa.Table:
    """Rows as they are written: typed, and in an order that does not depend on threads."""
    ordered = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, default=str))
    return pa.Table.from_pylist(ordered, schema=table.schema)


def _rows(table: Table, caller: CountingCaller) -> list[Row]:
    if table.gather is not None:
        items = list(table.gather(caller))
    else:
        items = caller.items(table.service, table.operation, table.path, **table.parameters)
        if table.split is not None:
            items = [part for item in items for part in table.split(item)]
    each_row = partial(_row, table, caller)
    rows = caller.map(each_row, items) if table.each else [each_row(item) for item in items]
    return [row for row in rows if row is not None]


def _row(table: Table, caller: CountingCaller, item: Item) -> Row | None:
    try:
        extra = table.each(caller, item) if table.each else {}
        return project(table, caller, item, extra)
    except Exception as error:  # noqa: BLE001 - one strange row must not cost the others
        answer = Answer("error", None, type(error).__name__, f"one row was left out: {error}")
        caller.note(answer, table.operation)
        return None


def project(table: Table, caller: CountingCaller, item: Item, extra: Mapping[str, Answer]) -> Row:
    """An item as a row of the table's columns, with the twins of follow-up columns."""
    region = GLOBAL_REGION if table.scope != "region" else caller.region
    row: Row = {"account_id": caller.account_id, "region": region}
    for column in table.columns:
        if not column.follow_up:
            row[column.name] = convert(dig(item, column.source or column.name), column.dtype)
            continue
        answer = extra.get(column.name, Answer("absent"))
        row.update(_follow_up(column, answer))
        if answer.status in ("denied", "error"):
            caller.note(answer, table.operation)
    return row


def _follow_up(column: Column, answer: Answer) -> Row:
    value = convert(answer.value, column.dtype) if answer.status == "ok" else None
    return {column.name: value, f"{column.name}_status": answer.status}


def convert(value: Any, dtype: DType) -> Any:
    """A value of AWS's as a column's type; None where there is none.

    Raises ValueError or TypeError where it cannot be that type.
    """
    return None if value is None else _CONVERTERS[dtype](value)


def _utc(value: Any) -> datetime:
    """A moment in UTC, from a datetime, an ISO 8601 text, or seconds since 1970."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: Any) -> str:
    """Text that Parquet can hold: half a surrogate pair becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode()


def _bool(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


_CONVERTERS: Mapping[DType, Callable[[Any], Any]] = {
    "string": _text,
    "int": int,
    "float": float,
    "bool": _bool,
    "timestamp": _utc,
    "json": canonical_json,
}


def _partly(caller: CountingCaller) -> Failure | None:
    """`partial`, with the first reason, where a follow-up was not read."""
    for answer, operation in caller.tally.notes:
        if answer.error_code != "NotInExport":
            count = len(caller.tally.notes)
            more = f" (and {count - 1} more)" if count > 1 else ""
            text = f"{operation}: {answer.error_message}{more}"
            return Failure("partial", answer.error_code, text)
    return None


def _why(table: Table, error: Exception, caller: CountingCaller) -> Failure | None:
    reason = failure(error, home_region=caller.is_home)
    if isinstance(error, ClientError) and reason.code in table.absent_codes:
        return None
    return reason
