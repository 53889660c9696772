"""R10: security groups, what they serve, and what they open to the world."""

from collections import Counter

from awsbasics.assessment import Assessment
from awsbasics.recommendations.evidence.open_groups import attachments
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series
from awsbasics.show.evidence.common import NO_APPLICATION, environment, findings_of, table
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = ("ec2_security_groups", "ec2_security_group_rules")
PRODUCTION, ELSEWHERE = "in production", "elsewhere"


def open_ports(assessment: Assessment) -> Bars | None:
    """Rules that let the whole Internet in where it should not be, by port."""
    counts: Counter[tuple[str, str]] = Counter()
    for found in findings_of(assessment, "SG.4"):
        where = PRODUCTION if found.environment == "production" else ELSEWHERE
        rules = found.evidence.get("rules") or [found.evidence]
        counts.update((str(rule.get("ports", "")), where) for rule in rules)
    if not counts:
        return None
    totals: Counter[str] = Counter()
    for (ports, _), count in counts.items():
        totals[ports] += count
    in_production = sum(count for (_, where), count in counts.items() if where == PRODUCTION)
    return Bars(
        title="Rules that are open to the world, by port",
        summary=f"{plural(counts.total(), 'rule')} that let anybody reach administrative, "
        f"file-sharing or database ports, {in_production:,} of them in production.",
        label="Port",
        series=(Series(PRODUCTION, "bad"), Series(ELSEWHERE, "warn")),
        values=tuple(
            (ports, (counts[ports, PRODUCTION], counts[ports, ELSEWHERE]))
            for ports, _ in totals.most_common()
        ),
    )


def groups(assessment: Assessment) -> Table:
    """Security groups that are attached to something, with their application and code."""
    facts = assessment.facts
    names, attached = short_account_names(facts), attachments(facts)
    rules = Counter(
        (row.account_id, row.region, row.group_id)
        for row in rows(facts.frame("ec2_security_group_rules"), "account_id", "region", "group_id")
    )
    columns = ("account_id", "region", "id", "name", "tags")
    found = []
    for group in rows(facts.frame("ec2_security_groups"), *columns):
        place = (group.account_id, group.region, group.id)
        if group.name != "default" or attached.get(place):
            owner = facts.ownership.application(*place, tags=group.tags, name=group.name)
            code = facts.ownership.managed_by(*place, tags=group.tags)
            found.append(
                (group.name, group.id, names[group.account_id],
                 environment(facts, group.account_id), owner.value or NO_APPLICATION,
                 code.value or "by hand", rules[place], attached.get(place, 0))
            )  # fmt: skip
    return table(
        "Security groups, without default groups that nothing uses",
        (
            Column("Group"),
            Column("Id", "code"),
            Column("Account"),
            Column("Environment"),
            Column("Application"),
            Column("Made by"),
            Column("Rules", "number"),
            Column("Interfaces", "number"),
        ),
        found,
        empty="There is none.",
    )


EXHIBITS = Exhibits(
    figures={
        "open_ports": FigureExhibit(
            TABLES,
            open_ports,
            "No rule that was read lets the whole Internet reach administrative, file-sharing or "
            "database ports, or all ports.",
        ),
    },
    tables={"groups": TableExhibit((*TABLES, "ec2_network_interfaces"), groups)},
)
