"""Reads whole accounts: enters them, asks every table wherever it is to be asked."""

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Self

import boto3
from botocore.exceptions import ClientError

from awsbasics.collect.caller import LEAF, AwsCaller, Memo
from awsbasics.collect.engine import Row, TableRead, read_table, unread
from awsbasics.collect.options import Options
from awsbasics.collect.outcome import AWS_ERRORS, Failure, failure
from awsbasics.collect.scope import Account, described_regions
from awsbasics.collect.table import GLOBAL_REGION, Table
from awsbasics.coverage import READ, Coverage
from awsbasics.errors import AccessError, CredentialsError
from awsbasics.progress import Progress
from awsbasics.session import (
    EXPIRED_CODES,
    AccountSession,
    Identity,
    member_credentials,
    role_client,
)

ENTER = "sts:AssumeRole"
EXPIRED = "the AWS credentials have expired; sign in again and go on with --resume"


@dataclass(frozen=True)
class AccountRead:
    """What came of an account: rows by table, and how the reading of each ended."""

    rows: dict[str, list[Row]]
    coverage: list[Coverage]


class AccountReader:
    """Reads accounts, several at once; a context manager that owns the threads.

    `home` asks in the account that the credentials are of, which `identity` tells; `within`
    says which regions the gather is about, before the first account is read.
    """

    def __init__(
        self, session: boto3.Session, identity: Identity, options: Options, progress: Progress
    ) -> None:
        self.identity = identity
        self.options = options
        self._sts = role_client(session)
        self._progress = progress
        self._threads = ExitStack()
        self._tables = ThreadPoolExecutor(options.workers, "awsbasics-table")
        leaves = ThreadPoolExecutor(options.workers, LEAF)
        for pool in (self._tables, leaves):
            self._threads.enter_context(stopping(pool))
        self.home = AwsCaller(
            session=AccountSession(session, identity.account_id, options.workers),
            partition=identity.partition,
            region=session.region_name,
            regions=(),
            leaves=leaves,
            memo=Memo(),
            common=Memo(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is not None:
            self.home.session.stop()
        self._threads.__exit__(*error)  # type: ignore[arg-type]

    def within(self, regions: tuple[str, ...]) -> None:
        """Read in these regions."""
        self.home = replace(self.home, regions=regions)

    def steps(self, account: Account) -> int:
        """How many tables are to be read in an account, each region for itself."""
        regions = len(self.home.regions)
        return sum(regions if t.scope == "region" else 1 for t in self._tables_of(account.id))

    def read(self, account: Account, entered: Any = None) -> AccountRead:
        """All of an account, as far as it can be read; `entered` is what `enter` gave, if asked.

        Raises CredentialsError where the credentials have expired: what was read of the
        account is not worth keeping then, since it is read again after signing in. Raises
        CancelledError where the gather was stopped meanwhile.
        """
        caller = self._caller(account, entered)
        if isinstance(caller, Failure):
            reads = self._not_entered(account, caller)
        else:
            reads = self._read(caller)
            if caller.session.expired:
                raise CredentialsError(EXPIRED)
        if self.home.session.stopped:
            raise CancelledError
        rows: dict[str, list[Row]] = {}
        for read in reads:
            rows.setdefault(read.coverage.table, []).extend(read.rows)
        return AccountRead(rows, [read.coverage for read in reads])

    def _tables_of(self, account_id: str) -> list[Table]:
        at_home = account_id == self.identity.account_id
        return [t for t in self.options.tables if at_home or t.scope != "organization"]

    def enter(self, account: Account) -> Any:
        """Credentials in a member account, or the Failure that says why there are none.

        Raises CredentialsError where those that the role is assumed with have expired.
        """
        role, external_id = self.options.role, self.options.external_id
        if role is None:
            return Failure("not_read", "NoRole", "no role was given to enter the account with")
        try:
            return member_credentials(self._sts, self.identity, account.id, role, external_id)
        except AccessError as error:
            return _why_closed(error)

    def _caller(self, account: Account, entered: Any) -> AwsCaller | Failure:
        if account.id == self.identity.account_id:
            return self.home
        keys = entered or self.enter(account)
        if isinstance(keys, Failure):
            return keys
        return replace(self.home, session=self.home.session.member(account.id, keys), memo=Memo())

    def _not_entered(self, account: Account, reason: Failure) -> list[TableRead]:
        """The coverage of an account that could not be entered: every table of it, once."""
        self._progress.expect(1 - self.steps(account))
        self._progress.done(account.id, reason.status)
        return [
            TableRead([], unread(table, account.id, GLOBAL_REGION, reason, ENTER))
            for table in self._tables_of(account.id)
        ]

    def _read(self, caller: AwsCaller) -> list[TableRead]:
        """Every table of the account, and once more what was throttled."""
        on, off, switched_on = _regions(caller)
        caller = replace(caller, switched_on=switched_on)
        wanted = self._tables_of(caller.account_id)
        regional = [table for table in wanted if table.scope == "region"]
        self._progress.expect(-len(off) * len(regional))
        jobs = [(table, place) for table in wanted for place in _places(table, caller, on)]
        reads = list(self._tables.map(lambda job: self._one(*job), jobs))
        throttled = [i for i, read in enumerate(reads) if _was_throttled(read)]
        if throttled:
            caller.memo.forget_failures()
            caller.common.forget_failures()
            for i in throttled:
                reads[i] = read_table(*jobs[i])
        reason = Failure("region_off", "NotOptedIn", "the region is not enabled in this account")
        skipped = [
            TableRead([], unread(table, caller.account_id, region, reason, table.operation))
            for table in regional
            for region in off
        ]
        return reads + skipped

    def _one(self, table: Table, caller: AwsCaller) -> TableRead:
        read = read_table(table, caller)
        problem = "" if read.coverage.status in READ else read.coverage.status
        self._progress.count(calls=read.coverage.calls)
        self._progress.done(f"{caller.account_id} {table.name}", problem)
        return read


@contextmanager
def stopping(pool: ThreadPoolExecutor) -> Iterator[ThreadPoolExecutor]:
    """A pool that, where something was raised, does not begin what still waits."""
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _why_closed(error: AccessError) -> Failure:
    """Why a role could not be assumed. Raises CredentialsError where they have expired."""
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return Failure("error", "AssumeRole", str(error))
    reason = failure(cause)
    if reason.code in EXPIRED_CODES:
        raise CredentialsError(EXPIRED) from error
    return Failure(reason.status, "AssumeRole", str(error))


def _places(table: Table, caller: AwsCaller, on: Sequence[str]) -> list[AwsCaller]:
    """Where a table is asked: once, or in each region."""
    if table.scope != "region":
        return [caller]
    return [replace(caller, region=region) for region in on]


def _regions(caller: AwsCaller) -> tuple[list[str], list[str], frozenset[str]]:
    """The gather's regions that are or may be on in this account, those off, and all surely on."""
    try:
        described = described_regions(caller)
    except AWS_ERRORS:
        described = {}
    on = [region for region in caller.regions if described.get(region, True)]
    off = [region for region in caller.regions if region not in on]
    return on, off, frozenset(region for region, is_on in described.items() if is_on)


def _was_throttled(read: TableRead) -> bool:
    code = read.coverage.error_code
    return read.coverage.status == "throttled" or (
        read.coverage.status == "partial" and "hrottl" in code
    )
