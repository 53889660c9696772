"""R03: accounts by environment."""

from awsbasics.assessment import Assessment
from awsbasics.engagement import ENVIRONMENTS
from awsbasics.recommendations.evidence.accounts import active_accounts
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series
from awsbasics.show.evidence.common import UNCLASSIFIED, table
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.text import plural

TABLES = ("organizations_accounts",)


def environments(assessment: Assessment) -> Bars | None:
    """How many accounts each environment has; those without one are marked."""
    accounts = active_accounts(assessment.facts)
    if not accounts:
        return None
    counts = dict.fromkeys((*ENVIRONMENTS, UNCLASSIFIED), 0)
    for account in accounts:
        counts[account.environment or UNCLASSIFIED] += 1
    series = (Series("classified", "first"), Series("no environment", "bad"))
    values = [
        (name, (0, count) if name == UNCLASSIFIED else (count, 0))
        for name, count in counts.items()
        if count or name in ("production", "sandbox")
    ]
    return Bars(
        title="Accounts by environment",
        summary=f"{plural(len(accounts), 'account')}: {counts['production']:,} for production, "
        f"{counts['sandbox']:,} sandbox, {counts[UNCLASSIFIED]:,} without an environment.",
        label="Environment",
        series=series,
        values=tuple(values),
    )


def accounts(assessment: Assessment) -> Table:
    """Every account in use with its environment and the rule behind it."""
    ownership = assessment.facts.ownership
    return table(
        "Accounts and their environments",
        (
            Column("Account"),
            Column("Id", "code"),
            Column("Organizational unit"),
            Column("Environment"),
            Column("By the rule"),
        ),
        (
            (a.name or a.id, a.id, (a.ou_path or "").strip("/"), a.environment or UNCLASSIFIED,
             ownership.environment(a.id).rule)
            for a in active_accounts(assessment.facts)
        ),
        empty="No account is known.",
    )  # fmt: skip


EXHIBITS = Exhibits(
    figures={"environments": FigureExhibit(TABLES, environments, "No account is known.")},
    tables={"accounts": TableExhibit(TABLES, accounts)},
)
