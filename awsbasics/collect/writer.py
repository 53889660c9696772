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
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from awsbasics import __version__, coverage
from awsbasics.collect.engine import Row, to_arrow
from awsbasics.collect.tables import TABLES
from awsbasics.coverage import Coverage
from awsbasics.errors import SnapshotError
from awsbasics.snapshot import MANIFEST, SCHEMA_VERSION
from awsbasics.store import Store, make_private

GATHER = "gather.json"
LOCK = ".lock"


class SnapshotWriter:
    """A snapshot being written; a context manager that holds its lock.

    Raises SnapshotError where the folder is finished, busy, of another gather, or something
    else.
    """

    def __init__(self, output: str | os.PathLike[str], *, resume: bool = False) -> None:
        self.store = Store(output)
        self._resume = resume
        self._lock = contextlib.ExitStack()
        self._begun: dict[str, Any] = {}

    def __enter__(self) -> Self:
        _check_place(self.store, self._resume)
        self._lock.enter_context(_locked(self.store))
        return self

    def __exit__(self, *error: object) -> None:
        self._lock.close()

    def begin(self, caller: Mapping[str, str]) -> None:
        """Mark the snapshot as unfinished, or check that a resumed one is of the same caller."""
        if self._resume and self.store.exists(GATHER):
            self._begun = json.loads(self.store.read(GATHER))
            begun_by = self._begun["caller"]["account_id"]
            if begun_by != caller["account_id"]:
                raise SnapshotError(
                    f"{self.store.location} was begun from account {begun_by}; "
                    "use the same credentials or a new folder"
                )
            return
        self._begun = {
            "id": secrets.token_hex(8),
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "caller": dict(caller),
        }
        self.store.write(GATHER, _json(self._begun))

    def done_accounts(self) -> set[str]:
        """Accounts that an earlier, interrupted gather finished."""
        names = (path.split("/") for path in self.store.files() if path.startswith("coverage/"))
        return {name[1].removesuffix(".parquet") for name in names}

    def write_account(
        self, account_id: str, rows: Mapping[str, list[Row]], read: Iterable[Coverage]
    ) -> None:
        """Write an account's frames, then the coverage that makes it done."""
        for name, table_rows in rows.items():
            if table_rows:
                frame = to_arrow(TABLES[name], table_rows)
                self._write(f"frames/{name}/{account_id}.parquet", frame)
        self._write(f"coverage/{account_id}.parquet", coverage.to_arrow(read))

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write the manifest with every file's sha256, and take the mark away."""
        files = [path for path in self.store.files() if path.endswith(".parquet")]
        hashes = {path: hashlib.sha256(self.store.read(path)).hexdigest() for path in files}
        manifest = {
            "schema_version": SCHEMA_VERSION,
            "tool_version": __version__,
            **self._begun,
            **about,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": hashes,
        }
        self.store.write(MANIFEST, _json(manifest))
        self.store.remove(GATHER)

    def _write(self, path: str, table: pa.Table) -> None:
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        try:
            self.store.write(path, buffer.getvalue())
        except OSError as error:
            raise SnapshotError(f"{path} cannot be written: {error.strerror or error}") from error


def _check_place(store: Store, resume: bool) -> None:
    where = store.location
    try:
        if store.exists(MANIFEST):
            raise SnapshotError(f"{where} is a finished snapshot already; choose a new folder")
        if store.exists(GATHER):
            if not resume:
                raise SnapshotError(f"{where} is unfinished; go on with --resume or remove it")
        elif not store.is_empty():
            raise SnapshotError(f"{where} is not empty; choose a new folder")
    except OSError as error:
        raise SnapshotError(f"{where} cannot be used: {error.strerror or error}") from error


@contextlib.contextmanager
def _locked(store: Store) -> Any:
    """Keep a second gather out of a local folder; the lock goes with the process."""
    if not store.is_local:
        yield
        return
    import fcntl

    try:
        make_private(Path(store.root))
        handle = os.open(store.path(LOCK), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise SnapshotError(
            f"{store.location} cannot be used: {error.strerror or error}"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise SnapshotError(f"another gather is writing to {store.location}; wait for it") from None
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            Path(store.path(LOCK)).unlink()
            Path(store.root).rmdir()  # only where nothing was written
        os.close(handle)


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()
