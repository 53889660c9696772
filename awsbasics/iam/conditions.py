"""The lines of a condition block, ready to be tested against a request's context.

Sources: the IAM user guide, "IAM JSON policy elements: Condition operators" (what each does,
also when the key is missing), "Conditions with multiple context keys or values" (any value of
the policy suffices, none may match under a negated operator; all lines must hold) and
"Single-valued vs. multivalued context keys" (a key with several values requires a set operator),
"Variables and tags" (a variable without value is null: nothing equals it, so that a negated
operator holds). ForAnyValue asks each value that there is, so that …IfExists adds nothing to it:
AWS's answer to "ForAnyValue:StringEqualsIfExists behaving unexpectedly" on re:Post.

AWS does not say what becomes of several values without a set operator. No line holds then,
negated or not, of an Allow or a Deny: experiments with the policy simulator and with DynamoDB
("Verified against real AWS IAM", github.com/ExtendDB/extenddb, pull request 271, of 2026-08)
and with a session behind several services (github.com/boogy/iam-policy-validator, pull request
161) agree, as does cloud-copilot/iam-simulate. A Deny so written denies nothing: to take it for
unknown would hide that.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from awsbasics.iam.context import Context, Values
from awsbasics.iam.logic import Atom, Truth, all_of, any_of, negate
from awsbasics.iam.operators import READERS, Family, Operator, operator_of, typed_matcher
from awsbasics.iam.patterns import Matcher, Token, any_match, arn_matcher, matcher
from awsbasics.iam.policy import Condition
from awsbasics.iam.variables import Filled, Template, constant, fill, lowered, parse, variables_in

_BOOLEANS = frozenset({"true", "false"})
_EMPTY: Values = ("",)
_VALUES_SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One line: an operator on a key, with the policy's values compiled.

    `match` tells whether a value of the request matches any of the policy's constant values,
    `templates` are the values that hold variables, `constants` the former as they were (for
    who looks for values that match). `unreadable` says that some value was not understood, so
    that a request's value that matches none of the others may yet match.
    """

    source: Condition
    key: str
    operator: Operator
    match: Matcher
    constants: tuple[Any, ...] = ()
    templates: tuple[Template, ...] = ()
    unreadable: bool = False

    @property
    def is_null(self) -> bool:
        """Whether it asks only if the key is there."""
        return self.operator.family.name == "null"

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two lines the same question; the order of values does not."""
        known = frozenset(self.constants), frozenset(self.templates)
        return (self.source.operator.lower(), self.key, *known, self.unreadable)

    def __str__(self) -> str:
        return shown(self.source)

    def evaluate(self, context: Context) -> Truth:
        """Whether the line holds for a context."""
        values = context.get(self.key)
        if self.templates:
            return self._with_variables(values, context)
        if values is None:
            return self.unknown
        return self.settle(values)

    @cached_property
    def unknown(self) -> Atom:
        """The line as an unknown that the values of its key would settle."""
        return Atom(self.identity, str(self), frozenset({self.source.key}), self)

    def settle(self, values: Values) -> Truth:
        """Whether the line holds for the values of its key; none: the key is absent."""
        if len(values) == 1 and values != _EMPTY and not self.unreadable and not self.is_null:
            return self.match(values[0]) is not self.operator.negated
        return self._combined(values, self._one)

    def _with_variables(self, values: Values | None, context: Context) -> Truth:
        filled = [fill(template, context) for template in self.templates]
        if values is not None:
            settled = self._by_number(values)
            if settled is not None:
                return settled
            matchers = [self.match, *self._matchers(filled)]
            found = self._combined(values, lambda value: self._outcome(matchers, value))
            if not any(each.unknown for each in filled):
                return found
            if found is self.operator.negated:
                return found  # no match, not even with `*` where the variables stand
        keys = {variable.shown for each in filled for variable in each.unknown}
        if values is None:
            keys.add(self.source.key)
        known = tuple((v.key, context.get(v.key)) for t in self.templates for v in variables_in(t))
        return Atom((*self.identity, values, known), str(self), frozenset(keys))

    def _combined(self, values: Values, one: Callable[[str], Truth]) -> Truth:
        if self.is_null:
            return one("false" if values else "true")
        settled = self._by_number(values)
        if settled is not None:
            return settled
        if self.operator.quantifier == "any":
            return any_of(one(value) for value in values)
        return all_of(one(value) for value in values)

    def _by_number(self, values: Values) -> bool | None:
        """The answer where the number of values is enough to tell it."""
        operator = self.operator
        if operator.quantifier:
            return operator.quantifier == "all" if not values or values == _EMPTY else None
        if not values:
            return operator.if_exists or operator.negated
        return None if len(values) == 1 else False

    def _one(self, value: str) -> Truth:
        return self._outcome((self.match,), value)

    def _outcome(self, matchers: Iterable[Matcher], value: str) -> Truth:
        """Whether one value passes."""
        matches: Truth = any(match(value) for match in matchers)
        if self.unreadable and not matches:
            matches = Atom((*self.identity, value), f"({self}, for {value[:60]!r})")
        return negate(matches) if self.operator.negated else matches

    def _matchers(self, filled: Iterable[Filled]) -> list[Matcher]:
        patterns = (each.tokens for each in filled if each.tokens is not None)
        found = (_text_matcher(self.operator.family, tokens) for tokens in patterns)
        return [each for each in found if each is not None]


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line whose operator is not known: nobody can tell whether it holds."""

    source: Condition

    def evaluate(self, context: Context) -> Truth:  # noqa: ARG002 — what a line is asked
        """An unknown that no key settles."""
        text = f"({shown(self.source)}, which is not understood)"
        return Atom(("unreadable", self.source), text)


