"""The index of a run: what came of it on one page, for whoever opens the report first."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from awsbasics import __version__
from awsbasics.assessment import Assessment
from awsbasics.recommendations.base import Check, Recommendation
from awsbasics.report.pages import page_environment
from awsbasics.report.record import RunRecord
from awsbasics.show.blocks import Block, Cell, Column, Facts, Note, Table
from awsbasics.show.names import short_account_names
from awsbasics.show.render import as_html
from awsbasics.show.sections import exceptions_table
from awsbasics.show.sections.looked_at import scope_items, unread_table
from awsbasics.show.sections.verdict import (
    failed_words,
    percent,
    rating_of,
    ratings_sentence,
    why,
)
from awsbasics.show.text import clip, plural, sentence_list, visible
from awsbasics.show.words import SEVERITY_ORDER

TEMPLATE = "run.html.j2"
TOP = 10
TITLE_LENGTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """A recommendation on the scorecard; `page` is empty where it has none."""

    id: str
    title: str
    page: str
    rating: str
    override: str
    why: str
    counts: tuple[tuple[str, int], ...]
    confidence: str
    error: str


def index_html(assessment: Assessment, record: RunRecord) -> str:
    """The page `index.html` of a run."""
    engagement = assessment.facts.engagement
    questions = questions_table(assessment)
    blocks = {
        "facts": _facts(assessment),
        "first": first_table(assessment),
        "unread": unread_table(assessment),
        "unwritten": unwritten_table(assessment),
        "broken": broken_note(assessment),
        "questions": questions,
        "exceptions": exceptions_table(_own_exceptions(assessment)),
    }
    template = page_environment().get_template(TEMPLATE)
    html: str = template.render(
        client=visible(engagement.client),
        confidentiality=visible(engagement.confidentiality),
        date=f"{assessment.as_of:%Y-%m-%d}",
        sentence=ratings_sentence(assessment),
        numbers=_numbers(assessment),
        unwritten=sum(not check.written for check in _checks(assessment)),
        asked=questions.total,
        rows=[_score(assessment, record, each) for each in assessment.recommendations],
        failed=[entry for entry in record.entries if entry.error],
        start=record.entry("00_start_here"),
        blocks={name: _html(block) for name, block in blocks.items()},
        version=__version__,
        snapshot=record.snapshot["id"],
    )
    return html


def _html(block: Block | None) -> Any:
    return "" if block is None else as_html(block.spec, links=True)


def _facts(assessment: Assessment) -> Facts:
    engagement = assessment.facts.engagement
    people = [("Client", engagement.client), ("Assessor", engagement.assessor)]
    left_out = [("Version", f"awsbasics {__version__}")]
    items = [*people, *scope_items(assessment), *left_out]
    return Facts(items=tuple((label, text) for label, text in items if text))


def _score(assessment: Assessment, record: RunRecord, recommendation: Recommendation) -> ScoreRow:
    rating = rating_of(assessment, recommendation)
    entry = record.entry(recommendation.notebook)
    names = {
        "failed": "fail",
        "unknown": "not assessed",
        "asked": "to answer",
        "excepted": "accepted",
    }
    return ScoreRow(
        id=recommendation.id,
        title=recommendation.title,
        page=entry.page if entry else "",
        rating=rating["rating"],
        override="" if pd.isna(rating["override"]) else rating["override"],
        why=why(assessment, recommendation),
        counts=tuple((label, int(rating[name])) for name, label in names.items() if rating[name]),
        confidence=percent(float(rating["confidence"])),
        error=visible(entry.error) if entry else "",
    )


def first_table(assessment: Assessment) -> Table:
    """The checks that fail, the most severe first, then by how many accounts they reach."""
    found = assessment.findings
    failed = found[found["status"] == "fail"]
    checks = {check.id: (r, check) for r in assessment.recommendations for check in r.checks}
    ranked = sorted(
        (_weight(group), str(check)) for check, group in failed.groupby("check", sort=False)
    )
    names = short_account_names(assessment.facts)
    rows = []
    for _, check_id in ranked[:TOP]:
        recommendation, check = checks[check_id]
        group = failed[failed["check"] == check_id]
        group = group.sort_values("severity", key=lambda column: column.map(SEVERITY_ORDER))
        worst = group.iloc[0]
        accounts = sorted({names[account] for account in group["account_id"]})
        page = f"{recommendation.notebook}.html"
        rows.append(
            (
                (check.title, page),
                str(worst["severity"]),
                plural(len(group), "finding"),
                sentence_list(accounts, 2),
                clip(str(worst["title"]), TITLE_LENGTH),
                check.id,
            )
        )
    return Table(
        caption="Checks that fail, the most severe first",
        columns=(
            Column("What fails", "link"),
            Column("Severity", "severity"),
            Column("How much"),
            Column("Where"),
            Column("The first of them"),
            Column("Check", "code"),
        ),
        rows=tuple(rows),
        total=len(ranked),
        source="findings.csv" if ranked else "",
        empty="Nothing fails among the checks that could be made.",
    )


def _weight(group: pd.DataFrame) -> tuple[int, int, int]:
    worst = int(group["severity"].map(SEVERITY_ORDER).min())
    return (worst, -group["account_id"].nunique(), -len(group))


def unwritten_table(assessment: Assessment) -> Table:
    """The checks that are declared and not written yet, by recommendation."""
    rows = [
        (
            (recommendation.title, f"{recommendation.notebook}.html"),
            tuple(f"{check.id} {check.title}" for check in unwritten),
        )
        for recommendation in assessment.recommendations
        if (unwritten := [check for check in recommendation.checks if not check.written])
    ]
    return Table(
        caption="Checks that are not written yet",
        columns=(Column("Recommendation", "link"), Column("Checks", "list")),
        rows=tuple(rows),
        total=len(rows),
        empty="All declared checks are written.",
    )


def broken_note(assessment: Assessment) -> Note | None:
    """The checks that raised; None where none did."""
    found = assessment.findings
    raised = found[(found["status"] == "unknown") & (found["key"] == "exception")]
    if not len(raised):
        return None
    return Note(
        title="Checks that broke down",
        text="An error in the kit, not in the accounts. What they are about is not assessed.",
        items=tuple(f"{row.check}: {row.title}" for row in raised.itertuples()),
        tone="bad",
    )


def questions_table(assessment: Assessment) -> Table:
    """The questions that wait for an answer."""
    answered = assessment.facts.engagement.answers
    rows: list[tuple[Cell, ...]] = [
        (check_id, (question.text, f"{recommendation.notebook}.html"), check.severity)
        for recommendation in assessment.recommendations
        for check in recommendation.checks
        for check_id, question in check.questions
        if check_id not in answered
    ]
    rows.sort(key=lambda row: SEVERITY_ORDER[str(row[-1])])
    return Table(
        caption="Questions that wait for an answer",
        columns=(Column("Check", "code"), Column("Question", "link"), Column("Weight", "severity")),
        rows=tuple(rows),
        total=len(rows),
        empty="Every question is answered.",
    )


def _numbers(assessment: Assessment) -> str:
    """What fails, what waits for an answer, and how much was read, in a sentence or two."""
    found = assessment.findings
    failed = failed_words(found) or "Nothing that was judged fails"
    unread = found[(found["status"] == "unknown") & (found["key"] == "unread")]
    rest = (
        f"{plural(len(unread), 'place')} could not be judged because something was not read there"
    )
    return f"{failed}. {rest}." if len(unread) else f"{failed}."


def _checks(assessment: Assessment) -> list[Check]:
    return [check for each in assessment.recommendations for check in each.checks]


def _own_exceptions(assessment: Assessment) -> pd.DataFrame:
    frame = assessment.exceptions
    return frame[frame["check"].isin([check.id for check in _checks(assessment)])]
