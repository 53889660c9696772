"""Questions that only people can answer, their answers, and the assessor's notes."""

from awsbasics.assessment import Assessment
from awsbasics.engagement import Answer, answer_yaml
from awsbasics.recommendations.base import Check, Question, Recommendation
from awsbasics.show.blocks import Block, Group, Note, QuestionItem, Questions

DONT_KNOW_LABEL = "We don’t know"
_STATES = {"pass": "pass", "fail": "fail", "info": "info"}


def questions(assessment: Assessment, recommendation: Recommendation) -> Block:
    """Every question of a recommendation: open ones with YAML to paste, answered ones with it."""
    items = [
        _item(check, id_, question, assessment.facts.engagement.answers.get(id_))
        for check in recommendation.checks
        for id_, question in check.questions
    ]
    if not items:
        return Note(text="This recommendation asks nothing: all of it shows in the account data.")
    items.sort(key=lambda item: item.state != "ask")
    return Questions(items=tuple(items))


def _item(check: Check, id_: str, question: Question, answer: Answer | None) -> QuestionItem:
    choice = question.choice(answer.choice) if answer else None
    chosen = choice.id if choice else "" if answer is None else "dont_know"
    choices = [(each.label, each.id == chosen) for each in question.choices]
    state = "ask" if answer is None else choice.verdict if choice else "unknown"
    return QuestionItem(
        check=id_,
        title=check.title,
        text=question.text,
        state=state,
        severity=check.severity,
        choices=(*choices, (DONT_KNOW_LABEL, chosen == "dont_know")),
        answer=_details(answer) if answer else (),
        yaml="" if answer else answer_yaml(id_, question),
    )


def _details(answer: Answer) -> tuple[tuple[str, str], ...]:
    details = {
        "Note": answer.note,
        "Evidence": answer.evidence,
        "Answered by": answer.by,
        "On": answer.on.isoformat() if answer.on else "",
    }
    return tuple((label, text) for label, text in details.items() if text)


def notes(assessment: Assessment, recommendation: Recommendation) -> Block:
    """The assessor's note, and the reason for an override where there is one."""
    engagement = assessment.facts.engagement
    blocks: list[Block] = []
    note = engagement.notes.get(recommendation.id)
    if note:
        blocks.append(Note(title=_signed("The assessor’s note", note.by, note.on), text=note.text))
    override = engagement.overrides.get(recommendation.id)
    if override:
        title = _signed("Why the assessor rates it otherwise", override.by, override.on)
        blocks.append(Note(title=title, text=override.reason))
    if not blocks:
        text = f"There are none. To add one, write it under `notes: {recommendation.id}:` in the"
        return Note(text=f"{text} engagement file.")
    return Group(blocks=tuple(blocks))


def _signed(title: str, by: str, on: object) -> str:
    return ", ".join(part for part in (title, by, str(on or "")) if part)