AnyLine = Line | UnreadableLine


def compile_condition(condition: Condition, *, variables: bool, problems: list[str]) -> AnyLine:
    """A line of a condition block, compiled; what is not understood is named in `problems`."""
    operator = operator_of(condition.operator)
    if operator is None:
        problems.append(f"unknown operator {condition.operator[:60]!r}")
        return UnreadableLine(condition)
    line = Line(
        source=condition,
        key=condition.key.lower(),
        operator=operator,
        match=_never,
        unreadable=condition.unreadable,
    )
    family = operator.family
    if family.name in READERS:
        return _typed(line, condition.values, problems)
    if family.name == "null":
        return _text_test(line, map(str.lower, condition.values), False, problems)
    return _text_test(line, condition.values, variables, problems)


def _typed(line: Line, values: Sequence[str], problems: list[str]) -> Line:
    family = line.operator.family
    read = READERS[family.name]
    wanted: list[Any] = []
    for value in values:
        found = read(value)
        if found is None:
            problems.append(_no_value(line, value))
        else:
            wanted.append(found)
    unreadable = line.unreadable or len(wanted) < len(values)
    match = typed_matcher(family, wanted)
    return replace(line, match=match, constants=tuple(wanted), unreadable=unreadable)


def _text_test(line: Line, values: Iterable[str], variables: bool, problems: list[str]) -> Line:
    family = line.operator.family
    constants: list[tuple[Token, ...]] = []
    templates: list[Template] = []
    unreadable = line.unreadable
    for value in values:
        template = parse(value, variables=variables, wildcards=family.wildcards)
        tokens = constant(template)
        if tokens is None:
            templates.append(template)
        elif _understood(family, tokens):
            constants.append(tokens)
        else:
            unreadable = True
            problems.append(_no_value(line, value))
    return replace(
        line,
        match=_constant_matcher(family, constants),
        constants=tuple(constants),
        templates=tuple(templates),
        unreadable=unreadable,
    )


def _understood(family: Family, tokens: tuple[Token, ...]) -> bool:
    if family.name == "arn":
        return arn_matcher(tokens) is not None
    if family.name in {"bool", "null"}:
        return len(tokens) == 1 and str(tokens[0]).lower() in _BOOLEANS
    return True


def _constant_matcher(family: Family, patterns: Iterable[tuple[Token, ...]]) -> Matcher:
    """One function for all values: plain texts are looked up together, patterns one by one."""
    plain: set[str] = set()
    matchers: list[Matcher] = []
    for tokens in patterns:
        if all(isinstance(token, str) for token in tokens) and family.name != "arn":
            text = "".join(str(token) for token in tokens)
            plain.add(text.lower() if family.ignores_case else text)
        else:
            found = _text_matcher(family, tokens)
            matchers += [found] if found else []
    if family.ignores_case:
        return lambda value: value.lower() in plain
    return any_match(plain, matchers)


def _text_matcher(family: Family, tokens: tuple[Token, ...]) -> Matcher | None:
    if family.name == "arn":
        return arn_matcher(tokens)
    if not family.ignores_case:
        return matcher(tokens)
    match = matcher(lowered(tokens))
    return lambda value: match(value.lower())


def _never(_value: str) -> bool:
    return False


def _no_value(line: Line, value: str) -> str:
    return f"{line.source.key[:60]!r}: {value[:60]!r} is no {line.operator.family.name} value"


def shown(condition: Condition) -> str:
    """A line for readers: its first values, and how many more there are."""
    values = " | ".join(value[:60] for value in condition.values[:_VALUES_SHOWN])
    more = len(condition.values) - _VALUES_SHOWN
    rest = f" | {more} more" if more > 0 else ""
    return f"{condition.operator} {condition.key} {values or '(no value)'}{rest}"
