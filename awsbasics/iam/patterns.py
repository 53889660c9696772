"""Wildcard patterns of policies: `*` for any number of characters, `?` for exactly one.

Sources: the IAM user guide, "IAM JSON policy elements: Action" and "… Resource" (wildcards may
stand anywhere; in a Resource a `*` reaches over `:` and `/`), "… Condition operators" (the ARN
operators compare the six parts of an ARN one by one, so that only in the last does a `*` reach
over `:`).

A pattern is fixed stretches between stars. Each stretch is searched once, from where the one
before it ended, and never again: time grows with text × pattern, whatever they hold.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate, pairwise

ARN_PARTS = 6


class Wild(Enum):
    """A wildcard in a pattern's tokens."""

    ANY = "*"
    ONE = "?"


ANY, ONE = Wild.ANY, Wild.ONE
_PIECES = re.compile(r"\*+|\?|[^*?]+")
_FEW = 16
_WILD = {"*": ANY, "?": ONE}
Token = str | Wild
Matcher = Callable[[str], bool]


def is_pattern(text: str) -> bool:
    """Whether a text has wildcards."""
    return "*" in text or "?" in text


def tokens_of(text: str) -> tuple[Token, ...]:
    """A pattern as literals and wildcards; stars side by side are one, no literal is empty."""
    return tuple(_WILD.get(piece[0], piece) for piece in _PIECES.findall(text))


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies between two stars: literals at their offsets, anything in the other places."""

    length: int
    literals: tuple[tuple[int, str], ...]

    def fits(self, text: str, at: int) -> bool:
        """Whether the stretch stands in the text at this place, which has room for it."""
        return all(text.startswith(literal, at + offset) for offset, literal in self.literals)

    def find(self, text: str, start: int, end: int) -> int:
        """The first place between start and end where the stretch stands, or -1."""
        last = end - self.length
        if not self.literals:
            return start if start <= last else -1
        offset, literal = self.literals[0]
        while start <= last:
            found = text.find(literal, start + offset, last + offset + len(literal))
            if found < 0:
                return -1
            if len(self.literals) == 1 or self.fits(text, found - offset):
                return found - offset
            start = found - offset + 1
        return -1


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern ready to be matched: its first and last stretch are bound to the text's ends."""

    first: Stretch
    middle: tuple[Stretch, ...]
    last: Stretch

    def match(self, text: str) -> bool:
        """Whether the whole text fits."""
        start, end = self.first.length, len(text) - self.last.length
        if start > end or not self.first.fits(text, 0) or not self.last.fits(text, end):
            return False
        for stretch in self.middle:
            found = stretch.find(text, start, end)
            if found < 0:
                return False
            start = found + stretch.length
        return True


def matcher(tokens: Iterable[Token]) -> Matcher:
    """A function that tells whether a whole text fits these tokens."""
    stretches = [_stretch(part) for part in _between_stars(tokens)]
    if len(stretches) == 1:
        return _exactly(stretches[0])
    first, last = stretches[0], stretches[-1]
    middle = tuple(stretch for stretch in stretches[1:-1] if stretch.length)
    if not middle and not last.length and _is_plain(first):
        return _beginning(first)
    return Glob(first, middle, last).match


def arn_matcher(tokens: Iterable[Token]) -> Matcher | None:
    """A function that compares ARNs part by part; None where the pattern has no six parts."""
    parts = [matcher(part) for part in split_arn(tokens)]
    if len(parts) != ARN_PARTS:
        return None

    def match(text: str) -> bool:
        found = text.split(":", ARN_PARTS - 1)
        return len(found) == ARN_PARTS and all(
            part(piece) for part, piece in zip(parts, found, strict=True)
        )

    return match


def split_arn(tokens: Iterable[Token]) -> list[list[Token]]:
    """The parts of an ARN pattern: cut at its first five colons."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        pieces = token.split(":", ARN_PARTS - len(parts))
        for index, piece in enumerate(pieces):
            if index:
                parts.append([])
            if piece:
                parts[-1].append(piece)
    return parts


def any_match(plain: Collection[str], matchers: Sequence[Matcher]) -> Matcher:
    """A function that tells whether a text is one of several, or fits one of several patterns."""
    if not plain and len(matchers) == 1:
        return matchers[0]
    if not matchers:
        return frozenset(plain).__contains__
    known = frozenset(plain)
    return lambda text: text in known or any(match(text) for match in matchers)


def any_of_many(plain: Collection[str], patterns: Sequence[tuple[str, Matcher]]) -> Matcher:
    """The same where each pattern comes with the plain text that it begins with.

    Of many, those alone are asked whose beginning a text has.
    """
    if len(patterns) <= _FEW:
        return any_match(plain, [match for _, match in patterns])
    known = frozenset(plain)
    groups: dict[str, list[Matcher]] = defaultdict(list)
    for beginning, match in patterns:
        groups[beginning].append(match)
    lengths = sorted({len(beginning) for beginning in groups})

    def match_any(text: str) -> bool:
        if text in known:
            return True
        near = (groups.get(text[:length], ()) for length in lengths)
        return any(match(text) for group in near for match in group)

    return match_any


def beginning_of(tokens: Sequence[Token]) -> str:
    """The plain text that whatever fits these tokens begins with."""
    return tokens[0] if tokens and isinstance(tokens[0], str) else ""


def _between_stars(tokens: Iterable[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token is ANY:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _stretch(tokens: list[Token]) -> Stretch:
    if len(tokens) == 1 and isinstance(tokens[0], str):
        return Stretch(len(tokens[0]), ((0, tokens[0]),))
    lengths = [len(token) if isinstance(token, str) else 1 for token in tokens]
    offsets = accumulate(lengths, initial=0)
    literals = [
        (offset, token)
        for offset, token in zip(offsets, tokens, strict=False)
        if isinstance(token, str)
    ]
    return Stretch(sum(lengths), tuple(_joined(literals)))


def _joined(literals: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Literals that touch, as one (variables and plain text come apart)."""
    groups: list[list[tuple[int, str]]] = [literals[:1]] if literals else []
    for (offset, text), following in pairwise(literals):
        if offset + len(text) == following[0]:
            groups[-1].append(following)
        else:
            groups.append([following])
    return [(group[0][0], "".join(text for _, text in group)) for group in groups]


def _is_plain(stretch: Stretch) -> bool:
    return len(stretch.literals) <= 1 and sum(len(t) for _, t in stretch.literals) == stretch.length


def _exactly(stretch: Stretch) -> Matcher:
    if not _is_plain(stretch):
        return lambda text: len(text) == stretch.length and stretch.fits(text, 0)
    wanted = stretch.literals[0][1] if stretch.literals else ""
    return lambda text: text == wanted


def _beginning(stretch: Stretch) -> Matcher:
    if not stretch.length:
        return lambda _text: True
    wanted = stretch.literals[0][1]
    return lambda text: text.startswith(wanted)
