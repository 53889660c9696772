"""Statements that allow more than they name: the simple form of APP.3."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from awsbasics.iam.policy import Statement, parse_policy
from awsbasics.recommendations.base import Severity
from awsbasics.recommendations.evidence.actions import (
    LEVELS,
    Action,
    is_whole_service,
    matching,
    weightiest,
)

# Condition keys that choose resources as an ARN would.
RESOURCE_KEYS = (":resourcetag/", "kms:resourcealiases", "ecs:cluster")

# Writing one's log lines is what nearly every program does, and it does little harm.
LOG_WRITES = frozenset({"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"})

# The vocabulary knows a resource of this action, but only metrics in OpenTelemetry's format have
# it: AWS's own examples for all others have to say `*`.
NAMELESS = frozenset({"cloudwatch:PutMetricData"})

ARN_PARTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Wildcard:
    """What is too wide in one statement.

    `actions` are patterns for whole services, `on_everything` the actions on all resources
    that could name theirs; `level` is the weightiest of them. `unknown` are actions on all
    resources that the vocabulary lacks.
    """

    key: str
    sid: str
    actions: tuple[str, ...]
    on_everything: tuple[str, ...]
    unknown: tuple[str, ...]
    level: str
    severity: Severity

    @property
    def certain(self) -> bool:
        """Whether it is too wide for sure."""
        return bool(self.actions or self.on_everything)


def wildcards(document: str) -> tuple[Wildcard, ...]:
    """The statements of a policy (JSON text) that are too wide, or may be."""
    return _read(document)[0]


def unreadable(document: str) -> tuple[str, ...]:
    """What of a policy cannot be read."""
    return _read(document)[1]


def statement_key(statement: Statement) -> str:
    """What tells a statement from the others of its policy: its Sid, or a digest of it."""
    parts = (
        statement.effect,
        statement.actions,
        statement.not_actions,
        statement.resources,
        statement.not_resources,
        statement.principals,
        statement.conditions,
    )
    return statement.sid or hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


@lru_cache(maxsize=131072)
def _read(document: str) -> tuple[tuple[Wildcard, ...], tuple[str, ...]]:
    policy = parse_policy(document)
    return tuple(_wildcards(policy.statements)), policy.all_problems


def _wildcards(statements: tuple[Statement, ...]) -> Iterator[Wildcard]:
    for statement in statements:
        if statement.effect != "Allow":
            continue
        found = _wildcard(statement)
        if found.certain or found.unknown:
            yield found


def _wildcard(statement: Statement) -> Wildcard:
    everything = _on_all_resources(statement)
    whole = [pattern for pattern in statement.actions if is_whole_service(pattern)]
    if "NotAction" in statement.elements:
        whole.append("NotAction")
    named = [pattern for pattern in statement.actions if not is_whole_service(pattern)]
    limitable = [a for p in named for a in matching(p) if _matters(a)] if everything else []
    level = LEVELS[0] if whole else weightiest(action.level for action in limitable)
    return Wildcard(
        key=statement_key(statement),
        sid=statement.sid,
        actions=tuple(whole),
        on_everything=tuple(sorted({action.name for action in limitable})),
        unknown=tuple(p for p in named if not matching(p)) if everything else (),
        level=level,
        severity=_severity(bool(whole), everything, limitable, level),
    )


def _matters(action: Action) -> bool:
    """Listing is left out: it tells names, and most of it cannot be limited."""
    return action.names_resources and action.level != "List" and action.name not in NAMELESS


def _severity(whole: bool, everything: bool, limitable: list[Action], level: str) -> Severity:
    if whole:
        return "high" if everything else "medium"
    if limitable and {action.name for action in limitable} <= LOG_WRITES:
        return "low"
    return "high" if level in ("Permissions management", "Write") else "medium"


def _on_all_resources(statement: Statement) -> bool:
    """Whether a statement is for every resource, and no condition chooses among them."""
    if any(key in line.key.casefold() for line in statement.conditions for key in RESOURCE_KEYS):
        return False
    wide = any(map(_is_everything, statement.resources))
    return wide or "NotResource" in statement.elements


def _is_everything(resource: str) -> bool:
    """`*`, or an ARN that names a service but nothing in it: `arn:aws:s3:::*`."""
    parts = resource.split(":", ARN_PARTS - 1)
    return set(resource) == {"*"} or (len(parts) == ARN_PARTS and set(parts[-1]) <= {"*", ":", "/"})
