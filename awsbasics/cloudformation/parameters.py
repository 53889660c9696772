"""A template's parameters: what was given, else their defaults, else open."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.cloudformation.values import Either, Open, as_text, open_text

if TYPE_CHECKING:
    from awsbasics.cloudformation.resolve import Context

_SSM = "AWS::SSM::Parameter::"
_LISTS = ("List<", "CommaDelimitedList")


class Parameters:
    """Values of the parameters by name."""

    def __init__(self, declared: Mapping[str, Any], context: "Context") -> None:
        self._declared = {n: d if isinstance(d, dict) else {} for n, d in declared.items()}
        self._context = context

    def __contains__(self, name: object) -> bool:
        return name in self._declared

    def all(self) -> dict[str, Any]:
        """All parameters' values."""
        return {name: self.of(name) for name in self._declared}

    def of(self, name: str) -> Any:
        """A parameter's value: a text, a list of texts, or open.

        A parameter of `NoEcho` is always open. Where only allowed values are known, it is
        one of them.
        """
        declared = self._declared[name]
        kind = str(declared.get("Type", "String"))
        given = self._context.parameters.get(name)
        if is_true(declared.get("NoEcho")):
            return open_text(name)
        if given is not None:
            return _typed(given, kind)
        # The default of an SSM parameter type is the parameter's name, not its value.
        if kind.startswith(_SSM) or not self._context.defaults:
            return open_text(name)
        if declared.get("Default") is not None:
            return _typed(declared["Default"], kind)
        return _one_of(name, declared.get("AllowedValues"), kind)


def is_true(value: Any) -> bool:
    """Whether CloudFormation takes a value for true: booleans come as texts as well."""
    return as_text(value).lower() == "true"


def _one_of(name: str, allowed: Any, kind: str) -> Either | Open:
    if not isinstance(allowed, list) or not allowed:
        return open_text(name)
    return Either(name, tuple(_typed(value, kind) for value in allowed))


def _typed(value: Any, kind: str) -> Any:
    if isinstance(value, list):
        return [as_text(item) for item in value]
    if kind.startswith(_LISTS):
        return [item.strip() for item in as_text(value).split(",")]
    return as_text(value)
