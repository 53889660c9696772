"""`Fn::ForEach`, unrolled before all else.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

LOOP = "Fn::ForEach::"
MACRO = "Fn::Transform"
MOST_COPIES = 1000


def unrolled(template: Mapping[str, Any], given: Mapping[str, Any]) -> "Unrolled":
    """A template without loops. `given` are the values of its parameters, by name."""
    work = Unrolled(given)
    work.template = {
        name: work.mapping(part, name) if isinstance(part, dict) else part
        for name, part in template.items()
    }
    return work


class Unrolled:
    """A template whose loops are written out; `unresolved` names the parts that could not be."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self._copies = 0
        self.template: dict[str, Any] = {}
        self.unresolved: list[str] = []

    def mapping(self, part: Mapping[str, Any], path: str) -> dict[str, Any]:
        """A mapping with the loops in it, at any depth, written out."""
        found: dict[str, Any] = {}
        for name, value in part.items():
            if str(name).startswith(LOOP):
                for copy in self._copied(value, f"{path}.{name}"):
                    found.update(copy)
            else:
                found[name] = self._value(value, f"{path}.{name}")
        if MACRO in part and path.count(".") == 0:
            self.unresolved.append(f"{path}.{MACRO}")
            found.pop(MACRO)
        return found

    def _value(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return self.mapping(value, path)
        if isinstance(value, list):
            return [self._value(item, path) for item in value]
        return value

    def _copied(self, loop: Any, path: str) -> Iterator[dict[str, Any]]:
        items = self._items(loop)
        if items is None:
            self.unresolved.append(path)
            return
        identifier, _, body = loop
        for item in items:
            self._copies += 1
            if self._copies > MOST_COPIES:
                self.unresolved.append(path)
                return
            yield self.mapping(_replaced(body, identifier, item), path)

    def _items(self, loop: Any) -> list[str] | None:
        """What a loop runs over; None where that is not a list that is known."""
        match loop:
            case [str(), list() as items, dict()] if all(isinstance(item, str) for item in items):
                return items
            case [str(), {"Ref": str(name)}, dict()]:
                given = self._given.get(name)
                return given if isinstance(given, list) else None
        return None


def _replaced(body: Any, identifier: str, item: str) -> Any:
    """A loop's body for one item: `${x}` as it is, `&{x}` with letters and digits alone."""
    plain = re.sub(r"[^A-Za-z0-9]", "", item)

    def text(value: str) -> str:
        return value.replace(f"${{{identifier}}}", item).replace(f"&{{{identifier}}}", plain)

    def copy(value: Any) -> Any:
        if isinstance(value, dict):
            if value == {"Ref": identifier}:
                return item
            return {text(str(key)): copy(part) for key, part in value.items()}
        if isinstance(value, list):
            return [copy(part) for part in value]
        return text(value) if isinstance(value, str) else value

    return copy(body)
