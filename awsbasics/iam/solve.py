"""What an expression can become, whatever the values of the keys that are not known.

Each key is one unknown with one value, so that conditions on it which contradict or complete
each other do so here too. What is not bound to a key (layers that were not read, variables in
patterns) may be either way. Where the search would take too long, or values of a key might
have been missed, both outcomes are taken to be possible: an answer may stay open that a longer
look would settle, but none is settled wrongly.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from awsbasics.iam.conditions import Line
from awsbasics.iam.logic import Atom, Expression, Truth, atoms, substitute
from awsbasics.iam.witnesses import witnesses

_MOST_ATOMS = 200
_MOST_STEPS = 4000

BOTH = frozenset({True, False})


class _Group(NamedTuple):
    """Atoms that are settled together, and the ways in which they can be."""

    atoms: tuple[Atom, ...]
    ways: tuple[tuple[Truth, ...], ...]


@dataclass(slots=True)
class _Search:
    """A walk through the ways to settle the atoms, one group of them after the other."""

    groups: list[_Group]
    found: set[bool] = field(default_factory=set)
    steps: int = 0

    def run(self, value: Truth, depth: int = 0) -> None:
        if isinstance(value, bool):
            self.found.add(value)
            return
        if depth == len(self.groups):
            self.found |= BOTH
            return
        group = self.groups[depth]
        for way in group.ways:
            self.steps += 1
            if self.steps > _MOST_STEPS:
                self.found |= BOTH
            if len(self.found) == len(BOTH):
                return
            known = dict(zip(group.atoms, way, strict=True))
            self.run(substitute(value, known), depth + 1)


def outcomes(value: Truth) -> frozenset[bool]:
    """What an expression can become: True, False or both."""
    if isinstance(value, bool):
        return frozenset({value})
    unknown = list(dict.fromkeys(atoms(value)))
    if len(unknown) > _MOST_ATOMS:
        return BOTH
    groups, complete = _groups(unknown)
    search = _Search(groups)
    search.run(value)
    return frozenset(search.found) if complete else BOTH


def _groups(unknown: Iterable[Atom]) -> tuple[list[_Group], bool]:
    """For each key the ways to settle its atoms, for each free atom both; and whether all."""
    free: list[_Group] = []
    bound: dict[str, list[Atom]] = {}
    for atom in unknown:
        if isinstance(atom.test, Line):
            bound.setdefault(atom.test.key, []).append(atom)
        else:
            free.append(_Group((atom,), ((True,), (False,))))
    found = [_of_one_key(tuple(each)) for each in bound.values()]
    groups = sorted((group for group, _ in found), key=lambda group: len(group.ways))
    return groups + free, all(complete for _, complete in found)


@lru_cache(maxsize=32)  # many requests leave the same lines open
def _of_one_key(unknown: tuple[Atom, ...]) -> tuple[_Group, bool]:
    """The ways in which a key's values settle the lines that test it; and whether all."""
    lines: list[Line] = [atom.test for atom in unknown]
    values, complete = witnesses(lines)
    ways = dict.fromkeys(tuple(line.settle(value) for line in lines) for value in values)
    return _Group(unknown, tuple(ways)), complete


def depends_on(value: Expression) -> tuple[str, ...]:
    """The condition keys in an expression, as policies write them, sorted."""
    keys: dict[str, str] = {}
    for key in sorted(key for atom in set(atoms(value)) for key in atom.keys):
        keys.setdefault(key.lower(), key)
    return tuple(sorted(keys.values()))
