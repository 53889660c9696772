"""YAML text as nodes with line numbers, in the small part of YAML that the file may use.

Every scalar is text: `no`, `012` and `2026-11-01` stay what they are. Anchors, aliases, tags,
second documents, duplicate keys and deep nesting are mistakes; nothing is constructed from
the text but strings, lists and dicts, and nothing it names is followed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import yaml

MAX_DEPTH = 8
MAX_MISTAKES = 100


@dataclass(frozen=True, slots=True)
class TextNode:
    """A scalar; empty where the file says nothing (`key:`)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence."""

    line: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping; `lines` has the line of each key."""

    line: int
    entries: Mapping[str, "Node"]
    lines: Mapping[str, int]


Node = TextNode | ListNode | MapNode


class Mistakes:
    """The mistakes found in a file, each `file:line: text`, in the order of lines."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[tuple[int, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def full(self) -> bool:
        """Whether there are so many that looking for more helps nobody."""
        return len(self._found) >= MAX_MISTAKES

    def add(self, line: int, text: str) -> None:
        """Note one mistake; those after the hundredth are dropped."""
        if not self.full:
            self._found.append((line, text))

    def lines(self) -> list[str]:
        """All of them, as a user sees them."""
        shown = [f"{self._file}:{line}: {text}" for line, text in sorted(self._found)]
        return [*shown, f"{self._file}: there may be more"] if self.full else shown


class _UnreadableError(Exception):
    """The text is not the YAML that is meant; line and reason."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


def read_nodes(text: str, mistakes: Mistakes) -> MapNode | None:
    """The mapping that a YAML text holds; None where it holds nothing or cannot be read."""
    try:
        node = _Builder(text, mistakes).document()
    except _UnreadableError as error:
        mistakes.add(error.line, error.reason)
        return None
    if node is None or (isinstance(node, TextNode) and not node.text):
        return None
    if not isinstance(node, MapNode):
        mistakes.add(node.line, "an engagement file is a mapping: `key: value` lines")
        return None
    return node


class _Builder:
    """Builds nodes from libyaml's events, which come one by one and are never expanded."""

    def __init__(self, text: str, mistakes: Mistakes) -> None:
        self._events = _events(text)
        self._mistakes = mistakes

    def document(self) -> Node | None:
        node: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if node is not None:
                    raise _UnreadableError(_line(event), "a second document: `---` begins one")
                node = self._node(event, 1)
        return node

    def _node(self, event: Any, depth: int) -> Node:
        line = _line(event)
        _refuse(event, line, depth)
        if isinstance(event, yaml.ScalarEvent):
            return TextNode(line, event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return ListNode(line, tuple(self._items(depth + 1)))
        return self._mapping(line, depth + 1)

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth)

    def _mapping(self, line: int, depth: int) -> MapNode:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth)
            value = self._node(next(self._events), depth)
            if not isinstance(key, TextNode):
                self._mistakes.add(key.line, "a key must be plain text")
            elif key.text in entries:
                first = lines[key.text]
                self._mistakes.add(key.line, f"duplicate key {shown(key.text)}, see line {first}")
            else:
                entries[key.text], lines[key.text] = value, key.line
        return MapNode(line, MappingProxyType(entries), MappingProxyType(lines))


def shown(text: str) -> str:
    """A piece of the file in a message: quoted, on one line, not too long."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _UnreadableError(line, f"not YAML: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        raise _UnreadableError(
            text.count("\n", 0, error.position) + 1, f"not YAML: {error.reason}"
        ) from None
    except yaml.YAMLError as error:
        raise _UnreadableError(1, f"not YAML: {error}") from None


def _refuse(event: Any, line: int, depth: int) -> None:
    if isinstance(event, yaml.AliasEvent):
        alias = shown(f"*{event.anchor}")
        raise _UnreadableError(line, f"aliases are not allowed: write {alias} out")
    if event.anchor is not None:
        anchor = shown(f"&{event.anchor}")
        raise _UnreadableError(line, f"anchors are not allowed: remove {anchor}")
    if event.tag is not None:
        raise _UnreadableError(line, f"tags are not allowed: remove {shown(event.tag)}")
    if depth > MAX_DEPTH:
        raise _UnreadableError(line, "nested too deeply for an engagement file")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
