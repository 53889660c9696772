"""Which events alarms and rules are asked to watch, and whether a pattern takes them in.

The events are those of the CIS AWS Foundations benchmark's metric filters. A pattern is read as
far as that is safe: the names and sources that it asks for. One that asks for more besides counts
as taking in nothing; what it leaves out again (`!=`) is not looked at.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from awsbasics.recommendations.evidence.rows import from_json

_TERM = re.compile(r'\$\.([A-Za-z.]+)\s*=\s*("[^"]*"|[^\s()"|&{}]+)')
_WHAT = frozenset({"eventSource", "eventName"})
# These tell kinds of records apart, not whose or which change it was.
_HARMLESS = _WHAT | {"errorCode", "eventCategory", "eventType", "managementEvent", "readOnly"}
_WHO = frozenset({"userIdentity"})
_BY_CLOUDTRAIL = frozenset({"AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"})


@dataclass(frozen=True, slots=True)
class Watched:
    """A kind of event: `events` of one source, of which a pattern must take in all.

    A pattern may also take in the whole source. `everywhere` says that each region has its own
    events of the kind; others arrive in one region (`GLOBAL_EVENTS`).
    """

    key: str
    what: str
    source: str
    events: tuple[str, ...] = ()
    everywhere: bool = False


ROOT = Watched("root", "use of the root user", "")
WATCHED = (
    Watched(
        "policies",
        "changes to IAM policies",
        "iam.amazonaws.com",
        (
            "AttachGroupPolicy",
            "AttachRolePolicy",
            "AttachUserPolicy",
            "CreatePolicyVersion",
            "DeleteRolePolicy",
            "DetachRolePolicy",
            "PutGroupPolicy",
            "PutRolePolicy",
            "PutUserPolicy",
        ),
    ),
    Watched(
        "security_groups",
        "changes to security groups",
        "ec2.amazonaws.com",
        (
            "AuthorizeSecurityGroupEgress",
            "AuthorizeSecurityGroupIngress",
            "RevokeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
        ),
        everywhere=True,
    ),
    Watched(
        "trails",
        "changes to trails",
        "cloudtrail.amazonaws.com",
        ("DeleteTrail", "StopLogging", "UpdateTrail"),
        everywhere=True,
    ),
    Watched(
        "organization",
        "changes to the organization",
        "organizations.amazonaws.com",
        (
            "AttachPolicy",
            "DetachPolicy",
            "DisablePolicyType",
            "InviteAccountToOrganization",
            "MoveAccount",
            "RemoveAccountFromOrganization",
            "UpdatePolicy",
        ),
    ),
    ROOT,
)
# "AWS global services, such as IAM and Organizations, deliver events only to us-east-1"
# (re:Post, "Why is my EventBridge rule not triggered by events of another Region?").
GLOBAL_EVENTS = {"aws": "us-east-1"}


@lru_cache(maxsize=65536)
def filter_takes_in(pattern: str | None, watched: Watched) -> bool:
    """Whether a metric filter's pattern counts all events of a kind."""
    said: dict[str, list[str]] = {}
    for name, value in _TERM.findall(pattern or ""):
        said.setdefault(name, []).append(value.strip('"'))
    narrow = "&&" in (pattern or "")
    if watched is ROOT:
        is_root = "Root" in said.get("userIdentity.type", ())
        return is_root and not (narrow and _WHAT & said.keys())
    if narrow and not said.keys() <= _HARMLESS:
        return False
    return _takes_in(said.get("eventSource"), said.get("eventName"), watched, fnmatchcase)


@lru_cache(maxsize=65536)
def rule_takes_in(pattern: str | None, watched: Watched) -> bool:
    """Whether an EventBridge rule's event pattern matches all events of a kind."""
    event = from_json(pattern)
    detail = event.get("detail", {}) if isinstance(event, dict) else None
    if not isinstance(detail, dict) or not _is_by_cloudtrail(event):
        return False
    if watched is ROOT:
        who = detail.get("userIdentity")
        is_root = isinstance(who, dict) and "Root" in _listed(who.get("type"))
        whole = "source" not in event and "resources" not in event
        return is_root and whole and detail.keys() <= (_HARMLESS | _WHO) - _WHAT
    if not detail.keys() <= _HARMLESS or "resources" in event:
        return False
    sources = detail.get("eventSource")
    if sources is None:
        sources = [f"{name.removeprefix('aws.')}.amazonaws.com" for name in _texts(event, "source")]
    names = detail.get("eventName")
    return _takes_in(_listed(sources), None if names is None else _listed(names), watched, _matches)


def _takes_in(sources: Any, names: Any, watched: Watched, fits: Any) -> bool:
    if sources and not any(fits(watched.source, pattern) for pattern in sources):
        return False
    if not names:
        return bool(sources)
    return bool(watched.events) and all(
        any(fits(event, pattern) for pattern in names) for event in watched.events
    )


def _matches(text: str, pattern: Any) -> bool:
    """A value of an event pattern: a text, or a comparison that says what it may be."""
    if isinstance(pattern, str):
        return text == pattern
    if not isinstance(pattern, dict) or len(pattern) != 1:
        return False
    [(operator, value)] = pattern.items()
    if operator == "anything-but":
        return not isinstance(value, dict) and text not in _listed(value)
    if not isinstance(value, str):
        return False
    ways = {"prefix": text.startswith, "suffix": text.endswith}
    if operator in ways:
        return ways[operator](value)
    return operator == "wildcard" and fnmatchcase(text, value.replace("[", "[[]"))


def _is_by_cloudtrail(event: dict[str, Any]) -> bool:
    kinds = event.get("detail-type")
    return kinds is None or bool(_BY_CLOUDTRAIL.intersection(_texts(event, "detail-type")))


def _texts(event: dict[str, Any], key: str) -> Iterator[str]:
    return (each for each in _listed(event.get(key)) if isinstance(each, str))


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
