"""Where a gather has its events from: nowhere, `LookupEvents`, or a trail's log files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from awsbasics.collect.events.columns import EVENTS
from awsbasics.collect.events.lookup import checked_days, look_up
from awsbasics.collect.table import Table
from awsbasics.coverage import Coverage
from awsbasics.progress import Progress
from awsbasics.store import Store

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True)
class EventSource:
    """What was asked for: events of so many `days`, and the place of log files.

    With neither there are no events. Log files are read instead of looking up, as far back as
    `days` says, or whole. UsageError where CloudTrail does not keep events so long.
    """

    days: int | None = None
    trail_logs: str | None = None

    def __post_init__(self) -> None:
        if self.days is not None and self.trail_logs is None:
            checked_days(self.days)

    def as_asked(self, table: Table) -> Table | None:
        """The events' table as it is to be read from AWS; None where it is not to be."""
        if self.days is None or self.trail_logs is not None:
            return None
        return replace(table, gather=partial(look_up, days=self.days))

    def from_logs(
        self,
        store: Store,
        accounts: Collection[str],
        *,
        done: Collection[str] = (),
        session: "boto3.Session | None" = None,
        progress: Progress | None = None,
    ) -> "EventsOfLogs":
        """Write the frames of all accounts' events, where log files were given.

        Raises what `awsbasics.collect.events.logs.read_trail_logs` raises.
        """
        if self.trail_logs is None:
            return EventsOfLogs()
        from awsbasics.collect.events.logs import read_trail_logs

        since = None if self.days is None else datetime.now(UTC) - timedelta(days=self.days)
        found = read_trail_logs(
            self.trail_logs,
            store,
            accounts,
            done=done,
            since=since,
            session=session,
            progress=progress,
        )
        return EventsOfLogs((EVENTS,), found.coverage, {"trail_logs": dict(found.about)})


@dataclass(frozen=True)
class EventsOfLogs:
    """Tables whose frames are written already, their coverage by account, and the manifest's part.

    Empty where no log files were given.
    """

    tables: tuple[str, ...] = ()
    coverage: Mapping[str, Coverage] | None = None
    about: Mapping[str, Any] | None = None

    def of(self, account_id: str) -> list[Coverage]:
        """The coverage of an account's events."""
        found = (self.coverage or {}).get(account_id)
        return [found] if found else []
