"""What a recommendation's checks looked at, and what they could not see."""

from collections.abc import Collection

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.recommendations.base import Recommendation
from awsbasics.show.blocks import Block, Column, Facts, Group, Note, Table
from awsbasics.show.names import account_names
from awsbasics.show.sections.verdict import percent, rating_of
from awsbasics.show.text import plural, sentence_list
from awsbasics.show.words import COVERAGE
from awsbasics.unread import Cell

SHOWN_PLACES = 3


def looked_at(assessment: Assessment, recommendation: Recommendation) -> Block:
    """Scope and time, what was read, what was not and why, and what was not checked."""
    blocks: list[Block] = [
        Facts(items=scope_items(assessment, recommendation)),
        _read(assessment, recommendation),
        unread_table(assessment, recommendation.id),
    ]
    return Group(blocks=(*blocks, *_not_checked(assessment, recommendation)))


def scope_items(
    assessment: Assessment, recommendation: Recommendation | None = None
) -> tuple[tuple[str, str], ...]:
    """Labels and values that say what was assessed, from when, and at which moment."""
    facts, manifest = assessment.facts, assessment.facts.snapshot.manifest
    items = [
        ("Snapshot", str(manifest.get("id", ""))),
        ("Gathered", f"{_minute(manifest.get('started'))} to {_minute(manifest['finished'])} UTC"),
        ("Assessed as of", f"{assessment.as_of:%Y-%m-%d %H:%M} UTC"),
        ("Accounts", plural(len(facts.accounts), "account")),
        ("Regions", sentence_list(list(manifest["regions"]), 8) or "none"),
    ]
    left_out = _left_out(assessment, recommendation) if recommendation else []
    if left_out:
        items.append(("Left out as sandboxes", sentence_list(left_out)))
    if recommendation:
        share = float(rating_of(assessment, recommendation)["confidence"])
        items.append(("Evidence read", f"{percent(share)} of what the checks need"))
    return tuple(items)


def unread_table(assessment: Assessment, recommendation_id: str = "") -> Table:
    """What could not be read, grouped by table and reason; all recommendations if none is given."""
    gaps = assessment.unassessed
    if recommendation_id:
        gaps = gaps[gaps["recommendation"] == recommendation_id]
    names = account_names(assessment.facts)
    rows = []
    keys = ["table", "status", "error_code"]
    for (table, status, code), group in gaps.groupby(keys, sort=True):
        accounts = [names[account] for account in sorted(set(group["account_id"]))]
        regions = sorted(set(group["region"]) - {"global"})
        rows.append(
            (
                str(table),
                f"{COVERAGE.get(str(status), str(status))}{f' ({code})' if str(code) else ''}",
                sentence_list(accounts, SHOWN_PLACES),
                sentence_list(regions, SHOWN_PLACES) or "global",
                tuple(sorted(set(group["check"]), key=_natural)),
            )
        )
    return Table(
        caption="What could not be seen, and why",
        columns=(
            Column("Table", "code"),
            Column("Reason"),
            Column("Accounts"),
            Column("Regions"),
            Column("Checks that need it", "list"),
        ),
        rows=tuple(rows),
        total=len(rows),
        source="" if recommendation_id or not rows else "coverage.csv",
        empty="Everything that the written checks need was read.",
    )


def _read(assessment: Assessment, recommendation: Recommendation) -> Table:
    cells: dict[str, set[Cell]] = {}
    for check in recommendation.checks:
        for cell in assessment.unread.required(recommendation, check):
            cells.setdefault(cell.table, set()).add(cell)
    coverage = assessment.facts.snapshot.coverage
    rows = [
        _read_row(coverage[coverage["table"] == table], table, cells[table])
        for table in sorted(cells)
    ]
    return Table(
        caption="What was read for it",
        columns=(
            Column("Table", "code"),
            Column("By the call", "code"),
            Column("Read in", "text"),
            Column("Rows", "number"),
            Column("Last read, UTC", "date"),
        ),
        rows=tuple(rows),
        total=len(rows),
        empty="None of its checks reads account data yet.",
    )


def _read_row(
    coverage: pd.DataFrame, table: str, cells: Collection[Cell]
) -> tuple[str, str, str, int, str]:
    here = coverage[coverage["account_id"].isin({cell.account_id for cell in cells})]
    last = here["read_at"].max()
    return (
        table,
        sentence_list(sorted({str(name) for name in here["operation"] if name})),
        f"{sum(cell.read for cell in cells):,} of {plural(len(cells), 'place')}",
        int(here["rows"].sum()),
        "" if pd.isna(last) else f"{last:%Y-%m-%d %H:%M}",
    )


def _not_checked(assessment: Assessment, recommendation: Recommendation) -> list[Block]:
    unwritten = [check for check in recommendation.checks if not check.written]
    blocks: list[Block] = []
    if unwritten:
        text = "This version of the kit declares these checks and cannot make them yet. The rating"
        blocks.append(
            Note(
                title=f"Not checked: {plural(len(unwritten), 'check')} not written yet",
                text=f"{text} counts each of them as not assessed.",
                items=tuple(f"{check.id} {check.title} ({check.severity})" for check in unwritten),
                tone="unknown",
            )
        )
    found = assessment.findings
    raised = found[(found["recommendation"] == recommendation.id) & (found["key"] == "exception")]
    if len(raised):
        items = tuple(f"{row.check}: {row.title}" for row in raised.itertuples())
        text = (
            "An error in the kit, not in the account. What these checks are about is not assessed."
        )
        blocks.append(Note(title="Checks that broke down", text=text, items=items, tone="unknown"))
    return blocks


def _left_out(assessment: Assessment, recommendation: Recommendation) -> list[str]:
    """Accounts that no check of the recommendation is about."""
    facts, names = assessment.facts, account_names(assessment.facts)
    return [
        names[account]
        for account in facts.accounts
        if not any(
            facts.in_scope(recommendation, check, account) for check in recommendation.checks
        )
    ]


def _minute(moment: object) -> str:
    return "?" if moment is None else f"{pd.Timestamp(str(moment)):%Y-%m-%d %H:%M}"


def _natural(check: str) -> tuple[str, int, str]:
    prefix, _, number = check.partition(".")
    return (prefix, int(number) if number.isdigit() else 1000, number)
