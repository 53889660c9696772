"""R12: secrets by how they are renewed, and their names."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.facts import Facts
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series, counted
from awsbasics.show.evidence.common import day, environment, table, yes_no
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = ("secretsmanager_secrets",)
ROTATED, YOUNG, OLD = "rotated", "not rotated, young", "not rotated, old"
_COLUMNS = (
    "account_id",
    "region",
    "arn",
    "name",
    "rotation_enabled",
    "last_rotated",
    "last_changed",
    "last_accessed",
    "created",
    "deleted",
    "primary_region",
    "owning_service",
    "tags",
)


def secrets_by_renewal(assessment: Assessment) -> Bars | None:
    """Secrets per environment: rotated, young, or old."""
    facts = assessment.facts
    found = list(_secrets(facts))
    if not found:
        return None
    series = (Series(ROTATED, "good"), Series(YOUNG, "first"), Series(OLD, "bad"))
    kinds = [_kind(facts, secret) for secret in found]
    named = sum(facts.engagement.secret_name(secret.name) is not None for secret in found)
    days = facts.engagement.thresholds["secret_age_days"]
    return Bars(
        title="Secrets by how they are renewed",
        summary=f"{plural(len(found), 'secret')}: {kinds.count(ROTATED):,} rotated, "
        f"{kinds.count(OLD):,} neither rotated nor made in the last {days:g} days. "
        f"{named:,} have a name of the format.",
        label="Environment",
        series=series,
        values=counted([environment(facts, secret.account_id) for secret in found], kinds, series),
    )


def secrets(assessment: Assessment) -> Table:
    """Every secret that people answer for; never its value."""
    facts = assessment.facts
    names = short_account_names(facts)
    return table(
        "Secrets",
        (
            Column("Secret"),
            Column("Account"),
            Column("Environment"),
            Column("Application"),
            Column("Fits the format"),
            Column("Rotation"),
            Column("Last rotated", "date"),
            Column("Made", "date"),
            Column("Last read", "date"),
        ),
        (
            (s.name, names[s.account_id], environment(facts, s.account_id),
             _application(facts, s), yes_no(facts.engagement.secret_name(s.name) is not None),
             yes_no(bool(s.rotation_enabled)),
             day(s.last_rotated), day(s.created), day(s.last_accessed))
            for s in _secrets(facts)
        ),
        empty="There are no secrets.",
    )  # fmt: skip


def _secrets(facts: Facts) -> Iterator[Any]:
    """No service's own secrets, no replicas, none that is being deleted."""
    for secret in rows(facts.frame("secretsmanager_secrets"), *_COLUMNS):
        replica = secret.primary_region not in (None, secret.region)
        if secret.owning_service is None and secret.deleted is None and not replica:
            yield secret


def _application(facts: Facts, secret: Any) -> str | None:
    place = (secret.account_id, secret.region, secret.arn)
    return facts.ownership.application(*place, tags=secret.tags, name=secret.name).value


def _kind(facts: Facts, secret: Any) -> str:
    if secret.rotation_enabled:
        return ROTATED
    days = facts.engagement.thresholds["secret_age_days"]
    renewed = max(filter(None, (secret.last_rotated, secret.created)), default=None)
    return YOUNG if renewed and renewed >= facts.as_of - pd.Timedelta(days=days) else OLD


EXHIBITS = Exhibits(
    figures={
        "secrets_by_renewal": FigureExhibit(TABLES, secrets_by_renewal, "There are no secrets.")
    },
    tables={"secrets": TableExhibit(TABLES, secrets)},
)
