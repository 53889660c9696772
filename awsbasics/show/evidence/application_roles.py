"""R05: roles and policies that code owns, and policies that are too wide."""

from collections import Counter, defaultdict

from awsbasics.assessment import Assessment
from awsbasics.recommendations.evidence.roles import is_exempt
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series, counted
from awsbasics.show.evidence.common import NO_APPLICATION, environment, findings_of, short, table
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = ("iam_roles", "cloudformation_stacks", "cloudformation_stack_resources")
BY_HAND = "no code is known"
_CODE = {"cloudformation": "CloudFormation", "cdk": "CDK", "terraform": "Terraform"}


def roles_by_code(assessment: Assessment) -> Bars | None:
    """Roles per account, by the kind of code that owns them."""
    facts = assessment.facts
    names = short_account_names(facts)
    accounts, kinds = [], []
    for role in rows(facts.frame("iam_roles"), "account_id", "arn", "name", "path", "tags"):
        if not is_exempt(role, facts.engagement):
            owner = facts.ownership.managed_by(role.account_id, "global", role.arn, tags=role.tags)
            accounts.append(names[role.account_id])
            kinds.append(_CODE.get(owner.value or "", BY_HAND))
    if not kinds:
        return None
    known = [
        Series("CloudFormation", "good"),
        Series("CDK", "first"),
        Series("Terraform", "second"),
    ]
    series = (*(one for one in known if one.name in kinds), Series(BY_HAND, "bad"))
    by_hand = kinds.count(BY_HAND)
    return Bars(
        title="Roles by what owns them",
        summary=f"{plural(len(kinds), 'role')}: {len(kinds) - by_hand:,} owned by code, "
        f"{by_hand:,} by none that is known. Roles of AWS services, of Identity Center and of "
        "account provisioning are left out.",
        label="Account",
        series=series,
        values=counted(accounts, kinds, series),
    )


def applications(assessment: Assessment) -> Table:
    """Applications with their roles in each environment."""
    facts = assessment.facts
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for role in rows(facts.frame("iam_roles"), "account_id", "arn", "name", "path", "tags"):
        if not is_exempt(role, facts.engagement):
            place = (role.account_id, "global", role.arn)
            owner = facts.ownership.application(*place, tags=role.tags, name=role.name)
            where = environment(facts, role.account_id)
            found[owner.value or NO_APPLICATION][where].append(role.name)
    return table(
        "Applications and their roles",
        (Column("Application"), Column("Roles", "number"), Column("Where", "list")),
        (
            (
                name,
                sum(map(len, places.values())),
                tuple(f"{e}: {_some(r)}" for e, r in places.items()),
            )
            for name, places in sorted(
                found.items(), key=lambda item: (item[0] == NO_APPLICATION, item[0])
            )
        ),
        empty="There are no roles of applications.",
    )


def widest_policies(assessment: Assessment) -> Table:
    """Policies by how many of their statements are too wide."""
    found = list(findings_of(assessment, "APP.3"))
    names = short_account_names(assessment.facts)
    counts = Counter((each.account_id, each.resource) for each in found)
    first = {(each.account_id, each.resource): each for each in reversed(found)}
    return table(
        "Policies with statements that are too wide",
        (
            Column("Policy", "code"),
            Column("Account"),
            Column("Application"),
            Column("Statements", "number"),
            Column("For example"),
        ),
        (
            (short(resource), names[account], first[account, resource].application, count,
             first[account, resource].title)
            for (account, resource), count in counts.most_common()
        ),
        empty="None is known.",
    )  # fmt: skip


def _some(names: list[str]) -> str:
    shown = ", ".join(sorted(names)[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


EXHIBITS = Exhibits(
    figures={"roles_by_code": FigureExhibit(TABLES, roles_by_code, "There are no such roles.")},
    tables={
        "applications": TableExhibit(TABLES, applications),
        "widest_policies": TableExhibit(("iam_policies", "iam_inline_policies"), widest_policies),
    },
)
