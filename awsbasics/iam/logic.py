"""Three-valued truth: yes, no, or an expression over what is not known.

An expression is built only when a value cannot be told: `all_of`, `any_of` and `negate` fold
all that is certain (Kleene's logic), so that a request with everything known never makes one.
What is left names the facts that the outcome hangs on.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Union


@dataclass(frozen=True, slots=True)
class Atom:
    """One thing not known; equal atoms are the same unknown.

    `identity` tells them apart, `text` is for readers. `keys` are the condition keys that would
    settle it; where there is one, `test` may say how: it gives the truth for that key's values
    (none: the key is absent), and the atom is no longer free but bound to its key.
    """

    identity: Hashable = field(repr=False)
    text: str = field(compare=False)
    keys: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    test: Any = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a part."""

    part: "Expression"

    def __str__(self) -> str:
        return f"not {_grouped(self.part)}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " and ".join(map(_grouped, self.parts))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when some part is."""

    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " or ".join(map(_grouped, self.parts))


Expression = Union[Atom, Not, AllOf, AnyOf]  # noqa: UP007 — the parts name it before it exists
Truth = bool | Expression


def negate(value: Truth) -> Truth:
    """Not; twice is nothing."""
    if isinstance(value, bool):
        return not value
    return value.part if isinstance(value, Not) else Not(value)


def all_of(values: Iterable[Truth]) -> Truth:
    """And: False as soon as one is; True of nothing."""
    parts: dict[Expression, None] = {}
    for value in values:
        if value is False:
            return False
        if value is not True:
            parts |= dict.fromkeys(value.parts if isinstance(value, AllOf) else (value,))
    if not parts:
        return True
    if _contradicts(parts):
        return False
    return AllOf(tuple(parts)) if len(parts) > 1 else next(iter(parts))


def any_of(values: Iterable[Truth]) -> Truth:
    """Or: True as soon as one is; False of nothing."""
    parts: dict[Expression, None] = {}
    for value in values:
        if value is True:
            return True
        if value is not False:
            parts |= dict.fromkeys(value.parts if isinstance(value, AnyOf) else (value,))
    if not parts:
        return False
    if _contradicts(parts):
        return True
    return AnyOf(tuple(parts)) if len(parts) > 1 else next(iter(parts))


def atoms(value: Truth) -> Iterator[Atom]:
    """The unknowns of an expression, once for each place where they stand."""
    if isinstance(value, Atom):
        yield value
    elif isinstance(value, Not):
        yield from atoms(value.part)
    elif isinstance(value, AllOf | AnyOf):
        for part in value.parts:
            yield from atoms(part)


def substitute(value: Truth, known: Mapping[Atom, Truth]) -> Truth:
    """The expression with these unknowns settled."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Atom):
        return known.get(value, value)
    if isinstance(value, Not):
        return negate(substitute(value.part, known))
    join: Callable[[Iterable[Truth]], Truth] = all_of if isinstance(value, AllOf) else any_of
    return join(substitute(part, known) for part in value.parts)


def _contradicts(parts: Mapping[Expression, None]) -> bool:
    """Whether one part is the opposite of another."""
    return any(isinstance(part, Not) and part.part in parts for part in parts)


def _grouped(part: Expression) -> str:
    return f"({part})" if isinstance(part, AllOf | AnyOf) else str(part)
