"""A pass over log files, batch by batch: bytes in, parts and a tally out.

A file that cannot be read is skipped and told, and costs no other file anything.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from awsbasics.collect.events.log_file import NotALogFile, is_usual, rewritten, unpacked
from awsbasics.collect.events.log_folder import LogFile, LogFolder
from awsbasics.collect.events.parts import Parts, by_account
from awsbasics.collect.events.records import RecordReader

MAX_PACKED = 128 * 2**20
BATCH_PACKED = 2 * 2**20
BATCH_FILES = 200
TEXT_AT_ONCE = 24 * 2**20

Text = tuple[LogFile, bytes]

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A log file that was not read, or not all of it, and why."""

    file: LogFile
    reason: str


@dataclass
class Tally:
    """What a pass met with: files that were read, records in them, troubles, and what was left out.

    `outside` counts events by the account they are of, where that is not in scope.
    """

    files: int = 0
    records: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    outside: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count another part of the pass."""
        self.files += other.files
        self.records += other.records
        self.troubles += other.troubles
        self.outside += other.outside


class LogPass:
    """Reads log files of a folder into parts; `accounts` and `since` limit what is kept.

    It is for one thread, and can be pickled until it has read something.
    """

    def __init__(
        self,
        folder: LogFolder,
        parts: Parts,
        accounts: Collection[str] | None,
        since: datetime | None,
    ) -> None:
        self._folder = folder
        self._parts = parts
        self._accounts = accounts
        self._since = since

    def batch(self, name: str, files: Sequence[LogFile]) -> Tally:
        """Read some files into parts of that name; raises OSError where these cannot be written."""
        tally = Tally()
        for turn, texts in enumerate(_portions(self._texts(files, tally))):
            self._portion(f"{name}-{turn:04}", texts, tally)
        return tally

    def drop(self, name: str) -> None:
        """Remove the parts of a batch that was not read to its end."""
        self._parts.drop(name)

    def _texts(self, files: Sequence[LogFile], tally: Tally) -> Iterator[Text]:
        """Each file's text in the form that is read on."""
        fit = [file for file in files if file.size <= MAX_PACKED]
        tally.troubles += [
            Trouble(file, f"is larger than {MAX_PACKED // 2**20} MiB")
            for file in files
            if file.size > MAX_PACKED
        ]
        for file, data in zip(fit, self._folder.read(fit), strict=True):
            try:
                yield file, _text(data)
            except NotALogFile as error:
                tally.troubles.append(Trouble(file, str(error)))

    def _portion(self, name: str, texts: list[Text], tally: Tally) -> None:
        """Some texts' rows into parts; each text alone where together they are too much."""
        try:
            found = self._reader.read([text for _, text in texts], "log")
        except duckdb.Error as error:
            if len(texts) > 1:
                for place, text in enumerate(texts):
                    self._portion(f"{name}-{place:04}", [text], tally)
            else:
                reason = f"cannot be read: {str(error).splitlines()[0]}"
                tally.troubles.append(Trouble(texts[0][0], reason))
            return
        self._keep(name, found.rows, tally)
        tally.files += len(texts) - len(found.unread)
        tally.records += found.rows.num_rows + sum(found.strange.values())
        for place, count in found.strange.items():
            tally.troubles.append(
                Trouble(texts[place][0], f"holds {count} records that are no events")
            )
        for place in found.unread:
            self._mended(f"{name}-{place:04}", *texts[place], tally)

    def _mended(self, name: str, file: LogFile, text: bytes, tally: Tally) -> None:
        """A text that DuckDB refuses, by way of Python's JSON, which knows half characters."""
        try:
            mended = rewritten(text)
        except NotALogFile as error:
            tally.troubles.append(Trouble(file, str(error)))
            return
        if mended == text:
            tally.troubles.append(Trouble(file, "is not JSON"))
        else:
            self._portion(name, [(file, mended)], tally)

    def _keep(self, name: str, rows: pa.Table, tally: Tally) -> None:
        if self._since is not None:
            rows = rows.filter(pc.greater_equal(rows["event_time"], self._since))
        for account, own in by_account(rows):
            if not _ACCOUNT.fullmatch(account):
                tally.outside[""] += own.num_rows
            elif self._accounts is None or account in self._accounts:
                self._parts.add(account, name, own)
            else:
                tally.outside[account] += own.num_rows

    @cached_property
    def _reader(self) -> RecordReader:
        return RecordReader()


def _text(data: bytes | Exception) -> bytes:
    if isinstance(data, Exception):
        raise NotALogFile(f"cannot be read: {data}")
    text = unpacked(data)
    return text if is_usual(text) else rewritten(text)


def batches(files: Iterable[LogFile]) -> Iterator[list[LogFile]]:
    """Files in batches that unpack to some tens of megabytes."""
    batch: list[LogFile] = []
    size = 0
    for file in files:
        if batch and (size + file.size > BATCH_PACKED or len(batch) == BATCH_FILES):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += file.size
    if batch:
        yield batch


def _portions(texts: Iterable[Text]) -> Iterator[list[Text]]:
    """Texts in portions that are read at once, whatever they unpacked to."""
    portion: list[Text] = []
    for text in texts:
        portion.append(text)
        if sum(len(content) for _, content in portion) > TEXT_AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion
