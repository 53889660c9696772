"""Small edits of YAML text that leave every other character as it is.

A round trip through a YAML library would indent, wrap and quote anew what a person has written,
and take the comment above the next section for the end of the one before. Here the text is
only read for where things stand, and the new part is put in its place.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

Scalar = str | date
Value = Scalar | Mapping[str, "Value"] | tuple["Value", ...]
Path = tuple[str | int, ...]

ONE_LINE = 80
_WIDTH = 10_000_000
# What every reader takes for a word; the rest is quoted, and what YAML calls true or null too.
_WORDS = re.compile(r"[A-Za-z](?:[A-Za-z0-9_ .-]*[A-Za-z0-9_])?")


class NotEditableError(Exception):
    """The text has something else in the place where the edit belongs."""


def put(text: str, path: Path, value: Value) -> str:
    """The text with a value at a path of keys and positions; what is missing on the way is made.

    A mapping is merged into one that is there; a position after the last appends to a list.
    Raises NotEditableError where the path leads through a value of another kind, and
    UnicodeEncodeError for half a character (a lone surrogate).
    """
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    if _is_nothing(node):
        return _append(text, _wrapped(path, value))
    column, in_flow = 0, False
    for depth, step in enumerate(path):
        in_flow = in_flow or bool(getattr(node, "flow_style", False))
        child = _child(node, step)
        if child is None:
            return _add(text, node, step, _wrapped(path[depth + 1 :], value), in_flow=in_flow)
        if _is_nothing(child):
            rest = _wrapped(path[depth + 1 :], value)
            return _fill(text, child, rest, node.start_mark.column, in_flow=in_flow)
        column, node = node.start_mark.column, child
    if isinstance(value, Mapping) and isinstance(node, yaml.MappingNode):
        for key, part in value.items():
            text = put(text, (*path, key), part)
        return text
    if not isinstance(node, yaml.ScalarNode):
        raise NotEditableError
    return _fill(text, node, value, column, in_flow=in_flow)


def _is_nothing(node: Any) -> bool:
    return node is None or (isinstance(node, yaml.ScalarNode) and not node.value)


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        return next((child for key, child in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    raise NotEditableError


def _wrapped(path: Path, value: Value) -> Value:
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else (value,)
    return value


def _append(text: str, value: Value) -> str:
    """A text that holds nothing but comments, with a value at its end."""
    return _with_lines(text, len(text), _lines(value, 0))


def _add(text: str, node: Any, step: str | int, value: Value, *, in_flow: bool) -> str:
    """A new entry after the last one of a collection."""
    entry: Value = {step: value} if isinstance(step, str) else (value,)
    if not in_flow:
        return _with_lines(text, _end(text, node), _lines(entry, node.start_mark.column))
    inner = _inline(entry)[1:-1]
    if not node.value:
        at = node.start_mark.index + 1
        return f"{text[:at]}{inner}{text[at:]}"
    at = _end(text, _last(node))
    return f"{text[:at]}, {inner}{text[at:]}"


def _fill(text: str, node: Any, value: Value, column: int, *, in_flow: bool) -> str:
    """A value in the place of a scalar, which may be empty; `column` is that of its key."""
    start, end = node.start_mark.index, node.end_mark.index
    if not (in_flow or _fits_one_line(value)):
        deeper = column + 2
        return _with_lines(text[:start] + text[end:], start, _lines(value, deeper))
    old = text[start:end]
    space = " " if text[start - 1 : start] == ":" else ""
    after = old[len(old.rstrip()) :]  # blank lines, which a block scalar ends in
    return f"{text[:start]}{space}{_inline(value)}{after}{text[end:]}"


def _last(node: Any) -> Any:
    last = node.value[-1]
    return last[1] if isinstance(last, tuple) else last


def _end(text: str, node: Any) -> int:
    """Where a value ends, without the comments and blank lines that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style:
        node = _last(node)
    end = int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        line = text.rfind("\n", 0, end) + 1
        return end if text[line:end].strip() else line
    return end


def _with_lines(text: str, at: int, lines: list[str]) -> str:
    """The text with lines put in after the line in which a position lies."""
    newline = "\r\n" if "\r\n" in text else "\n"
    block = newline.join(lines)
    if at == 0 or text[at - 1] == "\n":
        return f"{text[:at]}{block}{newline}{text[at:]}"
    at = text.find("\n", at)
    if at < 0:
        return f"{text}{newline}{block}{newline}"
    return f"{text[: at + 1]}{block}{newline}{text[at + 1 :]}"


def _lines(value: Value, column: int) -> list[str]:
    """A mapping or a list as lines that begin at a column."""
    return [" " * column + line for line in _block(value)]


def _block(value: Value) -> list[str]:
    lines: list[str] = []
    if isinstance(value, Mapping):
        for key, part in value.items():
            if _fits_one_line(part):
                lines.append(f"{_inline(key)}: {_inline(part)}")
            else:
                lines += [f"{_inline(key)}:", *(f"  {line}" for line in _block(part))]
    elif isinstance(value, tuple):
        for item in value:
            first, *rest = [_inline(item)] if _fits_one_line(item) else _block(item)
            lines += [f"- {first}", *(f"  {line}" for line in rest)]
    return lines


def _fits_one_line(value: Value) -> bool:
    """Whether it is written on one line: a scalar, or a short mapping of scalars."""
    if isinstance(value, Mapping):
        return all(isinstance(part, Scalar) for part in value.values()) and (
            len(_inline(value)) <= ONE_LINE
        )
    return isinstance(value, Scalar)


def _inline(value: Value) -> str:
    if isinstance(value, Mapping):
        parts = (f"{_inline(key)}: {_inline(part)}" for key, part in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_inline, value))}]"
    return _scalar(value)


def _scalar(value: Scalar) -> str:
    """A scalar that reads the same within brackets and without, by every reader of YAML."""
    if isinstance(value, str):
        value.encode()  # half a character is no text in any file
    plain = isinstance(value, date) or _WORDS.fullmatch(value)
    dumped = yaml.safe_dump(
        [value],
        default_style=None if plain else '"',
        default_flow_style=True,
        allow_unicode=True,
        width=_WIDTH,
    )
    return dumped.strip()[1:-1]
