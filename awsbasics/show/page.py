"""A recommendation's page: one method for each section, in the order of the report."""

from collections.abc import Mapping
from typing import TypeVar

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.errors import UsageError
from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.recommendations.base import Recommendation
from awsbasics.show import sections
from awsbasics.show.blocks import Block
from awsbasics.show.evidence import EXHIBITS
from awsbasics.show.exhibits import FigureExhibit, TableExhibit, show_figure, show_table
from awsbasics.show.live import with_form
from awsbasics.show.sources import Parameters, Sources

Exhibit = TypeVar("Exhibit", FigureExhibit, TableExhibit)


def open_page(
    recommendation_id: str,
    *,
    snapshot: str,
    engagement: str = "",
    since: str = "",
    as_of: str = "",
    accounts: str = "",
    redact: str = "",
) -> "Page":
    """The page of a recommendation (`R05`); the parameters are a notebook's, all plain strings.

    Raises UsageError for an unknown recommendation or an unusable parameter, SnapshotError and
    EngagementError for what cannot be read.
    """
    parameters = Parameters(
        snapshot=snapshot,
        engagement=engagement,
        since=since,
        as_of=as_of,
        accounts=accounts,
        redact=redact,
    )
    return Page(_recommendation(recommendation_id), Sources(parameters))


class Page:
    """What a notebook shows of one recommendation; each method gives one section."""

    def __init__(self, recommendation: Recommendation, sources: Sources) -> None:
        self.recommendation = recommendation
        self.engagement_file = sources.parameters.engagement
        self.assessment: Assessment = sources.assess(only=(recommendation.id,))

    @property
    def frame(self) -> pd.DataFrame:
        """This recommendation's findings, as a frame to work with."""
        return self.assessment.findings

    def verdict(self) -> Block:
        """The rating, why, and the numbers behind it."""
        return sections.verdict(self.assessment, self.recommendation)

    def looked_at(self) -> Block:
        """What was looked at, and what could not be."""
        return sections.looked_at(self.assessment, self.recommendation)

    def figure(self, name: str) -> Block:
        """A figure of this recommendation, by name; UsageError for one that it has not."""
        exhibit = _named(EXHIBITS[self.recommendation.id].figures, name, "figure")
        return show_figure(self.assessment, exhibit)

    def table(self, name: str) -> Block:
        """A table of this recommendation, by name; UsageError for one that it has not."""
        exhibit = _named(EXHIBITS[self.recommendation.id].tables, name, "table")
        return show_table(self.assessment, exhibit)

    def questions(self) -> Block:
        """What only people can answer: open questions with YAML to paste, and the answers.

        In a live notebook each has a form below that writes the answer into the engagement file.
        """
        asked = (self.assessment, self.recommendation)
        return with_form(
            sections.questions(*asked),
            self.engagement_file,
            lambda forms: forms.question_forms(*asked, self.engagement_file),
        )

    def findings(self) -> Block:
        """What fails, what is to be answered and what was not assessed, most severe first."""
        return sections.findings(self.assessment, self.recommendation)

    def exceptions(self) -> Block:
        """Accepted exceptions: in force, expired, and those that match nothing.

        In a live notebook a form below accepts another finding.
        """
        shown = (self.assessment, self.recommendation)
        return with_form(
            sections.exceptions(*shown),
            self.engagement_file,
            lambda forms: forms.exception_form(*shown, self.engagement_file),
        )

    def actions(self) -> Block:
        """What to do, once per check."""
        return sections.actions(self.assessment, self.recommendation)

    def changes(self) -> Block:
        """What is new and what is gone since the earlier snapshot."""
        before, changed = self.assessment.before, self.assessment.changes
        if before is None or changed is None:
            return sections.no_earlier_snapshot()
        return sections.changes(changed, before.as_of)

    def notes(self) -> Block:
        """The assessor's notes and override."""
        return sections.notes(self.assessment, self.recommendation)


def _named(exhibits: Mapping[str, Exhibit], name: str, kind: str) -> Exhibit:
    if name not in exhibits:
        known = ", ".join(sorted(exhibits)) or "none"
        raise UsageError(f"there is no {kind} {name!r} here; there are: {known}")
    return exhibits[name]


def _recommendation(recommendation_id: str) -> Recommendation:
    for recommendation in RECOMMENDATIONS:
        if recommendation.id == recommendation_id:
            return recommendation
    known = f"{RECOMMENDATIONS[0].id} to {RECOMMENDATIONS[-1].id}"
    raise UsageError(f"there is no recommendation {recommendation_id!r}; they are {known}")
