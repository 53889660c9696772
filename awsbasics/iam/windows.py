"""The time windows that conditions on the clock give a statement.

Sources: the IAM user guide, "AWS global condition context keys" (`aws:CurrentTime` and
`aws:EpochTime` are in every request) and "IAM JSON policy elements: Condition operators"
(dates are W3C's profile of ISO 8601, or seconds since 1970; `DateNotEquals` gives no window).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from awsbasics.iam.policy import Condition, Statement

Bound = datetime | None
Window = tuple[Bound, Bound]

CLOCK_KEYS = frozenset({"aws:currenttime", "aws:epochtime"})

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)
_OPERATOR = re.compile(
    r"(?:for(?:anyvalue|allvalues):)?(?P<type>date|numeric)"
    r"(?P<test>(?:lessthan|greaterthan)(?:equals)?|equals)(?:ifexists)?"
)
_SECONDS = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,9})?(e\+?[0-9]{1,2})?")
_YEAR_DIGITS = 4
_DATE = re.compile(
    r"(?P<date>[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)"
    r"(?P<time>T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)


def windows(statement: Statement) -> Window | None:
    """When a statement applies: (start, end) in UTC, None for an open side.

    None where no condition is about the clock. Conditions add up (the latest start, the
    earliest end), values of one condition are alternatives. A value that is no date bounds
    nothing here, and `start > end` is a window that never opens. `…IfExists` changes nothing,
    for these keys always exist. The difference between "less" and "less or equal" is dropped.
    """
    found = [window for window in map(_window, statement.conditions) if window is not None]
    if not found:
        return None
    starts = [start for start, _ in found if start is not None]
    ends = [end for _, end in found if end is not None]
    return max(starts, default=None), min(ends, default=None)


def parse_time(text: str) -> datetime | None:
    """A date of a policy in UTC: ISO 8601 (UTC where it names no zone) or seconds since 1970.

    Four digits are a year. What lies outside of years 1 to 9999 is moved to their edge; None
    for anything else.
    """
    if len(text) > _YEAR_DIGITS and _SECONDS.fullmatch(text.casefold()):
        return _from_seconds(text)
    match = _DATE.fullmatch(text)
    if match is None or (match["time"] is None and match["zone"] is not None):
        return None
    day = match["date"] + "-01-01"[: 10 - len(match["date"])]
    try:
        moment = datetime.fromisoformat(day + (match["time"] or "T00:00") + (match["zone"] or "Z"))
    except ValueError:
        return None
    return _in_utc(moment)


def _window(condition: Condition) -> Window | None:
    key = condition.key.casefold()
    operator = _OPERATOR.fullmatch(condition.operator.casefold())
    if key not in CLOCK_KEYS or operator is None:
        return None
    if operator["type"] == "numeric" and key != "aws:epochtime":
        return None
    times = _times(condition.values, parse_time if operator["type"] == "date" else _seconds)
    if not times:
        return None, None
    if operator["test"].startswith("lessthan"):
        return None, max(times)
    if operator["test"].startswith("greaterthan"):
        return min(times), None
    return min(times), max(times)


def _times(values: Iterable[str], parse: Callable[[str], datetime | None]) -> Sequence[datetime]:
    return [time for time in map(parse, values) if time is not None]


def _seconds(text: str) -> datetime | None:
    return _from_seconds(text) if _SECONDS.fullmatch(text.casefold()) else None


def _from_seconds(text: str) -> datetime:
    seconds = float(text)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return _LATEST if seconds > 0 else _EARLIEST


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _EARLIEST if moment.year == 1 else _LATEST
