"""Files of a snapshot or a report, in a folder or on `s3://`, written whole or not at all.

Locally a file is written beside its place and renamed over it, with mode 0600 in folders of
mode 0700; on S3 it is one PUT, or, where it is too large for one, a multipart upload, which
appears when it is complete. Paths given to a store are relative and may not leave it.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from awsbasics.errors import SnapshotError

CHUNK = 2**20


class Store:
    """A folder of files, local or `s3://bucket/prefix`.

    `session` is boto3's whose credentials reach S3, the usual AWS chain's if there is none. What
    cannot be read or written raises OSError. On S3 reading takes `s3:ListBucket` on the bucket
    and `s3:GetObject` below the prefix, writing also `s3:PutObject` and `s3:DeleteObject`.
    """

    def __init__(self, location: str | os.PathLike[str], session: Any = None) -> None:
        self.location = os.fspath(location)
        self.is_local = "://" not in self.location
        if not self.is_local and not self.location.startswith("s3://"):
            raise SnapshotError(f"{self.location}: only local folders and s3:// are supported")
        self.fs: Any = fsspec.filesystem("file") if self.is_local else _s3(session)
        root = str(Path(self.location).absolute()) if self.is_local else self.location
        self.root: str = self.fs._strip_protocol(root)  # noqa: SLF001 - fsspec's own word for it

    def path(self, relative: str) -> str:
        """The full path of a relative one; an error if it would lead outside."""
        parts = PurePosixPath(relative)
        if parts.is_absolute() or ".." in parts.parts:
            raise SnapshotError(f"{relative!r} leads outside {self.location}")
        return f"{self.root}/{parts}"

    def write(self, relative: str, data: bytes) -> None:
        """Write a file so that a reader sees all of it or none."""
        path = self.path(relative)
        if self.is_local:
            _write_local(Path(path), [data])
        else:
            self.fs.pipe_file(path, data)

    def put(self, relative: str, file: Path) -> None:
        """Copy a local file, of any size, so that a reader sees all of it or none."""
        path = self.path(relative)
        if self.is_local:
            with file.open("rb") as source:
                _write_local(Path(path), iter(partial(source.read, CHUNK), b""))
        else:
            self.fs.put_file(str(file), path)

    def read(self, relative: str) -> bytes:
        """A file's bytes; FileNotFoundError if there is none."""
        data: bytes = self.fs.cat_file(self.path(relative))
        return data

    def exists(self, relative: str = "") -> bool:
        """Whether there is such a file or folder."""
        return bool(self.fs.exists(self.path(relative) if relative else self.root))

    def remove(self, relative: str) -> None:
        """Remove a file; nothing happens if there is none."""
        with contextlib.suppress(FileNotFoundError):
            self.fs.rm_file(self.path(relative))

    def files(self) -> Iterator[str]:
        """Relative paths of all files, sorted; the halves of interrupted writes are left out."""
        for path in sorted(self.fs.find(self.root)):
            relative = path[len(self.root) :].lstrip("/")
            if not PurePosixPath(relative).name.startswith("."):
                yield relative

    def leftovers(self) -> Iterator[str]:
        """Relative paths of the files that `files` leaves out, sorted."""
        for path in sorted(self.fs.find(self.root)):
            relative = path[len(self.root) :].lstrip("/")
            if PurePosixPath(relative).name.startswith("."):
                yield relative

    def is_empty(self) -> bool:
        """Whether nothing is there yet."""
        return not self.exists() or next(self.files(), None) is None


def _s3(session: Any) -> Any:
    from awsbasics.store_s3 import s3_filesystem

    return s3_filesystem(session)


def _write_local(path: Path, chunks: Iterable[bytes]) -> None:
    make_private(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def make_private(folder: Path) -> None:
    """A folder, and those above it that are missing, with mode 0700."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
