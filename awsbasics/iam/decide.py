"""From what each layer says to the decision: allowed, denied, or what it depends on.

Source: the IAM user guide, "How AWS enforcement code logic evaluates requests to allow or deny
access". Where something is not known, a decision is open only if it can come out either way.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from awsbasics.iam.explain import Decision, Layer, StatementRef
from awsbasics.iam.layers import Found, Look
from awsbasics.iam.logic import Truth, all_of, any_of, negate
from awsbasics.iam.solve import depends_on, outcomes


class Part(NamedTuple):
    """A layer's say: what must hold of it, when it denies, and the looks that this is from."""

    layer: Layer
    holds: Truth
    denied: Truth
    looks: tuple[Look, ...]


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
    statements = _refs(parts, lambda found: not isinstance(found.truth, bool))
    return Decision("depends", layer, statements, depends_on(allowed), allowed)


def _allow(parts: Sequence[Part]) -> Decision:
    """By the caller's own policies if they suffice, else by the resource's; root needs neither."""
    suffices = {
        part.layer: all(look.allowed() is not False for look in part.looks) for part in parts
    }
    own = [suffices[layer] for layer in ("identity", "boundary", "session") if layer in suffices]
    by_resource = suffices["resource"] and not (own and all(own))
    statements = _refs(parts, lambda found: found.rule.allows)
    return Decision("allow", "resource" if by_resource else "identity", statements)


def _explicit_deny(parts: Sequence[Part]) -> Decision:
    layer: Layer = next(
        (part.layer for part in parts if part.denied is True),
        next((part.layer for part in parts if part.denied is not False), "identity"),
    )
    statements = _refs(parts, lambda found: found.rule.denies)
    return Decision("explicit_deny", layer, statements)


def _implicit_deny(parts: Sequence[Part]) -> Decision:
    """By the first layer that allows nothing, or the first that never does with the others."""
    unsettled: Layer = next((part.layer for part in parts if not _is_settled(part)), "identity")
    layer = next((part.layer for part in parts if part.holds is False), unsettled)
    return Decision("implicit_deny", layer)


def _is_settled(part: Part) -> bool:
    return isinstance(part.holds, bool) and isinstance(part.denied, bool)


def _refs(parts: Sequence[Part], wanted: Callable[[Found], bool]) -> tuple[StatementRef, ...]:
    """Where the wanted statements stand, in the order of the layers."""
    return tuple(
        found.ref()
        for part in parts
        for each in part.looks
        for found in (*each.allows, *each.denies)
        if wanted(found)
    )
