"""Findings, check by check, and the accepted exceptions."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.recommendations.base import Check, Recommendation
from awsbasics.show.blocks import Block, Column, Group, Note, Table
from awsbasics.show.names import account_names
from awsbasics.show.tables import Shown, frame_table
from awsbasics.show.text import clip
from awsbasics.show.words import SEVERITY_ORDER, STATUS_ORDER

TOP_PER_CHECK = 25
TOP_PER_PAGE = 100
FEWEST_PER_CHECK = 5
FACT_LENGTH = 120
_NOT_FACTS = frozenset({"table", "read_at", "exception"})
_EXCEPTION_STATES = {
    "active": "in force",
    "expired": "expired: its findings are back",
    "unmatched": "matches nothing",
}


def findings(assessment: Assessment, recommendation: Recommendation) -> Block:
    """All checks in one table, then what fails, check by check, the most severe first."""
    frame = assessment.findings
    frame = frame[frame["recommendation"] == recommendation.id]
    failed = frame[frame["status"] == "fail"]
    order = sorted(recommendation.checks, key=lambda check: _weight(check, failed))
    top = _rows_for_each(failed)
    tables = [
        _failed_table(assessment, check, failed[failed["check"] == check.id], top)
        for check in order
        if (failed["check"] == check.id).any()
    ]
    blocks: list[Block] = [_checks_table(recommendation, frame), *tables]
    if not tables:
        blocks.append(Note(text="Nothing fails among the checks that could be made."))
    others = frame[_is_told_here(frame)]
    if len(others):
        blocks.append(_others_table(assessment, others))
    return Group(blocks=tuple(blocks))


def exceptions(assessment: Assessment, recommendation: Recommendation) -> Block:
    """The exceptions that concern a recommendation."""
    checks = {check.id for check in recommendation.checks}
    frame = assessment.exceptions
    return exceptions_table(frame[frame["check"].isin(checks)])


def exceptions_table(frame: pd.DataFrame) -> Table:
    """Accepted exceptions; the ones that expire first on top."""
    frame = frame.sort_values("expires", kind="stable")
    return frame_table(
        frame.assign(state=frame["state"].map(_EXCEPTION_STATES)),
        [
            Shown("check", "Check", "code"),
            Shown("match", "For"),
            Shown("reason", "Reason"),
            Shown("owner", "Owner"),
            Shown("expires", "Expires", "date"),
            Shown("state", "State"),
            Shown("matched", "Findings", "number"),
        ],
        caption="Accepted exceptions",
        empty="None is accepted.",
    )


def _weight(check: Check, failed: pd.DataFrame) -> tuple[int, int]:
    mine = failed.loc[failed["check"] == check.id, "severity"].map(SEVERITY_ORDER)
    return (int(mine.min()) if len(mine) else len(SEVERITY_ORDER), -len(mine))


def _checks_table(recommendation: Recommendation, frame: pd.DataFrame) -> Table:
    rows = tuple(
        _check_row(check, frame[frame["check"] == check.id]) for check in recommendation.checks
    )
    return Table(
        caption="Its checks",
        columns=(
            Column("Check", "code"),
            Column("What it asks for"),
            Column("Weight", "severity"),
            Column("Result", "status"),
            Column("Passed", "number"),
            Column("Failed", "number"),
            Column("Accepted", "number"),
            Column("Not assessed", "number"),
        ),
        rows=rows,
        total=len(rows),
    )


def _check_row(check: Check, found: pd.DataFrame) -> tuple[str | int, ...]:
    counts = found["status"].value_counts()
    worst = min(found["status"], key=lambda status: STATUS_ORDER[status], default="not_applicable")
    passed = sum(
        json.loads(row)["count"] for row in found.loc[found["status"] == "pass", "evidence"]
    )
    rest = [int(counts.get(status, 0)) for status in ("fail", "excepted", "unknown")]
    title = check.title if check.written else f"{check.title} (not written yet)"
    return (check.id, title, check.severity, worst, passed, *rest)


def _rows_for_each(failed: pd.DataFrame) -> int:
    """How many rows each check may show, so that all of them together stay a page to read.

    What short tables leave over goes to the long ones.
    """
    left, counts = TOP_PER_PAGE, sorted(failed["check"].value_counts())
    for place, count in enumerate(counts):
        fair = left // (len(counts) - place)
        if count > fair:
            return min(TOP_PER_CHECK, max(FEWEST_PER_CHECK, fair))
        left -= count
    return TOP_PER_CHECK


def _failed_table(assessment: Assessment, check: Check, failed: pd.DataFrame, top: int) -> Table:
    names = account_names(assessment.facts)
    frame = failed.assign(
        rank=failed["severity"].map(SEVERITY_ORDER),
        where=_places(names, failed),
        finding=_with_facts(failed),
    ).sort_values(["rank", "account_id", "region", "resource"], kind="stable")
    return frame_table(
        frame,
        [column for column in _FAILED_COLUMNS if _says_something(frame, column.name)],
        caption=f"{check.id} {check.title}",
        source=f"evidence/{check.id}.csv",
        top=top,
    )


def _is_told_here(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Whether a finding is neither passed nor failed, and in no other section of the page."""
    kind = frame["key"].str.split(".").str[0]  # a question's key may name one of its parts
    elsewhere = kind.isin(["not_written", "exception", "unread", "question"])
    silent = frame["status"].isin(["pass", "fail"]) | (frame["title"] == _NOTHING_HERE)
    return ~elsewhere & ~silent


