"""A template's conditions: true, false, or None where that cannot be told."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.cloudformation.values import Either, Open, as_text, is_known

if TYPE_CHECKING:
    from awsbasics.cloudformation.resolve import Resolver


class Conditions:
    """The conditions of one template, by name."""

    def __init__(self, declared: Mapping[str, Any], resolver: "Resolver") -> None:
        self._declared = declared
        self._resolver = resolver
        self._known: dict[str, bool | None] = {}

    def of(self, name: str) -> bool | None:
        """Whether a condition holds; None for one that is not declared, or refers to itself."""
        if name not in self._known:
            self._known[name] = None
            self._known[name] = self.holds(self._declared.get(name))
        return self._known[name]

    def holds(self, value: Any) -> bool | None:
        """Whether a condition's expression holds."""
        match value:
            case {"Condition": str(name), **rest} if not rest:
                return self.of(name)
            case {"Fn::Equals": [left, right]}:
                return _equal(self._resolver.value(left), self._resolver.value(right))
            case {"Fn::Not": [part]}:
                return _not(self.holds(part))
            case {"Fn::And": list(parts)}:
                return _all([self.holds(part) for part in parts])
            case {"Fn::Or": list(parts)}:
                return _not(_all([_not(self.holds(part)) for part in parts]))
        return None


def _not(holds: bool | None) -> bool | None:
    return None if holds is None else not holds


def _all(parts: list[bool | None]) -> bool | None:
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def _equal(left: Any, right: Any) -> bool | None:
    """Whether two sides are equal, which CloudFormation compares as texts."""
    if is_known(left) and is_known(right):
        return bool(_plain(left) == _plain(right))
    for open_side, other in ((left, right), (right, left)):
        if isinstance(open_side, Open) and isinstance(other, str) and not open_side.fits(other):
            return False
        if isinstance(open_side, Either):
            answers: list[bool | None] = [_equal(option, other) for option in open_side.options]
            return answers[0] if len(set(answers)) == 1 else None
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return as_text(value)
