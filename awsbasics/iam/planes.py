"""What a policy says of every action at once: rows of bits, certain or not.

The rows are over all resources: `always` is what a policy allows on every resource without
condition, `widely` on every resource though perhaps under a condition, `somehow` anywhere at
all; `denied_always` and `denied_somehow` likewise. Conditions on the clock and on who asks are
settled first, so that an expired statement says nothing and an exemption exempts.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.conditions import Line
from awsbasics.iam.context import Context
from awsbasics.iam.logic import Truth
from awsbasics.iam.rule import Rule
from awsbasics.iam.solve import outcomes
from awsbasics.iam.variables import variables_in
from awsbasics.iam.vocabulary import Bits, Vocabulary

_POLICIES_REMEMBERED = 1024
_PERSONAL = ("aws:principal", "aws:username", "aws:userid")

_Actions = tuple[Bits | None, Bits | None]
Settled = tuple[bool | None, ...]
"""For each statement whether its conditions hold; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Planes:
    """Rows of one policy, or of several together."""

    always: Bits
    widely: Bits
    somehow: Bits
    denied_always: Bits
    denied_somehow: Bits

    def or_(self, other: "Planes") -> "Planes":
        """Policies of one layer together: what any of them says."""
        return Planes(
            self.always | other.always,
            self.widely | other.widely,
            self.somehow | other.somehow,
            self.denied_always | other.denied_always,
            self.denied_somehow | other.denied_somehow,
        )

    def and_(self, other: "Planes") -> "Planes":
        """Two layers: both must allow, either may deny."""
        return Planes(
            self.always & other.always,
            self.widely & other.widely,
            self.somehow & other.somehow,
            self.denied_always | other.denied_always,
            self.denied_somehow | other.denied_somehow,
        )

    @property
    def definite(self) -> Bits:
        """What is allowed on every resource, whatever the context."""
        return self.always & ~self.denied_somehow

    @property
    def broad(self) -> Bits:
        """What is allowed on every resource, perhaps under a condition."""
        return self.widely & ~self.denied_always

    @property
    def possible(self) -> Bits:
        """What may be allowed on some resource."""
        return self.somehow & ~self.denied_always


class PolicyPlanes:
    """The planes of policies, remembered for those used last."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.nothing = Planes(*(vocabulary.nothing() for _ in range(5)))
        everything = vocabulary.everything
        self.everything = replace(
            self.nothing, always=everything, widely=everything, somehow=everything
        )
        # What was not read may allow everything, or deny it.
        self.perhaps = replace(
            self.nothing, widely=everything, somehow=everything, denied_somehow=everything
        )
        self._known: OrderedDict[tuple[int, Settled], Planes] = OrderedDict()

    def of(self, policy: CompiledPolicy, settled: Settled) -> Planes:
        """The planes of a policy whose conditions are settled so."""
        key = (id(policy.content), settled)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._made(policy, settled)
            if len(self._known) > _POLICIES_REMEMBERED:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return found

    def _made(self, policy: CompiledPolicy, settled: Settled) -> Planes:
        vocabulary = self.vocabulary
        planes = Planes(*(vocabulary.nothing() for _ in range(5)))
        for rule, holds in zip(policy.rules, settled, strict=True):
            if holds is not False:
                actions = self._actions(rule, policy.content.is_large)
                self._add(planes, rule, actions, holds is True)
        if policy.content.unreadable:
            _join(planes.somehow, vocabulary.everything)
            _join(planes.denied_somehow, vocabulary.everything)
        return planes

    def _add(self, planes: Planes, rule: Rule, actions: _Actions, holds: bool) -> None:
        certain, perhaps = actions
        everywhere = rule.is_plain and is_on_everything(rule)
        if rule.allows:
            _join(planes.somehow, certain, perhaps)
            _join(planes.widely, certain if everywhere else None)
            _join(planes.always, certain if everywhere and holds else None)
        if rule.denies:
            _join(planes.denied_somehow, certain, perhaps)
            _join(planes.denied_always, certain if everywhere and holds else None)

    def _actions(self, rule: Rule, is_large: bool) -> _Actions:
        """The actions that a statement is about, and those that it may be about.

        Of a policy with too many of them only those are told that are about every action.
        """
        everything, source = self.vocabulary.everything, rule.source
        if rule.actions is None:
            return None, everything
        if is_large:
            return (everything if "*" in source.actions else None), everything
        negated = "NotAction" in source.elements
        lost = ("NotAction" if negated else "Action") in source.unreadable
        if negated:
            row = everything & ~self.vocabulary.row(source.not_actions)
            return (None, row) if lost else (row, None)
        row = self.vocabulary.row(source.actions)
        return row, everything if lost else None


def is_on_everything(rule: Rule) -> bool:
    """Whether a statement is about every resource."""
    source = rule.source
    if "Resource" in source.unreadable or "NotResource" in source.elements:
        return False
    return any(set(pattern) == {"*"} for pattern in source.resources)


def settle(rules: Iterable[Rule], context: Context) -> Settled:
    """Whether the conditions of each statement hold, as far as this context tells."""
    return tuple(_settled(rule.matches_conditions(context)) for rule in rules)


def _settled(truth: Truth) -> bool | None:
    """A truth, or what it can only become: no value of a key passes contradictory conditions."""
    if isinstance(truth, bool):
        return truth
    possible = outcomes(truth)
    return None if len(possible) > 1 else next(iter(possible))


def is_personal(rule: Rule) -> bool:
    """Whether its conditions or resources are about who asks."""
    return any(key.startswith(_PERSONAL) for key in keys_of(rule))


def asks_who(rule: Rule) -> bool:
    """Whether its conditions are about who asks, whatever its resources are."""
    return any(key.startswith(_PERSONAL) for key in condition_keys(rule))


def keys_of(rule: Rule) -> frozenset[str]:
    """The condition keys that a statement asks about, in small letters."""
    if not rule.lines and (rule.resources is None or not rule.resources.templates):
        return frozenset()
    templates = rule.resources.templates if rule.resources else ()
    return condition_keys(rule) | {each.key for t in templates for each in variables_in(t)}


def condition_keys(rule: Rule) -> frozenset[str]:
    """Those of them that its conditions ask about, its resources left out."""
    lines = [line for line in rule.lines if isinstance(line, Line)]
    templates = [template for line in lines for template in line.templates]
    keys = {line.key for line in lines}
    return frozenset(keys | {each.key for t in templates for each in variables_in(t)})


def context_values(*parts: Mapping[str, Any]) -> Context:
    """A context in which what is not given is not known; None says that a key is absent."""
    values: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for key, value in part.items():
            values[key.lower()] = (value,) if isinstance(value, str) else tuple(value or ())
    return Context(values)


def _join(row: Bits, *others: Bits | None) -> None:
    for other in others:
        if other is not None:
            row |= other
