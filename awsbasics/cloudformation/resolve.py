"""A template with its parameters, conditions and functions worked out, as far as that goes.

What is not known stays a marked unknown (`awsbasics.cloudformation.values`): nothing is
guessed. Functions are those of
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from awsbasics.cloudformation.conditions import Conditions
from awsbasics.cloudformation.functions import FUNCTIONS
from awsbasics.cloudformation.loops import MACRO, unrolled
from awsbasics.cloudformation.parameters import Parameters
from awsbasics.cloudformation.references import Names
from awsbasics.cloudformation.values import NO_VALUE, Either, Open, open_text


@dataclass(frozen=True, kw_only=True)
class Context:
    """Where a stack lives, and what is known of it; all that is None stays open.

    `parameters` are values that were given; others are their defaults where `defaults` holds.
    `physical_ids` are by logical id, `exports` the values that other stacks export, by name.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    defaults: bool = True
    account_id: str | None = None
    region: str | None = None
    partition: str | None = None
    stack_name: str | None = None
    stack_id: str | None = None
    physical_ids: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template.

    `condition` says whether the stack makes it: None where that cannot be told.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    condition: bool | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stack:
    """A template worked out: its resources and outputs, and the parts that a macro would make."""

    resources: Mapping[str, Resource]
    outputs: Mapping[str, Any]
    unresolved: tuple[str, ...]


def resolve(template: Mapping[str, Any], context: Context | None = None) -> Stack:
    """Work out a template as `load_template` gives it; never raises for what is in it."""
    return Resolver(template, context or Context()).stack()


class Resolver:
    """Works out the values of one template."""

    def __init__(self, template: Mapping[str, Any], context: Context) -> None:
        self.context = context
        self.parameters = Parameters(section(template, "Parameters"), context)
        flat = unrolled(template, self.parameters.all())
        self.template, self.unresolved = flat.template, tuple(flat.unresolved)
        self.mappings = section(self.template, "Mappings")
        self.conditions = Conditions(section(self.template, "Conditions"), self)
        self.names = Names(section(self.template, "Resources"), self)

    def stack(self) -> Stack:
        """The template's resources and outputs."""
        bodies = section(self.template, "Resources")
        found = {name: self._resource(name, body) for name, body in bodies.items()}
        outputs = section(self.template, "Outputs")
        return Stack(
            resources={name: one for name, one in found.items() if one is not None},
            outputs={name: self.value(output) for name, output in outputs.items()},
            unresolved=self.unresolved,
        )

    def value(self, value: Any) -> Any:
        """A value with all functions in it worked out."""
        if isinstance(value, list):
            return self._list(value)
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name in FUNCTIONS:
                return FUNCTIONS[name](self, argument)
        worked_out = {str(key): self.value(part) for key, part in value.items() if key != MACRO}
        if MACRO in value:
            worked_out[MACRO] = open_text(MACRO)
        return {key: part for key, part in worked_out.items() if part is not NO_VALUE}

    def _list(self, value: list[Any]) -> list[Any]:
        items = [self.value(item) for item in value]
        return [item for item in items if item is not NO_VALUE]

    def _resource(self, logical_id: str, body: Any) -> Resource | None:
        if not isinstance(body, dict) or not isinstance(body.get("Type"), str):
            return None
        properties = self.value(body.get("Properties") or {})
        if isinstance(properties, Either | Open):
            properties = {MACRO: properties}
        name = body.get("Condition")
        return Resource(
            logical_id=logical_id,
            type=body["Type"],
            properties=properties if isinstance(properties, dict) else {},
            condition=self.conditions.of(name) if isinstance(name, str) else True,
            body=body,
        )


def section(template: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A section of a template; empty where it is missing or not a mapping."""
    found = template.get(name)
    return found if isinstance(found, dict) else {}
