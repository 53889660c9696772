"""Writing a snapshot account by account, so that a killed gather can go on where it stopped.

`gather.json` marks an unfinished snapshot; an account is done when its coverage file is
there, which is written after its frames; `manifest.json` comes last and replaces the mark.
"""

import contextlib
import hashlib
import io
import json
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from awsbasics import __version__, coverage
from awsbasics.collect.engine import Row, to_arrow
from awsbasics.collect.lock import LOCK, exclusive
from awsbasics.collect.tables import TABLES
from awsbasics.coverage import Coverage
from awsbasics.errors import SnapshotError
from awsbasics.snapshot import MANIFEST, SCHEMA_VERSION
from awsbasics.store import Store

GATHER = "gather.json"
HASHERS = 16
"""So many files are hashed at a time: on S3 each is a request."""


class SnapshotWriter:
    """A snapshot being written; a context manager that holds its lock.

    With `resume` an unfinished one goes on; `finished` says that there is nothing left to do.
    Raises SnapshotError where the folder is finished, busy, of another gather, or something
    else, and where a file cannot be written.
    """

    def __init__(self, output: str | os.PathLike[str] | Store, *, resume: bool = False) -> None:
        self.store = output if isinstance(output, Store) else Store(output)
        self.finished = False
        self._resume = resume
        self._closed = False
        self._lock = contextlib.ExitStack()
        self._begun: dict[str, Any] = {}
        self._check_lock: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        _check_place(self.store, self._resume)
        self._check_lock = self._lock.enter_context(exclusive(self.store))
        self._check_again()
        self.finished = self._resume and self.store.exists(MANIFEST)
        if self.finished:
            self._tidy()
        return self

    def _check_again(self) -> None:
        """What another gather did between the first look and the lock."""
        try:
            _check_place(self.store, self._resume)
        except BaseException:
            self._lock.close()
            raise

    def __exit__(self, *error: object) -> None:
        self._closed = True
        self._lock.close()

    def resumed(
        self, caller: Mapping[str, str], asked: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any] | None:
        """What the interrupted gather that goes on had begun with; None where there is none.

        Raises SnapshotError where it was begun by another account or asked for other things.
        """
        if not (self._resume and self.store.exists(GATHER)):
            return None
        begun = json.loads(self.store.read(GATHER))
        begun_by = begun["caller"]["account_id"]
        if begun_by != caller["account_id"]:
            raise SnapshotError(
                f"{self.store.location} was begun from account {begun_by}; "
                "use the same credentials or a new folder"
            )
        _check_same(self.store.location, begun.get("asked") or {}, asked or {})
        self._begun = begun
        return self._begun

    def begin(
        self,
        caller: Mapping[str, str],
        asked: Mapping[str, Any] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """Mark the snapshot as unfinished, with what is asked for and found to be in scope."""
        if self.resumed(caller, asked) is None:
            self._begun = {
                "id": secrets.token_hex(8),
                "started": datetime.now(UTC).isoformat(timespec="seconds"),
                "caller": dict(caller),
                "asked": dict(asked or {}),
                "about": dict(about or {}),
            }
            _write(self.store, GATHER, _json(self._begun))

    def done_accounts(self) -> set[str]:
        """Accounts that an earlier, interrupted gather finished."""
        names = (path.split("/") for path in self.store.files() if path.startswith("coverage/"))
        return {name[1].removesuffix(".parquet") for name in names}

    def write_account(
        self,
        account_id: str,
        rows: Mapping[str, list[Row]],
        read: Iterable[Coverage],
        spare: Collection[str] = (),
    ) -> None:
        """Write an account's frames, then the coverage that makes it done."""
        self.check()
        write_account(self.store, account_id, rows, read, spare)

    def check(self) -> None:
        """Raise SnapshotError where this gather may not write any more."""
        if self._closed:  # a thread that outlives a failed gather
            raise SnapshotError(f"the gather into {self.store.location} has ended")
        self._check_lock()

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write the manifest with every file's sha256, and take the mark away."""
        files = [path for path in self.store.files() if path.endswith(".parquet")]
        with ThreadPoolExecutor(HASHERS, "awsbasics-hash") as pool:
            hashes = dict(zip(files, pool.map(self._hash, files), strict=True))
        self.check()
        begun = {name: self._begun[name] for name in ("id", "started", "caller")}
        manifest = {
            "schema_version": SCHEMA_VERSION,
            "tool_version": __version__,
            **begun,
            **about,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": hashes,
        }
        _write(self.store, MANIFEST, _json(manifest))
        self._tidy()

    def _tidy(self) -> None:
        self.store.remove(GATHER)
        for path in self.store.leftovers():
            if path != LOCK:
                self.store.remove(path)

    def _hash(self, path: str) -> str:
        with self.store.fs.open(self.store.path(path), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def write_account(
    store: Store,
    account_id: str,
    rows: Mapping[str, list[Row]],
    read: Iterable[Coverage],
    spare: Collection[str] = (),
) -> None:
    """Write an account's frames, then the coverage that makes it done.

    Frames that an attempt left which ended in between are removed first: this one may have
    read less. Those of the tables to `spare` were written just now. Raises
    SnapshotError where a file cannot be written.
    """
    mark = f".writing-{account_id}"
    if store.exists(mark):
        _remove_frames(store, account_id, spare)
    _write(store, mark, b"")
    for name, table_rows in rows.items():
        if table_rows:
            frame = to_arrow(TABLES[name], table_rows)
            _write(store, f"frames/{name}/{account_id}.parquet", _parquet(frame))
    _write(store, f"coverage/{account_id}.parquet", _parquet(coverage.to_arrow(read)))
    store.remove(mark)


def _remove_frames(store: Store, account_id: str, spare: Collection[str]) -> None:
    kept = {f"frames/{table}/{account_id}.parquet" for table in spare}
    for path in list(store.files()):
        own = path.startswith("frames/") and path.endswith(f"/{account_id}.parquet")
        if own and path not in kept:
            store.remove(path)


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _write(store: Store, path: str, data: bytes) -> None:
    try:
        store.write(path, data)
    except OSError as error:
        where = f"{store.location}/{path}"
        raise SnapshotError(f"{where} cannot be written: {error.strerror or error}") from error


def _check_same(where: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    for name, value in now.items():
        if before.get(name, value) != value:
            option = name.replace("_", "-")
            raise SnapshotError(
                f"{where} was begun with {option} {before[name]}, not {value}; "
                "repeat what it was begun with, or use a new folder"
            )


def _check_place(store: Store, resume: bool) -> None:
    where = store.location
    try:
        if store.exists(MANIFEST) and not resume:
            raise SnapshotError(f"{where} is a finished snapshot already; choose a new folder")
        if store.exists(GATHER):
            if not resume:
                raise SnapshotError(f"{where} is unfinished; go on with --resume or remove it")
        elif not (store.is_empty() or store.exists(MANIFEST)):
            raise SnapshotError(f"{where} is not empty; choose a new folder")
    except OSError as error:
        raise SnapshotError(f"{where} cannot be used: {error.strerror or error}") from error


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()
