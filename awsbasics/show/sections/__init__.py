"""The sections of a page, each a function from an assessment to a block."""

from awsbasics.show.sections.actions import actions
from awsbasics.show.sections.answers import notes, questions
from awsbasics.show.sections.changed import changes, no_earlier_snapshot
from awsbasics.show.sections.findings import exceptions, exceptions_table, findings
from awsbasics.show.sections.looked_at import looked_at
from awsbasics.show.sections.verdict import verdict

__all__ = [
    "actions",
    "changes",
    "exceptions",
    "exceptions_table",
    "findings",
    "looked_at",
    "no_earlier_snapshot",
    "notes",
    "questions",
    "verdict",
]
