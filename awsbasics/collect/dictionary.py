"""What the table declarations document: the data dictionary."""

import difflib
import sys

from awsbasics.collect.table import Table
from awsbasics.collect.tables import TABLES, permissions_of
from awsbasics.errors import UsageError


def list_tables() -> str:
    """All tables, a line each."""
    width = max(len(name) for name in TABLES)
    return "\n".join(f"{name:<{width}}  {table.description}" for name, table in TABLES.items())


def describe_table(name: str) -> str:
    """One table: its source, permissions, and each column with what it says.

    Raises UsageError for a table that does not exist.
    """
    table = TABLES.get(name)
    if table is None:
        near = difflib.get_close_matches(name, TABLES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "see `awsbasics tables`"
        raise UsageError(f"there is no table {name!r}; {hint}")
    return "\n".join([*_head(table), "", *_columns(table)])


def dictionary_markdown() -> str:
    """The page `docs/tables.md`: every table with its source, permissions and columns."""
    intro = (
        "# Tables\n\n"
        "What a gather reads, as the declarations in `awsbasics/collect/` have it. This page is "
        "generated:\n`python -m awsbasics.collect.dictionary > docs/tables.md`.\n"
    )
    return "\n".join([intro, *(_section(table) for table in TABLES.values())])


def _section(table: Table) -> str:
    optional = " Read only where a gather asks for it." if table.optional else ""
    lines = [
        f"## {table.name}\n",
        f"{_cell(table.description)}{optional}\n",
        f"From `{table.service}:{table.operation}`, once per {table.scope}; needs "
        + ", ".join(f"`{action}`" for action in permissions_of(table))
        + ".\n",
        "| column | type | source | |",
        "| --- | --- | --- | --- |",
        *(
            f"| {c.name} | {c.dtype} | {f'`{c.source}`' if c.source else ''} "
            f"| {_cell(c.description)} |"
            for c in table.all_columns
        ),
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def _head(table: Table) -> list[str]:
    return [
        f"{table.name}: {table.description}",
        f"  from {table.service}:{table.operation}, once per {table.scope}",
        f"  needs {', '.join(permissions_of(table))}",
    ]


def _columns(table: Table) -> list[str]:
    width = max(len(column.name) for column in table.all_columns)
    return [
        f"  {column.name:<{width}}  {column.dtype:<9}  {column.description}"
        for column in table.all_columns
    ]


if __name__ == "__main__":
    sys.stdout.write(dictionary_markdown())
