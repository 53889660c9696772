"""R11: rules for single addresses and VPN ranges, by environment."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from awsbasics.assessment import Assessment
from awsbasics.facts import Facts
from awsbasics.recommendations.developer_access import DEVELOPMENT, stale_because
from awsbasics.recommendations.evidence.personal_rules import personal_rules
from awsbasics.recommendations.evidence.ports import ports_text
from awsbasics.recommendations.evidence.rows import rows, shown
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series, counted
from awsbasics.show.evidence.common import environment, table
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = ("ec2_security_groups", "ec2_security_group_rules", "ec2_prefix_lists")
CURRENT, STALE, ELSEWHERE = "in development", "in development, out of date", "outside development"


class Entry(NamedTuple):
    """An inbound rule for single public addresses or VPN ranges."""

    rule: Any
    sources: list[str]
    environment: str
    stale: str | None

    @property
    def kind(self) -> str:
        """Where it is, and whether its time is over."""
        if self.environment not in DEVELOPMENT:
            return ELSEWHERE
        return STALE if self.stale else CURRENT


def developer_rules(assessment: Assessment) -> Bars | None:
    """Such rules per environment, in date or not."""
    entries = list(_entries(assessment.facts))
    if not entries:
        return None
    series = (Series(CURRENT, "good"), Series(STALE, "warn"), Series(ELSEWHERE, "bad"))
    kinds = [entry.kind for entry in entries]
    return Bars(
        title="Inbound rules for single addresses and VPN ranges",
        summary=f"{plural(len(kinds), 'rule')}: {kinds.count(ELSEWHERE):,} outside development, "
        f"{kinds.count(STALE):,} whose description says that its time is over.",
        label="Environment",
        series=series,
        values=counted([entry.environment for entry in entries], kinds, series),
    )


def rules(assessment: Assessment) -> Table:
    """The rules themselves."""
    facts = assessment.facts
    names = short_account_names(facts)
    groups = {
        (row.account_id, row.region, row.id): row.name
        for row in rows(facts.frame("ec2_security_groups"), "account_id", "region", "id", "name")
    }
    return table(
        "Inbound rules for single addresses and VPN ranges",
        (
            Column("Group"),
            Column("Account"),
            Column("Environment"),
            Column("Ports"),
            Column("From", "list"),
            Column("Description"),
            Column("Out of date"),
        ),
        (
            (groups.get((e.rule.account_id, e.rule.region, e.rule.group_id), e.rule.group_id),
             names[e.rule.account_id], e.environment, ports_text(e.rule), tuple(e.sources),
             e.rule.description, e.stale)
            for e in _entries(facts)
        ),
        empty="There is none.",
    )  # fmt: skip


def _entries(facts: Facts) -> Iterator[Entry]:
    days = facts.engagement.thresholds["developer_rule_days"]
    for rule, personal in personal_rules(facts):
        if personal:
            where = environment(facts, rule.account_id)
            stale = stale_because(rule.description, facts.as_of, days)
            yield Entry(rule, shown(map(str, personal)), where, stale)


EXHIBITS = Exhibits(
    figures={
        "developer_rules": FigureExhibit(
            TABLES, developer_rules, "No inbound rule is for a single address or a VPN range."
        ),
    },
    tables={"rules": TableExhibit(TABLES, rules)},
)
