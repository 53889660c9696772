"""One account at a time: read, written, and counted."""

from dataclasses import dataclass
from typing import Any

from awsbasics.collect.events.source import EventsOfLogs
from awsbasics.collect.reader import AccountReader
from awsbasics.collect.scope import Account
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.progress import Progress


@dataclass(frozen=True)
class Work:
    """What it takes to gather accounts: who reads them, where they go, what is known already."""

    reader: AccountReader
    writer: SnapshotWriter
    logs: EventsOfLogs
    progress: Progress

    def gather(self, account: Account, entered: Any = None) -> None:
        """Read an account and write it; `entered` is what `AccountReader.enter` gave, if asked.

        Raises CredentialsError where the credentials have expired, SnapshotError where a file
        cannot be written.
        """
        read = self.reader.read(account, entered)
        coverage = [*read.coverage, *self.logs.of(account.id)]
        self.writer.write_account(account.id, read.rows, coverage, spare=self.logs.tables)
        self.progress.count(accounts=1)
