"""Policy documents as normalised statements.

Source: the IAM user guide, "Grammar of the IAM JSON policy language". Where the grammar lets
one value stand for a list, a statement has a tuple. What is malformed never raises: it is
left out and named in `problems`, so that whoever judges a policy knows that it was not read
whole. Element names and effects are taken in any case, lest a statement be lost.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

_ELEMENTS = {
    name.casefold(): name
    for name in (
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    )
}
_DOCUMENT_ELEMENTS = {name.casefold(): name for name in ("Version", "Id", "Statement")}
_PRINCIPAL_KINDS = {
    name.casefold(): name for name in ("AWS", "Federated", "Service", "CanonicalUser")
}
_EFFECTS = {"allow": "Allow", "deny": "Deny"}


class Principal(NamedTuple):
    """One principal: `kind` is AWS, Federated, Service or CanonicalUser; `*` alone is AWS's."""

    kind: str
    id: str


class Condition(NamedTuple):
    """One line of a condition block; all lines must hold, any of the values suffices."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `index` is its place in the document, from 0.

    `effect` is `Allow`, `Deny` or, where it is malformed, empty. An element that the
    statement lacks is an empty tuple; `elements` tells it from an empty list (`NotAction: []`
    takes in every action). `problems` say what of it could not be read.
    """

    index: int
    sid: str = ""
    effect: str = ""
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    conditions: tuple[Condition, ...] = ()
    elements: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A document: its statements, and what of it as a whole could not be read."""

    statements: tuple[Statement, ...] = ()
    version: str = "2008-10-17"
    id: str = ""
    problems: tuple[str, ...] = ()

    @property
    def all_problems(self) -> tuple[str, ...]:
        """Those of the document and of its statements."""
        inner = (f"statement {s.index}: {text}" for s in self.statements for text in s.problems)
        return (*self.problems, *inner)


def parse_policy(document: object) -> Policy:
    """A policy from a mapping or JSON text; never raises, see `problems`.

    The version is IAM's default, 2008-10-17, where the document has none.
    """
    problems: list[str] = []
    content = _load(document, problems)
    if content is None:
        return Policy(problems=tuple(problems))
    elements = _named(content, _DOCUMENT_ELEMENTS, problems)
    version = _text(elements.get("Version", "2008-10-17"), "Version", problems)
    policy_id = _text(elements.get("Id", ""), "Id", problems)
    if "Statement" not in elements:
        problems.append("no Statement")
    found: list[Statement] = []
    for index, item in enumerate(_as_list(elements.get("Statement", []))):
        if isinstance(item, Mapping):
            found.append(_statement(index, item))
        else:
            problems.append(f"statement {index} is not an object")
    return Policy(tuple(found), version, policy_id, tuple(problems))


def statements(document: object) -> list[Statement]:
    """The statements of a policy; `parse_policy` also says what of the document is malformed."""
    return list(parse_policy(document).statements)


def _load(document: object, problems: list[str]) -> Mapping[str, Any] | None:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            problems.append("not JSON")
            return None
    if isinstance(document, Mapping):
        return document
    problems.append("not a policy document")
    return None


def _statement(index: int, item: Mapping[str, Any]) -> Statement:
    problems: list[str] = []
    elements = _named(item, _ELEMENTS, problems)
    _note_missing(elements, problems)

    def texts(name: str) -> tuple[str, ...]:
        return _texts(elements[name], name, problems) if name in elements else ()

    def principals(name: str) -> tuple[Principal, ...]:
        return _principals(elements[name], name, problems) if name in elements else ()

    return Statement(
        index=index,
        sid=_text(elements.get("Sid", ""), "Sid", problems),
        effect=_effect(elements.get("Effect"), problems),
        actions=texts("Action"),
        not_actions=texts("NotAction"),
        resources=texts("Resource"),
        not_resources=texts("NotResource"),
        principals=principals("Principal"),
        not_principals=principals("NotPrincipal"),
        conditions=_conditions(elements.get("Condition", {}), problems),
        elements=frozenset(elements),
        problems=tuple(problems),
    )


def _named(
    item: Mapping[Any, Any], known: Mapping[str, str], problems: list[str]
) -> dict[str, Any]:
    """The known elements by their proper names; of two that differ in case, the first."""
    found: dict[str, Any] = {}
    for key, value in item.items():
        name = known.get(str(key).casefold())
        if name is None:
            problems.append(f"unknown element {_shown(key)}")
        elif name in found:
            problems.append(f"{name} twice")
        else:
            found[name] = value
    return found


def _note_missing(elements: Mapping[str, Any], problems: list[str]) -> None:
    problems.extend(
        f"both {name} and Not{name}"
        for name in ("Action", "Resource", "Principal")
        if name in elements and f"Not{name}" in elements
    )
    if "Action" not in elements and "NotAction" not in elements:
        problems.append("no Action")


def _effect(value: object, problems: list[str]) -> str:
    effect = _EFFECTS.get(value.casefold(), "") if isinstance(value, str) else ""
    if not effect:
        problems.append("no Effect" if value is None else f"unknown Effect {_shown(value)}")
    return effect


def _principals(value: object, name: str, problems: list[str]) -> tuple[Principal, ...]:
    """Source: "AWS JSON policy elements: Principal"; `*` alone equals `{"AWS": "*"}`."""
    if value == "*":
        return (Principal("AWS", "*"),)
    if not isinstance(value, Mapping):
        problems.append(f"{name} is neither * nor an object")
        return ()
    kinds = _named(value, _PRINCIPAL_KINDS, problems)
    return tuple(
        Principal(kind, text)
        for kind, ids in kinds.items()
        for text in _texts(ids, f"{name}.{kind}", problems)
    )


def _conditions(block: object, problems: list[str]) -> tuple[Condition, ...]:
    if not isinstance(block, Mapping):
        problems.append("Condition is not an object")
        return ()
    found: list[Condition] = []
    for operator, keys in block.items():
        if not isinstance(keys, Mapping):
            problems.append(f"the condition {_shown(operator)} is not an object")
            continue
        for key, values in keys.items():
            texts = _texts(values, f"{_shown(operator)}.{_shown(key)}", problems)
            found.append(Condition(str(operator), str(key), texts))
    return tuple(found)


def _texts(value: object, name: str, problems: list[str]) -> tuple[str, ...]:
    """One value or a list of them as texts; booleans and numbers as JSON writes them."""
    found: list[str] = []
    for item in _as_list(value):
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, bool | int | float):
            found.append(json.dumps(item))
        else:
            problems.append(f"{name} holds something that is not text")
    return tuple(found)


def _text(value: object, name: str, problems: list[str]) -> str:
    if isinstance(value, str):
        return value
    problems.append(f"{name} is not text")
    return ""


def _as_list(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else text[:59] + "…")
