"""Parts become one file: every event once, in one order, whatever is missing in its row."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from awsbasics.collect.events.columns import SCHEMA
from awsbasics.collect.events.parts import Parts
from tests.collect.events.event_records import ACCOUNT

Row = dict[str, Any]

IDS = (None, "", "a", "A", "ä", "\x00", "x" * 300, *map(str, range(9)))
TEXTS = (None, "", "[]", "ü", "\x00")
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def strange_rows(count: int) -> list[Row]:
    """Rows whose ids, times and texts are often the same, missing, or odd."""
    random = Random(7)  # noqa: S311 - made up, and the same each time
    return as_read([_strange_row(random) for _ in range(count)])


def as_read(rows: list[Row]) -> list[Row]:
    """Rows with the values that Arrow gives for them."""
    listed: list[Row] = pa.Table.from_pylist(rows, SCHEMA).to_pylist()
    return listed


def _strange_row(random: Random) -> Row:
    event_id = random.choice(IDS)
    names = ("event_name", "user_arn", "source_ip") if event_id is None else ()
    return {
        **dict.fromkeys(SCHEMA.names),
        **{name: random.choice(TEXTS) for name in names},
        "account_id": ACCOUNT,
        "event_id": event_id,
        "event_time": NOON + timedelta(seconds=random.randrange(3)),
        "request_parameters": random.choice(TEXTS),
        "response_elements": random.choice(TEXTS),
    }


def merged(folder: Path, *parts: list[Row]) -> list[Row]:
    folder.mkdir(exist_ok=True)
    own = Parts(folder)
    for number, rows in enumerate(parts):
        own.add(ACCOUNT, f"{number}", pa.Table.from_pylist(rows, SCHEMA))
    path, count = own.merged(ACCOUNT)
    found: list[Row] = pq.read_table(path).to_pylist()
    assert len(found) == count
    return found


def last_where_missing(row: Row, *names: str) -> tuple[Any, ...]:
    return tuple((row[name] is None, row[name] or "") for name in names)


def expected(rows: list[Row]) -> list[Row]:
    """The same in plain Python: of equal ids the first, the rest by time and id."""

    def version(row: Row) -> Any:
        names = ("request_parameters", "response_elements")
        return row["event_time"], *last_where_missing(row, *names)

    once: dict[str, Row] = {}
    for row in sorted(rows, key=version):
        if row["event_id"] is not None:
            once.setdefault(row["event_id"], row)
    return [*once.values(), *(row for row in rows if row["event_id"] is None)]


def in_order(row: Row) -> Any:
    names = ("event_id", "event_name", "user_arn", "source_ip", "request_parameters")
    return row["event_time"], *last_where_missing(row, *names)


def test_rows_come_once_and_in_order_whatever_is_missing_in_them(tmp_path: Path) -> None:
    rows = strange_rows(400)
    found = merged(tmp_path, rows[:1], rows[1:150], rows[150:])
    wanted = expected(rows)
    assert len(IDS) < len(wanted) < len(rows)
    assert sorted(map(repr, found)) == sorted(map(repr, wanted))
    assert list(map(in_order, found)) == sorted(map(in_order, wanted))


def test_the_order_of_parts_changes_nothing(tmp_path: Path) -> None:
    first, second = strange_rows(60)[:30], strange_rows(60)[30:]
    assert list(map(in_order, merged(tmp_path / "a", first, second))) == list(
        map(in_order, merged(tmp_path / "b", second, first))
    )


def test_rows_without_any_event_twice_are_all_kept(tmp_path: Path) -> None:
    rows = [{**row, "event_id": f"{number}"} for number, row in enumerate(strange_rows(50))]
    assert len(merged(tmp_path, rows)) == 50
