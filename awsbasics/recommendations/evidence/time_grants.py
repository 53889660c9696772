"""TMP.2 and TMP.3: statements that allow something for a time, and for how long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsbasics.iam.policy import statements
from awsbasics.iam.windows import windows
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.documents import inline_policies, managed_policies
from awsbasics.recommendations.evidence.roles import is_aws_own
from awsbasics.recommendations.evidence.rows import from_json, rows, shown
from awsbasics.recommendations.evidence.wildcards import statement_key

if TYPE_CHECKING:
    from awsbasics.facts import Facts

CLOCKS = ("aws:currenttime", "aws:epochtime")

# The longest session of a role, in seconds: what IAM lets one choose ("CreateRole").
LEAST_SESSION, MOST_SESSION = 3600, 43200
UNREAD = frozenset({"denied", "error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One statement that allows something until `end` (UTC); `start` is None if it never began.

    `session` is added to `end` already: a window in a trust policy bounds when sessions begin,
    and the last one goes on. `latest` is later than `end` where the role's longest session was
    not read: then it ends somewhere between the two.
    """

    account_id: str
    region: str
    resource: str
    key: str
    label: str
    table: str
    start: datetime | None
    end: datetime
    latest: datetime
    session: timedelta
    holders: tuple[str, ...]

    def result(self, status: str, title: str, **more: Any) -> Result:
        """The grant as a check's result."""
        if status == "ok":
            return ok(self.account_id, self.resource, self.region)
        if status == "unknown":
            where = (self.account_id, title, self.resource, self.region)
            return unknown(*where, key=self.key, facts=more, table=self.table)
        place = (self.account_id, self.resource, self.region)
        seen = {
            "start": _text(self.start),
            "end": _text(self.end),
            "session_seconds": int(self.session.total_seconds()),
            "held_by": shown(self.holders),
            **more,
        }
        return fail(*place, key=self.key, title=title, facts=seen, table=self.table)


def short_windows(facts: "Facts") -> Iterator[Result]:
    """TMP.2: no grant that is not over lasts longer than the limit.

    Where only the end is given, the grant lasts from now to then at the least.
    """
    limit = facts.engagement.thresholds["elevation_hours"]
    now = facts.as_of.to_pydatetime()
    for grant in grants(facts):
        if grant.latest <= now:
            continue  # TMP.3 says that it is over
        hours, most = (_hours(grant.start or now, end) for end in (grant.end, grant.latest))
        if hours <= limit:
            title = f"{grant.label} may last too long: the role's longest session was not read."
            yield grant.result("ok", "") if most <= limit else grant.result("unknown", title)
            continue
        about = "at least " if grant.start is None else ""
        title = f"{grant.label} lasts {about}{_duration(hours)}, more than {limit:g} hours."
        yield grant.result("fail", title, hours=round(hours, 1), limit_hours=limit)


def expired_grants(facts: "Facts") -> Iterator[Result]:
    """TMP.3: no grant that is over is still attached."""
    now = facts.as_of.to_pydatetime()
    for grant in grants(facts):
        if grant.end > now:
            yield grant.result("ok", "")
        elif grant.latest > now:
            title = f"{grant.label} may be over: the role's longest session was not read."
            yield grant.result("unknown", title)
        else:
            title = f"{grant.label} ended on {grant.end:%Y-%m-%d} and is still attached."
            yield grant.result("fail", title)


def grants(facts: "Facts") -> Iterator[Grant]:
    """The time-bound grants in attached policies, trust policies and permission sets."""
    aws_own = {
        role.arn for role in rows(facts.frame("iam_roles"), "arn", "path") if is_aws_own(role)
    }
    for source in (managed_policies, inline_policies):
        for document in source(facts):
            held = tuple(arn for arn in document.holders if arn not in aws_own)
            if document.aws_managed or not held or not document.text:
                continue
            for key, start, end in bounded(document.text):
                yield Grant(
                    account_id=document.account_id,
                    region="global",
                    resource=document.resource,
                    key=document.key(key),
                    label=f"The grant in policy {document.name}",
                    table=document.table,
                    start=start,
                    end=end,
                    latest=end,
                    session=timedelta(0),
                    holders=held,
                )
    yield from _trusts(facts)
    yield from _permission_sets(facts)


@lru_cache(maxsize=131072)
def bounded(document: str) -> tuple[tuple[str, datetime | None, datetime], ...]:
    """Key, start and end of each statement of a policy that allows something until a time.

    A start alone ends nothing, so it makes no grant for a time.
    """
    folded = document.casefold()
    if not any(clock in folded for clock in CLOCKS):
        return ()
    found = (
        (statement_key(statement), windows(statement) or (None, None))
        for statement in statements(document)
        if statement.effect == "Allow"
    )
    return tuple((key, start, end) for key, (start, end) in found if end is not None)


def _trusts(facts: "Facts") -> Iterator[Grant]:
    table = "iam_roles"
    names = (
        "account_id",
        "arn",
        "name",
        "path",
        "trust_policy",
        "max_session_duration",
        "max_session_duration_status",
    )
    for role in rows(facts.frame(table), *names):
        if not role.trust_policy or is_aws_own(role):
            continue
        session = timedelta(seconds=role.max_session_duration or LEAST_SESSION)
        unread = role.max_session_duration_status in UNREAD
        longest = timedelta(seconds=MOST_SESSION) if unread else session
        for key, start, end in bounded(role.trust_policy):
            yield Grant(
                account_id=role.account_id,
                region="global",
                resource=role.arn,
                key=f"trust/{key}",
                label=f"The permission to assume role {role.name}",
                table=table,
                start=start,
                end=end + session,
                latest=end + longest,
                session=session,
                holders=(role.arn,),
            )


def _permission_sets(facts: "Facts") -> Iterator[Grant]:
    """Only those assigned to somebody: an unassigned set grants nothing."""
    table = "sso_permission_sets"
    assigned: dict[str, list[str]] = {}
    names = ("permission_set_arn", "principal_id")
    for row in rows(facts.frame("sso_assignments"), *names):
        assigned.setdefault(row.permission_set_arn, []).append(row.principal_id)
    for row in rows(facts.frame(table), "account_id", "region", "arn", "name", "inline_policy"):
        if not row.inline_policy or row.arn not in assigned:
            continue
        for key, start, end in bounded(_document(row.inline_policy)):
            yield Grant(
                account_id=row.account_id,
                region=row.region,
                resource=row.arn,
                key=key,
                label=f"The grant in permission set {row.name}",
                table=table,
                start=start,
                end=end,
                latest=end,
                session=timedelta(0),
                holders=tuple(assigned[row.arn]),
            )


def _document(text: str) -> str:
    """Identity Center gives a policy as text, which a JSON column may quote once more."""
    value = from_json(text)
    return value if isinstance(value, str) else text


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


def _duration(hours: float) -> str:
    return f"{hours:.0f} hours" if hours < 72 else f"{hours / 24:.0f} days"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
