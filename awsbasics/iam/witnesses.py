"""Values that a condition key may have, enough of them to tell its conditions apart.

For a key that is not known, the lines that test it divide all possible values into finitely
many kinds: two values of one kind pass the same lines. `witnesses` gives a value of each kind
(numbers, dates and addresses: the ends of every range; texts: a walk through all patterns at
once) and says whether really none is left out.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from awsbasics.iam.automaton import Pattern, telling_texts
from awsbasics.iam.conditions import Line
from awsbasics.iam.context import ABSENT, Values
from awsbasics.iam.operators import Network

_MOST_SUBSETS = 128
_NO_VALUE = "(no such value)"
_TEXTS = frozenset({"string", "arn", "bool"})


class Witnesses(NamedTuple):
    """Values of a key; `complete` if every possible value is like one of them."""

    values: tuple[Values, ...]
    complete: bool


def witnesses(lines: Sequence[Line]) -> Witnesses:
    """Values of the key that these lines test, among them its absence.

    Only a key that some line tests with a set operator is taken to have several values.
    """
    texts, complete = _texts(lines)
    if not any(line.operator.quantifier for line in lines):
        return Witnesses((ABSENT, *((text,) for text in texts)), complete)
    found: list[Values] = [ABSENT, ("",)]
    kinds = list(_one_of_each_kind(lines, texts))
    for size in range(1, len(kinds) + 1):
        for chosen in combinations(kinds, size):
            if len(found) >= _MOST_SUBSETS:
                return Witnesses(tuple(found), False)
            found.append(chosen)
    return Witnesses(tuple(found), complete)


def _one_of_each_kind(lines: Sequence[Line], texts: Iterable[str]) -> Iterator[str]:
    seen: set[tuple[bool, ...]] = set()
    for text in texts:
        kind = (text == "", *(line.match(text) for line in lines))
        if kind not in seen:
            seen.add(kind)
            yield text


def _texts(lines: Sequence[Line]) -> tuple[list[str], bool]:
    families = {line.operator.family.name for line in lines} - {"null"}
    if families == {"bool"}:
        return ["true", "false"], True
    if families <= _TEXTS:
        return telling_texts(_patterns(lines))
    texts = [_NO_VALUE]
    for family in sorted(families):
        of_family = [line for line in lines if line.operator.family.name == family]
        constants = [value for line in of_family for value in line.constants]
        if family in _TEXTS:
            texts += telling_texts(_patterns(of_family)).texts
        else:
            texts += _RANGES[family](constants)
    return texts, len(families) == 1


def _patterns(lines: Iterable[Line]) -> list[Pattern]:
    return [
        Pattern(tokens, line.operator.family.name == "arn", line.operator.family.ignores_case)
        for line in lines
        if line.operator.family.name in _TEXTS
        for tokens in line.constants
    ]


def _numbers(wanted: Sequence[Decimal]) -> list[str]:
    """Every bound, a number between each two, one below and one above all."""
    bounds = sorted(set(wanted)) or [Decimal(0)]
    between = [(low + high) / 2 for low, high in pairwise(bounds)]
    return [str(value) for value in (*bounds, *between, bounds[0] - 1, bounds[-1] + 1)]


def _dates(wanted: Sequence[datetime]) -> list[str]:
    """Every bound, a moment between each two, one before and one after all."""
    bounds = sorted(set(wanted)) or [datetime(2000, 1, 1, tzinfo=UTC)]
    between = [low + (high - low) / 2 for low, high in pairwise(bounds)]
    ends = [*_shifted(bounds[0], -1), *_shifted(bounds[-1], 1)]
    return [moment.isoformat() for moment in (*bounds, *between, *ends)]


def _shifted(moment: datetime, days: int) -> list[datetime]:
    try:
        return [moment + timedelta(days=days)]
    except OverflowError:
        return []


def _addresses(wanted: Sequence[Network]) -> list[str]:
    """The first address of every range, and the first one behind it, in both IP versions."""
    texts: list[str] = []
    for version, kind, bits in ((4, IPv4Address, 32), (6, IPv6Address, 128)):
        ranges = [each for each in wanted if each.version == version]
        starts = {0} | {each.first for each in ranges} | {each.last + 1 for each in ranges}
        texts += [str(kind(start)) for start in sorted(starts) if start < 1 << bits]
    return texts


def _bytes(wanted: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(value).decode() for value in wanted]


_RANGES: dict[str, Callable[[Sequence[Any]], list[str]]] = {
    "numeric": _numbers,
    "date": _dates,
    "ip": _addresses,
    "binary": _bytes,
}
