"""Which files under a folder or an S3 prefix are log files, and what their names tell."""

import os
from datetime import date
from pathlib import Path

import pytest

from awsbasics.collect.events.log_folder import LogFile, LogFolder
from awsbasics.errors import AccessError, UsageError
from tests.collect.events.event_records import ACCOUNT, log_name, write_bytes


def found(folder: Path) -> list[LogFile]:
    return LogFolder(str(folder)).files()


def names(folder: Path) -> list[str]:
    return [file.name for file in found(folder)]


def test_a_trails_files_tell_account_and_day(tmp_path: Path) -> None:
    write_bytes(tmp_path, f"prefix/{log_name()}", b"12345")
    (file,) = found(tmp_path)
    assert (file.account_id, file.day, file.size) == (ACCOUNT, date(2026, 11, 1), 5)
    assert file.name == f"prefix/{log_name()}"


def test_files_of_any_name_count_and_tell_nothing(tmp_path: Path) -> None:
    for name in ("export/events.json", "flaws_cloudtrail00.json.gz", "lines.jsonl"):
        write_bytes(tmp_path, name, b"x")
    assert {(file.account_id, file.day) for file in found(tmp_path)} == {("", None)}
    assert len(found(tmp_path)) == 3


def test_a_file_whose_day_does_not_exist_is_read_all_the_same(tmp_path: Path) -> None:
    write_bytes(tmp_path, log_name().replace("20261101T", "20261399T"), b"x")
    assert found(tmp_path)[0].day is None


def test_digests_insights_and_other_things_are_no_logs(tmp_path: Path) -> None:
    for kind in ("Digest", "Insight", "NetworkActivity", "Aggregated"):
        name = log_name().replace("/CloudTrail/", f"/CloudTrail-{kind}/")
        write_bytes(tmp_path, name.replace("_CloudTrail_", f"_CloudTrail-{kind}_"), b"x")
    for name in ("README.md", ".hidden.json", "a/.DS_Store", "table.csv.gz"):
        write_bytes(tmp_path, name, b"x")
    write_bytes(tmp_path, log_name(), b"x")
    assert names(tmp_path) == [log_name()]


def test_what_is_no_plain_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    write_bytes(tmp_path, "events.json", b"x")
    assert names(tmp_path) == ["events.json"]


def test_a_single_file_is_a_place_too(tmp_path: Path) -> None:
    path = write_bytes(tmp_path, log_name(), b"content")
    folder = LogFolder(str(path))
    (file,) = folder.files()
    assert (file.name, file.account_id) == (path.name, ACCOUNT)
    assert list(folder.read([file])) == [b"content"]


def test_files_come_by_name_so_that_every_pass_is_the_same(tmp_path: Path) -> None:
    for name in ("b.json", "a.json", "c/a.json"):
        write_bytes(tmp_path, name, b"x")
    assert names(tmp_path) == ["a.json", "b.json", "c/a.json"]


def test_a_file_that_is_gone_meanwhile_costs_itself(tmp_path: Path) -> None:
    folder = LogFolder(str(tmp_path))
    gone, there = (write_bytes(tmp_path, name, b"x") for name in ("a.json", "b.json"))
    files = folder.files()
    gone.unlink()
    first, second = folder.read(files)
    assert isinstance(first, FileNotFoundError)
    assert second == there.read_bytes()


@pytest.mark.parametrize("place", ["missing", "."])
def test_a_place_without_log_files_is_said(tmp_path: Path, place: str) -> None:
    with pytest.raises(UsageError, match="holds no CloudTrail log files"):
        found(tmp_path / place)


def test_only_folders_and_s3_are_places() -> None:
    with pytest.raises(UsageError, match="from folders and from s3://"):
        LogFolder("https://example.com/logs")


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.mark.usefixtures("nowhere")
def test_a_bucket_that_cannot_be_reached_is_one_line() -> None:
    with pytest.raises(AccessError, match="s3://example/logs cannot be listed"):
        LogFolder("s3://example/logs").files()
