"""A snapshot without an account: of nothing but a trail's log files."""

import os
from collections.abc import Mapping
from typing import Any

import pyarrow.parquet as pq

from awsbasics.collect.engine import unread
from awsbasics.collect.events.columns import EVENTS
from awsbasics.collect.events.logs import TrailLogs, read_trail_logs
from awsbasics.collect.outcome import Failure
from awsbasics.collect.table import GLOBAL_REGION
from awsbasics.collect.tables import TABLES
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.coverage import Coverage
from awsbasics.errors import UsageError
from awsbasics.progress import Progress
from awsbasics.snapshot import Snapshot, open_snapshot
from awsbasics.store import Store

NOT_READ = Failure("not_read", "NotInLogFiles", "not in a trail's log files")


def import_trail_logs(
    location: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    progress: Progress | None = None,
) -> Snapshot:
    """A snapshot of the events in log files (a folder, a file or `s3://`), of all their accounts.

    All other tables are marked as not read. Raises UsageError where there are no log files or
    no events in them, AccessError where they cannot be listed, SnapshotError where the output
    cannot be written.
    """
    where = os.fspath(location)
    with SnapshotWriter(output) as writer:
        logs = read_trail_logs(where, writer.store, None, progress=progress)
        if not logs.coverage:
            raise UsageError(f"{where} holds no CloudTrail event")
        first = next(iter(logs.coverage))
        writer.begin({"account_id": first, "arn": ""})
        for account, read in logs.coverage.items():
            writer.write_account(account, {}, [read, *_rest(account, at_home=account == first)])
        writer.finish(_about(logs, _partition(writer.store, first)))
    return open_snapshot(output)


def _partition(store: Store, account: str) -> str:
    """The partition that an account's events happened in, by the first one's region."""
    with store.fs.open(store.path(f"frames/{EVENTS}/{account}.parquet"), "rb") as file:
        region = pq.read_table(file, columns=["region"])["region"][0].as_py()
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((name for prefix, name in prefixes.items() if region.startswith(prefix)), "aws")


def _rest(account: str, *, at_home: bool) -> list[Coverage]:
    """The coverage of all that log files do not tell; of the organization once."""
    return [
        unread(table, account, GLOBAL_REGION, NOT_READ, f"{table.service}:{table.operation}")
        for table in TABLES.values()
        if table.name != EVENTS and (at_home or table.scope != "organization")
    ]


def _about(logs: TrailLogs, partition: str) -> Mapping[str, Any]:
    return {
        "kind": "trail_logs",
        "partition": partition,
        "organization": False,
        "management_account_id": None,
        "accounts": [
            {"id": account, "name": "", "status": "ACTIVE", "gathered": True, "reason": ""}
            for account in logs.coverage
        ],
        "regions": [],
        "trail_logs": logs.about,
    }
