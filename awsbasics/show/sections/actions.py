"""What to do: each check's remediation once, with how far it reaches."""

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.recommendations.base import Check, Recommendation
from awsbasics.show.blocks import ActionItem, Actions, Block, Note
from awsbasics.show.text import plural
from awsbasics.show.words import SEVERITY_ORDER

READ_MORE = """\
1. See which calls are refused, and which permissions to grant:
    awsbasics doctor
2. Grant them to the role that gathers, then gather again:
    awsbasics collect -o SNAPSHOT
To verify: the table "What could not be seen, and why" above is empty in the next report."""


def actions(assessment: Assessment, recommendation: Recommendation) -> Block:
    """One action per check that fails, the most severe and widest first."""
    frame = assessment.findings
    frame = frame[frame["recommendation"] == recommendation.id]
    failed = frame[frame["status"] == "fail"]
    items = [
        _item(check, failed[failed["check"] == check.id])
        for check in recommendation.checks
        if (failed["check"] == check.id).any()
    ]
    items.sort(key=lambda item: SEVERITY_ORDER[item.severity])
    unread = frame[(frame["status"] == "unknown") & (frame["key"] == "unread")]
    if len(unread):
        items.append(_read_more(unread))
    if not items:
        return Note(text="Nothing fails, so there is nothing to mend.")
    return Actions(items=tuple(items))


def _item(check: Check, failed: pd.DataFrame) -> ActionItem:
    accounts = failed["account_id"].nunique()
    return ActionItem(
        check=check.id,
        title=check.title,
        severity=min(failed["severity"], key=lambda severity: SEVERITY_ORDER[severity]),
        reach=f"{plural(len(failed), 'finding')} in {plural(accounts, 'account')}",
        steps=steps(check.remediation or "See what the recommendation says above."),
    )


def _read_more(unread: pd.DataFrame) -> ActionItem:
    return ActionItem(
        check="",
        title="Let the kit read what it could not",
        severity="info",
        reach=plural(len(unread), "place"),
        steps=steps(READ_MORE),
    )


def steps(text: str) -> tuple[tuple[str, str], ...]:
    """A remediation's lines as (`text` or `code`, lines) pairs; four spaces indent code."""
    parts: list[tuple[str, str]] = []
    for line in text.splitlines():
        kind = "code" if line.startswith("    ") else "text"
        line = line.removeprefix("    ")  # noqa: PLW2901 - the same line without its marker
        starts_anew = kind == "text" and _begins_step(line)
        if parts and parts[-1][0] == kind and not starts_anew:
            parts[-1] = (kind, f"{parts[-1][1]}\n{line}")
        else:
            parts.append((kind, line))
    return tuple(parts)


def _begins_step(line: str) -> bool:
    """Whether a line opens a numbered step or the verification."""
    number, dot, _ = line.partition(". ")
    return (bool(dot) and number.isdigit()) or line.startswith("To verify")
