"""A snapshot: one gather's frames and coverage, read back as typed pandas frames or by SQL.

The layout is `manifest.json`, `coverage/<account_id>.parquet` and
`frames/<table>/<account_id>.parquet`. Only what the manifest lists is read, under names
that the table declarations know; nothing in a snapshot is ever executed.
"""

import contextlib
import difflib
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow.fs import FSSpecHandler, LocalFileSystem, PyFileSystem

from awsbasics import coverage
from awsbasics.collect.table import Table
from awsbasics.collect.tables import TABLES
from awsbasics.errors import SnapshotError, UsageError
from awsbasics.store import Store

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"

_FILE = re.compile(r"(?:frames/(?P<table>[a-z0-9_]+)|coverage)/(?P<account>\d{12})\.parquet")
_PANDAS_TYPES: Mapping[pa.DataType, Any] = {
    pa.string(): pd.StringDtype(na_value=float("nan")),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


def open_snapshot(path: str | os.PathLike[str] | Store, *, verify: bool = False) -> "Snapshot":
    """The finished snapshot at a folder or `s3://` address (or in a store).

    `verify` compares every file with the manifest's sha256. Raises SnapshotError where there
    is none, or it is unfinished or damaged.
    """
    store = path if isinstance(path, Store) else Store(path)
    snapshot = Snapshot(store, _read_manifest(store))
    with _readable(store):
        missing = snapshot.manifest["files"].keys() - set(store.files())
    if missing:
        raise SnapshotError(
            f"{store.location} is damaged: {min(missing)} is missing; gather it again"
        )
    if verify:
        snapshot.verify()
    return snapshot


class Snapshot:
    """One gather: `frame()`, `coverage`, `manifest`, `sql()`."""

    def __init__(self, store: Store, manifest: Mapping[str, Any]) -> None:
        self.store = store
        self.manifest = manifest
        self._files = _files_by_table(manifest["files"])

    def frame(
        self,
        name: str,
        accounts: Iterable[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """A table as a typed frame; empty, with its columns, where nothing was gathered.

        `accounts` and `columns` limit what is read from disk. Raises UsageError for a table
        or column that does not exist.
        """
        table = _table(name)
        names = _checked_columns(table, columns)
        dataset = self._dataset(table.name, table.schema, accounts)
        return _to_pandas(dataset.to_table(columns=names))

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """One row per table, account and region: what was read, and what was not and why."""
        return _to_pandas(self._dataset("coverage", coverage.SCHEMA, None).to_table())

    @property
    def gathered_accounts(self) -> tuple[str, ...]:
        """Ids of the accounts that were in the gather's scope, read or not."""
        return tuple(account["id"] for account in self.manifest["accounts"] if account["gathered"])

    @property
    def management_account_id(self) -> str | None:
        """The organization's management account; None without an organization."""
        value: str | None = self.manifest.get("management_account_id")
        return value

    @property
    def caller_account_id(self) -> str:
        """The account whose credentials gathered the snapshot."""
        return str(self.manifest["caller"]["account_id"])

    @property
    def finished(self) -> pd.Timestamp:
        """When the gather ended, UTC."""
        return pd.Timestamp(self.manifest["finished"]).tz_convert("UTC")

    @property
    def collected_at(self) -> pd.Timestamp:
        """The moment that the data speaks of, UTC: for an import, the newest export's."""
        read = self.coverage.loc[self.coverage["status"].isin(coverage.READ), "read_at"].dropna()
        if self.manifest.get("kind") != "authorization_details" or read.empty:
            return self.finished
        return pd.Timestamp(read.max())

    def sql(self, query: str) -> pd.DataFrame:
        """The answer of a SQL query (DuckDB) over the tables and `coverage`.

        The connection sees only the snapshot's tables: no files, no network, no extensions.
        Raises UsageError with DuckDB's first line where the query cannot be answered.
        """
        import duckdb

        if not query.strip():
            raise UsageError("SQL: the query is empty; try `select * from iam_users`")
        config: dict[str, Any] = {
            "python_enable_replacements": "false",
            "autoload_known_extensions": "false",
        }
        with duckdb.connect(":memory:", config=config) as connection:
            connection.register("coverage", self._dataset("coverage", coverage.SCHEMA, None))
            for table in TABLES.values():
                connection.register(table.name, self._dataset(table.name, table.schema, None))
            connection.execute("SET enable_external_access=false; SET lock_configuration=true")
            try:
                return connection.execute(query).df()
            except duckdb.Error as error:
                raise UsageError(f"SQL: {str(error).splitlines()[0]}") from error

    def verify(self) -> None:
        """Compare every file with the manifest's sha256, then what is there with coverage.

        Raises SnapshotError at the first difference.
        """
        for relative, expected in self.manifest["files"].items():
            if hashlib.sha256(self.store.read(relative)).hexdigest() != expected:
                raise self._damaged(f"{relative} is not what was gathered")
        self.check_whole()

    def check_whole(self) -> None:
        """That every account in scope has coverage, and every table with rows its file.

        A table that lost its file must not look like one without rows. Raises SnapshotError.
        """
        covered = self._files.get("coverage", {})
        for account in self.gathered_accounts:
            if account not in covered:
                raise self._damaged(f"the coverage of account {account} is missing")
        rows = self.coverage.groupby(["table", "account_id"])["rows"].sum()
        for table, account in rows[rows > 0].index:
            if account not in self._files.get(table, {}):
                raise self._damaged(f"the rows of {table} in account {account} are missing")

    def _damaged(self, what: str) -> SnapshotError:
        return SnapshotError(f"{self.store.location} is damaged: {what}; gather it again")

    def _dataset(self, name: str, schema: pa.Schema, accounts: Iterable[str] | None) -> ds.Dataset:
        by_account = self._files.get(name, {})
        wanted = by_account if accounts is None else [a for a in accounts if a in by_account]
        paths = [self.store.path(by_account[account]) for account in wanted]
        if not paths:
            return ds.dataset(schema.empty_table())
        local = self.store.is_local
        filesystem = LocalFileSystem() if local else PyFileSystem(FSSpecHandler(self.store.fs))
        return ds.dataset(paths, schema=schema, format="parquet", filesystem=filesystem)


def _read_manifest(store: Store) -> dict[str, Any]:
    where = store.location
    with _readable(store):
        try:
            manifest = json.loads(store.read(MANIFEST))
        except FileNotFoundError:
            raise SnapshotError(_why_no_manifest(store)) from None
        except (ValueError, RecursionError):
            raise SnapshotError(f"{where} is damaged: {MANIFEST} cannot be read") from None
    return _checked_manifest(where, manifest)


@contextlib.contextmanager
def _readable(store: Store) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise SnapshotError(f"{store.location} cannot be read: {reason}") from error


def _why_no_manifest(store: Store) -> str:
    if not store.exists():
        return f"{store.location} does not exist; make a snapshot with `awsbasics collect -o`"
    if store.exists("gather.json"):
        return f"{store.location} is unfinished; go on with `awsbasics collect --resume -o`"
    return f"{store.location} is not a snapshot: it has no {MANIFEST}"


def _checked_manifest(where: str, manifest: Any) -> dict[str, Any]:
    needed = {"schema_version", "caller", "accounts", "regions", "finished", "files"}
    if not isinstance(manifest, dict) or needed - manifest.keys() or not _well_formed(manifest):
        raise SnapshotError(f"{where} is not a snapshot: its {MANIFEST} is something else")
    if manifest["schema_version"] != SCHEMA_VERSION:
        version = manifest["schema_version"]
        raise SnapshotError(
            f"{where} has format {version!r}, this version reads {SCHEMA_VERSION}; gather it again"
        )
    strange = [path for path in manifest["files"] if not _FILE.fullmatch(path)]
    if strange:
        raise SnapshotError(f"{where} is damaged: its manifest names {strange[0]!r}")
    return manifest


def _well_formed(manifest: Mapping[str, Any]) -> bool:
    """Whether the parts of a manifest that are relied on have their types."""
    accounts, regions, files = (manifest[name] for name in ("accounts", "regions", "files"))
    caller = manifest["caller"]
    return (
        isinstance(caller, dict)
        and isinstance(caller.get("account_id"), str)
        and isinstance(files, dict)
        and all(isinstance(digest, str) for digest in files.values())
        and isinstance(regions, list)
        and all(isinstance(region, str) for region in regions)
        and isinstance(accounts, list)
        and all(
            isinstance(account, dict) and {"id", "gathered"} <= account.keys()
            for account in accounts
        )
        and _is_moment(manifest["finished"])
    )


def _is_moment(text: Any) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _files_by_table(files: Iterable[str]) -> dict[str, dict[str, str]]:
    by_table: dict[str, dict[str, str]] = {}
    for path in sorted(files):
        match = _FILE.fullmatch(path)
        if match:
            by_table.setdefault(match["table"] or "coverage", {})[match["account"]] = path
    return by_table


def _table(name: str) -> Table:
    if name in TABLES:
        return TABLES[name]
    near = difflib.get_close_matches(name, TABLES, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "see `awsbasics tables`"
    raise UsageError(f"there is no table {name!r}; {hint}")


def _checked_columns(table: Table, columns: Sequence[str] | None) -> list[str]:
    known = [column.name for column in table.all_columns]
    unknown = [name for name in columns or () if name not in known]
    if unknown:
        raise UsageError(f"{table.name} has no column {unknown[0]!r}; it has {', '.join(known)}")
    return list(columns) if columns is not None else known


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(types_mapper=_PANDAS_TYPES.get)
    return frame
