"""A template's text as data: JSON or YAML, with YAML's short forms in their long form.

`!Ref x` becomes `{"Ref": "x"}`, `!GetAtt a.b` becomes `{"Fn::GetAtt": ["a", "b"]}`, so that
what reads a template knows one form. Dates, times, decimals and numbers with leading
zeros (versions, account ids) stay text. Aliases and merges are refused, as CloudFormation
does, and duplicate keys, which would hide one of two values
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html).
"""

import json
import re
from collections.abc import Hashable
from typing import Any

import yaml

from awsbasics.errors import TemplateError

MAX_CHARACTERS = 5_000_000  # CloudFormation takes 1 MB; transforms make it grow
MAX_DEPTH = 100

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)$")
SHORT_FORMS_WITHOUT_FN = frozenset({"Ref", "Condition"})
_KEPT_AS_TEXT = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("timestamp", "int", "float"))


def load_template(text: str) -> dict[str, Any]:
    """A template as a dict. Raises TemplateError, with the line where there is one."""
    if len(text) > MAX_CHARACTERS:
        raise TemplateError(f"the template has over {MAX_CHARACTERS} characters; split it")
    try:
        template = _from_json(text) if text.lstrip().startswith("{") else _from_yaml(text)
    except RecursionError as error:
        raise TemplateError("the template is nested too deeply; flatten it") from error
    if not isinstance(template, dict):
        raise TemplateError("this is no template: its outermost part must be a mapping")
    return template


def _from_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        try:  # a YAML template may begin with a brace, too
            return _from_yaml(text)
        except TemplateError:
            raise TemplateError(f"line {error.lineno}: {error.msg}") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise TemplateError(f"the key {twice!r} occurs twice in one mapping; keep one")
    return mapping


def _refuse(constant: str) -> Any:
    raise TemplateError(f"{constant} is no JSON; write a number")


def _from_yaml(text: str) -> Any:
    try:
        _refuse_what_is_not_a_tree(text)
        return yaml.load(text, Loader=TemplateLoader)  # noqa: S506  (a safe loader's subclass)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"line {mark.line + 1}: " if mark else ""
        raise TemplateError(f"{line}{error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise TemplateError(" ".join(str(error).split())) from error


def _refuse_what_is_not_a_tree(text: str) -> None:
    """Raise for aliases, and for depths that would overflow libyaml's stack, which kills Python."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _mistake("aliases are not supported in templates", event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _mistake("the template is nested too deeply; flatten it", event)


def _mistake(text: str, where: yaml.Event | yaml.Node) -> yaml.MarkedYAMLError:
    mark: Any = where.start_mark
    return yaml.MarkedYAMLError(problem=text, problem_mark=mark)


class TemplateLoader(yaml.CSafeLoader):
    """libyaml's safe loader, as strict as CloudFormation and with its short forms."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping whose keys are text; a key that comes twice is refused."""
        mapping: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
                raise _mistake("a key must be text, and merges are not supported", key_node)
            if key_node.value in mapping:
                raise _mistake(f"the key {key_node.value!r} occurs twice; keep one", key_node)
            mapping[key_node.value] = self.construct_object(value_node, deep=deep)
        return mapping


def _short_form(loader: TemplateLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in SHORT_FORMS_WITHOUT_FN else f"Fn::{suffix}"
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if name == "Fn::GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name: value}


def _mapping(loader: TemplateLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    return loader.construct_mapping(node, deep=True)


def _sequence(loader: TemplateLoader, node: yaml.SequenceNode) -> list[Any]:
    return loader.construct_sequence(node, deep=True)


TemplateLoader.add_multi_constructor("!", _short_form)
TemplateLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
TemplateLoader.add_constructor("tag:yaml.org,2002:seq", _sequence)
TemplateLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _KEPT_AS_TEXT]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
TemplateLoader.add_implicit_resolver("tag:yaml.org,2002:int", _INTEGER, list("-+0123456789"))
