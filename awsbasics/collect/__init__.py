"""Gathering: what AWS answers, as typed rows with an account of what could not be read."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import boto3

    from awsbasics.progress import Progress
    from awsbasics.snapshot import Snapshot


def collect(
    output: str | os.PathLike[str],
    *,
    session: "boto3.Session | None" = None,
    organization: Literal["auto", "yes", "no"] = "auto",
    accounts: Sequence[str] | None = None,
    regions: Sequence[str] | None = None,
    role: str | None = None,
    external_id: str | None = None,
    workers: int = 32,
    resume: bool = False,
    last_accessed: bool = False,
    events: int | None = None,
    trail_logs: str | os.PathLike[str] | None = None,
    cluster: str | None = None,
    progress: "Progress | None" = None,
) -> "Snapshot":
    """Gather account data with read-only calls into a new snapshot, and open it.

    `output` is a folder or an `s3://` place, which the same credentials write to.
    `session` are the credentials to begin with (default: the usual AWS chain).
    `organization`: `auto` gathers an organization where the credentials can list one, `yes`
    insists on it, `no` stays in the account. Members are entered by assuming `role`, with
    `external_id` where it asks for one. `accounts` (ids) and `regions` limit the scope.
    `resume` goes on with an interrupted gather. `last_accessed` also asks which services each
    role ever used, two calls or more a role. `events` also looks up CloudTrail's events of so
    many days (at most 90; a minute or more an account). `trail_logs` reads them from a trail's
    log files instead, in a folder or under `s3://`, as far back as `events` says.
    `cluster` is the address of a Dask scheduler, as in `tls://host:8786`, whose workers gather
    the members; each needs the same place to write to, shared or `s3://`, and is sent the
    temporary credentials of its accounts (`awsbasics.collect.cluster`).
    What cannot be read is in the snapshot's coverage and raises nothing.

    Raises CredentialsError, AccessError, OrganizationError, ClusterError, SnapshotError or
    UsageError.
    """
    from awsbasics.collect.events.source import EventSource
    from awsbasics.collect.gather import Options, gather
    from awsbasics.progress import Silent
    from awsbasics.snapshot import open_snapshot
    from awsbasics.store import Store

    shown = progress or Silent()
    options = Options(
        organization=organization,
        accounts=accounts,
        regions=regions,
        role=role,
        external_id=external_id,
        workers=workers,
        resume=resume,
        last_accessed=last_accessed,
        events=EventSource(events, None if trail_logs is None else os.fspath(trail_logs)),
        cluster=cluster,
    )
    try:
        store = Store(output, session)
        gather(store, session, options, shown)
    finally:
        shown.close()
    return open_snapshot(store)
