"""SEC.1: what the client says of its policy for secrets, compared with the secrets.

An answer that says all is well fails where more than a tenth of the secrets say otherwise; the
other checks of R12 name them one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.recommendations.base import Question, Result, fail, ok
from awsbasics.recommendations.evidence.rows import shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TOLERATED = 0.1


class Against(NamedTuple):
    """What speaks against an answer: a check's failures, and how a sentence about them ends."""

    run: "Callable[[Facts], Iterator[Result]]"
    keys: frozenset[str]
    text: str


def answers_hold(
    facts: "Facts", check_id: str, parts: Sequence[Question], against: "dict[str, Against]"
) -> Iterator[Result]:
    """One result per part that is answered with a pass.

    `against` are the facts to compare by part and choice, as `updates.automated`.
    """
    for part in parts:
        answer = facts.answer(f"{check_id}.{part.id}")
        choice = part.choice(answer.choice) if answer else None
        held = against.get(f"{part.id}.{choice.id}") if choice else None
        if choice is not None and held is not None:
            yield _compared(facts, f"{part.text} Answer: {choice.label}.", part.id, held)


def _compared(facts: "Facts", said: str, part: str, against: Against) -> Result:
    every, failing = set[str](), set[str]()
    for result in against.run(facts):
        if result.resource:
            every.add(result.resource)
            if result.status == "fail" and result.key in against.keys:
                failing.add(result.resource)
    home = facts.home_account_id
    if len(failing) <= TOLERATED * len(every):
        return ok(home)
    title = f"{said} But {len(failing)} of {len(every)} secrets {against.text}."
    seen: dict[str, Any] = {"secrets": shown(failing), "of": len(every)}
    return fail(home, key=f"facts.{part}", title=title, facts=seen, table="secretsmanager_secrets")
