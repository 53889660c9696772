"""One gather at a time writes to a folder."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from awsbasics.errors import SnapshotError
from awsbasics.store import Store, make_private

LOCK = ".lock"


@contextlib.contextmanager
def exclusive(store: Store) -> Iterator[None]:
    """Keep a second gather out of a local folder; the lock goes with the process.

    Raises SnapshotError where another gather is writing, or where the folder cannot be used.
    """
    if not store.is_local:
        yield
        return
    try:
        make_private(Path(store.root))
        handle = _lock(Path(store.path(LOCK)))
    except BlockingIOError:
        raise SnapshotError(f"another gather is writing to {store.location}; wait for it") from None
    except OSError as error:
        raise SnapshotError(
            f"{store.location} cannot be used: {error.strerror or error}"
        ) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            Path(store.path(LOCK)).unlink()
            Path(store.root).rmdir()  # only where nothing was written
        os.close(handle)


def _lock(path: Path) -> int:
    """The locked file's handle; BlockingIOError where another process holds it."""
    while True:
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it before may have removed the file that was opened here.
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_ino == os.fstat(handle).st_ino:
                    return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
