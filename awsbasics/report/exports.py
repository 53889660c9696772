"""Findings and coverage as files that other programs read: JSON and CSV.

CSV files are opened in spreadsheets, where a cell that begins with `= + - @`, a tab or a
return is a formula: such cells get an apostrophe in front. Control characters, which move a
terminal's cursor, are spelled out. Account ids stay text.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.show.words import SEVERITY_ORDER

SCHEMA_VERSION = 1

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NOT_FACTS = frozenset({"exception"})


def write_exports(assessment: Assessment, folder: Path) -> None:
    """Write findings.json, findings.csv, coverage.csv and evidence/<check>.csv into a folder."""
    findings = assessment.findings
    data = {"schema_version": SCHEMA_VERSION, "findings": records(findings)}
    write_json(folder / "findings.json", data)
    write_csv(folder / "findings.csv", list(findings.columns), records(findings))
    coverage = assessment.facts.snapshot.coverage
    write_csv(folder / "coverage.csv", list(coverage.columns), records(coverage))
    for check, group in findings.groupby("check", sort=False):
        if (group["status"] == "fail").any():
            columns, rows = evidence_rows(group)
            write_csv(folder / "evidence" / f"{check}.csv", columns, rows)


def evidence_rows(findings: pd.DataFrame) -> tuple[list[str], list[dict[str, Any]]]:
    """A check's findings with each fact of their evidence in a column of its own, worst first."""
    rank = findings["severity"].map(SEVERITY_ORDER)
    ordered = findings.assign(rank=rank).sort_values(["status", "rank"], kind="stable")
    rows = []
    for record in records(ordered.drop(columns=["rank", "remediation"])):
        facts = json.loads(record.pop("evidence") or "{}")
        shown = {f"fact.{name}": value for name, value in facts.items() if name not in _NOT_FACTS}
        rows.append({**record, **shown})
    columns = dict.fromkeys(name for row in rows for name in row)
    return list(columns), rows


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows as JSON data: times in ISO 8601, None for what is missing."""
    columns = {name: [_plain(value) for value in frame[name]] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write JSON, readable, in UTF-8."""
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write CSV (UTF-8, comma, quoted where needed), harmless in a spreadsheet."""
    path.parent.mkdir(exist_ok=True)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([harmless(name) for name in columns])
    writer.writerows([harmless(row.get(name)) for name in columns] for row in rows)
    path.write_bytes(buffer.getvalue().encode("utf-8", errors="backslashreplace"))


def harmless(value: Any) -> str:
    """A value as a cell's text: no formula for a spreadsheet, no order for a terminal."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return None
    if value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat().replace("+00:00", "Z")
    return value.item() if hasattr(value, "item") else value
