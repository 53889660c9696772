"""Decisions, and the sentence that says why."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from awsbasics.iam.logic import Expression

Outcome = Literal["allow", "explicit_deny", "implicit_deny", "depends"]
Layer = Literal["identity", "boundary", "session", "scp", "rcp", "resource"]

_LAYERS = {
    "identity": "identity policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "scp": "SCP",
    "rcp": "RCP",
    "resource": "resource policy",
}
_STATEMENTS_NAMED = 3


class StatementRef(NamedTuple):
    """Where a statement stands: layer, the policy's name (or its number), Sid, and its index."""

    layer: str
    policy: str
    sid: str
    index: int  # type: ignore[assignment] # AWS's readers count; tuples have a method so named

    def __str__(self) -> str:
        sid = f" ({self.sid})" if self.sid else ""
        return f"statement {self.index}{sid} of the {_LAYERS[self.layer]} {self.policy}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What AWS would answer, and why.

    `layer` decides: where it is allowed, what grants it; else what stops it, or may.
    `statements` are those that decide, all of them. `missing_keys` are the condition keys that
    a decision depends on, sorted, as policies write them; `expression` is then the condition
    under which it is allowed (its text reads well; None otherwise). `note` is a special case.
    """

    outcome: Outcome
    layer: Layer
    statements: tuple[StatementRef, ...] = ()
    missing_keys: tuple[str, ...] = ()
    expression: Expression | None = None
    note: str = ""

    @property
    def reason(self) -> str:
        """One sentence on why."""
        sentence = {
            "allow": self._allowed,
            "explicit_deny": self._denied,
            "implicit_deny": self._not_allowed,
            "depends": self._open,
        }[self.outcome]()
        return f"{sentence[0].upper()}{sentence[1:]}{f': {self.note}' if self.note else ''}."

    def _allowed(self) -> str:
        granting = [each for each in self.statements if each.layer == self.layer]
        if not granting and self.note:
            return "allowed"
        if not granting:
            return "allowed: an account's root user needs no policy"
        return f"allowed by {_named(granting)}"

    def _denied(self) -> str:
        return f"denied by {_named(self.statements) or f'every {_LAYERS[self.layer]} that applies'}"

    def _not_allowed(self) -> str:
        return f"no {_LAYERS[self.layer]} allows it"

    def _open(self) -> str:
        if self.missing_keys:
            return f"depends on {', '.join(self.missing_keys)}"
        return f"depends on something that is not known of the {_LAYERS[self.layer]}"


def _named(statements: list[StatementRef] | tuple[StatementRef, ...]) -> str:
    named = " and ".join(str(each) for each in statements[:_STATEMENTS_NAMED])
    more = len(statements) - _STATEMENTS_NAMED
    return f"{named} and {more} more" if more > 0 else named
