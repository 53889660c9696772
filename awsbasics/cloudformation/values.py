"""What a template's value is where it cannot be told: open texts, and one of several values.

None of them is a `str`, so that nothing takes a value that is not known for one that is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Hole:
    """A part that is not known; `name` says what would fill it, e.g. `Bucket.Arn`."""

    name: str


Piece = str | Hole


@dataclass(frozen=True)
class Open:
    """A text of which some or all is not known: its known pieces and the holes between them."""

    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        """The text for people, with `${…}` for each hole."""
        return "".join(f"${{{p.name}}}" if isinstance(p, Hole) else p for p in self.pieces)

    @property
    def holes(self) -> tuple[str, ...]:
        """Names of what is not known, each once."""
        return tuple(dict.fromkeys(p.name for p in self.pieces if isinstance(p, Hole)))

    def fits(self, text: str) -> bool:
        """Whether a text could be this one, each hole being any text or none."""
        first, last = self.pieces[0], self.pieces[-1]
        start = first if isinstance(first, str) else ""
        end = last if isinstance(last, str) else ""
        if len(text) < len(start) + len(end) or not text.startswith(start):
            return False
        if not text.endswith(end):
            return False
        place, stop = len(start), len(text) - len(end)
        # The leftmost place of each piece leaves most to the next ones.
        for piece in self.pieces[1:-1]:
            if isinstance(piece, str):
                place = text.find(piece, place, stop)
                if place < 0:
                    return False
                place += len(piece)
        return True


@dataclass(frozen=True, slots=True)
class Either:
    """One of several values, by a condition that cannot be told; NO_VALUE may be among them."""

    condition: str
    options: tuple[Any, ...]


class _NoValue:
    """`AWS::NoValue`: as if the property, or the item of a list, had not been written."""

    def __repr__(self) -> str:
        return "NO_VALUE"


NO_VALUE: Final = _NoValue()


def open_text(name: str) -> Open:
    """A text of which nothing is known."""
    return Open((Hole(name),))


def joined(values: Iterable[Any]) -> str | Open:
    """Texts one after the other; numbers and booleans as CloudFormation writes them."""
    pieces: list[Piece] = []
    for piece in _pieces(values):
        if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += piece
        elif piece != "":
            pieces.append(piece)
    if any(isinstance(piece, Hole) for piece in pieces):
        return Open(tuple(pieces))
    return "".join(str(piece) for piece in pieces)


def as_text(value: Any) -> str:
    """A scalar as CloudFormation passes it on: booleans in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_known(value: Any) -> bool:
    """Whether nothing in a value is open."""
    return not any(isinstance(part, Open | Either) for part in walk(value))


def walk(value: Any) -> Iterator[Any]:
    """A value and all that is in it, the outer before the inner."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, dict):
            waiting.extend(reversed(part.values()))
        elif isinstance(part, list):
            waiting.extend(reversed(part))
        elif isinstance(part, Either):
            waiting.extend(reversed(part.options))


def forms(value: Any) -> tuple[Any, ...]:
    """All forms that a value's outermost part can have, NO_VALUE where it may be missing."""
    if not isinstance(value, Either):
        return (value,)
    return tuple(form for option in value.options for form in forms(option))


def options(value: Any) -> tuple[Any, ...]:
    """All forms that a value's outermost part can have where it is there."""
    return tuple(form for form in forms(value) if form is not NO_VALUE)


def _pieces(values: Iterable[Any]) -> Iterator[Piece]:
    for value in values:
        if isinstance(value, Open):
            yield from value.pieces
        elif isinstance(value, Either):
            yield Hole(f"If {value.condition}")
        elif isinstance(value, dict | list):
            yield Hole("a value that is no text")
        else:
            yield as_text(value)
