"""Parsers for the values of an engagement file: from a node to a value, or a mistake.

A parser takes a node and the list of mistakes and returns a value, or `INVALID` once it has
noted what is wrong; the parsers for sections, lists and tables are built of others. What the
file leaves empty counts as not given.
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from ipaddress import ip_network
from types import MappingProxyType
from typing import Any, Final

from awsbasics.engagement.nodes import ListNode, MapNode, Mistakes, Node, TextNode, shown
from awsbasics.patterns import PatternError, compile_pattern, placeholders

INVALID: Final = object()
MOST_LISTED = 12
Parser = Callable[[Node, Mistakes], Any]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_LOGO = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]*\.(png|svg|jpe?g)")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")


def is_empty(node: Node) -> bool:
    """Whether the file says nothing here: `key:` alone, `key: ""`, or a mapping of such keys."""
    if isinstance(node, MapNode):
        return bool(node.entries) and all(map(is_empty, node.entries.values()))
    return isinstance(node, TextNode) and not node.text


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """What to say of an unknown name: the nearest known one, or nothing."""
    by_folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(name[:80].casefold(), by_folded, n=1)
    return f"; did you mean {shown(by_folded[near[0]])}?" if near else ""


def text(node: Node, mistakes: Mistakes) -> Any:
    """Any text."""
    if isinstance(node, TextNode):
        return node.text
    mistakes.add(node.line, "this should be plain text")
    return INVALID


def checked(test: Callable[[str], bool], wanted: str) -> Parser:
    """Text that passes a test; `wanted` says in words what that is."""

    def parse(node: Node, mistakes: Mistakes) -> Any:
        value = text(node, mistakes)
        if value is INVALID or test(value):
            return value
        mistakes.add(node.line, f"{shown(value)} is not {wanted}")
        return INVALID

    return parse


def one_of(words: Collection[str], what: str) -> Parser:
    """One of a few words."""

    def parse(node: Node, mistakes: Mistakes) -> Any:
        value = text(node, mistakes)
        if value is INVALID or value in words:
            return value
        some = f"; there are {', '.join(words)}" if len(words) <= MOST_LISTED else ""
        hint = did_you_mean(value, words) or some
        mistakes.add(node.line, f"unknown {what} {shown(value)}{hint}")
        return INVALID

    return parse


def day(node: Node, mistakes: Mistakes) -> Any:
    """A date, yyyy-mm-dd."""
    value = text(node, mistakes)
    if value is INVALID:
        return INVALID
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    mistakes.add(node.line, f"{shown(value)} is not a date (yyyy-mm-dd)")
    return INVALID


def positive_number(node: Node, mistakes: Mistakes) -> Any:
    """A number over zero; an int where it is whole."""
    value = text(node, mistakes)
    if value is INVALID:
        return INVALID
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) and float(value) > 0:
        number = float(value)
        return int(number) if number.is_integer() else number
    mistakes.add(node.line, f"{shown(value)} is not a positive number")
    return INVALID


def name_pattern(allowed: tuple[str, ...], required: str) -> Parser:
    """A pattern with placeholders, of which one must be there."""

    def parse(node: Node, mistakes: Mistakes) -> Any:
        value = text(node, mistakes)
        if value is INVALID:
            return INVALID
        try:
            compile_pattern(value, allowed=allowed)
        except PatternError as error:
            unknown = sorted(placeholders(value) - set(allowed))
            hint = did_you_mean(unknown[0], allowed) if unknown else ""
            mistakes.add(node.line, f"the pattern {shown(value)} {error}{hint}")
            return INVALID
        if required not in placeholders(value):
            mistakes.add(node.line, f"the pattern {shown(value)} lacks {{{required}}}")
            return INVALID
        return value

    return parse


def list_of(parse_item: Parser) -> Parser:
    """A tuple, from a list or from one item alone."""

    def parse(node: Node, mistakes: Mistakes) -> Any:
        items = node.items if isinstance(node, ListNode) else (node,)
        values = [_item(parse_item, item, mistakes) for item in items]
        return INVALID if any(value is INVALID for value in values) else tuple(values)

    return parse


def all_or(parse_list: Parser) -> Parser:
    """None for the word `all`, else what another parser makes of it."""

    def parse(node: Node, mistakes: Mistakes) -> Any:
        if isinstance(node, TextNode) and node.text == "all":
            return None
        return parse_list(node, mistakes)

    return parse


def table(
    parse_value: Callable[[str], Parser],
    check_key: Callable[[str], str | None],
    defaults: Mapping[str, Any] = MappingProxyType({}),
) -> Parser:
    """A read-only mapping, over the defaults; `check_key` says what is wrong with a key."""

    def parse(node: Node, mistakes: Mistakes) -> Any:
        if not isinstance(node, MapNode):
            mistakes.add(node.line, "this should be a mapping: `key: value` lines")
            return INVALID
        values = dict(defaults)
        for key, value_node in node.entries.items():
            wrong = None if mistakes.full else check_key(key)
            if wrong:
                mistakes.add(node.lines[key], wrong)
            elif not is_empty(value_node):
                values[key] = parse_value(key)(value_node, mistakes)
        return MappingProxyType(values)

    return parse


def section(
    build: Callable[..., Any],
    parsers: Mapping[str, Parser],
    required: tuple[str, ...] = (),
    check: Callable[[Mapping[str, Any]], str | None] | None = None,
    *,
    with_line: bool = False,
) -> Parser:
    """A dataclass of known keys; `check` says what is wrong with them together.

    It sees the values of the keys that are given, `INVALID` where one is wrong by itself.
    """

    def parse(node: Node, mistakes: Mistakes) -> Any:
        if not isinstance(node, MapNode):
            mistakes.add(node.line, f"this should be a mapping with {', '.join(parsers)}")
            return INVALID
        _note_unknown_keys(node, parsers, mistakes)
        given = {key: each for key, each in node.entries.items() if not is_empty(each)}
        values = {key: parsers[key](given[key], mistakes) for key in parsers if key in given}
        missing = [key for key in required if key not in values]
        if missing:
            mistakes.add(node.line, f"missing: {', '.join(missing)}")
        wrong = check(values) if check else None
        if wrong:
            mistakes.add(node.line, wrong)
        if missing or wrong or any(value is INVALID for value in values.values()):
            return INVALID
        return build(**values, **({"line": node.line} if with_line else {}))

    return parse


def _item(parse_item: Parser, node: Node, mistakes: Mistakes) -> Any:
    if not is_empty(node):
        return parse_item(node, mistakes)
    mistakes.add(node.line, "an empty item")
    return INVALID


def _note_unknown_keys(node: MapNode, known: Collection[str], mistakes: Mistakes) -> None:
    for key, line in node.lines.items():
        if key not in known and not mistakes.full:
            hint = did_you_mean(key, known)
            mistakes.add(line, f"unknown key {shown(key)}{hint}")


def _is_network(value: str) -> bool:
    """Whether a text is a range; a half of all addresses or more is nobody's range."""
    try:
        return ip_network(value).prefixlen > 1 and "/" in value
    except ValueError:
        return False


account_id = checked(
    lambda value: _ACCOUNT_ID.fullmatch(value) is not None, "an account id (12 digits)"
)
region = checked(lambda value: _REGION.fullmatch(value) is not None, "a region's name")
network = checked(_is_network, "an address range such as 198.51.100.0/24")
color = checked(lambda value: _COLOR.fullmatch(value) is not None, "a colour such as #0b5fff")
logo = checked(
    lambda value: _LOGO.fullmatch(value) is not None,
    "the name of a PNG, SVG or JPEG file beside the engagement file",
)


def is_word(value: str) -> bool:
    """Whether a text can be a word in names: letters, digits, dots, dashes, underscores."""
    return _WORD.fullmatch(value) is not None
