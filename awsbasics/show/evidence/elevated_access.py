"""R08: grants for a time, on a line of time."""

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.recommendations.evidence.roles import is_aws_own
from awsbasics.recommendations.evidence.rows import rows, shown
from awsbasics.recommendations.evidence.time_grants import Grant, grants
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Colour, Span, Timeline
from awsbasics.show.evidence.common import environment, short, table
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = (
    "iam_roles",
    "iam_policies",
    "iam_inline_policies",
    "iam_attachments",
    "sso_permission_sets",
    "sso_assignments",
)
_STATES: dict[str, Colour] = {"in force": "first", "to come": "second", "over": "bad"}


def time_bound_grants(assessment: Assessment) -> Timeline | None:
    """Each grant's window, and the moment of the assessment."""
    now = assessment.as_of
    found = _sorted(assessment)
    if not found:
        return None
    states = [_state(grant, now) for grant in found]
    return Timeline(
        title="Grants for a time",
        summary=f"{plural(len(found), 'grant')}: {states.count('in force'):,} in force, "
        f"{states.count('to come'):,} to come, {states.count('over'):,} over and still attached.",
        label="Grant",
        now=now,
        spans=tuple(
            Span(_label(grant), _moment(grant.start), _moment(grant.end), _STATES[state], state)
            for grant, state in zip(found, states, strict=True)
        ),
    )


def time_bound_table(assessment: Assessment) -> Table:
    """The grants with who holds them."""
    names, facts = short_account_names(assessment.facts), assessment.facts
    return table(
        "Grants for a time",
        (
            Column("Grant"),
            Column("Account"),
            Column("Environment"),
            Column("From, UTC", "date"),
            Column("Until, UTC", "date"),
            Column("State"),
            Column("Held by", "list"),
        ),
        (
            (g.label, names[g.account_id], environment(facts, g.account_id), _minute(g.start),
             _minute(g.end), _state(g, assessment.as_of), tuple(shown(map(short, g.holders))))
            for g in _sorted(assessment)
        ),
        empty="None was found.",
    )  # fmt: skip


def break_glass_roles(assessment: Assessment) -> Table:
    """Roles for emergencies, by their name."""
    facts = assessment.facts
    names = short_account_names(facts)
    columns = ("account_id", "arn", "name", "path", "max_session_duration", "last_used")
    return table(
        "Roles for emergencies",
        (
            Column("Role"),
            Column("Account"),
            Column("Longest session, hours", "number"),
            Column("Last used", "date"),
        ),
        (
            (r.name, names[r.account_id], _hours(r.max_session_duration), _minute(r.last_used))
            for r in rows(facts.frame("iam_roles"), *columns)
            if not is_aws_own(r) and facts.engagement.roles.is_break_glass(r.name, r.path or "/")
        ),
        empty="No role’s name says so; `roles.break_glass` in the engagement file has the pattern.",
    )


def _sorted(assessment: Assessment) -> list[Grant]:
    return sorted(grants(assessment.facts), key=lambda grant: (grant.end, grant.label))


def _label(grant: Grant) -> str:
    return grant.label.removeprefix("The grant in ").removeprefix("The permission to ")


def _state(grant: Grant, now: pd.Timestamp) -> str:
    if grant.end <= now:
        return "over"
    return "to come" if grant.start is not None and grant.start > now else "in force"


def _moment(moment: object) -> pd.Timestamp | None:
    return None if moment is None else pd.Timestamp(moment)  # type: ignore[arg-type]


def _minute(moment: object) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 3600, 1)


EXHIBITS = Exhibits(
    figures={
        "time_bound_grants": FigureExhibit(
            TABLES, time_bound_grants, "No policy grants anything for a fixed time."
        ),
    },
    tables={
        "time_bound_grants": TableExhibit(TABLES, time_bound_table),
        "break_glass_roles": TableExhibit(("iam_roles",), break_glass_roles),
    },
)
