"""What an expression can become, whatever the values of the keys that are not known.

Each key is one unknown with one value, so that conditions on it which contradict or complete
each other do so here too. What is not bound to a key (layers that were not read, variables in
patterns) may be either way. Where the search would take too long, or values of a key might
have been missed, both outcomes are taken to be possible: an answer may stay open that a longer
look would settle, but none is settled wrongly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from awsbasics.iam.conditions import Line
from awsbasics.iam.logic import Atom, Expression, Truth, atoms, substitute
from awsbasics.iam.witnesses import witnesses

_MOST_ATOMS = 200
_MOST_STEPS = 4000

Assignment = Mapping[Atom, Truth]
BOTH = frozenset({True, False})


@dataclass(slots=True)
class _Search:
    """A walk through the assignments, one group of atoms after the other."""

    groups: list[list[Assignment]]
    found: set[bool] = field(default_factory=set)
    steps: int = 0

    def run(self, value: Truth, depth: int = 0) -> None:
        if isinstance(value, bool):
            self.found.add(value)
            return
        if depth == len(self.groups):
            self.found |= BOTH
            return
        for assignment in self.groups[depth]:
            self.steps += 1
            if self.steps > _MOST_STEPS:
                self.found |= BOTH
            if len(self.found) == len(BOTH):
                return
            self.run(substitute(value, assignment), depth + 1)


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


def _groups(unknown: Iterable[Atom]) -> tuple[list[list[Assignment]], bool]:
    """For each key the ways to settle its atoms, for each free atom both; and whether all."""
    free: list[list[Assignment]] = []
    bound: dict[str, dict[Atom, Line]] = {}
    for atom in unknown:
        if isinstance(atom.test, Line):
            bound.setdefault(atom.test.key, {})[atom] = atom.test
        else:
            free.append([{atom: True}, {atom: False}])
    groups: list[list[Assignment]] = []
    complete = True
    for lines in bound.values():
        values, all_kinds = witnesses(list(lines.values()))
        complete = complete and all_kinds
        ways = {tuple(line.settle(value) for line in lines.values()): None for value in values}
        groups.append([dict(zip(lines, way, strict=True)) for way in ways])
    return sorted(groups, key=len) + free, complete


def depends_on(value: Expression) -> tuple[str, ...]:
    """The condition keys in an expression, as policies write them, sorted."""
    keys: dict[str, str] = {}
    for key in sorted(key for atom in set(atoms(value)) for key in atom.keys):
        keys.setdefault(key.lower(), key)
    return tuple(sorted(keys.values()))
