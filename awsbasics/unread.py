"""Where the tables that a check requires were not read, and how much of them was.

The cells of a table are the accounts (and regions) in which it should have been read. A cell
without a coverage row was not read. Regions that are off, or closed by service control
policies, are out of scope.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from awsbasics.collect.table import GLOBAL_REGION, Table
from awsbasics.collect.tables import TABLES
from awsbasics.coverage import READ, closed_regions
from awsbasics.facts import Facts
from awsbasics.recommendations.base import Check, Recommendation

FRAME_COLUMNS = (
    "recommendation",
    "check",
    "account_id",
    "region",
    "table",
    "status",
    "error_code",
    "error_message",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One table in one account and region: how its reading ended."""

    table: str
    account_id: str
    region: str
    status: str = "not_read"
    error_code: str = ""
    error_message: str = ""

    @property
    def read(self) -> bool:
        """Whether all of it is known."""
        return self.status in READ


class Unread:
    """The cells of every table in an assessment's scope."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._cells: dict[str, tuple[Cell, ...]] = {}

    def cells(self, table: str) -> tuple[Cell, ...]:
        """All cells of a table, read or not."""
        if table not in self._cells:
            self._cells[table] = tuple(self._expected(TABLES[table]))
        return self._cells[table]

    def gaps(self, recommendation: Recommendation, check: Check) -> tuple[Cell, ...]:
        """The cells that a check requires and that were not read."""
        return tuple(cell for cell in self.required(recommendation, check) if not cell.read)

    def required(self, recommendation: Recommendation, check: Check) -> tuple[Cell, ...]:
        """All cells that a check requires: its tables, in the accounts that it is about."""
        return tuple(
            cell
            for table in check.tables
            for cell in self.cells(table)
            if self._concerns(recommendation, check, cell)
        )

    def confidence(self, recommendation: Recommendation) -> float:
        """The share (0 to 1) of the required cells of a recommendation that were read."""
        required = {
            cell
            for check in recommendation.checks
            if check.written
            for cell in self.required(recommendation, check)
        }
        return sum(cell.read for cell in required) / len(required) if required else 1.0

    def frame(self, recommendations: Iterable[Recommendation]) -> pd.DataFrame:
        """One row per check and cell that it required and did not get."""
        rows = [
            (r.id, check.id, gap.account_id, gap.region, gap.table, *_outcome(gap))
            for r in recommendations
            for check in r.checks
            for gap in self.gaps(r, check)
        ]
        return pd.DataFrame(rows, columns=list(FRAME_COLUMNS)).astype("str")

    def _concerns(self, recommendation: Recommendation, check: Check, cell: Cell) -> bool:
        if check.where_asked and not self._facts.was_asked_for(cell.table):
            return not TABLES[cell.table].optional
        if TABLES[cell.table].scope == "organization":
            return True
        if check.home_only:
            return cell.account_id == self._facts.home_account_id
        return self._facts.in_scope(recommendation, check, cell.account_id)

    def _expected(self, table: Table) -> Iterable[Cell]:
        found = self._by_account.get(table.name, {})
        if table.scope == "organization":
            cells = [cell for account in found.values() for cell in account]
            return cells or [Cell(table.name, self._facts.home_account_id, GLOBAL_REGION)]
        return [
            cell
            for account in self._facts.accounts
            for cell in self._of_account(table, account, found.get(account, []))
        ]

    def _of_account(self, table: Table, account: str, found: list[Cell]) -> list[Cell]:
        if table.scope == "account" or any(cell.region == GLOBAL_REGION for cell in found):
            return found or [Cell(table.name, account, GLOBAL_REGION)]
        regions = self._facts.snapshot.manifest["regions"] or [GLOBAL_REGION]
        by_region = {cell.region: cell for cell in found}
        return [
            by_region.get(region, Cell(table.name, account, region))
            for region in regions
            if (account, region) not in self._closed
        ]

    @cached_property
    def _closed(self) -> set[tuple[str, str]]:
        regional = [
            table.name
            for table in TABLES.values()
            if table.scope == "region" and not _often_exempt(table)
        ]
        return closed_regions(self._facts.snapshot.coverage, regional)

    @cached_property
    def _by_account(self) -> Mapping[str, dict[str, list[Cell]]]:
        found: dict[str, dict[str, list[Cell]]] = {}
        columns = ["table", "account_id", "region", "status", "error_code", "error_message"]
        for row in self._facts.snapshot.coverage[columns].itertuples(index=False, name=None):
            found.setdefault(row[0], {}).setdefault(row[1], []).append(Cell(*row))
        return found


def _often_exempt(table: Table) -> bool:
    """Whether region guard rails usually leave a table's calls open.

    AWS's sample "Deny access to AWS based on the requested AWS Region" exempts KMS, Config, S3
    and transit gateways, Control Tower's own also Access Analyzer and tagging: that these
    answer does not tell that a region is open.
    """
    exempt = {"kms", "config", "s3", "s3control", "accessanalyzer", "resourcegroupstaggingapi"}
    return table.service in exempt or table.name.startswith("ec2_transit_gateway")


def _outcome(cell: Cell) -> tuple[str, str, str]:
    return cell.status, cell.error_code, cell.error_message
