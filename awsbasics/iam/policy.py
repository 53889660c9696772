"""Policy documents as normalised statements.

Source: the IAM user guide, "Grammar of the IAM JSON policy language". Where the grammar lets
one value stand for a list, a statement has a tuple. What is malformed never raises: it is
left out and named in `problems`, so that whoever judges a policy knows that it was not read
whole. Element names and effects are taken in any case, lest a statement be lost.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from awsbasics.iam.patterns import ARN_PARTS

_T = TypeVar("_T")

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
_VARIABLE = re.compile(r"\$\{[^{}]*\}")
_EFFECTS = {"allow": "Allow", "deny": "Deny"}


class Principal(NamedTuple):
    """One principal: `kind` is AWS, Federated, Service or CanonicalUser; `*` alone is AWS's."""

    kind: str
    id: str


class Condition(NamedTuple):
    """One line of a condition block; all lines must hold, any of the values suffices.

    `unreadable` says that there was a value that is no text and is missing from `values`.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `index` is its place in the document, from 0.

    `effect` is `Allow`, `Deny` or, where it is malformed, empty. An element that the
    statement lacks is an empty tuple; `elements` tells it from an empty list (`NotAction: []`
    takes in every action). `problems` say what of it could not be read, `unreadable` names the
    elements that are not known whole; where it is set, the statement may say more than is here.
    Resources are whole ARNs or `*`: AWS completes what is not.
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
    unreadable: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A document: its statements, and what of it as a whole could not be read.

    `unreadable` holds the places of statements that are no objects, and -1 where the document
    itself is not one: what they allow or deny is not known.
    """

    statements: tuple[Statement, ...] = ()
    version: str = "2008-10-17"
    id: str = ""
    problems: tuple[str, ...] = ()
    unreadable: tuple[int, ...] = ()

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
        return Policy(problems=tuple(problems), unreadable=(-1,))
    elements = _named(content, _DOCUMENT_ELEMENTS, problems)
    version = _text(elements.get("Version", "2008-10-17"), "Version", problems)
    policy_id = _text(elements.get("Id", ""), "Id", problems)
    if "Statement" not in elements:
        problems.append("no Statement")
    found: list[Statement] = []
    unreadable: list[int] = []
    for index, item in enumerate(_as_list(elements.get("Statement", []))):
        if isinstance(item, Mapping):
            found.append(_statement(index, item))
        else:
            problems.append(f"statement {index} is not an object")
            unreadable.append(index)
    return Policy(tuple(found), version, policy_id, tuple(problems), tuple(unreadable))


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


def _statement(index: int, item: Mapping[Any, Any]) -> Statement:
    problems: list[str] = []
    unreadable: set[str] = set()
    elements = _named(item, _ELEMENTS, problems, unreadable)
    _note_missing(elements, problems)

    def read(name: str, reader: Callable[..., tuple[_T, ...]]) -> tuple[_T, ...]:
        known = len(problems)
        values = reader(elements[name], name, problems) if name in elements else ()
        if len(problems) > known:
            unreadable.add(name)
        return values

    conditions, lost = _conditions(elements.get("Condition", {}), problems)
    if lost:
        unreadable.add("Condition")
    return Statement(
        index=index,
        sid=_text(elements.get("Sid", ""), "Sid", problems),
        effect=_effect(elements.get("Effect"), problems),
        actions=read("Action", _names),
        not_actions=read("NotAction", _names),
        resources=read("Resource", _resources),
        not_resources=read("NotResource", _resources),
        principals=read("Principal", _principals),
        not_principals=read("NotPrincipal", _principals),
        conditions=conditions,
        elements=frozenset(elements),
        unreadable=frozenset(unreadable),
        problems=tuple(problems),
    )


def _named(
    item: Mapping[Any, Any],
    known: Mapping[str, str],
    problems: list[str],
    unreadable: set[str] | None = None,
) -> dict[str, Any]:
    """The known elements by their proper names; of two that differ in case, the first.

    What is left out is named in `problems`, and in `unreadable` where that is given.
    """
    found: dict[str, Any] = {}
    for key, value in item.items():
        name = known.get(str(key).casefold())
        if name is not None and name not in found:
            found[name] = value
            continue
        problems.append(f"{name} twice" if name else f"unknown element {_shown(key)}")
        if unreadable is not None:
            unreadable.add(name or str(key))
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


def _conditions(block: object, problems: list[str]) -> tuple[tuple[Condition, ...], bool]:
    """The lines of a condition block, and whether any was lost because it is no object."""
    if not isinstance(block, Mapping):
        problems.append("Condition is not an object")
        return (), True
    found: list[Condition] = []
    lost = False
    for operator, keys in block.items():
        if not isinstance(keys, Mapping):
            problems.append(f"the condition {_shown(operator)} is not an object")
            lost = True
            continue
        for key, values in keys.items():
            known = len(problems)
            texts = _texts(values, f"{_shown(operator)}.{_shown(key)}", problems)
            found.append(Condition(str(operator), str(key), texts, len(problems) > known))
    return tuple(found), lost


def _resources(value: object, name: str, problems: list[str]) -> tuple[str, ...]:
    return tuple(map(_whole_arn, _names(value, name, problems)))


def _names(value: object, name: str, problems: list[str]) -> tuple[str, ...]:
    """The names among one value or a list of them; a number or boolean is none."""
    items = tuple(_as_list(value))
    found = tuple(item for item in items if isinstance(item, str))
    if len(found) < len(items):
        problems.append(f"{name} holds something that is not text")
    return found


def _whole_arn(text: str) -> str:
    """A resource with `*` for each part that its ARN lacks; anything else as it is.

    Source: the IAM user guide, "Identify AWS resources with Amazon Resource Names (ARNs)": AWS
    completes an incomplete ARN, `arn:aws:sqs` means `arn:aws:sqs:*:*:*`.
    """
    if not text.startswith("arn:"):
        return text
    colons = _VARIABLE.sub("", text).count(":")
    return text + ":*" * max(0, ARN_PARTS - 1 - colons)


def _texts(value: object, name: str, problems: list[str]) -> tuple[str, ...]:
    """One value or a list of them as texts; booleans and numbers as JSON writes them."""
    found: list[str] = []
    for item in _as_list(value):
        text = _as_text(item)
        if text is None:
            problems.append(f"{name} holds something that is not text")
        else:
            found.append(text)
    return tuple(found)


def _as_text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, bool | int | float):
        return None
    try:
        return json.dumps(value)
    except ValueError:  # an integer of more digits than Python is willing to write
        return None


def _text(value: object, name: str, problems: list[str]) -> str:
    if isinstance(value, str):
        return value
    problems.append(f"{name} is not text")
    return ""


def _as_list(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _shown(value: object) -> str:
    try:
        text = str(value)
    except (RecursionError, ValueError):  # nested too deeply, a number of too many digits
        text = "…"
    return repr(text if len(text) <= 60 else text[:59] + "…")
