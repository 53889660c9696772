"""R01: accounts by OU, and what the organization's trails do."""

from awsbasics.assessment import Assessment
from awsbasics.recommendations.evidence.accounts import CLOSED_STATES
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.recommendations.evidence.trails import trails
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series, counted
from awsbasics.show.evidence.common import day, environment, table, yes_no
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import account_names
from awsbasics.show.text import plural

ACCOUNTS = ("organizations_accounts",)
ROOT = "the root itself"


def accounts_by_ou(assessment: Assessment) -> Bars | None:
    """Accounts per OU, those in use and those that are closed or suspended."""
    frame = assessment.facts.frame("organizations_accounts")
    found = list(rows(frame, "ou_path", "status", "is_management"))
    if not found:
        return None
    series = (Series("in use", "first"), Series("suspended or closing", "unknown"))
    closed = [row.status in CLOSED_STATES for row in found]
    places = [(row.ou_path or "").strip("/") or ROOT for row in found]
    ous = len(set(places) - {ROOT})
    under_root = sum(
        place == ROOT and not row.is_management for place, row in zip(places, found, strict=True)
    )
    return Bars(
        title="Accounts by organizational unit",
        summary=f"{plural(len(found), 'account')} in {plural(ous, 'unit')}; "
        f"{under_root:,} beside the management account directly under the root, "
        f"{sum(closed):,} suspended or closing.",
        label="Organizational unit",
        series=series,
        values=counted(places, [series[each].name for each in closed], series),
    )


def accounts(assessment: Assessment) -> Table:
    """Every account with its place and state."""
    facts = assessment.facts
    frame = facts.frame("organizations_accounts").sort_values(
        ["ou_path", "name"], na_position="first"
    )
    columns = ("id", "name", "ou_path", "status", "is_management", "joined_at")
    return table(
        "Accounts of the organization",
        (
            Column("Account"),
            Column("Id", "code"),
            Column("Organizational unit"),
            Column("Environment"),
            Column("State"),
            Column("Joined", "date"),
            Column("Management", "text"),
        ),
        (
            (r.name or r.id, r.id, (r.ou_path or "").strip("/") or ROOT, environment(facts, r.id),
             (r.status or "").lower(), day(r.joined_at), yes_no(r.is_management))
            for r in rows(frame, *columns)
        ),
        empty="The account belongs to no organization.",
    )  # fmt: skip


def organization_trails(assessment: Assessment) -> Table:
    """The trails that record the whole organization."""
    names = account_names(assessment.facts)
    return table(
        "Organization trails",
        (
            Column("Trail"),
            Column("Owner"),
            Column("All regions"),
            Column("Logging now"),
            Column("Validation"),
            Column("KMS key"),
            Column("Bucket", "code"),
        ),
        (
            (t.name, names[t.account_id], yes_no(t.is_multi_region), yes_no(t.is_logging),
             yes_no(t.log_file_validation), yes_no(bool(t.kms_key_id)), t.bucket_name)
            for t in trails(assessment.facts) if t.is_organization
        ),
        empty="None is known.",
    )  # fmt: skip


EXHIBITS = Exhibits(
    figures={
        "accounts_by_ou": FigureExhibit(
            ACCOUNTS, accounts_by_ou, "There is no organization, and so no accounts to draw."
        ),
    },
    tables={
        "accounts": TableExhibit(ACCOUNTS, accounts),
        "organization_trails": TableExhibit(("cloudtrail_trails",), organization_trails),
    },
)
