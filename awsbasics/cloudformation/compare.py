"""Whether a live policy can be what a template says.

Order, a list or a scalar, statement ids and the ways to write a principal make no difference
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). What is open
in the template fits anything.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from awsbasics.cloudformation.pairing import Pairing
from awsbasics.cloudformation.values import NO_VALUE, Either, Hole, Open, as_text, forms, is_known
from awsbasics.collect.secrets_filter import DROPPED

MOST_PAIRS = 250_000
"""So many pairs of items are compared at most; larger lists count as different."""

_IGNORED = frozenset({"Sid", "Id"})
_WITHOUT_CASE = frozenset({"Action", "NotAction"})
_PRINCIPALS = frozenset({"Principal", "NotPrincipal"})
_OLD_VERSION = "2008-10-17"
_ROOT = re.compile(r"arn:[^:]+:iam::(\d{12}):root")


def could_be(expected: Any, live: Mapping[str, Any]) -> bool:
    """Whether a template's policy, worked out or open, can have become the live one."""
    if isinstance(expected, Mapping):
        return _fits(_policy(expected), _policy(live), "")
    return _fits(expected, live, "")


def text_could_be(expected: Any, live: str) -> bool:
    """Whether a template's text, worked out or open, can have become the live one."""
    return _fits(expected, live, "")


def _policy(document: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": _OLD_VERSION, **document}


def _fits(expected: Any, live: Any, key: str) -> bool:
    if isinstance(expected, Either):
        return any(_fits(option, live, key) for option in expected.options)
    if _is_anything(expected):
        return True
    if key in _PRINCIPALS:
        expected, live = _principal(expected), _principal(live)
    if isinstance(expected, list) or isinstance(live, list):
        return _lists_fit(_listed(expected), _listed(live), key)
    if isinstance(expected, Mapping) and isinstance(live, Mapping):
        return _mappings_fit(expected, live, key)
    if isinstance(expected, Mapping) or isinstance(live, Mapping):
        return False
    return _texts_fit(expected, as_text(live), key)


def _is_anything(value: Any) -> bool:
    """Whether nothing is known of a value, so that it may be a whole list as well."""
    whole_hole = isinstance(value, Open) and all(isinstance(p, Hole) for p in value.pieces)
    return whole_hole or value == DROPPED


def _texts_fit(expected: Any, live: str, key: str) -> bool:
    if isinstance(expected, Open):
        return expected.fits(live)
    if expected is NO_VALUE:
        return False
    text = as_text(expected)
    return text.lower() == live.lower() if key in _WITHOUT_CASE else text == live


def _mappings_fit(expected: Mapping[str, Any], live: Mapping[str, Any], key: str) -> bool:
    # Names of operators and condition keys are without case; nothing else in a policy is.
    lower = key in ("Condition", "operator")
    wanted = _named(expected, lower=lower)
    found = _named(live, lower=lower)
    inner = {"Condition": "operator"}.get(key)
    required = {name for name, value in wanted.items() if not _may_be_missing(value)}
    return required <= set(found) <= set(wanted) and all(
        _fits(wanted[name], value, inner or name) for name, value in found.items()
    )


def _named(value: Mapping[str, Any], *, lower: bool) -> dict[str, Any]:
    return {
        str(name).lower() if lower else str(name): part
        for name, part in value.items()
        if name not in _IGNORED
    }


def _may_be_missing(value: Any) -> bool:
    return any(form is NO_VALUE or _is_anything(form) for form in forms(value))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _principal(value: Any) -> Any:
    """`*` as what it stands for, and an account by its id."""
    if value == "*":
        return {"AWS": "*"}
    if not isinstance(value, Mapping) or "AWS" not in value:
        return value
    found = [
        match[1] if isinstance(one, str) and (match := _ROOT.fullmatch(one)) else one
        for one in _listed(value["AWS"])
    ]
    return {**value, "AWS": found}


def _lists_fit(expected: Sequence[Any], live: Sequence[Any], key: str) -> bool:
    """Whether the items can be paired: each live one with one of the template's, none left."""
    expected, live = _without_equals(expected, live)
    if len(expected) * len(live) > MOST_PAIRS:
        return False
    if any(_is_anything(item) for item in expected):
        return True  # it may stand for a list of any length
    fits = [[_fits(item, one, key) for item in expected] for one in live]
    required = [place for place, item in enumerate(expected) if not _may_be_missing(item)]
    by_place = [[row[place] for row in fits] for place in required]
    # Where all live items can be paired, and all required ones, both can be at once.
    return _all_paired(fits) and _all_paired(by_place)


def _without_equals(
    expected: Sequence[Any], live: Sequence[Any]
) -> tuple[Sequence[Any], Sequence[Any]]:
    """Both lists without the items that are the same in both: most are, and cost nothing so."""
    known = Counter(_canonical(item) for item in expected if is_known(item))
    left = []
    for one in live:
        text = _canonical(one)
        if known[text] > 0:
            known[text] -= 1
        else:
            left.append(one)
    rest = [item for item in expected if not is_known(item) or _take(known, _canonical(item))]
    return rest, left


def _take(counts: Counter[str], text: str) -> bool:
    if counts[text] <= 0:
        return False
    counts[text] -= 1
    return True


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _all_paired(fits: Sequence[Sequence[bool]]) -> bool:
    """Whether each row can have a column of its own where it fits."""
    pairing = Pairing(fits)
    return all(pairing.place(row) for row in range(len(fits)))
