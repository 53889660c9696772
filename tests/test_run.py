"""A report's folder: whole or not at all, and never in the place of something else."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Self

import pytest

from awsbasics import run
from awsbasics.errors import EngagementError, SnapshotError, UsageError
from awsbasics.progress import Silent
from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.report.jobs import Job, Outcome
from awsbasics.run import START, notebooks_folder, write_report
from awsbasics.snapshot import open_snapshot
from tests.example import write_engagement, write_example

FILES = {"index.html", "run.json", "findings.json", "findings.csv", "coverage.csv", "evidence"}


class Spy(Silent):
    """Progress that remembers what it was told."""

    def __init__(self) -> None:
        self.expected = 0
        self.told: list[str] = []

    def expect(self, steps: int) -> None:
        self.expected += steps

    def done(self, what: str, problem: str = "") -> None:
        self.told.append(what)


class StubPool:
    """A pool in which every notebook ends well at once, without a page."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def run(self, jobs: list[Job]) -> Iterator[Outcome]:
        yield from (Outcome(job.name) for job in jobs)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests about the folder, not about notebooks."""
    monkeypatch.setattr(run, "NotebookPool", StubPool)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    write_example(tmp_path / "snapshot")
    return tmp_path / "snapshot"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole report."""
    folder = tmp_path_factory.mktemp("run")
    write_example(folder / "snapshot")
    engagement = write_engagement(folder / "engagement.yml")
    result = write_report(folder / "snapshot", folder / "report", engagement=engagement)
    assert (result.exit_code, result.failed) == (0, {})
    assert result.index == folder / "report/index.html"
    return folder / "report"


def test_the_folder_holds_pages_executed_notebooks_and_exports(report: Path) -> None:
    names = {START, *(each.notebook for each in RECOMMENDATIONS)}
    pages = {f"{name}.{kind}" for name in names for kind in ("html", "ipynb")}
    assert {path.name for path in report.iterdir()} == FILES | pages


def test_no_page_is_over_its_budget(report: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in report.glob("*.html")}
    assert max(sizes.values()) < 300 * 1024


def test_nothing_else_is_left_behind(report: Path) -> None:
    assert {path.name for path in report.parent.iterdir()} == {
        "report",
        "snapshot",
        "engagement.yml",
    }


def test_executed_notebooks_are_not_trusted_and_tell_nothing_of_the_machine(report: Path) -> None:
    for path in report.glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert str(report.parent) not in text
        assert not any(cell["metadata"].get("trusted") for cell in json.loads(text)["cells"])


def test_the_pages_tell_nothing_of_the_machine(report: Path) -> None:
    for path in report.glob("*.html"):
        assert str(report.parent) not in path.read_text(encoding="utf-8")


def test_a_time_before_the_data_is_told_since_nothing_would_be_old(
    quick: None, snapshot: Path, tmp_path: Path
) -> None:
    gathered = open_snapshot(snapshot).collected_at

    def warning(as_of: str | None) -> str:
        return write_report(snapshot, tmp_path / "report", only=["R04"], as_of=as_of).warning

    day_before = gathered.normalize() - timedelta(seconds=1)
    assert f"before the data was gathered ({gathered:%Y-%m-%d %H:%M} UTC)" in warning(
        day_before.isoformat()
    )
    assert warning(None) == ""
    assert warning(f"{gathered:%Y-%m-%d}") == ""  # the day is enough to name the moment


def test_an_earlier_report_is_replaced(quick: None, snapshot: Path, tmp_path: Path) -> None:
    write_report(snapshot, tmp_path / "report")
    (tmp_path / "report" / "99_old.html").write_text("old")
    write_report(snapshot, tmp_path / "report", only=["R04"])

    assert not (tmp_path / "report" / "99_old.html").exists()
    data = json.loads((tmp_path / "report" / "run.json").read_text())
    assert data["scope"]["recommendations"] == ["R04"]


@pytest.mark.parametrize("content", ["notes.txt", "run.json"])
def test_another_folder_is_never_replaced(
    quick: None, snapshot: Path, tmp_path: Path, content: str
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / content).write_text("[1]")
    with pytest.raises(UsageError, match="not empty and no earlier report"):
        write_report(snapshot, folder)
    assert (folder / content).read_text() == "[1]"


def test_a_file_is_never_replaced(quick: None, snapshot: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        write_report(snapshot, tmp_path / "file")


def test_an_empty_folder_is_used(quick: None, snapshot: Path, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    assert write_report(snapshot, tmp_path / "report").index.exists()


def test_without_a_folder_it_goes_to_reports(
    quick: None, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_report(snapshot).index == Path("reports/snapshot/index.html")
    assert Path("reports/snapshot/run.json").exists()


def test_a_run_that_breaks_off_leaves_the_earlier_report(
    quick: None, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(snapshot, tmp_path / "report")
    before = (tmp_path / "report" / "run.json").read_text()

    def interrupted(*_: object) -> Iterator[Outcome]:
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr(StubPool, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_report(snapshot, tmp_path / "report", only=["R04"])

    assert (tmp_path / "report" / "run.json").read_text() == before
    assert {path.name for path in tmp_path.iterdir()} == {"report", "snapshot"}


def test_a_run_that_breaks_off_between_two_reports_puts_the_earlier_one_back(
    quick: None, snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(snapshot, tmp_path / "report")
    before = (tmp_path / "report" / "run.json").read_text()
    replace, moved = Path.replace, []

    def interrupted(path: Path, target: Path) -> Path:
        moved.append(path)
        if len(moved) == 2:
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_report(snapshot, tmp_path / "report", only=["R04"])

    assert len(moved) == 3
    assert (tmp_path / "report" / "run.json").read_text() == before
    assert {path.name for path in tmp_path.iterdir()} == {"report", "snapshot"}


def test_what_cannot_be_read_is_told_before_anything_is_written(
    snapshot: Path, tmp_path: Path
) -> None:
    bad = write_engagement(tmp_path / "bad.yml", "client: [")
    with pytest.raises(SnapshotError):
        write_report(tmp_path / "nowhere", tmp_path / "report")
    with pytest.raises(SnapshotError):
        write_report(snapshot, tmp_path / "report", since=tmp_path / "nowhere")
    with pytest.raises(EngagementError):
        write_report(snapshot, tmp_path / "report", engagement=bad)
    with pytest.raises(UsageError):
        write_report(snapshot, tmp_path / "report", accounts=["12"])
    with pytest.raises(UsageError):
        write_report(snapshot, tmp_path / "report", only=["R99"])
    assert {path.name for path in tmp_path.iterdir()} == {"bad.yml", "snapshot"}


def test_progress_counts_every_notebook(quick: None, snapshot: Path, tmp_path: Path) -> None:
    spy = Spy()
    write_report(snapshot, tmp_path / "report", progress=spy)
    assert spy.expected == len(spy.told) == len(RECOMMENDATIONS) + 1


def test_the_exit_code_is_in_the_record(quick: None, snapshot: Path, tmp_path: Path) -> None:
    result = write_report(snapshot, tmp_path / "report", fail_on="critical")
    assert result.exit_code == 3
    assert json.loads((tmp_path / "report/run.json").read_text())["exit_code"] == 3


def test_the_notebooks_are_found() -> None:
    assert (notebooks_folder() / f"{START}.ipynb").is_file()
