"""What several exhibits need: words for environments, findings of a check, rows as a table."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from awsbasics.assessment import Assessment
from awsbasics.facts import Facts
from awsbasics.show.blocks import Cell, Column, Table
from awsbasics.show.tables import TOP_ROWS

UNCLASSIFIED = "not classified"
NO_APPLICATION = "no application"


class Found(NamedTuple):
    """A finding with its evidence taken apart."""

    status: str
    account_id: str
    region: str
    resource: str
    application: str | None
    environment: str | None
    title: str
    evidence: dict[str, Any]


def findings_of(assessment: Assessment, check: str, *statuses: str) -> Iterator[Found]:
    """The findings of one check that have one of some statuses (default: `fail`, `excepted`)."""
    wanted = statuses or ("fail", "excepted")
    for finding in assessment.finding_list:
        if finding.check == check and finding.status in wanted:
            yield Found(
                finding.status,
                finding.account_id,
                finding.region,
                finding.resource,
                finding.application,
                finding.environment,
                finding.title,
                json.loads(finding.evidence or "{}"),
            )


def environment(facts: Facts, account_id: str) -> str:
    """The environment of an account, or that it has none."""
    return facts.ownership.environment(account_id).value or UNCLASSIFIED


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[Cell, ...]],
    *,
    empty: str = "There is nothing to list.",
) -> Table:
    """The first rows of many as a table that says how many there are."""
    every = list(rows)
    return Table(
        caption=caption,
        columns=tuple(columns),
        rows=tuple(every[:TOP_ROWS]),
        total=len(every),
        empty=empty,
    )


def short(arn: str) -> str:
    """The part of an ARN that tells it from its neighbours: all after the last colon."""
    return arn.rsplit(":", 1)[-1]


def yes_no(value: object) -> str:
    """A flag in a word; empty where it is not known."""
    return "" if value is None else "yes" if value else "no"


def day(moment: Any) -> str:
    """A time as a date; empty where there is none."""
    return "" if moment is None else f"{moment:%Y-%m-%d}"
