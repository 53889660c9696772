"""A trail's log files as frames of a snapshot: one pass over all files, one file an account.

What could not be read is told in the coverage of the account that a file is of; of every
account, where its name does not tell. Events of accounts that are not in scope are counted
and left out. An account without any event was not read: there is always one.
"""

import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from awsbasics.collect.events.columns import EVENTS
from awsbasics.collect.events.log_folder import LogFile, LogFolder
from awsbasics.collect.events.log_pass import LogPass, Tally
from awsbasics.collect.events.parts import Parts
from awsbasics.collect.events.workers import read_all
from awsbasics.collect.outcome import Failure
from awsbasics.collect.table import GLOBAL_REGION
from awsbasics.coverage import Coverage
from awsbasics.errors import SnapshotError
from awsbasics.progress import Progress, Silent
from awsbasics.store import Store

if TYPE_CHECKING:
    import boto3

OPERATION = "log files"


@dataclass(frozen=True)
class TrailLogs:
    """What came of a pass: coverage of each account in scope, and a summary for the manifest."""

    coverage: Mapping[str, Coverage]
    about: Mapping[str, Any]


def read_trail_logs(
    location: str,
    store: Store,
    accounts: Collection[str] | None,
    *,
    done: Collection[str] = (),
    since: datetime | None = None,
    session: "boto3.Session | None" = None,
    progress: Progress | None = None,
) -> TrailLogs:
    """Write the events of log files into a snapshot's folder, for these accounts or for all.

    The frames of accounts that are `done` are left as they are. `since` leaves out older
    events. Raises UsageError where there are no log files, AccessError
    where they cannot be listed, SnapshotError where they cannot be put together.
    """
    started = time.monotonic()
    folder = LogFolder(location, session)
    files = folder.files()
    wanted = [file for file in files if _is_wanted(file, accounts, since)]
    try:
        with tempfile.TemporaryDirectory(prefix="awsbasics-") as staging:
            parts = Parts(Path(staging))
            work = LogPass(folder, parts, accounts, since)
            tally = read_all(work, wanted, progress or Silent())
            rows = dict(_written(parts, store, done))
    except (OSError, duckdb.Error) as error:
        reason = str(error).splitlines()[0]
        raise SnapshotError(
            f"the log files cannot be put together: {reason}; TMPDIR names the folder for parts"
        ) from error
    seconds = round(time.monotonic() - started, 3)
    scope = rows if accounts is None else accounts
    coverage = {
        account: _coverage(account, rows.get(account, 0), tally, seconds)
        for account in sorted(scope)
    }
    return TrailLogs(coverage, _about(len(files), len(wanted), rows, tally))


def _is_wanted(file: LogFile, accounts: Collection[str] | None, since: datetime | None) -> bool:
    """Whether a file may hold events of these accounts and that time, by its name."""
    if accounts is not None and file.account_id and file.account_id not in accounts:
        return False
    return since is None or file.day is None or file.day >= since.date()


def _written(parts: Parts, store: Store, done: Collection[str]) -> Iterator[tuple[str, int]]:
    """Each account's file in the snapshot, and how many events it has."""
    for account in parts.accounts():
        merged, rows = parts.merged(account)
        if account not in done:
            store.put(f"frames/{EVENTS}/{account}.parquet", merged)
        shutil.rmtree(merged.parent)
        yield account, rows


def _coverage(account: str, rows: int, tally: Tally, seconds: float) -> Coverage:
    reason = _why_not_whole(account, rows, tally)
    return Coverage(
        table=EVENTS,
        account_id=account,
        region=GLOBAL_REGION,
        status=reason.status if reason else "ok",
        operation=OPERATION,
        error_code=reason.code if reason else "",
        error_message=reason.message if reason else "",
        rows=rows,
        seconds=seconds,
        read_at=datetime.now(UTC),
    )


def _why_not_whole(account: str, rows: int, tally: Tally) -> Failure | None:
    own = [trouble for trouble in tally.troubles if trouble.file.account_id in ("", account)]
    if own:
        count = "1 log file was" if len(own) == 1 else f"{len(own)} log files were"
        text = f"{count} not read whole, first {own[0].file.name}: it {own[0].reason}"
        return Failure("partial" if rows else "error", "DamagedLogFile", text)
    if not rows:
        return Failure("not_read", "NoLogFiles", "the log files hold no event of this account")
    return None


def _about(files: int, wanted: int, rows: Mapping[str, int], tally: Tally) -> dict[str, Any]:
    return {
        "files": files,
        "files_out_of_scope": files - wanted,
        "files_read": tally.files,
        "troubles": len(tally.troubles),
        "first_trouble": tally.troubles[0].file.name if tally.troubles else None,
        "records": tally.records,
        "events": sum(rows.values()),
        "events_out_of_scope": dict(sorted(tally.outside.items())),
    }
