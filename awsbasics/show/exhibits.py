"""Exhibits: the figures and tables of a recommendation, declared, and what to say without data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from awsbasics.assessment import Assessment
from awsbasics.show.blocks import Block, Group, Note, Table
from awsbasics.show.charts import Chart
from awsbasics.show.figures import draw
from awsbasics.show.names import account_names
from awsbasics.show.text import sentence_list
from awsbasics.show.words import COVERAGE


@dataclass(frozen=True, slots=True)
class FigureExhibit:
    """A figure: the tables it is drawn from and the function that makes its chart.

    The function returns None where there is nothing to draw; `nothing` then says so.
    """

    tables: tuple[str, ...]
    chart: Callable[[Assessment], Chart | None]
    nothing: str


@dataclass(frozen=True, slots=True)
class TableExhibit:
    """A table: the tables of the snapshot it is made from, and the function that makes it."""

    tables: tuple[str, ...]
    table: Callable[[Assessment], Table]


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What a recommendation's notebook can show, by name."""

    figures: Mapping[str, FigureExhibit] = field(default_factory=dict)
    tables: Mapping[str, TableExhibit] = field(default_factory=dict)


def show_figure(assessment: Assessment, exhibit: FigureExhibit) -> Block:
    """The figure, with a note on what could not be drawn for want of evidence."""
    missing = missing_note(assessment, exhibit.tables)
    chart = exhibit.chart(assessment)
    if chart is None:
        return missing or Note(text=exhibit.nothing)
    return Group(blocks=(draw(chart), missing)) if missing else draw(chart)


def show_table(assessment: Assessment, exhibit: TableExhibit) -> Block:
    """The table, with a note on what could not be listed for want of evidence."""
    missing = missing_note(assessment, exhibit.tables)
    table = exhibit.table(assessment)
    if missing and not table.rows:
        return missing
    return Group(blocks=(table, missing)) if missing else table


def missing_note(assessment: Assessment, tables: tuple[str, ...]) -> Note | None:
    """What of some tables was not read, and why; None where all of it was."""
    gaps = [cell for table in tables for cell in assessment.unread.cells(table) if not cell.read]
    if not gaps:
        return None
    names = account_names(assessment.facts)
    places: dict[tuple[str, str], set[str]] = {}
    for gap in gaps:
        places.setdefault((gap.table, gap.status), set()).add(names[gap.account_id])
    items = tuple(
        f"{table}: {COVERAGE.get(status, status)} in {sentence_list(sorted(accounts))}"
        for (table, status), accounts in sorted(places.items())
    )
    return Note(
        title="Not all of it could be read",
        text="What is shown may be incomplete:",
        items=items,
        tone="unknown",
    )
