"""From what each layer says to the decision: allowed, denied, or what it depends on.

Source: the IAM user guide, "How AWS enforcement code logic evaluates requests to allow or deny
access". Where something is not known, a decision is open only if it can come out either way.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from awsbasics.iam.explain import Decision, Layer, StatementRef
from awsbasics.iam.layers import Found, Look
from awsbasics.iam.logic import Truth, all_of, any_of, negate
from awsbasics.iam.solve import depends_on, outcomes

Effect = Literal["allows", "denies"]
_OWN_LAYERS = frozenset({"identity", "boundary", "session"})


class Part(NamedTuple):
    """A layer's say: what must hold of it, when it denies, and the looks that this is from.

    `allows` is what it allows by itself, without regard to what other layers grant.
    """

    layer: Layer
    holds: Truth
    denied: Truth
    looks: tuple[Look, ...]
    allows: Truth = False


def decide(parts: Sequence[Part]) -> Decision:
    """The decision that the layers' parts, in AWS's order, come to."""
    denied = any_of(part.denied for part in parts)
    if denied is True:
        return _explicit_deny(parts)
    allowed = all_of((negate(denied), *(part.holds for part in parts)))
    if isinstance(allowed, bool):
        return _allow(parts) if allowed else _implicit_deny(parts)
    possible = outcomes(allowed)
    if possible == {True}:
        return _allow(parts)
    if possible == {False}:
        is_denied = outcomes(denied) == {True}
        return _explicit_deny(parts) if is_denied else _implicit_deny(parts)
    layer = next(part.layer for part in parts if not _is_settled(part))
    unsettled = (found for found in _found(parts, "allows", "denies") if found.truth is not True)
    refs = tuple(found.ref() for found in unsettled)
    return Decision("depends", layer, refs, depends_on(allowed), allowed)


def _allow(parts: Sequence[Part]) -> Decision:
    """By the caller's own policies if they suffice, else by the resource's; root needs neither."""
    own = [part.allows is not False for part in parts if part.layer in _OWN_LAYERS]
    by_resource = any(part.layer == "resource" and part.allows is not False for part in parts)
    layer: Layer = "resource" if by_resource and not (own and all(own)) else "identity"
    return Decision("allow", layer, _deciding(parts, "allows"))


def _explicit_deny(parts: Sequence[Part]) -> Decision:
    layer: Layer = next(
        (part.layer for part in parts if part.denied is True),
        next((part.layer for part in parts if part.denied is not False), "identity"),
    )
    return Decision("explicit_deny", layer, _deciding(parts, "denies"))


def _implicit_deny(parts: Sequence[Part]) -> Decision:
    """By the first layer that allows nothing, or the first that never does with the others."""
    unsettled: Layer = next((part.layer for part in parts if not _is_settled(part)), "identity")
    layer = next((part.layer for part in parts if part.holds is False), unsettled)
    return Decision("implicit_deny", layer)


def _is_settled(part: Part) -> bool:
    return isinstance(part.holds, bool) and isinstance(part.denied, bool)


def _deciding(parts: Sequence[Part], effect: Effect) -> tuple[StatementRef, ...]:
    """Where the statements stand that certainly apply; if it takes several unknown ones, those."""
    found = list(_found(parts, effect))
    certain = [each for each in found if each.truth is True]
    return tuple(each.ref() for each in certain or found)


def _found(parts: Sequence[Part], *effects: Effect) -> Iterator[Found]:
    """The statements that apply or may, in the order of the layers."""
    for part in parts:
        for each in part.looks:
            if "allows" in effects:
                yield from each.allows
            if "denies" in effects:
                yield from each.denies
