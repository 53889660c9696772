"""Facts from a few plain rows: given rows, what do the checks say of them?

Columns that a row leaves out are missing, a status twin is `ok` where its column is given and
`absent` where it is not. Nested values become JSON text, as the gather writes them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from awsbasics.assessment import assess
from awsbasics.collect.documents import canonical_json
from awsbasics.collect.table import Table
from awsbasics.collect.tables import TABLES
from awsbasics.engagement import Engagement, EnvironmentRule
from awsbasics.facts import Facts
from awsbasics.findings import Finding
from awsbasics.recommendations import CHECKS, RECOMMENDATIONS
from awsbasics.recommendations.base import Result
from awsbasics.snapshot import Snapshot, _to_pandas
from tests.snapshots import Unread, write_snapshot

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
Place = tuple[str, str, str]
"""Table, account and region; `*` stands for all."""

MANAGEMENT = "111111111111"
PRODUCTION = "222222222222"
DEVELOPMENT = "000000000012"
SANDBOX = "444444444444"
ARCHIVE = "555555555555"
REGION = "eu-west-1"
NOW = pd.Timestamp("2026-11-01T12:00:00Z")

ENVIRONMENTS = {
    PRODUCTION: "production",
    DEVELOPMENT: "development",
    SANDBOX: "sandbox",
    ARCHIVE: "security",
}


class MemorySnapshot(Snapshot):
    """A snapshot whose frames are made from rows in memory."""

    def __init__(self, rows: Rows, management: str | None, regions: Iterable[str]) -> None:
        self.rows = rows
        accounts = sorted({*ENVIRONMENTS, MANAGEMENT})
        self.manifest = {
            "management_account_id": management,
            "caller": {"account_id": MANAGEMENT},
            "accounts": [{"id": account, "gathered": True} for account in accounts],
            "regions": list(regions),
        }

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Everything was read, everywhere."""
        accounts = self.gathered_accounts
        cells = [(table, account) for table in TABLES for account in accounts]
        frame = pd.DataFrame(cells, columns=["table", "account_id"])
        read_at = pd.Timestamp("2026-11-01", tz="UTC")
        return frame.assign(region="global", status="ok", read_at=read_at)

    def frame(
        self,
        name: str,
        accounts: Iterable[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        table = TABLES[name]
        found = [_complete(table, row) for row in self.rows.get(name, ())]
        wanted = None if accounts is None else set(accounts)
        kept = [row for row in found if wanted is None or row["account_id"] in wanted]
        if not kept:
            return _empty(name)
        return _to_pandas(pa.Table.from_pylist(kept, schema=table.schema))


@cache
def _empty(name: str) -> pd.DataFrame:
    """A table without rows: most are, in every test."""
    return _to_pandas(pa.Table.from_pylist([], schema=TABLES[name].schema))


def engagement(**more: Any) -> Engagement:
    """An engagement file that knows the environments of the accounts above."""
    rules = tuple(
        EnvironmentRule(environment=environment, account=account)
        for account, environment in ENVIRONMENTS.items()
    )
    return Engagement(**{"environments": rules, **more})


def facts_of(
    rows: Rows,
    *,
    engagement: Engagement | None = None,
    as_of: str | pd.Timestamp = NOW,
    management: str | None = MANAGEMENT,
    accounts: Sequence[str] | None = None,
    regions: Iterable[str] = (REGION,),
) -> Facts:
    """Facts over rows by table. `management` None is a lone account; `accounts` a selection."""
    unknown = [name for name in rows if name not in TABLES]
    assert not unknown, f"no such table: {unknown}"
    snapshot = MemorySnapshot(rows, management, regions)
    chosen = None if accounts is None else tuple(accounts)
    return Facts(snapshot, engagement or default_engagement(), pd.Timestamp(as_of), chosen)


def default_engagement() -> Engagement:
    """`engagement()` under a name that no argument hides."""
    return engagement()


def results(check_id: str, rows: Rows, **more: Any) -> list[Result]:
    """What one check yields for rows, before the assessment looks at coverage."""
    run = CHECKS[check_id].run
    assert run is not None, f"{check_id} is not written"
    return list(run(facts_of(rows, **more)))


def failures(check_id: str, rows: Rows, **more: Any) -> list[Result]:
    """The failures among them."""
    return [result for result in results(check_id, rows, **more) if result.status == "fail"]


def statuses(found: Iterable[Result]) -> list[str]:
    """Their statuses, in order."""
    return [result.status for result in found]


def judged(
    check_id: str,
    path: Path,
    rows: Rows,
    *denied: Place,
    engagement: Engagement | None = None,
) -> list[Finding]:
    """The findings of one check, as the assessment gives them where some places were denied."""
    own = {name: [_complete(TABLES[name], row) for row in given] for name, given in rows.items()}
    accounts = sorted({*ENVIRONMENTS, MANAGEMENT})
    unread: Unread = dict.fromkeys(denied, "denied")
    snapshot = write_snapshot(
        path, own, unread=unread, accounts=accounts, regions=(REGION,), management=MANAGEMENT
    )
    prefix = check_id.partition(".")[0]
    only = [each.id for each in RECOMMENDATIONS if each.prefix == prefix]
    assessment = assess(snapshot, engagement or default_engagement(), as_of=NOW, only=only)
    return [finding for finding in assessment.finding_list if finding.check == check_id]


def _complete(table: Table, row: Row) -> dict[str, Any]:
    columns = {column.name: column for column in table.all_columns}
    unknown = row.keys() - columns.keys()
    assert not unknown, f"{table.name} has no column {unknown}"
    whole: dict[str, Any] = {"account_id": DEVELOPMENT, "region": "global", **row}
    for column in table.columns:
        if column.follow_up:
            given = whole.get(column.name) is not None
            whole.setdefault(f"{column.name}_status", "ok" if given else "absent")
    return {name: _value(columns[name].dtype, value) for name, value in whole.items()}


def _value(dtype: str, value: Any) -> Any:
    if dtype == "timestamp" and isinstance(value, str):
        return datetime.fromisoformat(value)
    if dtype == "json" and value is not None and not isinstance(value, str):
        return canonical_json(value)
    return value
