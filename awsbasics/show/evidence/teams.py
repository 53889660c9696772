"""R06: what teams can do to applications, and what their groups grant."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from awsbasics.assessment import Assessment
from awsbasics.facts import Facts
from awsbasics.recommendations.evidence.documents import inline_policies, managed_policies
from awsbasics.recommendations.evidence.expected_team_access import matrix_rows
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.recommendations.teams import ACCESS_TABLES, counts
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series
from awsbasics.show.evidence.common import table
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = ("iam_groups", "iam_policies", "iam_inline_policies", "iam_attachments")


class TeamGroup(NamedTuple):
    """A team's IAM group: how many of its statements let roles be assumed, how many stand."""

    name: str
    account_id: str
    team: str
    members: int
    policies: tuple[str, ...]
    assuming: int
    standing: int


def team_grants(assessment: Assessment) -> Bars | None:
    """Statements per team group: assuming roles, or standing."""
    groups = list(_groups(assessment.facts))
    if not groups:
        return None
    names = short_account_names(assessment.facts)
    shared = len({group.name for group in groups}) < len(groups)
    standing = sum(bool(group.standing) for group in groups)
    return Bars(
        title="What team groups grant, in statements of their policies",
        summary=f"{standing:,} of {plural(len(groups), 'team group')} have standing permissions "
        "beside, or instead of, permissions to assume roles. Managing one’s own credentials is "
        "counted as neither.",
        label="Group",
        series=(Series("assume roles", "good"), Series("standing permissions", "bad")),
        values=tuple(
            (f"{g.name} ({names[g.account_id]})" if shared else g.name, (g.assuming, g.standing))
            for g in groups
        ),
    )


def groups(assessment: Assessment) -> Table:
    """Team groups with their policies."""
    names = short_account_names(assessment.facts)
    return table(
        "Team groups and their policies",
        (
            Column("Group"),
            Column("Team"),
            Column("Account"),
            Column("Members", "number"),
            Column("Policies", "list"),
            Column("Assume roles", "number"),
            Column("Standing", "number"),
        ),
        (
            (g.name, g.team, names[g.account_id], g.members, g.policies, g.assuming, g.standing)
            for g in _groups(assessment.facts)
        ),
        empty="No IAM group belongs to a team.",
    )


def team_access(assessment: Assessment) -> Table:
    """What each team can do to each application, by environment."""
    known = {True: "yes", False: "no", None: "not known"}
    return table(
        "What teams can do to applications",
        (
            Column("Team"),
            Column("Application"),
            Column("Environment"),
            Column("Access"),
            Column("Maintains it"),
            Column("The application’s roles that it can assume", "list"),
        ),
        (
            (r.team, r.application, r.environment, r.level, known[r.maintains], r.assumes)
            for r in matrix_rows(assessment.facts)
        ),
        empty="No team, or no application, is known.",
    )


def permission_sets(assessment: Assessment) -> Table:
    """Permission sets of Identity Center with their teams and accounts."""
    facts = assessment.facts
    assigned: dict[str, set[str]] = defaultdict(set)
    assignments = rows(facts.frame("sso_assignments"), "permission_set_arn", "target_account_id")
    for row in assignments:
        assigned[row.permission_set_arn].add(row.target_account_id)
    names = short_account_names(facts)
    sets = rows(facts.frame("sso_permission_sets"), "arn", "name", "session_duration", "tags")
    return table(
        "Permission sets of IAM Identity Center",
        (
            Column("Permission set"),
            Column("Team"),
            Column("Session"),
            Column("In accounts", "list"),
        ),
        (
            (s.name, facts.ownership.team_of_permission_set(s.name, s.tags).value,
             s.session_duration, tuple(sorted(names[a] for a in assigned[s.arn])))
            for s in sets
        ),
        empty="There is none.",
    )  # fmt: skip


def _groups(facts: Facts) -> Iterator[TeamGroup]:
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for source in (managed_policies, inline_policies):
        for document in source(facts):
            for holder in document.holders:
                held[holder].append((document.name, document.text or "{}"))
    members: dict[str, int] = defaultdict(int)
    for row in rows(facts.frame("iam_group_members"), "group_arn"):
        members[row.group_arn] += 1
    for group in rows(facts.frame("iam_groups"), "account_id", "arn", "name", "path"):
        team = facts.ownership.team_of_group(group.name, group.path).value
        if team is not None:
            found = [counts(text) for _, text in held[group.arn]]
            yield TeamGroup(
                name=group.name,
                account_id=group.account_id,
                team=team,
                members=members[group.arn],
                policies=tuple(sorted(name for name, _ in held[group.arn])),
                assuming=sum(assuming for assuming, _ in found),
                standing=sum(standing for _, standing in found),
            )


EXHIBITS = Exhibits(
    figures={"team_grants": FigureExhibit(TABLES, team_grants, "No IAM group belongs to a team.")},
    tables={
        "team_access": TableExhibit(ACCESS_TABLES, team_access),
        "groups": TableExhibit((*TABLES, "iam_group_members"), groups),
        "permission_sets": TableExhibit(
            ("sso_permission_sets", "sso_assignments"), permission_sets
        ),
    },
)
