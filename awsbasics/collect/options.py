"""What a gather is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from awsbasics.collect.events.columns import EVENTS
from awsbasics.collect.events.source import EventSource
from awsbasics.collect.scope import OrganizationMode
from awsbasics.collect.table import Table
from awsbasics.collect.tables import TABLES


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to gather: see `awsbasics.collect.collect`."""

    organization: OrganizationMode
    accounts: Sequence[str] | None
    regions: Sequence[str] | None
    role: str | None
    external_id: str | None
    workers: int
    resume: bool
    last_accessed: bool = False
    events: EventSource = field(default_factory=EventSource)
    cluster: str | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables to read: all but the optional ones that were not asked for."""
        wanted = (self._as_asked(table) for table in TABLES.values())
        return tuple(table for table in wanted if table is not None)

    @property
    def asked(self) -> Mapping[str, Any]:
        """What decides on what is in the snapshot: a gather that goes on has to ask the same."""
        return {
            "organization": self.organization,
            "accounts": sorted(self.accounts or ()),
            "regions": sorted(self.regions or ()),
            "last_accessed": self.last_accessed,
            "events": self.events.days,
            "trail_logs": self.events.trail_logs,
        }

    def _as_asked(self, table: Table) -> Table | None:
        if table.name == EVENTS:
            return self.events.as_asked(table)
        return table if self.last_accessed or not table.optional else None
