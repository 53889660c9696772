"""The start page: what was gathered, whose accounts these are, and all thirteen ratings."""

from collections import Counter

from awsbasics.assessment import Assessment
from awsbasics.coverage import READ
from awsbasics.recommendations.base import Recommendation
from awsbasics.recommendations.evidence.accounts import active_accounts
from awsbasics.show import sections
from awsbasics.show.blocks import Block, Cell, Column, Facts, Group, Note, Table
from awsbasics.show.charts import Bars, Series
from awsbasics.show.figures import draw
from awsbasics.show.live import with_form
from awsbasics.show.names import short_account_names
from awsbasics.show.sections.looked_at import scope_items, unread_table
from awsbasics.show.sections.verdict import percent, rating_of, ratings_sentence
from awsbasics.show.sources import Parameters, Sources


def open_overview(
    *,
    snapshot: str,
    engagement: str = "",
    since: str = "",
    as_of: str = "",
    accounts: str = "",
    redact: str = "",
) -> "Overview":
    """The start page; the parameters are those of `open_page`, and so are the errors."""
    parameters = Parameters(
        snapshot=snapshot,
        engagement=engagement,
        since=since,
        as_of=as_of,
        accounts=accounts,
        redact=redact,
    )
    return Overview(Sources(parameters))


class Overview:
    """What the first notebook shows; each method gives one section."""

    def __init__(self, sources: Sources) -> None:
        self.assessment: Assessment = sources.assess()
        self.engagement_file = sources.parameters.engagement

    def snapshot(self) -> Block:
        """What the snapshot is: whose it is, when it was gathered, by whom."""
        facts = self.assessment.facts
        manifest = facts.snapshot.manifest
        items = [
            *scope_items(self.assessment),
            ("Gathered as", str(manifest["caller"].get("arn") or "an exported file")),
            ("Management account", facts.management_account_id or "none: no organization"),
            ("Organization read from", str(manifest.get("organization_read_from") or "")),
            ("Made by", f"awsbasics {manifest.get('tool_version', '')}"),
        ]
        return Facts(items=tuple(item for item in items if item[1]))

    def coverage(self) -> Block:
        """How much was read in each account, and what was not and why."""
        unread = unread_table(self.assessment)
        return Group(blocks=(draw(coverage_chart(self.assessment)), unread))

    def environments(self) -> Block:
        """Every account with its environment and the rule that gave it.

        In a live notebook a form below gives one to the accounts that have none.
        """
        return with_form(
            _environments(self.assessment),
            self.engagement_file,
            lambda forms: forms.environment_form(self.assessment, self.engagement_file),
        )

    def ratings(self) -> Block:
        """All thirteen ratings in one table, with links to their pages."""
        rows = [_rating_row(self.assessment, each) for each in self.assessment.recommendations]
        columns = (
            Column("Id", "code"),
            Column("Recommendation", "link"),
            Column("Rating", "rating"),
            Column("Fail", "number"),
            Column("Not assessed", "number"),
            Column("To answer", "number"),
            Column("Evidence read", "number"),
        )
        summary = Note(text=ratings_sentence(self.assessment))
        table = Table(
            caption="The thirteen recommendations",
            columns=columns,
            rows=tuple(rows),
            total=len(rows),
        )
        return Group(blocks=(summary, table))

    def exceptions(self) -> Block:
        """All accepted exceptions, those that expire first on top."""
        return sections.exceptions_table(self.assessment.exceptions)


def _environments(assessment: Assessment) -> Table:
    ownership = assessment.facts.ownership
    rows = []
    for account in active_accounts(assessment.facts):
        owner = ownership.environment(account.id)
        where = account.ou_path or ("/" if account.under_root else "")
        environment = owner.value or "not classified"
        rows.append((account.name or account.id, account.id, where, environment, owner.rule))
    columns = (
        Column("Account"),
        Column("Id", "code"),
        Column("Organizational unit"),
        Column("Environment"),
        Column("By the rule"),
    )
    return Table(
        caption="Accounts and their environments",
        columns=columns,
        rows=tuple(rows),
        total=len(rows),
        empty="No account is known.",
    )


def _rating_row(assessment: Assessment, recommendation: Recommendation) -> tuple[Cell, ...]:
    rating = rating_of(assessment, recommendation)
    return (
        recommendation.id,
        (recommendation.title, f"{recommendation.notebook}.html"),
        str(rating["rating"]),
        int(rating["failed"]),
        int(rating["unknown"]),
        int(rating["asked"]),
        percent(float(rating["confidence"])),
    )


def coverage_chart(assessment: Assessment) -> Bars:
    """Per account how many readings ended well, in part, or not at all."""
    coverage = assessment.facts.snapshot.coverage
    coverage = coverage[coverage["account_id"].isin(assessment.facts.accounts)]
    names = short_account_names(assessment.facts)
    kinds = coverage["status"].map(_coverage_kind)
    series = (Series("read", "good"), Series("in part", "warn"), Series("not read", "unknown"))
    values = []
    for account in sorted(set(coverage["account_id"]), key=lambda each: names[each]):
        mine = Counter(kinds[coverage["account_id"] == account])
        values.append((names[account], tuple(mine[one.name] for one in series)))
    read = int((kinds == "read").sum())
    total = int(kinds.isin([one.name for one in series]).sum())
    return Bars(
        title="What could be read, by account",
        summary=f"{read:,} of {total:,} tables, counted in each account and region, were read.",
        label="Account",
        series=series,
        values=tuple(values),
    )


def _coverage_kind(status: str) -> str:
    if status in READ:
        return "read"
    if status == "region_off":
        return "off"
    return "in part" if status == "partial" else "not read"
