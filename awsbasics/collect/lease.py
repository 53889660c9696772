"""One gather at a time writes under an `s3://` prefix: a lease, renewed while the gather lives.

S3 has no locks, but writes that depend on what is there: the object `.lock` is made only where
there is none, and replaced only where it still is what was seen
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html). S3's own clock
tells how old it is, this machine's never. So of gathers that begin together one goes on, and
one that was killed keeps others out for `LEASE_SECONDS`. One that stands still for longer, as
on a laptop that sleeps, notices it before it writes the next account; only the request that it
stood still in may arrive late.
"""

import contextlib
import json
import secrets
import threading
import time
from email.utils import parsedate_to_datetime
from typing import Any, Self

from awsbasics.errors import SnapshotError
from awsbasics.store import Store

LEASE_SECONDS = 60
RENEW_SECONDS = 10
MARGIN_SECONDS = 15
"""So long before its end a lease is no longer relied on: writes take time."""


class Lease:
    """A lease on a store; a context manager that takes it, renews it, and gives it back.

    Raises BlockingIOError where another gather has it, OSError where S3 cannot be used.
    """

    def __init__(self, store: Store, name: str) -> None:
        self._fs = store.fs
        self._path = store.path(name)
        self._where = store.location
        self._holder = secrets.token_hex(8)
        self._renewals = 0
        self._etag = ""
        self._since = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True, name="awsbasics-lease")

    def __enter__(self) -> Self:
        try:
            self._put(IfNoneMatch="*")
        except OSError as error:
            self._take_over(error)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()
        if self._is_held():
            with contextlib.suppress(OSError):
                self._fs.rm_file(self._path)

    def check(self) -> None:
        """Raise SnapshotError where the lease could not be renewed in time."""
        if not self._is_held():
            raise SnapshotError(
                f"{self._where}: S3 was out of reach too long, and another gather may have begun; "
                "go on with --resume"
            )

    def _is_held(self) -> bool:
        return time.monotonic() - self._since < LEASE_SECONDS - MARGIN_SECONDS

    def _take_over(self, refused: OSError) -> None:
        """Take the lease of a gather that was killed. BlockingIOError where it seems to live."""
        try:
            found = self._found()
        except OSError:  # no lease was in the way
            raise refused from None
        if found["age"] <= LEASE_SECONDS:
            raise BlockingIOError
        try:
            self._put(IfMatch=found["etag"])
        except OSError as error:  # another one was faster
            raise BlockingIOError from error

    def _keep(self) -> None:
        while not self._ended.wait(RENEW_SECONDS):
            with contextlib.suppress(OSError):  # tried again; `check` tells if it takes too long
                self._put(IfMatch=self._etag)

    def _put(self, **condition: str) -> None:
        self._renewals += 1  # each is another text, hence another ETag
        data = json.dumps({"holder": self._holder, "renewals": self._renewals}).encode()
        asked = time.monotonic()
        try:
            self._etag = self._fs.pipe_file(self._path, data, **condition)["ETag"]
        except OSError:
            if not self._is_there(data):
                raise
            self._etag = self._found()["etag"]
        self._since = asked

    def _is_there(self, data: bytes) -> bool:
        """Whether a write was done all the same, and only its answer lost on the way."""
        with contextlib.suppress(OSError):
            return bool(self._fs.cat_file(self._path) == data)
        return False

    def _found(self) -> dict[str, Any]:
        """The ETag and the age in seconds of the lease that is there; FileNotFoundError if none."""
        bucket, key, _ = self._fs.split_path(self._path)
        head = self._fs.call_s3("head_object", Bucket=bucket, Key=key)
        now = parsedate_to_datetime(head["ResponseMetadata"]["HTTPHeaders"]["date"])
        return {"etag": head["ETag"], "age": (now - head["LastModified"]).total_seconds()}
