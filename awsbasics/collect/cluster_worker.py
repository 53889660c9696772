"""What a worker of a Dask cluster does: gathers one account after another into a snapshot.

A worker gets an account's temporary credentials with the account, over the cluster's own
connection, and keeps them in memory only. Neither Dask's logs nor its dashboard show them.
"""

import threading
from dataclasses import dataclass, field
from typing import Any, cast

import boto3
from botocore.credentials import Credentials
from distributed import WorkerPlugin, get_worker

from awsbasics import __version__
from awsbasics.collect.options import Options
from awsbasics.collect.reader import AccountReader
from awsbasics.collect.scope import Account
from awsbasics.collect.writer import write_account
from awsbasics.coverage import READ, Coverage
from awsbasics.errors import ClusterError, CredentialsError, SnapshotError
from awsbasics.progress import Silent
from awsbasics.session import Identity
from awsbasics.store import Store

MARK = ".cluster"
"""The file by which workers know the snapshot of a gather, and that it still goes on."""


@dataclass(frozen=True)
class Keys:
    """Temporary credentials of an account; Dask shows what it is given, hence no `repr`."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str = field(repr=False)

    @staticmethod
    def of(credentials: Any) -> "Keys":
        """What botocore's credentials are just now."""
        frozen = credentials.get_frozen_credentials()
        return Keys(frozen.access_key, frozen.secret_key, frozen.token)


@dataclass(frozen=True)
class Job:
    """An account to gather; `coverage` is that of the tables to `spare`, which are written."""

    account: Account
    keys: Keys
    coverage: tuple[Coverage, ...] = ()
    spare: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """What came of a job: a word for each table's trouble, or none; calls made.

    `expired` says that the credentials did, and that nothing was written.
    """

    problems: tuple[str, ...] = ()
    calls: int = 0
    expired: bool = False


class Gatherer(WorkerPlugin):
    """What all accounts of a gather have in common; every worker has one, also later ones.

    `token` is what the snapshot's mark holds. `setup` raises ClusterError on a worker that has
    another version of the kit.
    """

    def __init__(
        self,
        token: str,
        location: str,
        identity: Identity,
        options: Options,
        region: str,
        regions: tuple[str, ...],
    ) -> None:
        self.name = f"awsbasics-{token}"
        self._token = token
        self._location = location
        self._identity = identity
        self._options = options
        self._region = region
        self._regions = regions
        self._version = __version__

    def setup(self, worker: Any) -> None:
        """Prepare the worker."""
        if self._version != __version__:
            raise ClusterError(
                f"worker {worker.address} has awsbasics {__version__}, not {self._version}; "
                "install the same version"
            )
        self._lock = threading.Lock()
        self._reader: AccountReader | None = None

    def teardown(self, worker: Any) -> None:  # noqa: ARG002 - Dask calls it so
        """End what the worker began."""
        if self._reader is not None:
            self._reader.__exit__(None, None, None)

    def gather(self, job: Job) -> Done:
        """Read an account and write it, unless that was done before.

        Raises SnapshotError where the snapshot is not the gather's.
        """
        store = Store(self._location)
        self._check(store)
        if store.exists(f"coverage/{job.account.id}.parquet"):
            return Done()  # by a worker that was lost before it could say so
        keys = Credentials(job.keys.access_key, job.keys.secret_key, job.keys.token)
        try:
            read = self._shared_reader(job.keys).read(job.account, keys)
        except CredentialsError:
            return Done(expired=True)
        self._check(store)
        write_account(store, job.account.id, read.rows, [*read.coverage, *job.coverage], job.spare)
        problems = tuple("" if each.status in READ else each.status for each in read.coverage)
        return Done(problems, sum(each.calls for each in read.coverage))

    def _check(self, store: Store) -> None:
        """Nothing is written but to the snapshot of a gather that still goes on."""
        try:
            token = store.read(MARK)
        except OSError as error:
            raise SnapshotError(
                f"{self._location} is not to be seen by a worker ({error.strerror or error}); "
                "give an s3:// place or a folder that all workers share"
            ) from error
        if token.decode() != self._token:
            raise SnapshotError(f"another gather into {self._location} has begun")

    def _shared_reader(self, keys: Keys) -> AccountReader:
        """The worker's one reader: its clients serve all accounts, each with its own keys."""
        with self._lock:
            if self._reader is None:
                session = boto3.Session(
                    keys.access_key, keys.secret_key, keys.token, region_name=self._region
                )
                self._reader = AccountReader(session, self._identity, self._options, Silent())
                self._reader.within(self._regions)
            return self._reader


def gather_account(name: str, job: Job) -> Done:
    """The task: one account, by the worker's gatherer of that name."""
    return cast("Gatherer", get_worker().plugins[name]).gather(job)
