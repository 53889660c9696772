"""Deployed stacks with their templates worked out, as far as the snapshot tells."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsbasics.cloudformation.resolve import Context, Stack, resolve
from awsbasics.recommendations.evidence.rows import from_json, rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# A stack that is gone, or that has only a change set nobody has run yet, holds nothing.
HOLLOW = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})


@dataclass(frozen=True, slots=True)
class Deployed:
    """One stack: `stack` is its template worked out, None where it was not read.

    Parameters are open, since their values are not gathered; `physical_ids` are AWS's names
    of the resources by logical id.
    """

    account_id: str
    region: str
    arn: str
    name: str
    physical_ids: Mapping[str, str]
    stack: Stack | None


def deployed_stacks(facts: "Facts") -> Iterator[Deployed]:
    """Every stack that holds something."""
    bodies = {
        row.stack_id: row.body
        for row in rows(facts.frame("cloudformation_templates"), "stack_id", "body")
    }
    names = _physical_ids(facts)
    frame = facts.frame("cloudformation_stacks")
    for row in rows(frame, "account_id", "region", "arn", "name", "status"):
        if row.status in HOLLOW:
            continue
        ids = names.get(row.arn, {})
        context = Context(
            defaults=False,
            account_id=row.account_id,
            region=row.region,
            partition=row.arn.split(":")[1],
            stack_name=row.name,
            stack_id=row.arn,
            physical_ids=ids,
        )
        body = from_json(bodies.get(row.arn))
        stack = resolve(body, context) if isinstance(body, dict) else None
        yield Deployed(row.account_id, row.region, row.arn, row.name, ids, stack)


def _physical_ids(facts: "Facts") -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    frame = facts.frame("cloudformation_stack_resources")
    for row in rows(frame, "stack_id", "logical_id", "physical_id", "status"):
        if row.logical_id and row.physical_id and row.status != "DELETE_COMPLETE":
            found[row.stack_id][row.logical_id] = row.physical_id
    return found
