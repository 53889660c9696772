"""Lock files: they keep a second process out, and go with the process that holds them."""

import contextlib
import fcntl
import os
from pathlib import Path


def lock_file(path: Path) -> int:
    """The locked file's handle; BlockingIOError where another process holds it.

    Whoever holds it removes the file before closing the handle.
    """
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
