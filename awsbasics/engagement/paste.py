"""Open questions as YAML to paste into an engagement file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import yaml

from awsbasics.engagement.model import DONT_KNOW

if TYPE_CHECKING:
    from awsbasics.recommendations.base import Question

FIELDS = ("note", "evidence", "by", "on")


def answer_yaml(check_id: str, question: "Question") -> str:
    """The YAML that answers one open question, to be filled in; see `answers_yaml`."""
    return answers_yaml({check_id: question})


def answers_yaml(questions: Mapping[str, "Question"]) -> str:
    """One `answers:` block for open questions by check id, each "don't know" until changed.

    The choices stand in comments, so that pasting alone never answers anything.
    """
    return _block(questions, {"choice": DONT_KNOW, **dict.fromkeys(FIELDS, "")})


def open_answers(questions: Mapping[str, "Question"]) -> str:
    """The same with every answer left empty, which counts as not given."""
    return _block(questions, dict.fromkeys(("choice", *FIELDS)))


def _block(questions: Mapping[str, "Question"], blank: Mapping[str, str | None]) -> str:
    lines = ["answers:"]
    for check_id, question in questions.items():
        lines += _comments(question)
        lines += _dump({check_id: dict(blank)}).replace(" null\n", "\n").splitlines()
    return "\n".join(line if line == "answers:" else f"  {line}" for line in lines) + "\n"


def _comments(question: "Question") -> list[str]:
    choices = [f"#   {_inline(each.id)}: {_one_line(each.label)}" for each in question.choices]
    return [f"# {_one_line(question.text)}", *choices, f"#   {DONT_KNOW}: don't know"]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _inline(value: str) -> str:
    """A value as it must be written: quoted where YAML would read it as something else."""
    return _dump(value).removesuffix("...\n").strip()


def _dump(value: object) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10_000))
