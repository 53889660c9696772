"""What the table declarations document: the data dictionary and the read-only IAM policy."""

import difflib
import json

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


def minimum_policy() -> str:
    """The IAM policy, as JSON, that allows every call that the tables declare and no other."""
    actions = sorted({action for table in TABLES.values() for action in permissions_of(table)})
    statement = {"Sid": "Gather", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


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
