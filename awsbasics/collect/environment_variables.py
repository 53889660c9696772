"""Environment variables without their values: their names, and what kind of value each has.

A value may be a secret, so it is dropped here, before anything is written. What is kept
tells a pointer (an ARN, a dynamic reference) from a literal: only the latter can be one.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

KINDS_TEXT = "Object: name of each variable to what it holds (literal, pointer or empty)."

_POINTER = re.compile(r"arn:[\w-]+:[\w-]*:\S*$|\{\{resolve:[^{}]+\}\}$", re.ASCII)


def kinds_of(variables: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Each variable's name with `literal`, `pointer` or `empty`; None for None."""
    if variables is None:
        return None
    return {str(name): _kind(value) for name, value in variables.items()}


def kinds_of_pairs(pairs: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """The same for a list of `name` and `value`."""
    return {str(pair.get("name", "")): _kind(pair.get("value")) for pair in pairs or ()}


def _kind(value: Any) -> str:
    if value in (None, ""):
        return "empty"
    return "pointer" if _POINTER.match(str(value)) else "literal"


def without_credentials(url: str | None) -> str | None:
    """A URL without user, password, query and fragment; what is no URL comes back unchanged.

    What has the form of a URL and cannot be read as one is left out: nobody knows its parts.
    """
    if url is None or "://" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
