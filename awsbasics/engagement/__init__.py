"""The engagement file: answers, notes and accepted exceptions, and how names are to be read.

`load_engagement(path)` reads one, `Engagement()` is the file that says nothing, and
`answer_yaml` gives what to paste for an open question. `save_answer`, `save_exception` and
`save_environment` write into one and leave the rest of it as it is. `model` has every key and
default.
"""

from awsbasics.engagement.load import load_engagement
from awsbasics.engagement.model import (
    ENVIRONMENTS,
    Answer,
    Engagement,
    EnvironmentRule,
    ExceptionRule,
    Note,
    Override,
)
from awsbasics.engagement.paste import answer_yaml, answers_yaml
from awsbasics.engagement.write import save_answer, save_environment, save_exception

__all__ = [
    "ENVIRONMENTS",
    "Answer",
    "Engagement",
    "EnvironmentRule",
    "ExceptionRule",
    "Note",
    "Override",
    "answer_yaml",
    "answers_yaml",
    "load_engagement",
    "save_answer",
    "save_environment",
    "save_exception",
]
