"""From a snapshot's frames to the estate that the engine works on.

What was not read is UNKNOWN: an attached policy whose document is missing, a boundary that the
snapshot does not hold, SCPs that nobody could list.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import pandas as pd

from awsbasics.collect.tables import TABLES
from awsbasics.iam.estate import Estate
from awsbasics.iam.frames.organization import RCP, Organization
from awsbasics.iam.frames.people import People
from awsbasics.iam.frames.policies import Policies
from awsbasics.iam.frames.principals import Principals
from awsbasics.iam.frames.resources import CARRIERS, PRESENT, Resources, is_collected
from awsbasics.iam.frames.rows import Rows
from awsbasics.snapshot import Snapshot

Moment = datetime | pd.Timestamp | str | None


def estate_of(snapshot: Snapshot, as_of: Moment = None) -> Estate:
    """All that decides who can do what; `as_of` defaults to the moment the data speaks of."""
    rows = Rows(snapshot)
    policies = Policies(rows)
    organization = Organization(rows, policies)
    holders = Principals(rows, policies, organization)
    resources, people = Resources(rows), People(rows)
    principals = {principal.arn: principal for principal in holders.all()}
    gathered = snapshot.gathered_accounts
    return Estate(
        principals=principals,
        groups={group.arn: group for group in holders.groups.values()},
        customer_policies=policies.of_customer(),
        people=tuple(people.all(principals.values())),
        carriers={t: tuple(resources.carriers(t)) for t in CARRIERS if is_collected(t)},
        profiles=resources.profiles,
        permission_sets={name: arn for arn, name in people.permission_sets.items()},
        instance_of_identity_center=tuple(row["arn"] for row in rows.of("sso_instances", "arn")),
        present={t: frozenset(resources.accounts_with(t)) for t in PRESENT if t in TABLES},
        accounts=gathered,
        guards={each: organization.guards_of(each) for each in organization.accounts()},
        resource_guards={each: organization.guards_of(each, RCP) for each in gathered},
        management_account_id=snapshot.management_account_id,
        delegated=organization.delegated(),
        root_sessions=organization.root_sessions(),
        two_keys=resources.two_keys(),
        passwords=resources.passwords(),
        clock=_clock(snapshot, as_of),
        read=rows.read,
    )


def _clock(snapshot: Snapshot, as_of: Moment) -> Mapping[str, str]:
    moment = snapshot.collected_at if as_of is None else pd.Timestamp(as_of)
    moment = moment.tz_localize(UTC) if moment.tzinfo is None else moment.tz_convert(UTC)
    seconds = int(moment.timestamp())
    shown = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"aws:CurrentTime": shown, "aws:EpochTime": str(seconds)}
