"""ENG.6: long-lived access keys of people, who are no automation."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from awsbasics.recommendations.base import Result, Severity, fail, ok
from awsbasics.recommendations.evidence.rows import counted, rows, shown, text_of

if TYPE_CHECKING:
    from awsbasics.facts import Facts

KEYS = "iam_access_keys"
EVENTS = "cloudtrail_events"
# With these a key is exchanged for a session, for which MFA can be asked.
EXCHANGES = frozenset({"GetSessionToken", "AssumeRole", "GetCallerIdentity"})


class Uses(NamedTuple):
    """What the logs show of a key: calls that it signed itself, thus without MFA."""

    calls: int
    last: pd.Timestamp


def access_keys(facts: "Facts") -> Iterator[Result]:
    """ENG.6: one result per user of a person, or per active key of it and for two of them.

    Young keys weigh less than those over the threshold `access_key_age_days`, and than those
    that logs, where they were read, show at work without MFA.
    """
    active = active_keys(facts)
    uses = _uses(facts, (key.id for keys in active.values() for key in keys))
    humans = facts.engagement.humans
    for user in rows(facts.frame("iam_users"), "account_id", "arn", "name", "path"):
        if not humans.includes(user.name, user.path or "/"):
            continue
        keys = active.get(user.arn, [])
        for key in keys:
            yield _judged(facts, user, key, uses.get(key.id))
        if len(keys) > 1:
            title = f"IAM user {user.name} has {len(keys)} active access keys."
            seen = {"keys": shown(key.id for key in keys)}
            more: dict[str, Any] = {"severity": "medium", "facts": seen, "table": KEYS}
            yield fail(user.account_id, user.arn, key="two_keys", title=title, **more)
        if not keys:
            yield ok(user.account_id, user.arn)


def active_keys(facts: "Facts") -> Mapping[str, list[Any]]:
    """The rows of the access keys that work, by the ARN of their user."""
    found: dict[str, list[Any]] = defaultdict(list)
    used = ("last_used", "last_used_status", "last_used_region", "last_used_service")
    for key in rows(facts.frame(KEYS), "user_arn", "id", "status", "created", *used):
        if key.status == "Active":
            found[key.user_arn].append(key)
    return found


def _judged(facts: "Facts", user: Any, key: Any, uses: Uses | None) -> Result:
    limit = facts.engagement.thresholds["access_key_age_days"]
    age = None if key.created is None else (facts.as_of - key.created).days
    old = age is None or age > limit
    severity: Severity = "high" if old or uses else "medium"
    shown_age = "of unknown age" if age is None else f"{counted(age, 'day', 'days')} old"
    works = f" It made {counted(uses.calls, 'call', 'calls')} without MFA." if uses else ""
    title = f"IAM user {user.name} has an active access key, {shown_age}, {_last_use(key)}.{works}"
    seen = {
        "key": key.id,
        "created": text_of(key.created),
        "age_days": age,
        "limit_days": limit,
        "last_used": text_of(key.last_used),
        "last_used_service": key.last_used_service,
        "last_used_region": key.last_used_region,
        "calls_without_mfa": uses.calls if uses else None,
        "last_call_without_mfa": text_of(uses.last) if uses else None,
    }
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": KEYS}
    return fail(user.account_id, user.arn, key=key.id, title=title, **more)


def _last_use(key: Any) -> str:
    if key.last_used is not None:
        service = f" for {key.last_used_service}" if key.last_used_service else ""
        return f"last used on {key.last_used:%Y-%m-%d}{service}"
    return "never used" if key.last_used_status == "absent" else "whose last use was not read"


def _uses(facts: "Facts", keys: Iterable[str]) -> dict[str, Uses]:
    """Calls that succeeded, by the key that signed them; none where no logs were read.

    A request that a long-lived key signs has no second factor: MFA is asked for as the key is
    exchanged for a session, whose key is another (IAM user guide, "Secure API access with MFA").
    """
    wanted = set(keys)
    if not wanted:
        return {}
    columns = ("access_key_id", "event_name", "error_code", "event_time")
    events = facts.snapshot.frame(EVENTS, accounts=facts.accounts, columns=columns)
    own = events[events["access_key_id"].isin(wanted) & events["error_code"].isna()]
    own = own[~own["event_name"].isin(EXCHANGES)]
    return {
        str(key): Uses(len(times), times.max())
        for key, times in own.groupby("access_key_id")["event_time"]
    }
