"""What a check may ask: frames, ownership, the engagement file and the time of the assessment."""

from functools import cached_property

import pandas as pd

from awsbasics.cloudformation.resolve import Stack
from awsbasics.collect.table import GLOBAL_REGION
from awsbasics.collect.tables import TABLES
from awsbasics.engagement import Answer, Engagement
from awsbasics.iam.permissions import Permissions, permissions_of
from awsbasics.ownership import Ownership
from awsbasics.recommendations.base import Check, Recommendation
from awsbasics.recommendations.evidence.deployed_stacks import (
    Deployed,
    deployed_stacks,
    worked_out,
)
from awsbasics.recommendations.evidence.deployers import Deployer, deployers
from awsbasics.recommendations.evidence.live_policies import LivePolicies
from awsbasics.recommendations.evidence.secret_readers import Readers, secret_readers
from awsbasics.recommendations.evidence.standing_access import Reached, all_reached
from awsbasics.recommendations.evidence.stored_secrets import Secret, stored_secrets
from awsbasics.recommendations.evidence.team_access import TeamAccess, team_access
from awsbasics.snapshot import Snapshot


class Facts:
    """One snapshot and one engagement file, as checks see them; frames are read once.

    `as_of` is a UTC timestamp that stands for "now".
    """

    def __init__(
        self,
        snapshot: Snapshot,
        engagement: Engagement,
        as_of: pd.Timestamp,
        accounts: tuple[str, ...] | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.engagement = engagement
        self.as_of = as_of
        self._accounts = accounts
        self._frames: dict[str, pd.DataFrame] = {}

    def frame(self, name: str) -> pd.DataFrame:
        """A table of the snapshot, for the accounts assessed; do not change it in place."""
        if name not in self._frames:
            self._frames[name] = self.snapshot.frame(name, accounts=self._selection(name))
        return self._frames[name]

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """The ids of the accounts that are assessed."""
        if self._accounts is not None:
            return self._accounts
        return self.snapshot.gathered_accounts

    @property
    def management_account_id(self) -> str | None:
        """The organization's management account, or None without an organization."""
        return self.snapshot.management_account_id

    @property
    def home_account_id(self) -> str:
        """The account that findings about the whole organization belong to."""
        return self.management_account_id or self.snapshot.caller_account_id

    @cached_property
    def ownership(self) -> Ownership:
        """Environment, application and team of things."""
        return Ownership(self.frame, self.engagement, self.accounts, self.management_account_id)

    @cached_property
    def permissions(self) -> Permissions:
        """Who can do what at `as_of`: of the whole snapshot, since ways lead across accounts."""
        return permissions_of(self.snapshot, self.as_of)

    @cached_property
    def stacks(self) -> tuple[Deployed, ...]:
        """The deployed stacks, with what each made."""
        return tuple(deployed_stacks(self))

    @cached_property
    def templates(self) -> tuple[tuple[Deployed, Stack | None], ...]:
        """The same with their templates worked out; None where one was not read."""
        return tuple(worked_out(self))

    @cached_property
    def deployers(self) -> tuple[Deployer, ...]:
        """The roles that deploy applications."""
        return tuple(deployers(self))

    @cached_property
    def live_policies(self) -> LivePolicies:
        """The policies that principals really have."""
        return LivePolicies(self)

    def answer(self, check_id: str) -> Answer | None:
        """What the engagement file answers to a check's question."""
        return self.engagement.answers.get(check_id)

    @cached_property
    def reached(self) -> tuple[Reached, ...]:
        """What people are and can become at any time."""
        return tuple(all_reached(self))

    @cached_property
    def secrets(self) -> tuple[Secret, ...]:
        """The secrets that can be read."""
        return tuple(stored_secrets(self))

    @cached_property
    def secret_readers(self) -> Readers:
        """Who can read each secret, of its own account."""
        return secret_readers(self)

    @cached_property
    def team_access(self) -> TeamAccess:
        """What teams can do to applications."""
        return team_access(self)

    def in_scope(self, recommendation: Recommendation, check: Check, account_id: str) -> bool:
        """Whether a check is about an account: assessed, and no sandbox where those are out."""
        if account_id not in self._assessed:
            return False
        wanted = recommendation.sandboxes if check.sandboxes is None else check.sandboxes
        return wanted or self.ownership.environment(account_id).value != "sandbox"

    def was_asked_for(self, table: str) -> bool:
        """Whether the gather was asked to read a table that it reads only where asked."""
        return table in self._tables_covered

    def read_at(self, table: str, account_id: str, region: str) -> str:
        """When a table was read there, ISO 8601 in UTC; empty where that is not known.

        Of a regional table, `global` means all regions of the account: the first of their times.
        """
        for place in ((account_id, region), (account_id, GLOBAL_REGION), (None, GLOBAL_REGION)):
            if (table, *place) in self._read_times:
                return self._read_times[table, *place]
        return self._first_read.get((table, account_id), "") if region == GLOBAL_REGION else ""

    @cached_property
    def _tables_covered(self) -> frozenset[str]:
        return frozenset(self.snapshot.coverage["table"])

    @cached_property
    def _assessed(self) -> frozenset[str]:
        return frozenset(self.accounts)

    @cached_property
    def _read_times(self) -> dict[tuple[str, str | None, str], str]:
        """By table, account and region; organization tables also for no account in particular."""
        coverage = self.snapshot.coverage.dropna(subset="read_at")
        times = coverage["read_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        places = zip(coverage["table"], coverage["account_id"], coverage["region"], strict=True)
        found: dict[tuple[str, str | None, str], str] = dict(zip(places, times, strict=True))
        for (table, _, region), time in list(found.items()):
            if table in TABLES and TABLES[table].scope == "organization":
                found[table, None, region] = time
        return found

    @cached_property
    def _first_read(self) -> dict[tuple[str, str], str]:
        """By table and account: when its first region was read."""
        found: dict[tuple[str, str], str] = {}
        for (table, account, _), time in self._read_times.items():
            if account is not None:
                found[table, account] = min(time, found.get((table, account), time))
        return found

    def _selection(self, name: str) -> tuple[str, ...] | None:
        """Organization tables are always whole: they lie in the management account."""
        return None if TABLES[name].scope == "organization" else self._accounts
