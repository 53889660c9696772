"""R07: stacks, how they deploy and whether they can be deleted by mistake."""

from collections.abc import Iterator
from typing import Any

from awsbasics.assessment import Assessment
from awsbasics.facts import Facts
from awsbasics.recommendations.evidence.deployed_stacks import HOLLOW, STACK_SET_PREFIX
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series, counted
from awsbasics.show.evidence.common import day, environment, short, table, yes_no
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = ("cloudformation_stacks",)
BOTH, ROLE, PROTECTED, NEITHER = "service role, protected", "service role", "protected", "neither"
_COLUMNS = (
    "account_id",
    "region",
    "arn",
    "name",
    "status",
    "role_arn",
    "parent_id",
    "termination_protection",
    "updated",
    "created",
)


def stack_safety(assessment: Assessment) -> Bars | None:
    """Stacks per environment, by service role and termination protection."""
    facts = assessment.facts
    found = list(_stacks(facts))
    if not found:
        return None
    series = (
        Series(BOTH, "good"),
        Series(ROLE, "first"),
        Series(PROTECTED, "second"),
        Series(NEITHER, "bad"),
    )
    kinds = [_kind(stack) for stack in found]
    with_role = kinds.count(BOTH) + kinds.count(ROLE)
    protected = kinds.count(BOTH) + kinds.count(PROTECTED)
    return Bars(
        title="Stacks by service role and termination protection",
        summary=f"{plural(len(found), 'stack')}: {with_role:,} deploy with a service role, "
        f"{protected:,} are protected from deletion. Protection is asked for in production.",
        label="Environment",
        series=series,
        values=counted([environment(facts, stack.account_id) for stack in found], kinds, series),
    )


def stacks(assessment: Assessment) -> Table:
    """Every stack that is nobody's part, with its role and protection."""
    facts = assessment.facts
    names = short_account_names(facts)
    return table(
        "Stacks",
        (
            Column("Stack"),
            Column("Account"),
            Column("Environment"),
            Column("Region"),
            Column("Application"),
            Column("Service role", "code"),
            Column("Protected"),
            Column("Last deployed", "date"),
        ),
        (
            (s.name, names[s.account_id], environment(facts, s.account_id), s.region,
             facts.ownership.application(s.account_id, s.region, s.arn).value,
             short(s.role_arn) if s.role_arn else None, yes_no(s.termination_protection),
             day(s.updated or s.created))
            for s in _stacks(facts)
        ),
        empty="There are no stacks.",
    )  # fmt: skip


def _stacks(facts: Facts) -> Iterator[Any]:
    """The stacks that DEP.5 judges: no nested ones, none of stack sets, none without content."""
    for stack in rows(facts.frame("cloudformation_stacks"), *_COLUMNS):
        hollow = stack.status in HOLLOW or stack.name.startswith(STACK_SET_PREFIX)
        if not stack.parent_id and not hollow:
            yield stack


def _kind(stack: Any) -> str:
    if stack.role_arn:
        return BOTH if stack.termination_protection else ROLE
    return PROTECTED if stack.termination_protection else NEITHER


EXHIBITS = Exhibits(
    figures={"stack_safety": FigureExhibit(TABLES, stack_safety, "There are no stacks.")},
    tables={"stacks": TableExhibit(TABLES, stacks)},
)
