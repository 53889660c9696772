"""The notebooks run: by papermill alone from anywhere, and all of them on strange snapshots."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import load_engagement
from awsbasics.errors import UsageError
from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.run import notebooks_folder, write_report
from awsbasics.show import open_page
from awsbasics.show.sources import check_names
from tests.example import write_engagement, write_example
from tests.snapshots import MANAGEMENT, write_snapshot

EVERYTHING = {("*", "*", "*"): "denied"}


@pytest.fixture(params=["empty", "denied", "alone"])
def strange(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An organization without a row, one that denies everything, an account without either."""
    path = tmp_path / "snapshot"
    if request.param == "empty":
        write_snapshot(path)
    elif request.param == "denied":
        write_snapshot(path, unread=EVERYTHING)  # type: ignore[arg-type]
    else:
        write_snapshot(path, accounts=(MANAGEMENT,), management=None, regions=())
    return path


@pytest.mark.slow
def test_no_notebook_fails_on_a_strange_snapshot(strange: Path, tmp_path: Path) -> None:
    result = write_report(strange, tmp_path / "report")
    assert (result.failed, result.exit_code) == ({}, 0)
    record = json.loads((tmp_path / "report/run.json").read_text())
    assert len(record["recommendations"]) == len(RECOMMENDATIONS)
    assert "met" not in {entry["rating"] for entry in record["recommendations"]}


def test_where_everything_is_denied_nothing_is_assessed(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "s", unread=EVERYTHING)  # type: ignore[arg-type]
    write_report(tmp_path / "s", tmp_path / "report", only=["R09"])
    record = json.loads((tmp_path / "report/run.json").read_text())
    rated = {r["id"]: r for r in record["recommendations"]}
    assert rated["R09"]["rating"] == "not_assessed"
    assert rated["R09"]["confidence"] == 0


def papermill(folder: Path, name: str, **parameters: str) -> subprocess.CompletedProcess[str]:
    """`papermill NOTEBOOK out.ipynb -r name value …`, run in a folder."""
    given = [part for pair in parameters.items() for part in ("-r", *pair)]
    source = notebooks_folder() / f"{name}.ipynb"
    command = [sys.executable, "-m", "papermill", str(source), "out.ipynb", *given]
    # As from a cell or a terminal of JupyterLab, whose kernels have the second.
    more = {"PYTHONPATH": str(Path(__file__).parents[2]), "JPY_SESSION_NAME": "any.ipynb"}
    environment = {**os.environ, **more}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def outputs(path: Path) -> str:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return json.dumps([cell.get("outputs") for cell in content["cells"]])


def test_papermill_alone_runs_one_from_another_folder(tmp_path: Path) -> None:
    write_example(tmp_path / "snapshot")
    write_engagement(tmp_path / "engagement.yml")

    done = papermill(
        tmp_path,
        "05_application_roles",
        snapshot="snapshot",
        engagement="engagement.yml",
        accounts="000000000012,222222222222",
        as_of="2026-11-01",
    )

    assert done.returncode == 0, done.stderr[-2000:]
    shown = outputs(tmp_path / "out.ipynb")
    assert "2 accounts" in shown
    assert "2026-11-01" in shown
    assert "widget" not in shown
    assert "APP.A:" in shown


def test_without_a_snapshot_the_notebook_says_what_to_set(tmp_path: Path) -> None:
    done = papermill(tmp_path, "09_vpc")
    assert done.returncode != 0
    assert "no snapshot is set" in done.stderr


def test_a_notebook_that_raises_is_named_and_the_others_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for source in notebooks_folder().glob("*.ipynb"):
        text = source.read_text(encoding="utf-8")
        if source.stem == "09_vpc":
            text = text.replace("page.verdict()", "raise RuntimeError('planted')")
        (folder / source.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("awsbasics.run.notebooks_folder", lambda: folder)
    write_example(tmp_path / "snapshot")

    result = write_report(tmp_path / "snapshot", tmp_path / "report", only=["R09", "R10"])

    assert result.exit_code == 5
    assert list(result.failed) == ["09_vpc"]
    assert "planted" in result.failed["09_vpc"]
    assert "09_vpc" in result.index.read_text()
    assert (tmp_path / "report/10_security_groups.html").exists()
    record = json.loads((tmp_path / "report/run.json").read_text())
    status = {entry["notebook"]: entry["status"] for entry in record["recommendations"]}
    assert status["09_vpc"] != status["10_security_groups"] == "ok"


def test_names_of_parameters_outside_the_list_are_refused() -> None:
    with pytest.raises(UsageError, match="is no parameter"):
        check_names(["snapshot", "x = __import__('os')"])


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"redact": "yes"}, "redact is not available"),
        ({"accounts": "12"}, "not a 12-digit account id"),
        ({"snapshot": 5}, "must be text"),
        ({"since": "nowhere"}, "does not exist"),
    ],
)
def test_parameters_that_cannot_be_used_are_refused_in_one_line(
    tmp_path: Path, parameters: dict[str, Any], text: str
) -> None:
    write_example(tmp_path / "snapshot")
    given = {"snapshot": str(tmp_path / "snapshot"), **parameters}
    with pytest.raises(UsageError if "since" not in parameters else Exception, match=text):
        open_page("R05", **given).changes()


def test_the_example_engagement_is_without_mistakes(tmp_path: Path) -> None:
    assert load_engagement(write_engagement(tmp_path / "e.yml")).client == "Example Corp"
