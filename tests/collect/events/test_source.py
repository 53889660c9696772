"""Where events come from follows from what was asked for, and from nothing else."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from awsbasics.collect.events.columns import EVENTS
from awsbasics.collect.events.lookup import look_up
from awsbasics.collect.events.source import EventSource
from awsbasics.collect.tables import TABLES
from awsbasics.errors import UsageError
from awsbasics.store import Store
from tests.collect.events.event_records import ACCOUNT, OTHER, record, write_log

TABLE = TABLES[EVENTS]


def test_events_are_neither_looked_up_nor_read_unless_asked_for(tmp_path: Path) -> None:
    source = EventSource()
    assert source.as_asked(TABLE) is None
    found = source.from_logs(Store(tmp_path / "snapshot"), [ACCOUNT])
    assert (found.tables, found.of(ACCOUNT), found.about) == ((), [], None)
    assert not (tmp_path / "snapshot").exists()


def test_events_are_looked_up_as_far_back_as_asked() -> None:
    table = EventSource(days=7).as_asked(TABLE)
    assert table is not None
    assert isinstance(table.gather, partial)
    assert (table.gather.func, table.gather.keywords) == (look_up, {"days": 7})


@pytest.mark.parametrize("days", [0, 91])
def test_days_that_cannot_be_looked_up_are_refused_before_anything_is_asked(days: int) -> None:
    with pytest.raises(UsageError, match="kept for 90 days"):
        EventSource(days=days)


def test_log_files_are_read_instead_and_may_be_older(tmp_path: Path) -> None:
    write_log(tmp_path, "logs/a.json", [record()])
    source = EventSource(days=4000, trail_logs=str(tmp_path / "logs"))
    assert source.as_asked(TABLE) is None
    found = source.from_logs(Store(tmp_path / "snapshot"), [ACCOUNT, OTHER])
    assert found.tables == (EVENTS,)
    assert [one.status for one in found.of(ACCOUNT)] == ["ok"]
    assert [one.status for one in found.of(OTHER)] == ["not_read"]
    assert found.about is not None
    assert found.about["trail_logs"]["events"] == 1


def test_log_files_are_read_as_far_back_as_asked(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    times = [(now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ") for days in (1, 9)]
    records = [record(eventTime=time, eventID=time) for time in times]
    write_log(tmp_path, "logs/a.json", records)
    source = EventSource(days=7, trail_logs=str(tmp_path / "logs"))
    (read,) = source.from_logs(Store(tmp_path / "snapshot"), [ACCOUNT]).of(ACCOUNT)
    assert (read.status, read.rows) == ("ok", 1)
