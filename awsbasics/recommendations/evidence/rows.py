"""Frames as checks read them: plain rows, `None` for what is missing, JSON taken apart."""

import json
from collections import namedtuple
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import pandas as pd

SHOWN = 10


def rows(frame: pd.DataFrame, *columns: str) -> Iterator[Any]:
    """A frame's rows as named tuples of some columns; missing values are None."""
    if frame[list(columns)].empty:
        return iter(())
    row = namedtuple("Row", columns)  # type: ignore[misc] # noqa: PYI024 - the names are data
    values = [frame[name].astype(object).where(frame[name].notna(), None) for name in columns]
    return map(row._make, zip(*values, strict=True))


@lru_cache(maxsize=65536)
def from_json(text: str | None) -> Any:
    """What a JSON column holds, None where it holds nothing; do not change it in place.

    Text that AWS gave for JSON and that is none counts as nothing.
    """
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def texts_in(text: str | None) -> tuple[str, ...]:
    """The texts of a JSON column that holds a list of them; none of anything else."""
    found = from_json(text)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


def text_of(moment: pd.Timestamp | None) -> str | None:
    """A time as evidence shows it: ISO 8601, UTC, to the second."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(names: Iterable[str]) -> list[str]:
    """Names for evidence, sorted: the first ten and how many more there are."""
    ordered = sorted(set(names))
    more = len(ordered) - SHOWN
    return ordered if more <= 0 else [*ordered[:SHOWN], f"and {more} more"]


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: `1 policy`, `2 policies`."""
    return f"{number:,} {one if number == 1 else many}"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: `a, b and c`; empty for none."""
    *first, last = ["", *names]
    first = first[1:]
    return f"{', '.join(first)} and {last}" if first else last
