"""Small snapshots for tests: rows as plain dicts, everything read unless a test says otherwise."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from awsbasics.collect.engine import Row
from awsbasics.collect.outcome import Failure
from awsbasics.collect.table import GLOBAL_REGION
from awsbasics.collect.tables import TABLES
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.coverage import Coverage, Status
from awsbasics.snapshot import Snapshot, open_snapshot

MANAGEMENT = "111111111111"
MEMBER = "000000000012"
REGIONS = ("us-east-1", "eu-west-1")
READ_AT = datetime(2026, 11, 1, tzinfo=UTC)

Unread = Mapping[tuple[str, str, str], Status]
"""Statuses by table, account and region; `*` stands for all of a kind."""


def write_snapshot(
    path: Path,
    rows: Mapping[str, Sequence[Row]] | None = None,
    *,
    unread: Unread | None = None,
    accounts: Sequence[str] = (MANAGEMENT, MEMBER),
    regions: Sequence[str] = REGIONS,
    management: str | None = MANAGEMENT,
) -> Snapshot:
    """A snapshot with these rows (owner columns may be left out: management account, global)."""
    rows = rows or {}
    with SnapshotWriter(path) as writer:
        caller = management or accounts[0]
        writer.begin({"account_id": caller, "arn": f"arn:aws:iam::{caller}:user/audit"})
        for account in accounts:
            own = {name: _of(account, part, caller) for name, part in rows.items()}
            read = _coverage(account, regions, own, unread or {}, account == caller)
            writer.write_account(account, own, read)
        writer.finish(_about(accounts, regions, management))
    return open_snapshot(path)


def _of(account: str, rows: Sequence[Row], default: str) -> list[Row]:
    whole = [{"account_id": default, "region": GLOBAL_REGION, **row} for row in rows]
    return [row for row in whole if row["account_id"] == account]


def _coverage(
    account: str, regions: Sequence[str], rows: Mapping[str, list[Row]], unread: Unread, home: bool
) -> list[Coverage]:
    cells = []
    for table in TABLES.values():
        if table.scope == "organization" and not home:
            continue
        for region in regions if table.scope == "region" else [GLOBAL_REGION]:
            count = sum(row["region"] == region for row in rows.get(table.name, []))
            default: Status = "ok" if count else "empty"
            status = _status(unread, table.name, account, region) or default
            cells.append(_cell(table.name, account, region, status, count))
    return cells


def _cell(table: str, account: str, region: str, status: Status, rows: int) -> Coverage:
    why = Failure(status, "Planted", "planted by a test") if status not in ("ok", "empty") else None
    return Coverage(
        table=table,
        account_id=account,
        region=region,
        status=status,
        error_code=why.code if why else "",
        error_message=why.message if why else "",
        rows=rows,
        calls=1,
        read_at=READ_AT,
    )


def _status(unread: Unread, *place: str) -> Status | None:
    for key, status in unread.items():
        if all(want in ("*", have) for want, have in zip(key, place, strict=True)):
            return status
    return None


def _about(
    accounts: Sequence[str], regions: Sequence[str], management: str | None
) -> dict[str, Any]:
    return {
        "kind": "aws",
        "partition": "aws",
        "organization": management is not None,
        "management_account_id": management,
        "accounts": [
            {"id": account, "name": "", "status": "ACTIVE", "gathered": True, "reason": ""}
            for account in accounts
        ],
        "regions": list(regions),
    }
