"""Log files read by several processes: the same as by one, whatever befalls them."""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from awsbasics.collect.events import log_pass, workers
from awsbasics.collect.events.log_folder import LogFolder
from awsbasics.collect.events.log_pass import LogPass, Tally
from awsbasics.collect.events.parts import Parts
from awsbasics.progress import Silent
from tests.collect.events.deadly_pass import DEADLY, DeadlyPass
from tests.collect.events.event_records import ACCOUNT, log_name, numbered, record, write_log

FILES = 6


class Counted(Silent):
    """How many batches are done."""

    def __init__(self) -> None:
        self.expected = self.batches = 0

    def expect(self, steps: int) -> None:
        self.expected += steps

    def done(self, what: str, problem: str = "") -> None:
        self.batches += 1


@pytest.fixture(autouse=True)
def always_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, also for a few files, two of them a batch."""
    monkeypatch.setattr(workers, "FEW_BATCHES", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(log_pass, "BATCH_FILES", 2)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    for number in range(FILES):
        one = record(eventID=f"e-{number}")
        write_log(tmp_path / "logs", log_name(ACCOUNT, day=f"2026110{number + 1}"), [one])
    return tmp_path / "logs"


def read(logs: Path, parts: Path, kind: type[LogPass] = LogPass) -> tuple[Tally, Counted]:
    parts.mkdir()
    folder, progress = LogFolder(str(logs)), Counted()
    work = kind(folder, Parts(parts), None, None)
    return workers.read_all(work, folder.files(), progress), progress


def events(parts: Path) -> list[str]:
    merged, _ = Parts(parts).merged(ACCOUNT)
    found: list[str] = pq.read_table(merged)["event_id"].to_pylist()
    return found


def test_several_processes_read_what_one_reads(
    logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_log(logs, "damaged.json", numbered(1))
    (logs / "damaged.json").write_bytes(b"no log at all")
    several, progress = read(logs, tmp_path / "several")
    assert (progress.batches, progress.expected) == (4, 4)
    monkeypatch.setattr(workers, "FEW_BATCHES", 100)
    one, _ = read(logs, tmp_path / "one")
    assert several == one
    assert (one.files, one.records, len(one.troubles)) == (FILES, FILES, 1)
    assert sorted(events(tmp_path / "several")) == sorted(events(tmp_path / "one"))
    assert len(events(tmp_path / "one")) == FILES


def test_a_file_at_which_a_process_dies_costs_that_file_alone(logs: Path, tmp_path: Path) -> None:
    write_log(logs, f"{DEADLY}.json", numbered(1))
    tally, progress = read(logs, tmp_path / "parts", DeadlyPass)
    assert [(one.file.name, one.reason) for one in tally.troubles] == [
        (f"{DEADLY}.json", "cannot be read: the process that read it died")
    ]
    assert (tally.files, progress.batches) == (FILES, progress.expected)
    assert sorted(events(tmp_path / "parts")) == [f"e-{number}" for number in range(FILES)]


def test_parts_that_cannot_be_written_end_the_pass(logs: Path, tmp_path: Path) -> None:
    folder = LogFolder(str(logs))
    work = LogPass(folder, Parts(tmp_path / "nowhere"), None, None)
    with pytest.raises(FileNotFoundError):
        workers.read_all(work, folder.files(), Silent())


def test_a_damaged_file_is_told_once(logs: Path, tmp_path: Path) -> None:
    for path in logs.rglob("*.gz"):
        path.write_bytes(path.read_bytes()[:-9])
    tally, _ = read(logs, tmp_path / "parts")
    assert [one.reason for one in tally.troubles] == ["breaks off"] * FILES
