"""Rows as typed frames."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd


def frame_of(rows: Iterable[Sequence[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Rows as a typed frame; `columns` gives each name its dtype."""
    return pd.DataFrame(list(rows), columns=list(columns)).astype(dict(columns))


def frame_of_columns(values: Mapping[str, Any]) -> pd.DataFrame:
    """Whole columns of text as a frame."""
    return pd.DataFrame(dict(values)).astype("str")
