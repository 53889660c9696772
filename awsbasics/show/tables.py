"""Frames as tables of a page: chosen columns, the top rows, and where all of them are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from awsbasics.show.blocks import Cell, Column, ColumnKind, Table

TOP_ROWS = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of a frame as shown: its name there, its heading, and what its cells are."""

    name: str
    label: str
    kind: ColumnKind = "text"


def frame_table(
    frame: pd.DataFrame,
    columns: Sequence[Shown],
    *,
    caption: str,
    source: str = "",
    empty: str = "There is nothing to list.",
    top: int = TOP_ROWS,
) -> Table:
    """The first `top` rows of a frame; the frame's order is the order shown."""
    head = frame.head(top)
    values = [[_cell(value, shown.kind) for value in head[shown.name]] for shown in columns]
    return Table(
        caption=caption,
        columns=tuple(Column(shown.label, shown.kind) for shown in columns),
        rows=tuple(zip(*values, strict=True)),
        total=len(frame),
        source=source,
        empty=empty,
    )


def _cell(value: Any, kind: ColumnKind) -> Cell:
    if isinstance(value, list | tuple):
        return tuple(str(item) for item in value)
    if value is None or pd.isna(value):
        return None
    return _OF_KIND.get(kind, _text)(value)


def _text(value: Any) -> Cell:
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        return "yes" if value else "no"
    return str(value)


def _number(value: Any) -> Cell:
    number = float(value)
    return int(number) if number.is_integer() else round(number, 2)


def _date(value: Any) -> Cell:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, pd.Timestamp) else str(value)


_OF_KIND: dict[str, Callable[[Any], Cell]] = {"number": _number, "date": _date}
