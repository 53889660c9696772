"""Tries, before a gather, everything that it needs: `awsbasics doctor`.

The home account and one member are asked for the first few items of every table in one
region, so that the follow-up calls of the first rows are tried too. Nothing is kept.
"""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import boto3

from awsbasics.collect.caller import AwsCaller, Memo
from awsbasics.collect.diagnosis import Diagnosis, Refusal, Why
from awsbasics.collect.engine import read_table
from awsbasics.collect.outcome import AWS_ERRORS, Failure
from awsbasics.collect.permissions import action_of, needed_actions
from awsbasics.collect.probe import Call, Log, ProbeCaller
from awsbasics.collect.scope import OrganizationMode, Scope, described_regions, find_scope
from awsbasics.collect.table import Table
from awsbasics.collect.tables import TABLES
from awsbasics.coverage import Coverage
from awsbasics.errors import AccessError
from awsbasics.session import (
    AccountSession,
    Identity,
    member_credentials,
    open_session,
    role_client,
    who_am_i,
)

WORKERS = 16
REFUSED = ("denied", "scp_denied")
FAILED = ("error", "throttled", "unsupported", "region_off")

_NAMED_ACTION = re.compile(r"authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)")


def diagnose(
    session: boto3.Session | None = None,
    *,
    role: str | None = None,
    external_id: str | None = None,
    organization: OrganizationMode = "auto",
) -> Diagnosis:
    """What a gather with the same arguments would meet.

    Raises CredentialsError, AccessError or OrganizationError where it would not even begin.
    """
    session = session or open_session()
    identity = who_am_i(session)
    with (
        ThreadPoolExecutor(WORKERS, "awsbasics-table") as pool,
        ThreadPoolExecutor(WORKERS, "awsbasics-row") as leaves,
    ):
        home = AwsCaller(
            session=AccountSession(session, identity.account_id, WORKERS),
            partition=identity.partition,
            region=session.region_name,
            regions=(),
            leaves=leaves,
            memo=Memo(),
            common=Memo(),
        )
        scope = find_scope(home, organization)
        members = _enter(home.session, identity, scope, role, external_id, pool)
        return _diagnosis(home, identity, scope, role, members, pool)


Members = Mapping[str, AccountSession | str]
"""A session in each account that can be entered, and why the others cannot."""


def _enter(
    home: AccountSession,
    identity: Identity,
    scope: Scope,
    role: str | None,
    external_id: str | None,
    pool: ThreadPoolExecutor,
) -> Members:
    if role is None:
        return {}

    sts = role_client(home.session)

    def entered(account_id: str) -> AccountSession | str:
        try:
            keys = member_credentials(sts, identity, account_id, role, external_id)
        except AccessError as error:
            return str(error)
        return home.member(account_id, keys)

    ids = [a.id for a in scope.accounts if a.gathered and a.id != identity.account_id]
    return dict(zip(ids, pool.map(entered, ids), strict=True))


def _diagnosis(
    home: AwsCaller,
    identity: Identity,
    scope: Scope,
    role: str | None,
    members: Members,
    pool: ThreadPoolExecutor,
) -> Diagnosis:
    region = home.region if home.region in scope.regions else scope.regions[0]
    log = Log()
    entered = [member for member in members.values() if isinstance(member, AccountSession)]
    tried = [home.session, *entered[:1]]
    probes = [_probe(home, session, scope, region, log) for session in tried]
    rows = [row for probe in probes for row in _try(probe, identity, pool)]
    return Diagnosis(
        identity=identity,
        scope=scope,
        regions_off=_off(home, scope),
        role=role,
        entered={id_: got if isinstance(got, str) else "" for id_, got in members.items()},
        tried=tuple(session.account_id for session in tried),
        region=region,
        calls=len(log.outcomes),
        refusals=_refusals(log, scope),
        failures=tuple(row for row in rows if row.status in FAILED),
    )


def _probe(
    home: AwsCaller, session: AccountSession, scope: Scope, region: str, log: Log
) -> ProbeCaller:
    return ProbeCaller(
        session=session,
        partition=home.partition,
        region=region,
        regions=scope.regions,
        leaves=home.leaves,
        memo=Memo(),
        common=Memo(),
        log=log,
    )


def _try(probe: ProbeCaller, identity: Identity, pool: ThreadPoolExecutor) -> list[Coverage]:
    at_home = probe.account_id == identity.account_id
    usual = [t for t in TABLES.values() if not t.optional]
    tables = [t for t in usual if at_home or t.scope != "organization"]
    # Looking events up in earnest takes minutes; whether one may is told by one call.
    probe.answer("cloudtrail", "LookupEvents", expect="Events", MaxResults=1)
    return [read.coverage for read in pool.map(lambda t: read_table(t, probe), tables)]


def _off(home: AwsCaller, scope: Scope) -> tuple[str, ...]:
    try:
        return tuple(sorted(set(described_regions(home)) - set(scope.regions)))
    except AWS_ERRORS:
        return ()


def _refusals(log: Log, scope: Scope) -> tuple[Refusal, ...]:
    found = [
        Refusal(call, _action(call, reason), _why(call, reason, scope), reason)
        for call, reason in log.outcomes.items()
        if reason is not None and reason.status in REFUSED
    ]
    return tuple(sorted(found, key=lambda r: (r.call.account_id, r.action, r.call.region)))


def _why(call: Call, reason: Failure, scope: Scope) -> Why:
    if reason.status == "scp_denied":
        return "scp"
    if "explicit deny" in reason.message:
        return "explicit deny"
    # IAM names the action that it refuses; an organization's services refuse accounts without.
    of_organization = any(t.scope == "organization" and _asks(t, call) for t in TABLES.values())
    at_management = call.account_id == scope.management_account_id
    if of_organization and not at_management and not _NAMED_ACTION.search(reason.message):
        return "elsewhere"
    return "not allowed"


def _action(call: Call, reason: Failure) -> str:
    """The IAM action that a refused call needs: AWS's message names it, or its name tells."""
    named = _NAMED_ACTION.search(reason.message)
    if named and named[1] in needed_actions():
        return named[1]
    return action_of(call.service, call.operation)


def _asks(table: Table, call: Call) -> bool:
    declared = {(table.service, table.operation)}
    declared |= {(one.service, one.operation) for one in table.follow_ups}
    return (call.service, call.operation) in declared
