"""The gather: finds the scope, reads accounts in parallel, writes each as it is finished."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from typing import Any

import boto3

from awsbasics.collect.options import Options
from awsbasics.collect.reader import AccountReader, stopping
from awsbasics.collect.scope import Account, Scope, find_scope
from awsbasics.collect.work import Work
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.errors import ClusterError
from awsbasics.progress import Progress
from awsbasics.session import Identity, open_session, who_am_i
from awsbasics.store import Store

__all__ = ["Options", "gather"]

ACCOUNTS_AT_ONCE = 8
"""The rows of so many accounts are in memory at a time, however many there are."""


def gather(
    output: str | os.PathLike[str] | Store,
    session: boto3.Session | None,
    options: Options,
    progress: Progress,
) -> None:
    """Gather into a snapshot folder; see `awsbasics.collect.collect` for the errors."""
    with SnapshotWriter(output, resume=options.resume) as writer:
        if writer.finished:
            return
        session = session or open_session()
        identity = who_am_i(session)
        with AccountReader(session, identity, options, progress) as reader:
            scope = _begin(writer, reader, identity, options)
            done = writer.done_accounts()
            gathered = [account for account in scope.accounts if account.gathered]
            logs = options.events.from_logs(
                writer.store,
                [a.id for a in gathered],
                done=done,
                session=session,
                progress=progress,
            )
            waiting = [account for account in gathered if account.id not in done]
            progress.expect(sum(map(reader.steps, waiting)))
            progress.count(accounts=len(done))
            _read_accounts(waiting, Work(reader, writer, logs, progress), options.cluster)
        writer.finish({**_about(scope, identity), **(logs.about or {})})


def _begin(
    writer: SnapshotWriter, reader: AccountReader, identity: Identity, options: Options
) -> Scope:
    """The scope: found out, or that of the interrupted gather, so that accounts are alike."""
    caller = {"account_id": identity.account_id, "arn": identity.arn}
    begun = writer.resumed(caller, options.asked)
    if begun and begun.get("about"):
        scope = _scope(begun["about"])
    else:
        scope = find_scope(reader.home, options.organization, options.accounts, options.regions)
    reader.within(scope.regions)
    writer.begin(caller, options.asked, _about(scope, identity))
    return scope


def _read_accounts(accounts: Sequence[Account], work: Work, cluster: str | None) -> None:
    if cluster is not None:
        _import_cluster().read_on_cluster(cluster, accounts, work)
        return
    with stopping(ThreadPoolExecutor(ACCOUNTS_AT_ONCE, "awsbasics-account")) as pool:
        for finished in as_completed([pool.submit(work.gather, each) for each in accounts]):
            finished.result()


def _import_cluster() -> Any:
    try:
        from awsbasics.collect import cluster
    except ImportError as error:
        raise ClusterError(
            f"--cluster needs Dask ({error}): pip install 'awsbasics[cluster]'"
        ) from error
    return cluster


def _about(scope: Scope, identity: Identity) -> dict[str, Any]:
    return {
        "kind": "aws",
        "partition": identity.partition,
        "organization": scope.organization,
        "management_account_id": scope.management_account_id,
        "organization_read_from": scope.organization_read_from,
        "accounts": [asdict(account) for account in scope.accounts],
        "regions": list(scope.regions),
    }


def _scope(about: Mapping[str, Any]) -> Scope:
    return Scope(
        accounts=tuple(Account(**account) for account in about["accounts"]),
        regions=tuple(about["regions"]),
        organization=about["organization"],
        management_account_id=about["management_account_id"],
        organization_read_from=about.get("organization_read_from"),
    )
