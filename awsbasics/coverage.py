"""Coverage: what was read, and what was not and why. Nothing unread ever counts as passed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import pandas as pd
import pyarrow as pa

Status = Literal[
    "ok",
    "empty",
    "partial",
    "denied",
    "scp_denied",
    "region_off",
    "throttled",
    "unsupported",
    "not_read",
    "error",
]

READ: frozenset[str] = frozenset({"ok", "empty"})

SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("account_id", pa.string()),
        ("region", pa.string()),
        ("status", pa.string()),
        ("operation", pa.string()),
        ("error_code", pa.string()),
        ("error_message", pa.string()),
        ("rows", pa.int64()),
        ("calls", pa.int64()),
        ("seconds", pa.float64()),
        ("read_at", pa.timestamp("us", tz="UTC")),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How the reading of one table in one account and region ended."""

    table: str
    account_id: str
    region: str
    status: Status
    operation: str = ""
    error_code: str = ""
    error_message: str = ""
    rows: int = 0
    calls: int = 0
    seconds: float = 0.0
    read_at: datetime | None = None


def to_arrow(rows: Iterable[Coverage]) -> pa.Table:
    """Coverage rows as they are written."""
    ordered = sorted(rows, key=lambda row: (row.table, row.account_id, row.region))
    return pa.Table.from_pylist([asdict(row) for row in ordered], schema=SCHEMA)


def closed_regions(coverage: pd.DataFrame, region_tables: Sequence[str]) -> set[tuple[str, str]]:
    """(account, region) pairs that are off, or that SCPs close to whoever asked.

    A region is closed when every regional table there answered `region_off` or `scp_denied`;
    it is listed, and not counted against a recommendation.
    """
    regional = coverage[coverage["table"].isin(region_tables) & (coverage["region"] != "global")]
    closed = regional["status"].isin(["region_off", "scp_denied"])
    all_closed = closed.groupby([regional["account_id"], regional["region"]]).all()
    return set(all_closed[all_closed].index)
