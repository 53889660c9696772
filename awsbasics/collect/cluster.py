"""Accounts gathered by the workers of a Dask cluster, all into one snapshot.

This process finds the scope and enters the members. It reads the account that its own
credentials are of by itself: these never leave it. A worker is sent a member's temporary
credentials, good for an hour at most, over the cluster's connection: encrypted with `tls://`
(https://distributed.dask.org/en/stable/tls.html), for all to read with `tcp://`. To write to
`s3://` a worker uses the credentials that it has of itself.

Dask gives the accounts of a worker that was lost to another one. The scheduler and the
workers need the same version of the kit.
"""

import secrets
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import distributed
from distributed import Client, KilledWorker

from awsbasics.collect.cluster_worker import MARK, Done, Gatherer, Job, Keys, gather_account
from awsbasics.collect.outcome import Failure
from awsbasics.collect.reader import AccountReader, stopping
from awsbasics.collect.scope import Account
from awsbasics.collect.work import Work
from awsbasics.errors import ClusterError, SnapshotError
from awsbasics.store import Store

CONNECT_SECONDS = 15
WORKER_SECONDS = 60
"""So long a cluster may be without any worker."""

LOOK_SECONDS = 5
TRIES = 3
"""So often an account is begun because its credentials expired meanwhile."""


def read_on_cluster(address: str, accounts: Sequence[Account], work: Work) -> None:
    """Gather accounts on the cluster of a scheduler's address.

    Raises ClusterError where the cluster cannot be used, and what gathering here raises.
    """
    token = secrets.token_hex(8)
    gatherer = _gatherer(token, work.reader, work.writer.store)
    home = work.reader.identity.account_id
    with (
        _connected(address) as client,
        _marked(work.writer.store, token),
        _prepared(client, gatherer),
        stopping(ThreadPoolExecutor(1, "awsbasics-home")) as pool,
    ):
        own = [pool.submit(work.gather, account) for account in accounts if account.id == home]
        _Members(client, gatherer.name, work).gather([a for a in accounts if a.id != home])
        for each in own:
            each.result()


class _Members:
    """The members' accounts on their way through the cluster."""

    def __init__(self, client: Client, gatherer: str, work: Work) -> None:
        self._client = client
        self._gatherer = gatherer
        self._work = work
        self._waiting: deque[Account] = deque()
        self._running: dict[Any, Account] = {}
        self._begun: Counter[str] = Counter()

    def gather(self, accounts: Sequence[Account]) -> None:
        """Hand out the accounts, not all at once, so that their credentials stay fresh."""
        self._waiting.extend(accounts)
        try:
            while self._waiting or self._running:
                self._work.writer.check()
                self._hand_out()
                for future in self._finished():
                    self._take(future)
        finally:
            with suppress(Exception):  # what is under way writes no more: the mark is gone
                self._client.cancel(list(self._running))

    def _hand_out(self) -> None:
        room = 2 * max(1, sum(self._client.nthreads().values()))
        while self._waiting and len(self._running) < room:
            account = self._waiting.popleft()
            entered = self._work.reader.enter(account)
            if isinstance(entered, Failure):
                self._work.gather(account, entered)
            else:
                self._submit(account, Keys.of(entered))

    def _submit(self, account: Account, keys: Keys) -> None:
        logs = self._work.logs
        job = Job(account, keys, tuple(logs.of(account.id)), logs.tables)
        self._begun[account.id] += 1
        key = f"{self._gatherer}-{account.id}-{self._begun[account.id]}"
        future = self._client.submit(gather_account, self._gatherer, job, key=key, pure=False)
        self._running[future] = account

    def _finished(self) -> list[Any]:
        if not self._running:
            return []
        try:
            found = distributed.wait(
                list(self._running), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED"
            )
        except TimeoutError:
            _wait_for_worker(self._client)
            return []
        return list(found.done)

    def _take(self, future: Any) -> None:
        account = self._running.pop(future)
        try:
            done: Done = future.result()
        except KilledWorker as error:
            raise ClusterError(
                f"{error.allowed_failures + 1} workers died while they gathered account "
                f"{account.id}; see their logs, and go on with --resume"
            ) from error
        if done.expired:
            self._again(account)
            return
        progress, steps = self._work.progress, self._work.reader.steps(account)
        progress.expect(len(done.problems) - steps)
        for problem in done.problems:
            progress.done(account.id, problem)
        progress.count(accounts=1, calls=done.calls)

    def _again(self, account: Account) -> None:
        if self._begun[account.id] == TRIES:
            raise ClusterError(
                f"account {account.id} takes longer than its credentials are good for; "
                "go on with --resume and without --cluster"
            )
        self._waiting.append(account)


def _gatherer(token: str, reader: AccountReader, store: Store) -> Gatherer:
    return Gatherer(
        token,
        store.root if store.is_local else store.location,
        reader.identity,
        replace(reader.options, role=None, external_id=None),
        reader.home.region,
        reader.home.regions,
    )


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address}; give its address, as in tls://host:8786"
        ) from error
    with client, client.as_current():
        try:
            yield client
        except (OSError, CancelledError) as error:
            raise ClusterError(
                f"the Dask scheduler at {address} went away; go on with --resume"
            ) from error


@contextmanager
def _marked(store: Store, token: str) -> Iterator[None]:
    try:
        store.write(MARK, token.encode())
    except OSError as error:
        reason = error.strerror or error
        raise SnapshotError(f"{store.location}/{MARK} cannot be written: {reason}") from error
    try:
        yield
    finally:
        with suppress(OSError):
            store.remove(MARK)


@contextmanager
def _prepared(client: Client, gatherer: Gatherer) -> Iterator[None]:
    _wait_for_worker(client)
    try:
        client.register_plugin(gatherer, name=gatherer.name)
    except ClusterError:
        raise
    except Exception as error:
        raise ClusterError(
            f"the cluster's workers cannot be prepared ({error}); they need awsbasics[cluster]"
        ) from error
    try:
        yield
    finally:
        with suppress(Exception):
            client.unregister_worker_plugin(gatherer.name)


def _wait_for_worker(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except TimeoutError as error:
        raise ClusterError(
            f"the Dask cluster has no workers, and none joined in {WORKER_SECONDS} seconds"
        ) from error
