"""The assessment: every check over a snapshot, as findings and one rating per recommendation.

A check says what it sees; what it could not see is decided here, from coverage. A pass in an
account and region where a required table was not read is no pass, and a failure that might
only be missing evidence is unknown.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from awsbasics.engagement import Engagement
from awsbasics.errors import UsageError
from awsbasics.facts import Facts
from awsbasics.findings import (
    Finding,
    changed_findings,
    exceptions_frame,
    findings_frame,
    make_finding,
)
from awsbasics.judge import Judgement, judge
from awsbasics.ratings import ratings_frame
from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.recommendations.base import Recommendation
from awsbasics.snapshot import Snapshot
from awsbasics.unread import Unread


@dataclass(frozen=True)
class Assessment:
    """What came of an assessment; frames are made when they are asked for.

    `findings` and `ratings` are as the design lays down; `exceptions` says what became of
    each accepted exception, `unassessed` which check could not see what, where, and why.
    """

    facts: Facts
    recommendations: tuple[Recommendation, ...]
    judgements: tuple[Judgement, ...]
    unread: Unread
    since: Snapshot | None = None

    @property
    def as_of(self) -> pd.Timestamp:
        """The moment for which the assessment holds, UTC."""
        return self.facts.as_of

    @cached_property
    def finding_list(self) -> list[Finding]:
        """All findings, in the order of recommendations and checks."""
        return [
            make_finding(self.facts, judgement.recommendation, judgement.check, result)
            for judgement in self.judgements
            for result in judgement.results
        ]

    @cached_property
    def findings(self) -> pd.DataFrame:
        """One row per finding; per check, account and region one row for all that passed."""
        return findings_frame(self.finding_list)

    @cached_property
    def ratings(self) -> pd.DataFrame:
        """One row per recommendation: its rating, the assessor's, counts and confidence."""
        return ratings_frame(self)

    @cached_property
    def exceptions(self) -> pd.DataFrame:
        """One row per accepted exception: `active`, `expired` or `unmatched`, and its matches."""
        return exceptions_frame(self.finding_list, self.facts)

    @cached_property
    def unassessed(self) -> pd.DataFrame:
        """One row per check and unread table, account and region, with the reason."""
        return self.unread.frame(self.recommendations)

    @cached_property
    def before(self) -> "Assessment | None":
        """The assessment of the older snapshot at its own time, of the accounts that it knows.

        None where no older snapshot was given, or it knows none of the accounts chosen.
        """
        if self.since is None:
            return None
        known = set(self.since.gathered_accounts) & set(self.facts.accounts)
        if not known:
            return None
        only = [recommendation.id for recommendation in self.recommendations]
        return assess(self.since, self.facts.engagement, only=only, accounts=known)

    @cached_property
    def changes(self) -> pd.DataFrame | None:
        """Failures that are new or gone since the older snapshot; None where there is none."""
        return changed_findings(self.before, self) if self.before is not None else None


def assess(
    snapshot: Snapshot,
    engagement: Engagement | None = None,
    as_of: str | pd.Timestamp | None = None,
    since: Snapshot | None = None,
    *,
    only: Collection[str] = (),
    accounts: Collection[str] = (),
) -> Assessment:
    """Run the checks over a snapshot.

    `as_of` stands for "now" (default: the end of the gather, or the time of an export).
    `since` is an older snapshot to compare with. `only` limits the recommendations (`R05`),
    `accounts` the accounts. Raises UsageError for an unknown recommendation or account.
    """
    snapshot.check_whole()
    moment = parse_moment(as_of) if as_of is not None else snapshot.collected_at
    chosen = _chosen(only)
    facts = Facts(snapshot, engagement or Engagement(), moment, _known(snapshot, accounts))
    unread = Unread(facts)
    judgements = [
        judge(facts, unread, recommendation, check)
        for recommendation in chosen
        for check in recommendation.checks
    ]
    return Assessment(facts, chosen, tuple(judgements), unread, since)


def parse_moment(text: str | pd.Timestamp) -> pd.Timestamp:
    """A point in time in UTC from ISO 8601 text; UsageError for anything else."""
    try:
        moment = pd.Timestamp(text)
    except (ValueError, TypeError) as error:
        raise _no_time(text) from error
    if pd.isna(moment):
        raise _no_time(text)
    return moment.tz_convert("UTC") if moment.tzinfo else moment.tz_localize("UTC")


def _no_time(text: object) -> UsageError:
    return UsageError(f"{text!r} is not a time; write it as 2026-11-01 or 2026-11-01T12:00:00Z")


def _chosen(only: Iterable[str]) -> tuple[Recommendation, ...]:
    wanted = {name.strip().upper() for name in only if name.strip()}
    unknown = wanted - {recommendation.id for recommendation in RECOMMENDATIONS}
    if unknown:
        raise UsageError(f"there is no recommendation {min(unknown)}; they are R01 to R13")
    return tuple(r for r in RECOMMENDATIONS if not wanted or r.id in wanted)


def _known(snapshot: Snapshot, accounts: Collection[str]) -> tuple[str, ...] | None:
    if not accounts:
        return None
    unknown = set(accounts) - set(snapshot.gathered_accounts)
    if unknown:
        raise UsageError(f"account {min(unknown)} is not in the snapshot")
    return tuple(account for account in snapshot.gathered_accounts if account in accounts)
