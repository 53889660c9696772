"""Findings and coverage as files: whole, typed as text, and harmless in a spreadsheet."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from awsbasics.assessment import assess
from awsbasics.report.exports import harmless, write_csv, write_exports
from tests.example import write_example
from tests.snapshots import MEMBER

FORMULAS = ["=cmd|'/C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "\nx"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports of the example, in which all names begin like a formula."""
    made = tmp_path_factory.mktemp("exports")
    write_exports(assess(write_example(made / "snapshot", name="=1+1")), made)
    return made


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [("a=b", "a=b"), (None, ""), (3, "3"), (True, "true"), (["=x"], '["=x"]'), ("", "")],
)
def test_other_values_stay_as_they_are(value: Any, text: str) -> None:
    assert harmless(value) == text


def test_control_characters_are_spelled_out() -> None:
    assert harmless("\x1b[2Jgone\x00\x9b") == "\\x1b[2Jgone\\x00\\x9b"
    assert harmless("two\nlines\tand a tab") == "two\nlines\tand a tab"


def test_a_negative_number_is_a_formula_too() -> None:
    assert harmless(-1) == "'-1"


def test_no_cell_of_any_file_begins_like_a_formula(folder: Path) -> None:
    files = [*folder.glob("*.csv"), *folder.glob("evidence/*.csv")]
    cells = [cell for path in files for row in read(path) for cell in row.values()]
    assert len(files) > 5
    assert any("=1+1" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_json_and_csv_hold_the_same_findings(folder: Path) -> None:
    data = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    rows = read(folder / "findings.csv")

    assert data["schema_version"] == 1
    assert [row["id"] for row in rows] == [finding["id"] for finding in data["findings"]]
    assert list(rows[0]) == list(data["findings"][0])


def test_account_ids_keep_their_zeros(folder: Path) -> None:
    for name in ("findings.csv", "coverage.csv"):
        assert MEMBER in {row["account_id"] for row in read(folder / name)}
    data = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert MEMBER in {finding["account_id"] for finding in data["findings"]}


def test_evidence_has_a_column_for_each_fact(folder: Path) -> None:
    [row, *_] = read(folder / "evidence" / "SG.4.csv")
    assert row["fact.ports"] == "tcp 22"
    assert row["status"] == "fail"
    assert row["resource"].startswith("arn:aws:ec2:")


def test_checks_without_failures_have_no_evidence_file(folder: Path) -> None:
    data = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    failed = {finding["check"] for finding in data["findings"] if finding["status"] == "fail"}
    assert {path.stem for path in (folder / "evidence").iterdir()} == failed


def test_half_a_character_does_not_stop_an_export(tmp_path: Path) -> None:
    write_csv(tmp_path / "x.csv", ["a"], [{"a": "\ud800"}])
    assert read(tmp_path / "x.csv") == [{"a": "\\ud800"}]
