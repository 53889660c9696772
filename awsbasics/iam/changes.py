"""What a principal gains and loses between two sets of policies, in words.

Compared is what the policies say, not how it is written: statements for the same actions on the
same resources under the same conditions are equal, however they are split, ordered or named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from awsbasics.iam.compile import CompiledPolicy, compile_policy
from awsbasics.iam.layers import Document
from awsbasics.iam.policy import Condition
from awsbasics.iam.rule import Rule
from awsbasics.iam.vocabulary import LEVELS, Bits, Vocabulary, vocabulary

Direction = Literal["gains", "loses"]

_ACTIONS_SHOWN = 4
_RESOURCES_SHOWN = 3

Scope = tuple[str, frozenset[str], bool, frozenset[Condition], str]


@dataclass(frozen=True, slots=True)
class PermissionChange:
    """Actions that are gained or lost on the same resources, under the same conditions.

    `effect` is Allow or Deny: a Deny that is gained takes away. `resources` are the patterns,
    `except_resources` says that it is all but these. `levels` are the access levels of the
    actions, weightiest first; `conditions` are in words. `unread` names what could not be read.
    """

    direction: Direction
    effect: str
    actions: tuple[str, ...]
    levels: tuple[str, ...]
    resources: tuple[str, ...]
    except_resources: bool = False
    conditions: tuple[str, ...] = ()
    unread: str = ""

    def __str__(self) -> str:
        verb = self.direction if self.effect == "Allow" else f"{self.direction} a deny of"
        levels = f" ({', '.join(self.levels)})" if self.levels else ""
        where = _short(self.resources, _RESOURCES_SHOWN)
        place = f"all but {where}" if self.except_resources else where
        place = "every resource" if place == "*" else place
        only = f", if {' and '.join(self.conditions)}" if self.conditions else ""
        unsure = f" (not understood: {self.unread})" if self.unread else ""
        return f"{verb} {_short(self.actions, _ACTIONS_SHOWN)}{levels} on {place}{only}{unsure}"


def permission_changes(
    before: Document | Iterable[Document], after: Document | Iterable[Document]
) -> tuple[PermissionChange, ...]:
    """What is gained, then what is lost, from one set of policies to another; empty: the same.

    Policies are documents (mappings or JSON text) or compiled ones, one or several. Gains that
    another statement of the old set covers on every resource without condition are none.
    """
    old, new = _policies(before), _policies(after)
    words = vocabulary().extended(_patterns((*old, *new)))
    was, now = _scopes(old, words), _scopes(new, words)
    gained = _differences("gains", was, now, words)
    lost = _differences("loses", now, was, words)
    return (*gained, *lost)


def _policies(given: Document | Iterable[Document]) -> tuple[CompiledPolicy, ...]:
    if isinstance(given, str | Mapping | CompiledPolicy):
        return (compile_policy(given),)
    return tuple(compile_policy(each) for each in given)


def _patterns(policies: Iterable[CompiledPolicy]) -> Iterator[str]:
    for policy in policies:
        for rule in policy.rules:
            yield from (*rule.source.actions, *rule.source.not_actions)


def _scopes(policies: Iterable[CompiledPolicy], words: Vocabulary) -> Mapping[Scope, Bits]:
    """The row of actions for each effect, resource and condition."""
    found: dict[Scope, Bits] = defaultdict(words.nothing)
    for policy in policies:
        for rule in policy.rules:
            for scope in _scopes_of(rule):
                found[scope] |= _actions(rule, words)
        for index in policy.content.unreadable:
            unread = f"statement {index} of {policy.name or 'a policy'}"
            scope = ("Allow", frozenset({"*"}), False, frozenset[Condition](), unread)
            found[scope] |= words.everything
    return found


def _scopes_of(rule: Rule) -> Iterator[Scope]:
    """One scope for each resource, so that lists split differently are equal; `*` covers all."""
    source = rule.source
    conditions = frozenset(_normal(each) for each in source.conditions)
    unread = ", ".join(sorted(source.unreadable))
    effect = source.effect or "Allow"
    unread = unread if source.effect else unread or "Effect"
    if "NotResource" in source.elements:
        yield effect, frozenset(source.not_resources), True, conditions, unread
        return
    resources = source.resources or ("*",)
    everywhere = any(set(each) == {"*"} for each in resources)
    for resource in ("*",) if everywhere else resources:
        yield effect, frozenset({resource}), False, conditions, unread


def _normal(condition: Condition) -> Condition:
    values = tuple(sorted(set(condition.values)))
    operator, key = condition.operator.lower(), condition.key.lower()
    return Condition(operator, key, values, condition.unreadable)


def _actions(rule: Rule, words: Vocabulary) -> Bits:
    if rule.actions is None:
        return words.everything
    if "NotAction" in rule.source.elements:
        return words.everything & ~words.row(rule.source.not_actions)
    return words.row(rule.source.actions)


def _differences(
    direction: Direction,
    was: Mapping[Scope, Bits],
    now: Mapping[Scope, Bits],
    words: Vocabulary,
) -> Iterator[PermissionChange]:
    """Scopes of `now` that `was` does not cover; those with the same actions in one change."""
    together: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for scope, row in now.items():
        effect, resources, but, conditions, unread = scope
        new = row & ~_covered(scope, was, words)
        if new.any():
            key = (effect, but, conditions, unread, new.tobytes())
            together[key] += sorted(resources)
    for (effect, but, conditions, unread, row), patterns in together.items():
        actions, levels = _in_words(row, words)
        shown = tuple(sorted(_said(each) for each in conditions))
        places = tuple(sorted(patterns))
        yield PermissionChange(direction, effect, actions, levels, places, but, shown, unread)


def _covered(scope: Scope, by: Mapping[Scope, Bits], words: Vocabulary) -> Bits:
    """The actions that the other set has there: in the same scope, or everywhere."""
    effect = scope[0]
    everywhere: Scope = (effect, frozenset({"*"}), False, frozenset(), "")
    anywhere: Scope = (effect, frozenset({"*"}), False, scope[3], scope[4])
    covered = words.nothing()
    for each in {scope, everywhere, anywhere}:
        if each in by:
            covered |= by[each]
    return covered


def _in_words(row: bytes, words: Vocabulary) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Actions by name, whole services as `s3:*`, everything as `*`; and their levels."""
    import numpy as np

    bits = np.frombuffer(row, dtype=np.uint8)
    places = words.places(bits)
    found = [words.actions[place] for place in places]
    present = {level for action in found for level in action.levels}
    levels = tuple(level for level in LEVELS if level in present)
    if len(found) == len(words):
        return ("*",), levels
    totals, counts = words.sizes, defaultdict[str, int](int)
    for action in found:
        counts[action.name.partition(":")[0]] += 1
    whole = {service for service, count in counts.items() if count > 1 and count == totals[service]}
    names = {action.name for action in found if action.name.partition(":")[0] not in whole}
    return tuple(sorted(names | {f"{service}:*" for service in whole})), levels


def _said(condition: Condition) -> str:
    return f"{condition.operator} {condition.key} {' or '.join(condition.values)}"


def _short(texts: Sequence[str], most: int) -> str:
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")
