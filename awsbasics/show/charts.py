"""What a figure shows, as data: bars, a grid of marks, or spans of time.

A chart is drawn by `awsbasics.show.figures` in two colour schemes. It carries the sentence
that says what there is to see; the same sentence is the figure's caption and its alt text,
and `rows` are its data as a table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Colour = Literal["good", "bad", "warn", "unknown", "neutral", "first", "second", "third"]
Mark = Literal["yes", "no", "part", "unknown", "none"]

MARK_WORDS: dict[Mark, str] = {
    "yes": "yes",
    "no": "no",
    "part": "in part",
    "unknown": "not read",
    "none": "does not apply",
}
MOST_ROWS = 24


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of thing counted in the bars: its name and colour."""

    name: str
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Horizontal stacked bars: per label one count for each series."""

    title: str
    summary: str
    label: str
    series: tuple[Series, ...]
    values: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings of the data as a table."""
        return (self.label, *(series.name for series in self.series))

    @property
    def rows(self) -> list[tuple[str | int, ...]]:
        """The data as a table."""
        return [(label, *counts) for label, counts in self.values]

    def shortened(self) -> "Bars":
        """The same with at most `MOST_ROWS` bars; the last one then sums up the rest."""
        if len(self.values) <= MOST_ROWS:
            return self
        kept, rest = self.values[: MOST_ROWS - 1], self.values[MOST_ROWS - 1 :]
        sums = tuple(sum(counts) for counts in zip(*(counts for _, counts in rest), strict=True))
        values = (*kept, (f"{len(rest):,} others", sums))
        return Bars(title=self.title, summary=self.summary, label=self.label,
                    series=self.series, values=values)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A grid of marks: for each label and column yes, no, in part, or not known."""

    title: str
    summary: str
    label: str
    columns: tuple[str, ...]
    values: tuple[tuple[str, tuple[Mark, ...]], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings of the data as a table."""
        return (self.label, *self.columns)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The data as a table, marks in words."""
        return [(label, *(MARK_WORDS[mark] for mark in marks)) for label, marks in self.values]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; an end that is missing is open."""

    label: str
    start: pd.Timestamp | None
    end: pd.Timestamp | None
    colour: Colour
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Spans of time, one a line, and the moment of the assessment; times are UTC."""

    title: str
    summary: str
    label: str
    now: pd.Timestamp
    spans: tuple[Span, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings of the data as a table."""
        return (self.label, "From", "Until", "State")

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The data as a table."""
        return [(s.label, _day(s.start), _day(s.end), s.state) for s in self.spans]


Chart = Bars | Grid | Timeline


def counted(
    labels: Sequence[str], kinds: Sequence[str], series: Sequence[Series]
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Bars' values from one label and one kind per thing; longest bars first.

    `kinds` are names of `series`.
    """
    names = [one.name for one in series]
    table = pd.crosstab(pd.Series(labels, dtype="str"), pd.Series(kinds, dtype="str"))
    table = table.reindex(columns=names, fill_value=0)
    order = table.sum(axis="columns").sort_values(ascending=False, kind="stable").index
    return tuple((str(label), tuple(int(count) for count in table.loc[label])) for label in order)


def _day(moment: pd.Timestamp | None) -> str:
    return "open" if moment is None or pd.isna(moment) else f"{moment:%Y-%m-%d %H:%M}"
