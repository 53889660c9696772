"""Where in a template's text each part stands."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from awsbasics.cloudformation.load import SHORT_FORMS_WITHOUT_FN, TemplateLoader

Path = tuple[str | int, ...]


class Lines:
    """Lines of a template's parts, counted from 1, by their path in the long form."""

    def __init__(self, found: Mapping[Path, int]) -> None:
        self._found = found

    def of(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it that has one; 1 without any."""
        for length in range(len(path), 0, -1):
            line = self._found.get(path[:length])
            if line is not None:
                return line
        return 1


def lines_of(text: str) -> Lines:
    """The lines of a template that `load_template` has taken.

    JSON is read as YAML here, which it nearly always is; where it is not, lines are missing.
    """
    try:
        root = yaml.compose(text, Loader=TemplateLoader)
    except (yaml.YAMLError, ValueError):
        return Lines({})
    return Lines({} if root is None else dict(_walk(root)))


def _walk(root: yaml.Node) -> Iterator[tuple[Path, int]]:
    waiting: list[tuple[Path, yaml.Node, int]] = [((), root, root.start_mark.line)]
    while waiting:
        path, node, line = waiting.pop()
        yield path, line + 1
        inner = _long_form(path, node)
        if inner != path:
            yield inner, line + 1
        waiting.extend(_children(inner, node))


def _long_form(path: Path, node: yaml.Node) -> Path:
    tag: Any = node.tag
    if not isinstance(tag, str) or not tag.startswith("!") or tag == "!":
        return path
    name = tag[1:]
    return (*path, name if name in SHORT_FORMS_WITHOUT_FN else f"Fn::{name}")


def _children(path: Path, node: yaml.Node) -> Iterator[tuple[Path, yaml.Node, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, str(key.value)), value, key.start_mark.line
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield (*path, place), item, item.start_mark.line
