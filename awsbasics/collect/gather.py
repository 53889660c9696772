"""The gather: accounts in parallel, each account's tables in one pool, written as they finish."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from awsbasics.collect.caller import AwsCaller, Memo
from awsbasics.collect.engine import Row, TableRead, read_table, unread
from awsbasics.collect.outcome import Failure
from awsbasics.collect.scope import (
    Account,
    OrganizationMode,
    Scope,
    described_regions,
    find_accounts,
    find_regions,
)
from awsbasics.collect.table import GLOBAL_REGION, Table
from awsbasics.collect.tables import TABLES
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.coverage import READ
from awsbasics.errors import AccessError
from awsbasics.progress import Progress
from awsbasics.session import AccountSession, Identity, member_session, open_session, who_am_i

ACCOUNTS_AT_ONCE = 8


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

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables to read: all but the optional ones that were not asked for."""
        return tuple(t for t in TABLES.values() if self.last_accessed or not t.optional)


def gather(
    output: str | os.PathLike[str],
    session: boto3.Session | None,
    options: Options,
    progress: Progress,
) -> None:
    """Gather into a snapshot folder; see `awsbasics.collect.collect` for the errors."""
    session = session or open_session()
    identity = who_am_i(session)
    with (
        SnapshotWriter(output, resume=options.resume) as writer,
        ThreadPoolExecutor(options.workers, "awsbasics-table") as tables,
        ThreadPoolExecutor(options.workers, "awsbasics-row") as leaves,
    ):
        work = _Gather(session, identity, options, writer, progress, tables, leaves)
        work.run()


class _Gather:
    """What the accounts of one gather share."""

    def __init__(
        self,
        session: boto3.Session,
        identity: Identity,
        options: Options,
        writer: SnapshotWriter,
        progress: Progress,
        tables: Executor,
        leaves: Executor,
    ) -> None:
        self.session = session
        self.identity = identity
        self.options = options
        self.writer = writer
        self.progress = progress
        self.tables = tables
        self.common = Memo()
        self.home = AwsCaller(
            session=AccountSession(session, identity.account_id, options.workers),
            partition=identity.partition,
            region=session.region_name,
            regions=(),
            leaves=leaves,
            memo=Memo(),
            common=self.common,
        )

    def run(self) -> None:
        """Find the scope, gather every account in it, write the manifest."""
        caller = {"account_id": self.identity.account_id, "arn": self.identity.arn}
        scope = find_accounts(self.home, self.options.organization, self.options.accounts)
        regions = find_regions(self.home, self.options.regions)
        scope = replace(scope, regions=regions)
        self.home = replace(self.home, regions=regions)
        self.writer.begin(caller)
        self._accounts([account for account in scope.accounts if account.gathered])
        self.writer.finish(_about(scope, self.identity))

    def _accounts(self, accounts: Iterable[Account]) -> None:
        done = self.writer.done_accounts()
        waiting = [account for account in accounts if account.id not in done]
        self.progress.expect(len(waiting) * len(self.options.tables))
        with ThreadPoolExecutor(ACCOUNTS_AT_ONCE, "awsbasics-account") as pool:
            for _ in pool.map(self._account, waiting):
                pass

    def _account(self, account: Account) -> None:
        caller = self._enter(account)
        if isinstance(caller, Failure):
            reads = _not_entered(account, caller, self.options.tables)
            self.progress.done(account.id, caller.status)
        else:
            reads = self._read(caller)
        rows: dict[str, list[Row]] = {}
        for read in reads:
            rows.setdefault(read.coverage.table, []).extend(read.rows)
        self.writer.write_account(account.id, rows, [read.coverage for read in reads])

    def _enter(self, account: Account) -> AwsCaller | Failure:
        if account.id == self.identity.account_id:
            return self.home
        if self.options.role is None:
            return Failure("not_read", "NoRole", "no role was given to enter the account with")
        try:
            session = member_session(
                self.session, self.identity, account.id, self.options.role, self.options.external_id
            )
        except AccessError as error:
            return Failure("denied", "AssumeRole", str(error))
        member = AccountSession(session, account.id, self.options.workers)
        return replace(self.home, session=member, memo=Memo())

    def _read(self, caller: AwsCaller) -> list[TableRead]:
        """Every table of the account, and once more what was throttled."""
        on, off = self._regions(caller)
        wanted = self.options.tables
        jobs = [(table, at) for table in wanted for at in self._places(table, caller, on)]
        reads = list(self.tables.map(lambda job: self._one(*job), jobs))
        throttled = [i for i, read in enumerate(reads) if _was_throttled(read)]
        if throttled:
            caller.memo.forget_failures()
            caller.common.forget_failures()
            for i in throttled:
                reads[i] = read_table(*jobs[i])
        reason = Failure("region_off", "NotOptedIn", "the region is not enabled in this account")
        skipped = [
            TableRead([], unread(table, caller.account_id, region, reason, table.operation))
            for table in wanted
            if table.scope == "region"
            for region in off
        ]
        return reads + skipped

    def _one(self, table: Table, caller: AwsCaller) -> TableRead:
        read = read_table(table, caller)
        problem = "" if read.coverage.status in READ else read.coverage.status
        self.progress.done(f"{caller.account_id} {table.name}", problem)
        return read

    def _places(self, table: Table, caller: AwsCaller, on: Sequence[str]) -> list[AwsCaller]:
        """Where a table is asked: once an organization, once an account, or in each region."""
        if table.scope == "organization" and caller.account_id != self.identity.account_id:
            return []
        if table.scope != "region":
            return [caller]
        self.progress.expect(len(on) - 1)
        return [replace(caller, region=region) for region in on]

    def _regions(self, caller: AwsCaller) -> tuple[list[str], list[str]]:
        """The gather's regions that are on in this account, and those that are off."""
        try:
            described = described_regions(caller)
        except (ClientError, BotoCoreError):
            described = {}
        on = [region for region in caller.regions if described.get(region, True)]
        return on, [region for region in caller.regions if region not in on]


def _was_throttled(read: TableRead) -> bool:
    code = read.coverage.error_code
    return read.coverage.status == "throttled" or (
        read.coverage.status == "partial" and "hrottl" in code
    )


def _not_entered(account: Account, reason: Failure, tables: Iterable[Table]) -> list[TableRead]:
    """The coverage of an account that could not be entered: every table of it, once."""
    return [
        TableRead([], unread(table, account.id, GLOBAL_REGION, reason, "sts:AssumeRole"))
        for table in tables
        if table.scope != "organization"
    ]


def _about(scope: Scope, identity: Identity) -> dict[str, Any]:
    return {
        "kind": "aws",
        "partition": identity.partition,
        "organization": scope.organization,
        "management_account_id": scope.management_account_id,
        "accounts": [asdict(account) for account in scope.accounts],
        "regions": list(scope.regions),
    }
