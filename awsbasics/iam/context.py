"""The context of a request: condition keys with their values, or the word that a key is absent.

Source: the IAM user guide, "AWS global condition context keys" (key names have no case, also
those that end in a tag's key).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Values = tuple[str, ...]
ABSENT: Values = ()


@dataclass(frozen=True, slots=True)
class Context:
    """Condition keys, by their names in small letters.

    `values` has an empty tuple for a key that is known to be absent. A key that it lacks is
    not known, or, where `complete`, absent too.
    """

    values: Mapping[str, Values]
    complete: bool = False

    def get(self, key: str) -> Values | None:
        """The values of a key in small letters, none if it is absent; None: not known."""
        return self.values.get(key, ABSENT if self.complete else None)


def context_of(
    given: Mapping[str, Any], derived: Mapping[str, Values], *, complete: bool
) -> Context:
    """A context from what the caller gives and, where he does not, what follows from the rest.

    A value is a text or a list of texts (numbers and booleans are written as JSON does); None
    or an empty list says that the key is absent.
    """
    values = dict(derived)
    for key, value in given.items():
        values[str(key).lower()] = _values(value)
    return Context(values, complete)


def _values(value: Any) -> Values:
    if isinstance(value, str):
        return (value,)
    if value is None:
        return ABSENT
    if isinstance(value, Iterable) and not isinstance(value, bytes | Mapping):
        return tuple(_text(item) for item in value)
    return (_text(value),)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)
