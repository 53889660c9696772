"""How the condition operators compare one value of a request with one of a policy.

Source: the IAM user guide, "IAM JSON policy elements: Condition operators". A family of
operators (`Numeric…`) shares the way its values are read; a policy's value that cannot be read
is None here, and whoever compiles the policy says so. A request's value that cannot be read
matches nothing.
"""

import base64
import binascii
import ipaddress
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from awsbasics.iam.patterns import Matcher
from awsbasics.iam.windows import parse_time

_NAME = re.compile(r"(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_LONGEST_TEXT = 100
_QUANTIFIERS = {"forallvalues": "all", "foranyvalue": "any", None: ""}
_COMPARISONS: dict[str, tuple[Callable[[Any, Any], bool], bool]] = {
    "equals": (operator.eq, False),
    "notequals": (operator.eq, True),
    "lessthan": (operator.lt, False),
    "lessthanequals": (operator.le, False),
    "greaterthan": (operator.gt, False),
    "greaterthanequals": (operator.ge, False),
}


class Family(NamedTuple):
    """What operators compare: text as it is or as a pattern, or values that a reader knows."""

    name: str
    compare: Callable[[Any, Any], bool] = operator.eq
    wildcards: bool = False
    ignores_case: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's name taken apart: `quantifier` is `any`, `all` or empty."""

    family: Family
    negated: bool = False
    quantifier: str = ""
    if_exists: bool = False


_STRINGS = {
    "stringequals": Family("string"),
    "stringequalsignorecase": Family("string", ignores_case=True),
    "stringlike": Family("string", wildcards=True),
    "arnequals": Family("arn", wildcards=True),
    "arnlike": Family("arn", wildcards=True),
}


def _families() -> dict[str, tuple[Family, bool]]:
    known = {
        "bool": (Family("bool", ignores_case=True), False),
        "binaryequals": (Family("binary"), False),
        "ipaddress": (Family("ip"), False),
        "notipaddress": (Family("ip"), True),
        "null": (Family("null"), False),
    }
    for name, family in _STRINGS.items():
        known[name] = (family, False)
        known[re.sub("^(string|arn)", r"\1not", name)] = (family, True)
    for family_name in ("numeric", "date"):
        for suffix, (compare, negated) in _COMPARISONS.items():
            known[family_name + suffix] = (Family(family_name, compare), negated)
    return known


_FAMILIES = _families()


def operator_of(name: str) -> Operator | None:
    """The operator of this name, in any case; None if there is none."""
    match = _NAME.fullmatch(name.lower())
    if match is None or match[2] not in _FAMILIES:
        return None
    family, negated = _FAMILIES[match[2]]
    if family.name == "null" and (match[1] or match[3]):
        return None
    return Operator(family, negated, _QUANTIFIERS[match[1]], match[3] is not None)


class Network(NamedTuple):
    """A range of addresses: its IP version, first and last address as numbers."""

    version: int
    first: int
    last: int


def number(text: str) -> Decimal | None:
    """A decimal number, or None."""
    if len(text) > _LONGEST_TEXT or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text)


def date(text: str) -> datetime | None:
    """A moment from ISO 8601 or seconds since 1970, or None."""
    return _date(text) if len(text) <= _LONGEST_TEXT else None


def binary(text: str) -> bytes | None:
    """The bytes that base64 stands for, or None."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def network(text: str) -> Network | None:
    """A range in CIDR notation, or one address; None for anything else."""
    return _network(text) if len(text) <= _LONGEST_TEXT else None


# Requests come with the same few moments and addresses again and again.
_date = lru_cache(maxsize=1024)(parse_time)


@lru_cache(maxsize=1024)
def _network(text: str) -> Network | None:
    address, slash, prefix = text.partition("/")
    if "%" in address or (slash and not (prefix.isascii() and prefix.isdigit())):
        return None
    try:
        found = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return Network(found.version, int(found.network_address), int(found.broadcast_address))


def within(address: Network, wanted: Network) -> bool:
    """Whether an address lies in a range of its own IP version."""
    if address.version != wanted.version:
        return False
    return wanted.first <= address.first and address.last <= wanted.last


READERS: dict[str, Callable[[str], Any]] = {
    "numeric": number,
    "date": date,
    "binary": binary,
    "ip": network,
}


def typed_matcher(family: Family, wanted: list[Any]) -> Matcher:
    """A function that tells whether a request's value compares with any of the read ones."""
    read = READERS[family.name]
    compare = within if family.name == "ip" else family.compare

    def match(text: str) -> bool:
        value = read(text)
        return value is not None and any(compare(value, each) for each in wanted)

    return match
