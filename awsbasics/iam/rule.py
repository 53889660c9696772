"""One statement, ready to be matched against requests.

Sources: the IAM user guide, "IAM JSON policy elements" (Action, NotAction, Resource,
NotResource, Condition). Actions are compared without case, resources with it. A part that could
not be read makes the answer unknown, never yes or no: an Allow that is not understood allows
nothing for certain, a Deny is not dropped.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from awsbasics.iam.conditions import AnyLine, compile_condition
from awsbasics.iam.context import Context
from awsbasics.iam.logic import Atom, Truth, all_of, any_of, negate
from awsbasics.iam.patterns import Matcher, Wild, any_of_many, beginning_of, matcher, tokens_of
from awsbasics.iam.policy import Statement
from awsbasics.iam.variables import Template, constant, fill, parse, variables_in

_LONGEST_REMEMBERED = 256
_PATTERNS_A_LINE = 10


@dataclass(frozen=True, slots=True)
class Names:
    """The patterns of an element: constant ones in `match`, those with variables apart.

    `weight` is how much a text may have to be tried on, in patterns.
    """

    match: Matcher
    templates: tuple[Template, ...] = ()
    weight: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A statement with its patterns and conditions compiled; `source` is what it says.

    `allows` and `denies` are both set where the effect could not be read. Patterns are None
    where the statement has neither the element nor its Not… twin, or both. `allows` and
    `denies` are both set where the effect is not understood. `names_principals` is which of
    Principal and NotPrincipal there is. `is_plain`: it has no principals, and its effect is
    understood; `is_unlimited`: it is about every resource, under no condition. `weight` is how
    much a decision has to try for it, roughly in patterns.
    """

    source: Statement
    policy: Hashable
    actions: Names | None
    resources: Names | None
    lines: tuple[AnyLine, ...]
    allows: bool
    denies: bool
    names_principals: frozenset[str]
    is_plain: bool
    is_unlimited: bool
    weight: int

    @property
    def is_conditional(self) -> bool:
        """Whether it has conditions, or parts that were not understood."""
        return bool(self.lines or self.source.unreadable)

    def doubt(self, element: str) -> Atom:
        """The unknown that stands for an element that was not understood."""
        text = f"the {element} of statement {self.source.index} (not understood) applies"
        return Atom(("statement", self.policy, self.source.index, element), text)

    def matches_action(self, action: str) -> Truth:
        """Whether it is about an action, given in small letters."""
        if self.actions is None:
            return self.doubt("Action")
        return self._element("Action", self.actions.match(action))

    def matches_resource(self, resource: str, context: Context) -> Truth:
        """Whether it is about a resource; True where the statement has no such element."""
        if self.resources is None:
            return self.doubt("Resource") if "Resource" in self.source.elements else True
        matches: Truth = self.resources.match(resource)
        if matches is True or not self.resources.templates:
            return self._element("Resource", matches)
        templates = self.resources.templates
        found = any_of(_matches(template, resource, context) for template in templates)
        return self._element("Resource", found)

    def matches_conditions(self, context: Context) -> Truth:
        """Whether all conditions hold."""
        unknown: list[Truth] = []
        for line in self.lines:
            holds = line.evaluate(context)
            if holds is False:
                return False
            if holds is not True:
                unknown.append(holds)
        if self.source.unreadable and self.source.unreadable - _READ_APART:
            unknown.append(self.doubt("Condition"))
        return all_of(unknown) if unknown else True

    def _element(self, name: str, matches: Truth) -> Truth:
        """The truth of an element or its Not… twin, which may hold more than could be read."""
        negated = f"Not{name}" in self.source.elements
        if (f"Not{name}" if negated else name) in self.source.unreadable:
            matches = any_of((matches, self.doubt(name)))
        return negate(matches) if negated else matches


# Elements whose own methods account for what of them was not read; of the others, and of
# elements that the language does not have, nobody knows what they ask for.
_READ_APART = frozenset(
    f"{prefix}{name}" for prefix in ("", "Not") for name in ("Action", "Resource", "Principal")
) | {"Sid"}


def compile_rule(
    statement: Statement, *, policy: Hashable, variables: bool, problems: list[str]
) -> Rule:
    """A statement, compiled; what is not understood is named in `problems`.

    `policy` tells the document's unknowns from those of others.
    """
    actions = resources = None
    if ("Action" in statement.elements) != ("NotAction" in statement.elements):
        patterns = statement.actions or statement.not_actions
        actions = _names([pattern.lower() for pattern in patterns], variables=False)
    if ("Resource" in statement.elements) != ("NotResource" in statement.elements):
        patterns = statement.resources or statement.not_resources
        resources = _names(patterns, variables=variables)
    lines = tuple(
        compile_condition(condition, variables=variables, problems=problems)
        for condition in statement.conditions
    )
    names_principals = statement.elements & {"Principal", "NotPrincipal"}
    return Rule(
        source=statement,
        policy=policy,
        actions=actions,
        resources=resources,
        lines=lines,
        allows=statement.effect != "Deny",
        denies=statement.effect != "Allow",
        names_principals=names_principals,
        is_plain=bool(statement.effect) and not names_principals,
        is_unlimited=resources is not None
        and "*" in statement.resources
        and not lines
        and not statement.unreadable,
        weight=_weight(statement, resources),
    )


def _weight(statement: Statement, resources: Names | None) -> int:
    """A statement and each of its conditions take as long as some ten patterns."""
    values = sum(len(condition.values) for condition in statement.conditions)
    lines = 1 + len(statement.conditions)
    return _PATTERNS_A_LINE * lines + values + (resources.weight if resources else 0)


def _names(patterns: Iterable[str], *, variables: bool) -> Names:
    """The patterns of an element; plain texts are looked up together, the others one by one."""
    plain: set[str] = set()
    matchers: list[tuple[str, Matcher]] = []
    templates: list[Template] = []
    for pattern in patterns:
        if "*" not in pattern and "?" not in pattern and "$" not in pattern:
            plain.add(pattern)
            continue
        if "$" not in pattern and len(pattern) <= _LONGEST_REMEMBERED:
            matchers.append(_wildcard(pattern))
            continue
        template = parse(pattern, variables=variables, wildcards=True)
        tokens = constant(template)
        if tokens is None:
            templates.append(template)
        elif any(isinstance(token, Wild) for token in tokens):
            matchers.append((beginning_of(tokens), matcher(tokens)))
        else:
            plain.add("".join(map(str, tokens)))
    weight = len(matchers) + _PATTERNS_A_LINE * len(templates)
    return Names(any_of_many(plain, matchers), tuple(templates), weight)


@lru_cache(maxsize=4096)
def _wildcard(pattern: str) -> tuple[str, Matcher]:
    """A pattern's beginning and matcher; policies of an organization repeat the same few."""
    tokens = tokens_of(pattern)
    return beginning_of(tokens), matcher(tokens)


def _matches(template: Template, resource: str, context: Context) -> Truth:
    """Whether a pattern with variables fits; where one is unknown, not if it can never fit."""
    filled = fill(template, context)
    if filled.tokens is None or not matcher(filled.tokens)(resource):
        return False
    if not filled.unknown:
        return True
    known = tuple((each.key, context.get(each.key)) for each in variables_in(template))
    keys = frozenset(each.shown for each in filled.unknown)
    text = f"the resource is that of ${{{', '.join(sorted(keys))}}}"
    return Atom(("resource", template, resource, known), text, keys)
