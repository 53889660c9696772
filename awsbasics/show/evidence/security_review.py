"""R13: what each trail does."""

from typing import Any

from awsbasics.assessment import Assessment
from awsbasics.recommendations.evidence.trails import Part, recording_parts, trails
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Grid, Mark
from awsbasics.show.evidence.common import table
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = ("cloudtrail_trails",)
_PARTS = {
    "logging": "Logging now",
    "delivery": "Delivers",
    "validation": "Validation",
    "events": "All events",
}


def trail_status(assessment: Assessment) -> Grid | None:
    """Trail by what is asked of it."""
    found = trails(assessment.facts)
    if not found:
        return None
    names = short_account_names(assessment.facts)
    marks = [(f"{names[trail.account_id]}: {trail.name}", _marks(trail)) for trail in found]
    good = sum(all(mark == "yes" for mark in row[:4]) for _, row in marks)
    return Grid(
        title="What each trail does",
        summary=f"{good:,} of {plural(len(found), 'trail')} log now, deliver, can be validated and "
        "leave no management events out.",
        label="Trail",
        columns=(*_PARTS.values(), "All regions", "All accounts", "KMS key"),
        values=tuple(marks),
    )


def trail_table(assessment: Assessment) -> Table:
    """The trails with where their logs go."""
    names = short_account_names(assessment.facts)
    return table(
        "Trails",
        (
            Column("Trail"),
            Column("Owner"),
            Column("Home region"),
            Column("Bucket", "code"),
            Column("Last delivery", "date"),
            Column("Delivery error"),
        ),
        (
            (t.name, names[t.account_id], t.home_region, t.bucket_name,
             None if t.latest_delivery_time is None else f"{t.latest_delivery_time:%Y-%m-%d %H:%M}",
             t.latest_delivery_error)
            for t in trails(assessment.facts)
        ),
        empty="There is none.",
    )  # fmt: skip


def _marks(trail: Any) -> tuple[Mark, ...]:
    parts = {part.key: part for part in recording_parts(trail)}
    flags = (trail.is_multi_region, trail.is_organization, bool(trail.kms_key_id))
    return (*(_mark(parts[key]) for key in _PARTS), *("yes" if flag else "no" for flag in flags))


def _mark(part: Part) -> Mark:
    if part.met is None:
        return "unknown"
    return "yes" if part.met else "no"


EXHIBITS = Exhibits(
    figures={"trail_status": FigureExhibit(TABLES, trail_status, "There is no trail at all.")},
    tables={"trails": TableExhibit(TABLES, trail_table)},
)
