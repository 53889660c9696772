"""Log files become frames: every event once, in the account it is of; what is damaged is told."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pyarrow.parquet as pq
import pytest

from awsbasics.collect.events import log_pass, records
from awsbasics.collect.events.columns import EVENTS, SCHEMA
from awsbasics.collect.events.logs import TrailLogs, read_trail_logs
from awsbasics.collect.secrets_filter import DROPPED
from awsbasics.demo import demo_environment
from awsbasics.errors import SnapshotError, UsageError
from awsbasics.store import Store
from tests.collect.events.event_records import (
    ACCOUNT,
    OTHER,
    log_name,
    log_text,
    numbered,
    record,
    write_bytes,
    write_log,
)

SCOPE = (ACCOUNT, OTHER)


def read(tmp_path: Path, accounts: Any = SCOPE, **more: Any) -> TrailLogs:
    return read_trail_logs(str(tmp_path / "logs"), Store(tmp_path / "snapshot"), accounts, **more)


def events(tmp_path: Path, account: str = ACCOUNT) -> list[dict[str, Any]]:
    path = tmp_path / f"snapshot/frames/{EVENTS}/{account}.parquet"
    table = pq.read_table(path)
    assert (table.schema.names, table.schema.types) == (SCHEMA.names, SCHEMA.types)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def log(tmp_path: Path, name: str, *records: Any) -> None:
    write_log(tmp_path / "logs", name, records)


def test_each_account_of_an_organization_gets_its_own_events(tmp_path: Path) -> None:
    log(tmp_path, log_name(ACCOUNT), *numbered(3))
    log(tmp_path, log_name(OTHER), *numbered(2, recipientAccountId=OTHER))
    found = read(tmp_path)
    assert {account: c.rows for account, c in found.coverage.items()} == {ACCOUNT: 3, OTHER: 2}
    assert {c.status for c in found.coverage.values()} == {"ok"}
    assert {row["account_id"] for row in events(tmp_path)} == {ACCOUNT}
    assert len(events(tmp_path, OTHER)) == 2


def test_events_come_in_order_of_time_whatever_the_order_of_files(tmp_path: Path) -> None:
    first, second, third = numbered(3)
    log(tmp_path, log_name(day="20261101"), third)
    log(tmp_path, log_name(day="20261102"), second, first)
    read(tmp_path)
    ids = [row["event_id"] for row in events(tmp_path)]
    assert ids == [one["eventID"] for one in (first, second, third)]


def test_an_event_that_was_delivered_twice_is_one(tmp_path: Path) -> None:
    twice = numbered(2)
    log(tmp_path, log_name(day="20261101"), *twice, twice[0])
    log(tmp_path, log_name(day="20261102"), *twice)
    assert read(tmp_path).coverage[ACCOUNT].rows == 2
    assert len(events(tmp_path)) == 2


def test_events_without_an_id_are_all_kept(tmp_path: Path) -> None:
    log(tmp_path, log_name(), *(record(eventID=None) for _ in range(3)))
    assert read(tmp_path).coverage[ACCOUNT].rows == 3


def test_events_out_of_scope_are_counted_and_left_out(tmp_path: Path) -> None:
    log(tmp_path, "all.json.gz", *numbered(3), *numbered(2, recipientAccountId=OTHER))
    log(tmp_path, log_name(OTHER), record(recipientAccountId=OTHER))
    found = read(tmp_path, accounts=[ACCOUNT])
    assert list(found.coverage) == [ACCOUNT]
    assert found.about["events_out_of_scope"] == {OTHER: 2}
    assert found.about["files_out_of_scope"] == 1
    assert not (tmp_path / f"snapshot/frames/{EVENTS}/{OTHER}.parquet").exists()


def test_accounts_that_an_interrupted_gather_finished_stay_as_they_are(tmp_path: Path) -> None:
    log(tmp_path, log_name(ACCOUNT), *numbered(1))
    read(tmp_path)
    log(tmp_path, log_name(ACCOUNT), *numbered(2))
    log(tmp_path, log_name(OTHER), *numbered(2, recipientAccountId=OTHER))
    found = read(tmp_path, done=[ACCOUNT])
    assert found.about["events"] == 4
    assert (len(events(tmp_path)), len(events(tmp_path, OTHER))) == (1, 2)


def test_without_a_scope_all_accounts_are_kept_but_what_has_none(tmp_path: Path) -> None:
    strange = [record(recipientAccountId=one) for one in ("../../escape", "12", "٠" * 12)]
    log(tmp_path, "all.json.gz", *numbered(1), record(recipientAccountId=OTHER), *strange)
    found = read(tmp_path, accounts=None)
    assert sorted(found.coverage) == sorted(SCOPE)
    assert found.about["events_out_of_scope"] == {"": 3}
    assert {path.name for path in (tmp_path / f"snapshot/frames/{EVENTS}").iterdir()} == {
        f"{ACCOUNT}.parquet",
        f"{OTHER}.parquet",
    }


def test_an_account_without_a_single_event_was_not_read(tmp_path: Path) -> None:
    log(tmp_path, log_name(ACCOUNT), *numbered(1))
    other = read(tmp_path).coverage[OTHER]
    assert (other.status, other.error_code, other.region) == ("not_read", "NoLogFiles", "global")


def test_older_events_and_files_are_left_out_where_a_time_is_given(tmp_path: Path) -> None:
    old = record(eventTime="2026-10-31T23:59:59Z", eventID="old")
    log(tmp_path, log_name(day="20261101"), old, *numbered(2))
    log(tmp_path, log_name(day="20261031"), old)
    write_bytes(tmp_path / "logs", log_name(day="20251031"), b"not even looked at")
    found = read(tmp_path, since=datetime(2026, 11, 1, tzinfo=UTC))
    assert (found.coverage[ACCOUNT].status, found.coverage[ACCOUNT].rows) == ("ok", 2)
    assert found.about["files_out_of_scope"] == 2


HOSTILE = {
    "garbage": b"\x00\xff\x13not json",
    "cut": gzip.compress(log_text(numbered(9)))[:-30],
    "empty": b"",
    "packed nothing": gzip.compress(b""),
    "other JSON": gzip.compress(b'{"digestEndTime": "2026-11-01T00:00:00Z"}'),
    "no list": gzip.compress(b'{"Records": {"eventName": "x"}}'),
    "deep": gzip.compress(b'{"Records": [' + b"[" * 500_000 + b"]" * 500_000 + b"]}"),
    "deep parameters": gzip.compress(
        b'{"Records": [{"requestParameters": ' + b'{"a":' * 200_000 + b"}" * 200_000 + b"}]}"
    ),
    "not UTF-8": gzip.compress(b'{"Records": ["\xff\xfe"]}'),
    "a number": gzip.compress(b'{"Records": [1e999999, NaN, -0]}'),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_damaged_file_is_told_with_its_name_and_costs_no_other(tmp_path: Path, kind: str) -> None:
    log(tmp_path, log_name(day="20261101"), *numbered(5))
    write_bytes(tmp_path / "logs", log_name(day="20261102"), HOSTILE[kind])
    coverage = read(tmp_path).coverage[ACCOUNT]
    assert (coverage.status, coverage.rows) == ("partial", 5)
    assert coverage.error_code == "DamagedLogFile"
    assert log_name(day="20261102") in coverage.error_message
    assert len(events(tmp_path)) == 5


def test_a_damaged_file_concerns_its_account_and_one_of_no_account_all(tmp_path: Path) -> None:
    log(tmp_path, "all.json.gz", *numbered(1), record(recipientAccountId=OTHER))
    write_bytes(tmp_path / "logs", log_name(OTHER), b"broken")
    assert {a: c.status for a, c in read(tmp_path).coverage.items()} == {
        ACCOUNT: "ok",
        OTHER: "partial",
    }
    write_bytes(tmp_path / "logs", "any.json", b"broken")
    assert {c.status for c in read(tmp_path).coverage.values()} == {"partial"}


def test_many_damaged_files_are_counted(tmp_path: Path) -> None:
    log(tmp_path, log_name(day="20261101"), *numbered(1))
    for day in range(2, 9):
        write_bytes(tmp_path / "logs", log_name(day=f"2026110{day}"), b"broken")
    found = read(tmp_path)
    assert found.coverage[ACCOUNT].error_message.startswith("7 log files were not read whole")
    assert (found.about["files_read"], found.about["troubles"]) == (1, 7)


def test_an_account_whose_files_are_all_damaged_was_not_read(tmp_path: Path) -> None:
    write_bytes(tmp_path / "logs", log_name(), b"broken")
    assert read(tmp_path, accounts=[ACCOUNT]).coverage[ACCOUNT].status == "error"


def test_records_that_are_no_events_are_told_and_the_others_kept(tmp_path: Path) -> None:
    log(tmp_path, log_name(), *numbered(4), 5, {"eventName": "x"})
    coverage = read(tmp_path).coverage[ACCOUNT]
    assert (coverage.status, coverage.rows) == ("partial", 4)
    assert "holds 2 records that are no events" in coverage.error_message


def test_half_a_character_does_not_hide_a_file(tmp_path: Path) -> None:
    log(tmp_path, log_name(), record(userAgent="\ud83d hidden"))
    assert read(tmp_path).coverage[ACCOUNT].status == "ok"
    assert "hidden" in events(tmp_path)[0]["user_agent"]


def test_parameters_that_are_too_deep_cost_themselves(tmp_path: Path) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    text = log_text([record(requestParameters="here")]).replace(b'"here"', deep)
    write_bytes(tmp_path / "logs", log_name(), gzip.compress(text))
    assert read(tmp_path).coverage[ACCOUNT].status == "ok"
    assert events(tmp_path)[0]["request_parameters"] == DROPPED


def test_a_file_that_is_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_pass, "MAX_PACKED", 1000)
    log(tmp_path, log_name(day="20261101"), record())
    write_bytes(tmp_path / "logs", log_name(day="20261102"), bytes(1001))
    assert "is larger than" in read(tmp_path).coverage[ACCOUNT].error_message


def test_a_file_that_is_too_much_for_memory_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MEMORY_LIMIT", "40MB")
    log(tmp_path, log_name(day="20261101"), *numbered(5))
    many = b'{"Records": [' + b"[]," * 8_000_000 + b"[]]}"
    write_bytes(tmp_path / "logs", log_name(day="20261102"), gzip.compress(many, 1))
    coverage = read(tmp_path).coverage[ACCOUNT]
    assert (coverage.status, coverage.rows) == ("partial", 5)
    assert "cannot be read" in coverage.error_message


def test_many_batches_give_what_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    all_events = numbered(40)
    for number in range(20):
        log(tmp_path, f"{number}.json.gz", *all_events[number * 2 : number * 2 + 3])
    read(tmp_path)
    once = events(tmp_path)
    monkeypatch.setattr(log_pass, "BATCH_FILES", 1)
    monkeypatch.setattr(log_pass, "TEXT_AT_ONCE", 1)
    read(tmp_path)
    assert len(once) == 40
    assert events(tmp_path) == once


def test_secrets_in_log_files_are_never_written(tmp_path: Path) -> None:
    secret = {"name": "/prod/db", "value": "hunter2-canary"}
    log(tmp_path, log_name(), record("PutParameter", "ssm", requestParameters=secret))
    read(tmp_path)
    (found,) = events(tmp_path)
    assert json.loads(found["request_parameters"])["name"] == "/prod/db"
    whole = [path.read_bytes() for path in (tmp_path / "snapshot").rglob("*") if path.is_file()]
    assert whole
    assert not any(b"hunter2" in data for data in whole)
    assert "hunter2" not in str(found)


def test_nothing_is_left_beside_the_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "parts"))
    (tmp_path / "parts").mkdir()
    log(tmp_path, log_name(), *numbered(2))
    read(tmp_path)
    assert list((tmp_path / "parts").iterdir()) == []
    assert len([path for path in (tmp_path / "snapshot").rglob("*") if path.is_file()]) == 1


def test_a_folder_for_parts_that_is_full_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full)
    log(tmp_path, log_name(), record())
    with pytest.raises(SnapshotError, match=r"No space left on device; TMPDIR names"):
        read(tmp_path)


def test_no_log_files_at_all_is_an_error_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no CloudTrail log files"):
        read(tmp_path)


@pytest.fixture
def bucket(demo_endpoint: str) -> Iterator[Any]:
    with demo_environment(demo_endpoint):
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="example-event-logs")
        yield client


def test_log_files_of_a_bucket_are_read_under_the_prefix_and_nowhere_else(
    tmp_path: Path, bucket: Any
) -> None:
    inside, outside = gzip.compress(log_text(numbered(2))), gzip.compress(log_text([record()]))
    bucket.put_object(Bucket="example-event-logs", Key=f"mine/{log_name()}", Body=inside)
    bucket.put_object(Bucket="example-event-logs", Key=f"mine2/{log_name()}", Body=outside)
    session = boto3.Session(region_name="us-east-1")
    store = Store(tmp_path / "snapshot")
    found = read_trail_logs("s3://example-event-logs/mine", store, SCOPE, session=session)
    assert found.about["files"] == 1
    assert found.coverage[ACCOUNT].rows == len(events(tmp_path)) == 2


def test_frames_go_to_a_bucket_as_well(tmp_path: Path, bucket: Any) -> None:
    log(tmp_path, log_name(), *numbered(2))
    store = Store("s3://example-event-logs/snapshot")
    read_trail_logs(str(tmp_path / "logs"), store, SCOPE)
    key = f"snapshot/frames/{EVENTS}/{ACCOUNT}.parquet"
    body = bucket.get_object(Bucket="example-event-logs", Key=key)["Body"].read()
    write_bytes(tmp_path, key, body)
    assert len(events(tmp_path)) == 2
