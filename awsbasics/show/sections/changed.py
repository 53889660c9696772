"""What changed between an earlier snapshot and this one, by findings' ids."""

import pandas as pd

from awsbasics.show.blocks import Block, Group, Note, Table
from awsbasics.show.tables import Shown, frame_table
from awsbasics.show.text import plural
from awsbasics.show.words import SEVERITY_ORDER

_COLUMNS = (
    Shown("title", "Finding"),
    Shown("severity", "Severity", "severity"),
    Shown("check", "Check", "code"),
    Shown("account_id", "Account"),
    Shown("resource", "Resource", "code"),
)


def no_earlier_snapshot() -> Note:
    """What the section says without an earlier snapshot."""
    return Note(
        text="No earlier snapshot was given, so nothing can be said about changes. "
        "Give one with `--since`, or as `since` in a notebook."
    )


def changes(changed: pd.DataFrame, earlier: pd.Timestamp) -> Block:
    """Findings that are new and gone since an earlier assessment; `change` is `new` or `gone`."""
    new, gone = (changed[changed["change"] == kind] for kind in ("new", "gone"))
    summary = Note(
        text=f"Compared with {earlier:%Y-%m-%d %H:%M} UTC: {plural(len(new), 'new finding')}, "
        f"{len(gone):,} gone. What was not assessed on either side is not compared."
    )
    tables = _table(new, "New since then"), _table(gone, "Gone since then")
    return Group(blocks=(summary, *tables))


def _table(frame: pd.DataFrame, caption: str) -> Table:
    ordered = frame.sort_values("severity", key=lambda column: column.map(SEVERITY_ORDER))
    return frame_table(ordered, _COLUMNS, caption=caption, empty="None.")
