"""A snapshot of nothing but log files: events of all their accounts, all else not read."""

from pathlib import Path

import pytest

from awsbasics.collect.events.columns import EVENTS, SCHEMA
from awsbasics.collect.events.offline import import_trail_logs
from awsbasics.collect.tables import TABLES
from awsbasics.errors import UsageError
from awsbasics.snapshot import Snapshot, open_snapshot
from tests.collect.events.event_records import (
    ACCOUNT,
    OTHER,
    log_name,
    numbered,
    record,
    write_bytes,
    write_log,
)


def imported(tmp_path: Path, *records: object) -> Snapshot:
    write_log(tmp_path / "logs", log_name(), records)
    return import_trail_logs(tmp_path / "logs", tmp_path / "snapshot")


def test_events_are_a_frame_like_any_other(tmp_path: Path) -> None:
    snapshot = imported(tmp_path, *numbered(3), record(recipientAccountId=OTHER))
    frame = snapshot.frame(EVENTS)
    assert list(frame.columns) == SCHEMA.names
    assert frame["account_id"].value_counts().to_dict() == {ACCOUNT: 3, OTHER: 1}
    assert str(frame["event_time"].dtype) == "datetime64[us, UTC]"
    assert str(frame["read_only"].dtype) == "boolean"
    assert list(snapshot.frame(EVENTS, accounts=[OTHER], columns=["event_name"])["event_name"]) == [
        "PutRolePolicy"
    ]


def test_events_answer_to_sql(tmp_path: Path) -> None:
    query = f"SELECT event_name, count(*) AS events FROM {EVENTS} WHERE NOT read_only GROUP BY 1"  # noqa: S608
    answer = imported(tmp_path, *numbered(3)).sql(query)
    assert answer.to_dict("records") == [{"event_name": "PutRolePolicy", "events": 3}]


def test_every_file_of_it_is_in_the_manifest_and_unchanged(tmp_path: Path) -> None:
    snapshot = imported(tmp_path, *numbered(3))
    assert f"frames/{EVENTS}/{ACCOUNT}.parquet" in snapshot.manifest["files"]
    open_snapshot(tmp_path / "snapshot", verify=True)


def test_all_other_tables_are_not_read(tmp_path: Path) -> None:
    coverage = imported(tmp_path, *numbered(3)).coverage
    statuses = coverage.set_index("table")["status"].to_dict()
    assert statuses.pop(EVENTS) == "ok"
    assert set(statuses.values()) == {"not_read"}
    assert set(statuses) == set(TABLES) - {EVENTS}


def test_the_manifest_says_what_was_in_the_log_files(tmp_path: Path) -> None:
    write_bytes(tmp_path / "logs", "broken.json.gz", b"broken")
    manifest = imported(tmp_path, *numbered(3)).manifest
    assert manifest["kind"] == "trail_logs"
    assert [account["id"] for account in manifest["accounts"]] == [ACCOUNT]
    told = manifest["trail_logs"]
    assert (told["files"], told["files_read"], told["events"]) == (2, 1, 3)
    assert (told["troubles"], told["first_trouble"]) == (1, "broken.json.gz")


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_partition_is_that_of_the_events_region(
    tmp_path: Path, region: str, partition: str
) -> None:
    assert imported(tmp_path, record(awsRegion=region)).manifest["partition"] == partition


def test_log_files_without_an_event_make_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no CloudTrail event"):
        imported(tmp_path, {"eventName": "x"})
    assert not (tmp_path / "snapshot").exists()
