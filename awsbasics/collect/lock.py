"""One gather at a time writes to a snapshot."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from awsbasics.errors import SnapshotError
from awsbasics.locks import lock_file
from awsbasics.store import Store, make_private

LOCK = ".lock"


@contextlib.contextmanager
def exclusive(store: Store) -> Iterator[Callable[[], None]]:
    """Keep a second gather out; gives a function that raises where this one may be in too.

    In a folder the lock goes with the process; on S3 it is a lease.
    Raises SnapshotError where another gather is writing, or where the place cannot be used.
    """
    with contextlib.ExitStack() as held:
        try:
            check = held.enter_context(_folder(store) if store.is_local else _lease(store))
        except BlockingIOError:
            killed = "" if store.is_local else ", or was killed a moment ago"
            raise SnapshotError(
                f"another gather is writing to {store.location}{killed}; wait for it"
            ) from None
        except OSError as error:
            raise SnapshotError(
                f"{store.location} cannot be used: {error.strerror or error}"
            ) from error
        yield check


@contextlib.contextmanager
def _folder(store: Store) -> Iterator[Callable[[], None]]:
    make_private(Path(store.root))
    handle = lock_file(Path(store.path(LOCK)))
    try:
        yield lambda: None
    finally:
        with contextlib.suppress(OSError):
            Path(store.path(LOCK)).unlink()
            Path(store.root).rmdir()  # only where nothing was written
        os.close(handle)


@contextlib.contextmanager
def _lease(store: Store) -> Iterator[Callable[[], None]]:
    from awsbasics.collect.lease import Lease

    with Lease(store, LOCK) as lease:
        yield lease.check
