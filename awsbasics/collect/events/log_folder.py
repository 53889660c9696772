"""The log files under a folder or an `s3://` prefix, and nothing else there.

CloudTrail's own layout is `AWSLogs/[o-…/]<account>/CloudTrail/<region>/<year>/<month>/<day>/`,
with names like `<account>_CloudTrail_<region>_20261101T0210Z_….json.gz`
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).
Files of other folders count as well; digests, insights and aggregates beside the logs do not.
"""

import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from awsbasics.errors import AccessError, UsageError

if TYPE_CHECKING:
    import boto3

READERS = 16
SUFFIXES = (".json.gz", ".json", ".jsonl.gz", ".jsonl")

_NAME = re.compile(r"(?P<account>\d{12})_CloudTrail_[a-z0-9-]+_(?P<day>\d{8})T\d{4}Z")
_FOLDER = re.compile(r"(?:^|/)(?P<account>\d{12})/CloudTrail/")
_OTHER_KINDS = re.compile(r"(?:^|/)CloudTrail-\w|_CloudTrail-\w")


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file: its name under the folder, its bytes, and what its name tells, if anything.

    No event in it is younger than its day.
    """

    name: str
    path: str
    size: int
    account_id: str
    day: date | None


class LogFolder:
    """A folder, a single file or an `s3://` prefix with log files."""

    def __init__(self, location: str, session: "boto3.Session | None" = None) -> None:
        import fsspec

        self.location = location
        self._is_local = "://" not in location
        if not self._is_local and not location.startswith("s3://"):
            raise UsageError(f"{location}: log files are read from folders and from s3:// only")
        protocol, options = ("file", {}) if self._is_local else ("s3", _options(session))
        self._fs: Any = fsspec.filesystem(protocol, **options)
        place = os.path.abspath(location) if self._is_local else location  # noqa: PTH100 - as fsspec's
        self._root: str = self._fs._strip_protocol(place)  # noqa: SLF001 - fsspec's own word for it

    def files(self) -> list[LogFile]:
        """The log files, by name.

        UsageError where there is none, AccessError where the place cannot be listed.
        """
        try:
            found = self._fs.find(self._root, detail=True)
        except (OSError, ClientError, BotoCoreError) as error:
            raise AccessError(f"{self.location} cannot be listed: {error}") from error
        plain = sorted(path for path, info in found.items() if info["type"] == "file")
        files = [self._file(path, found[path]) for path in plain]
        logs = [file for file in files if _is_log(file.name)]
        if not logs:
            raise UsageError(f"{self.location} holds no CloudTrail log files (.json.gz)")
        return logs

    def read(self, files: Sequence[LogFile]) -> Iterator[bytes | Exception]:
        """Each file's bytes, or why it cannot be read, in order."""
        if self._is_local:
            yield from map(self._bytes, files)
            return
        with ThreadPoolExecutor(min(READERS, len(files)), "awsbasics-log") as pool:
            yield from pool.map(self._bytes, files)

    def _bytes(self, file: LogFile) -> bytes | Exception:
        try:
            data: bytes = self._fs.cat_file(file.path)
        except (OSError, ClientError, BotoCoreError) as error:
            return error
        return data

    def _file(self, path: str, info: Any) -> LogFile:
        name = path[len(self._root) :].lstrip("/") or path.rpartition("/")[2]
        told = _NAME.search(name)
        folder = _FOLDER.search(name) or told
        day = _day(told["day"]) if told else None
        return LogFile(name, path, int(info["size"] or 0), folder["account"] if folder else "", day)


def _is_log(name: str) -> bool:
    hidden = name.rpartition("/")[2].startswith(".")
    return name.endswith(SUFFIXES) and not hidden and not _OTHER_KINDS.search(name)


def _day(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _options(session: "boto3.Session | None") -> dict[str, Any]:
    """How s3fs reads: with the session's credentials, and nothing remembered of other reads."""
    fresh: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    credentials = session.get_credentials() if session is not None else None
    if credentials is None:
        return fresh
    keys = credentials.get_frozen_credentials()
    return {**fresh, "key": keys.access_key, "secret": keys.secret_key, "token": keys.token}
