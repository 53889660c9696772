"""Texts that tell patterns apart: one for each set of patterns that a text can fit at once.

All patterns are walked through together, as one automaton whose states say how far into each
pattern a text may have got. Every state is visited once; a budget bounds the walk.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from awsbasics.iam.patterns import ANY, ARN_PARTS, Token, Wild, split_arn

_MOST_WORK = 100_000
_MOST_CHARACTERS = 5000
_FRESH = "~\u00a4\u00b6\u00a7\ue000\ue001\ue002\ue003"


class Pattern(NamedTuple):
    """A pattern of tokens; in an `arn` wildcards stay within a part, but for the last."""

    tokens: tuple[Token, ...]
    arn: bool = False
    ignores_case: bool = False


class Texts(NamedTuple):
    """Texts; `complete` if each set of patterns that some text fits is fitted by one of them."""

    texts: list[str]
    complete: bool


class _Step(NamedTuple):
    """One place of a pattern: the characters it takes (none: any), and how."""

    characters: str
    repeats: bool = False
    stops_at_colon: bool = False

    def takes(self, character: str) -> bool:
        if self.characters:
            return character in self.characters
        return not (self.stops_at_colon and character == ":")


_State = frozenset[tuple[int, int]]  # (pattern, place in it): all places that are reached


@dataclass(frozen=True, slots=True)
class _Walk:
    patterns: tuple[tuple[_Step, ...], ...]
    fresh: str

    def start(self) -> _State:
        return self._closed((index, 0) for index in range(len(self.patterns)))

    def accepted(self, state: _State) -> frozenset[int]:
        return frozenset(index for index, at in state if at == len(self.patterns[index]))

    def characters(self, state: _State) -> list[str]:
        """The characters that make a difference in this state, and one that makes none."""
        found = {self.fresh}
        for index, at in state:
            for step in self.patterns[index][at : at + 1]:
                found |= set(step.characters)
                found |= {":"} if step.stops_at_colon else set()
        return sorted(found)

    def after(self, state: _State, character: str) -> _State:
        return self._closed(
            (index, at if step.repeats else at + 1)
            for index, at in state
            for step in self.patterns[index][at : at + 1]
            if step.takes(character)
        )

    def _closed(self, places: Iterable[tuple[int, int]]) -> _State:
        """The places, and those behind stars, which may stand for nothing."""
        found: set[tuple[int, int]] = set()
        for index, at in places:
            place = at
            found.add((index, place))
            while place < len(self.patterns[index]) and self.patterns[index][place].repeats:
                place += 1
                found.add((index, place))
        return frozenset(found)


def telling_texts(patterns: Sequence[Pattern]) -> Texts:
    """A text for each set of patterns that a text can fit at once, the empty set among them."""
    plain = _plain_texts(patterns)
    if plain is not None:
        return Texts(["", _unlike(plain), *plain], True)
    if sum(len(str(token)) for each in patterns for token in each.tokens) > _MOST_CHARACTERS:
        return Texts([""], False)
    steps = tuple(_steps(pattern) for pattern in patterns)
    used = {character for pattern in steps for step in pattern for character in step.characters}
    fresh = next((character for character in _FRESH if character not in used), "")
    ascii_only = all(
        str(token).isascii() for each in patterns if each.ignores_case for token in each.tokens
    )
    texts, done = _walked(_Walk(steps, fresh or "~"))
    return Texts([*texts], done and bool(fresh) and ascii_only)


@lru_cache(maxsize=128)  # many requests ask about the same lines
def _walked(walk: _Walk) -> tuple[tuple[str, ...], bool]:
    """A text for each set of patterns that the walk comes upon, and whether it got round.

    The empty text stands apart, for set operators take it for no value at all: every set that
    a longer text fits has one of its own.
    """
    found: dict[frozenset[int], str] = {}
    start = walk.start()
    seen, queue, work = {start}, deque([(start, "")]), 0
    while queue and work <= _MOST_WORK:
        state, text = queue.popleft()
        characters = walk.characters(state)
        work += len(characters) * (len(state) + 1)
        for character in characters:
            following = walk.after(state, character)
            found.setdefault(walk.accepted(following), text + character)
            if following not in seen:
                seen.add(following)
                queue.append((following, text + character))
    return ("", *found.values()), not queue


def _plain_texts(patterns: Iterable[Pattern]) -> list[str] | None:
    """The texts that patterns without wildcards ask for; None where some are not of this kind."""
    texts: dict[str, None] = {}
    for pattern in patterns:
        if pattern.arn or pattern.ignores_case:
            return None
        if any(isinstance(token, Wild) for token in pattern.tokens):
            return None
        texts["".join(map(str, pattern.tokens))] = None
    return list(texts)


def _unlike(texts: Iterable[str]) -> str:
    """A text that is none of these."""
    known = set(texts)
    return next(text for length in count(1) if (text := "~" * length) not in known)


def _steps(pattern: Pattern) -> tuple[_Step, ...]:
    if not pattern.arn:
        return tuple(_part(pattern.tokens, pattern, stops=False))
    steps: list[_Step] = []
    for number, part in enumerate(split_arn(pattern.tokens), start=1):
        steps += [_Step(":")] if number > 1 else []
        steps += _part(part, pattern, stops=number < ARN_PARTS)
    return tuple(steps)


def _part(tokens: Iterable[Token], pattern: Pattern, *, stops: bool) -> list[_Step]:
    steps: list[_Step] = []
    for token in tokens:
        if isinstance(token, Wild):
            steps.append(_Step("", token is ANY, stops))
        elif pattern.ignores_case:
            steps += [_Step(character.lower() + character.upper()) for character in token]
        else:
            steps += map(_Step, token)
    return steps
