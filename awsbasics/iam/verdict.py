"""How far a way is open: verdicts, and how they add up."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple


class Status(IntEnum):
    """How far a way is open, the best first."""

    OPEN = 0
    CONDITIONAL = 1
    POSSIBLE = 2
    BLOCKED = 3
    NO = 4


class Verdict(NamedTuple):
    """Whether something can be done, what it depends on, and what stops it."""

    status: Status
    missing: frozenset[str] = frozenset()
    blocked_by: frozenset[str] = frozenset()


OPEN = Verdict(Status.OPEN)
NO = Verdict(Status.NO)


def both(*verdicts: Verdict) -> Verdict:
    """All of them together: as open as the least open."""
    limits = [verdict for verdict in verdicts if verdict is not OPEN]
    if not limits:
        return OPEN
    if NO in limits:
        return NO
    if len(limits) == 1:
        return limits[0]
    worst = max(verdict.status for verdict in limits)
    missing = frozenset().union(*(verdict.missing for verdict in verdicts))
    blocked_by = frozenset().union(*(verdict.blocked_by for verdict in verdicts))
    return Verdict(worst, missing, blocked_by)


def best(verdicts: Iterable[Verdict]) -> Verdict:
    """The most open of them; NO of none."""
    found = NO
    for verdict in verdicts:
        if verdict.status is Status.OPEN:
            return verdict
        if verdict.status < found.status:
            found = verdict
    return found


def possible(*missing: str) -> Verdict:
    """What would be open if something that was not read is so."""
    return Verdict(Status.POSSIBLE, frozenset(missing))


def blocked(*by: str) -> Verdict:
    """What would be open but for this."""
    return Verdict(Status.BLOCKED, blocked_by=frozenset(by))
