"""What a run leaves behind about itself, and the exit code that it ends with."""

from pathlib import Path

import pandas as pd
import pytest

from awsbasics import __version__
from awsbasics.assessment import Assessment
from awsbasics.report.record import Entry, RunRecord, exit_code
from awsbasics.show.sources import Parameters, Sources
from tests.example import write_example
from tests.snapshots import Unread

FAILED = [Entry("04_engineers", "Engineers", "KeyError: planted")]
DENIED: Unread = {("iam_users", "*", "*"): "denied"}


def sources(folder: Path, unread: Unread | None = None, **given: str) -> Sources:
    write_example(folder / "snapshot", unread=unread)
    return Sources(Parameters(snapshot=str(folder / "snapshot"), **given))


def assessment(folder: Path, unread: Unread | None = None) -> Assessment:
    return sources(folder, unread).assess(only=("R04", "R10"))


@pytest.mark.parametrize(
    ("unread", "entries", "fail_on", "strict", "code"),
    [
        (None, [], None, False, 0),
        (None, [], "critical", False, 3),
        (None, [], None, True, 0),
        (DENIED, [], None, False, 0),
        (DENIED, [], "low", True, 4),
        (DENIED, FAILED, "low", True, 5),
        (None, FAILED, None, False, 5),
    ],
)
def test_the_gravest_outcome_gives_the_exit_code(
    tmp_path: Path,
    unread: Unread | None,
    entries: list[Entry],
    fail_on: str | None,
    strict: bool,
    code: int,
) -> None:
    done = assessment(tmp_path, unread)
    assert exit_code(done, entries, fail_on=fail_on, strict=strict) == code


def test_only_findings_at_or_over_the_limit_count(tmp_path: Path) -> None:
    done = sources(tmp_path).assess(only=("R08",))
    failed = done.findings[done.findings["status"] == "fail"]
    assert set(failed["severity"]) == {"low"}
    assert exit_code(done, [], fail_on="low", strict=False) == 3
    assert exit_code(done, [], fail_on="medium", strict=False) == 0


def test_the_record_has_the_designs_keys(tmp_path: Path) -> None:
    opened = sources(tmp_path)
    done = opened.assess(only=("R04", "R10"))
    entries = [*FAILED, Entry("10_security_groups", "Groups")]
    record = RunRecord.make(opened, done, entries, pd.Timestamp("2026-11-01T10:00Z")).ended(5)
    data = record.to_json()

    assert data["schema_version"] == 1
    assert (data["tool_version"], data["exit_code"], data["since"]) == (__version__, 5, None)
    assert data["started"] == "2026-11-01T10:00:00Z"
    assert data["snapshot"]["id"] == opened.snapshot.manifest["id"]
    engineers, groups = data["recommendations"]
    assert (engineers["status"], engineers["error"]) == ("failed", "KeyError: planted")
    assert (groups["id"], groups["notebook"], groups["status"], groups["error"]) == (
        "R10",
        "10_security_groups",
        "ok",
        None,
    )
    assert groups["rating"] == "not_met"
    assert groups["counts"]["failed"] > 0
    assert 0 < groups["confidence"] <= 1


def test_the_earlier_snapshot_is_named(tmp_path: Path) -> None:
    write_example(tmp_path / "before")
    opened = sources(tmp_path, since=str(tmp_path / "before"))
    record = RunRecord.make(opened, opened.assess(("R04",)), [], pd.Timestamp.now("UTC"))
    assert opened.earlier is not None
    assert record.to_json()["since"]["id"] == opened.earlier.manifest["id"]
