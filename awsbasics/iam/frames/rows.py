"""The rows of a snapshot's frames, and which of its tables were read."""

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from awsbasics.coverage import READ
from awsbasics.snapshot import Snapshot

_OFF = frozenset({"region_off", "scp_denied"})

Row = dict[str, Any]


class Rows:
    """A snapshot, row by row."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def of(self, table: str, *columns: str) -> Iterator[Row]:
        """The rows of a table as dicts, missing values as None."""
        frame = self.snapshot.frame(table, columns=columns)
        if frame.empty:
            return
        texts = frame.astype(object).where(frame.notna(), None)
        for values in zip(*(texts[column] for column in columns), strict=True):
            yield dict(zip(columns, values, strict=True))

    @cached_property
    def read(self) -> frozenset[tuple[str, str]]:
        """The (table, account) pairs of which everything was read; closed regions do not count."""
        coverage = self.snapshot.coverage
        rows = coverage.loc[~coverage["status"].isin(_OFF), ["table", "account_id", "status"]]
        whole = rows["status"].isin(READ).groupby([rows["table"], rows["account_id"]]).all()
        return frozenset(whole[whole].index)

    def was_read(self, table: str) -> bool:
        """Whether an organization's table was read, whichever account was asked."""
        return table in self._tables_read

    @cached_property
    def _tables_read(self) -> frozenset[str]:
        return frozenset(table for table, _ in self.read)


def parsed(text: str | None) -> Any:
    """A column of JSON text as a value; None where there is none."""
    return json.loads(text) if text else None
