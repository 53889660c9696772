"""ENG.10: users, passwords, access keys and roles that nobody has used for a long time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.roles import is_exempt
from awsbasics.recommendations.evidence.rows import rows, text_of

if TYPE_CHECKING:
    from awsbasics.facts import Facts

REPORT = "iam_credential_report"
ROLES = "iam_roles"
ROOT = "<root_account>"
# CIS AWS Foundations: "credentials unused for 45 days or more are disabled".
CIS_DAYS = 45


class Credential(NamedTuple):
    """A password or key that works: when it was made, and last used (None: never)."""

    key: str
    label: str
    made: pd.Timestamp | None
    used: pd.Timestamp | None


def unused_identities(facts: "Facts") -> Iterator[Result]:
    """ENG.10: one result per user, or per credential of a user that uses others, and per role.

    The root user is ORG.5's, roles of AWS and of provisioning nobody's; the emergency access is
    meant to rest.
    """
    yield from _users(facts)
    yield from _roles(facts)


def _users(facts: "Facts") -> Iterator[Result]:
    parts = ("active", "last_rotated", "last_used_date")
    keys = [f"access_key_{number}_{part}" for number in (1, 2) for part in parts]
    password = ("password_enabled", "password_last_changed", "password_last_used")
    columns = ("account_id", "arn", "user", "user_creation_time")
    for user in rows(facts.frame(REPORT), *columns, *password, *keys):
        if user.user != ROOT and not facts.engagement.roles.is_break_glass(user.user):
            yield from _user(facts, user)


def _user(facts: "Facts", user: Any) -> Iterator[Result]:
    place = (user.account_id, user.arn)
    working = list(_credentials(user))
    unused = [each for each in working if _is_old(facts, each.used or each.made)]
    if not working:
        if not _is_old(facts, user.user_creation_time):
            yield ok(*place)
            return
        title = f"IAM user {user.user} has neither password nor access key: nobody uses it."
        seen = _seen(facts, user.user_creation_time, None)
        yield fail(*place, key="user", title=title, facts=seen, severity="low", table=REPORT)
    elif len(unused) == len(working):
        last = max((each.used for each in unused if each.used is not None), default=None)
        title = f"IAM user {user.user} {_since(facts, user.user_creation_time, last)}."
        seen = _seen(facts, user.user_creation_time, last)
        yield fail(*place, key="user", title=title, facts=seen, table=REPORT)
    elif unused:
        for each in unused:
            title = f"{each.label} of IAM user {user.user} {_since(facts, each.made, each.used)}."
            seen = _seen(facts, each.made, each.used)
            yield fail(*place, key=each.key, title=title, facts=seen, table=REPORT)
    else:
        yield ok(*place)


def _credentials(user: Any) -> Iterator[Credential]:
    if user.password_enabled:
        made = user.password_last_changed or user.user_creation_time
        yield Credential("password", "The password", made, user.password_last_used)
    for number in (1, 2):
        key = f"access_key_{number}"
        if getattr(user, f"{key}_active"):
            made = getattr(user, f"{key}_last_rotated") or user.user_creation_time
            used = getattr(user, f"{key}_last_used_date")
            yield Credential(key, f"Access key {number}", made, used)


def _roles(facts: "Facts") -> Iterator[Result]:
    for role in rows(
        facts.frame(ROLES), "account_id", "arn", "name", "path", "created", "last_used"
    ):
        emergency = facts.engagement.roles.is_break_glass(role.name, role.path or "/")
        if is_exempt(role, facts.engagement) or emergency:
            continue
        if not _is_old(facts, role.last_used or role.created):
            yield ok(role.account_id, role.arn)
            continue
        title = f"Role {role.name} {_since(facts, role.created, role.last_used)}."
        seen = _seen(facts, role.created, role.last_used)
        yield fail(role.account_id, role.arn, key="role", title=title, facts=seen, table=ROLES)


def _is_old(facts: "Facts", moment: pd.Timestamp | None) -> bool:
    limit = pd.Timedelta(days=facts.engagement.thresholds["unused_days"])
    return moment is not None and moment < facts.as_of - limit


def _since(facts: "Facts", made: pd.Timestamp | None, used: pd.Timestamp | None) -> str:
    """AWS tells of roles only whether they were used in the last 400 days."""
    if used is not None:
        return f"has not been used for {(facts.as_of - used).days} days"
    days = "" if made is None else f", {(facts.as_of - made).days} days ago"
    return f"shows no use since it was made{days}"


def _seen(facts: "Facts", made: pd.Timestamp | None, used: pd.Timestamp | None) -> dict[str, Any]:
    limit = facts.engagement.thresholds["unused_days"]
    return {
        "made": text_of(made),
        "last_used": text_of(used),
        "limit_days": limit,
        "cis_days": CIS_DAYS,
    }