def _others_table(assessment: Assessment, others: pd.DataFrame) -> Table:
    names = account_names(assessment.facts)
    frame = others.assign(
        rank=others["status"].map(STATUS_ORDER), where=_places(names, others)
    ).sort_values(["rank", "check", "account_id"], kind="stable")
    return frame_table(
        frame,
        [column for column in _OTHER_COLUMNS if _says_something(frame, column.name)],
        caption="Neither passed nor failed",
        source="findings.csv",
        top=TOP_PER_CHECK,
    )


def _places(names: Mapping[str, str], findings: pd.DataFrame) -> "pd.Series[Any]":
    cells = [_where(names, *place) for place in findings[list(_PLACE)].itertuples(index=False)]
    return pd.Series(cells, index=findings.index, dtype=object)


_NOTHING_HERE = "There is nothing here for this check."
_OTHER_COLUMNS = (
    Shown("title", "What"),
    Shown("status", "Result", "status"),
    Shown("check", "Check", "code"),
    Shown("where", "Where", "list"),
    Shown("resource", "Resource", "code"),
)
_PLACE = ("account_id", "environment", "region")
_FAILED_COLUMNS = (
    Shown("finding", "Finding and evidence", "finding"),
    Shown("severity", "Severity", "severity"),
    Shown("where", "Where", "list"),
    Shown("application", "Application"),
    Shown("team", "Team"),
    Shown("resource", "Resource", "code"),
)


def _where(
    names: Mapping[str, str], account: str, environment: object, region: str
) -> tuple[str, ...]:
    """Account, environment and region of a finding, as far as it has them."""
    known = environment if isinstance(environment, str) else ""
    return tuple(part for part in (names[account], known, region) if part not in ("", "global"))


def _says_something(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column holds more than nothing everywhere."""
    values = frame[name]
    if name in ("finding", "where"):
        return any(len(lines) for lines in values)
    return bool((values.notna() & (values != "")).any())


def _with_facts(failed: pd.DataFrame) -> "pd.Series[Any]":
    """Each finding's title, followed by the facts of its evidence."""
    pairs = zip(failed["title"], failed["evidence"], strict=True)
    cells = [(title, *_facts(evidence)) for title, evidence in pairs]
    return pd.Series(cells, index=failed.index, dtype=object)


def _facts(evidence: str) -> tuple[str, ...]:
    facts: dict[str, Any] = json.loads(evidence)
    return tuple(
        f"{name.replace('_', ' ')}: {clip(_fact(value), FACT_LENGTH)}"
        for name, value in facts.items()
        if name not in _NOT_FACTS and value not in (None, "", [], {})
    )


def _fact(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
