"""Deployed stacks, what they made, and their templates worked out as far as the snapshot tells."""

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

# Instances of stack sets: CloudFormation makes and protects them through the stack set.
STACK_SET_PREFIX = "StackSet-"


@dataclass(frozen=True, slots=True)
class Deployed:
    """One stack; `physical_ids` and `types` are those of its resources, by logical id.

    `role_arn` is the service role that it deploys with, empty without one; `parent_id` the stack
    that it is nested in.
    """

    account_id: str
    region: str
    arn: str
    name: str
    physical_ids: Mapping[str, str]
    types: Mapping[str, str]
    role_arn: str = ""
    parent_id: str = ""

    @property
    def is_deployed_by_itself(self) -> bool:
        """Whether somebody deploys it: not as a part of another stack, nor by a stack set."""
        return not self.parent_id and not self.name.startswith(STACK_SET_PREFIX)

    def made(self, kind: str) -> list[str]:
        """The physical ids of its resources of a type."""
        return [self.physical_ids[each] for each, of in self.types.items() if of == kind]


def deployed_stacks(facts: "Facts") -> Iterator[Deployed]:
    """Every stack that holds something; `facts.stacks` are these, found once."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    types: dict[str, dict[str, str]] = defaultdict(dict)
    frame = facts.frame("cloudformation_stack_resources")
    for row in rows(frame, "stack_id", "logical_id", "physical_id", "type", "status"):
        if row.logical_id and row.physical_id and row.status != "DELETE_COMPLETE":
            names[row.stack_id][row.logical_id] = row.physical_id
            types[row.stack_id][row.logical_id] = row.type or ""
    frame = facts.frame("cloudformation_stacks")
    columns = ("account_id", "region", "arn", "name", "status", "role_arn", "parent_id")
    for row in rows(frame, *columns):
        if row.arn and row.status not in HOLLOW:
            place = (row.account_id, row.region, row.arn, row.name or "")
            made = names.get(row.arn, {}), types.get(row.arn, {})
            yield Deployed(*place, *made, row.role_arn or "", row.parent_id or "")


def worked_out(facts: "Facts") -> Iterator[tuple[Deployed, Stack | None]]:
    """Every stack with its template, None where that was not read; see `facts.templates`.

    Parameters are open, since their values are not gathered.
    """
    frame = facts.frame("cloudformation_templates")
    bodies = {row.stack_id: row.body for row in rows(frame, "stack_id", "body")}
    for deployed in facts.stacks:
        body = from_json(bodies.get(deployed.arn))
        yield deployed, resolve(body, _context(deployed)) if isinstance(body, dict) else None


def _context(deployed: Deployed) -> Context:
    return Context(
        defaults=False,
        account_id=deployed.account_id,
        region=deployed.region,
        partition=deployed.arn.split(":")[1],
        stack_name=deployed.name,
        stack_id=deployed.arn,
        physical_ids=deployed.physical_ids,
    )
