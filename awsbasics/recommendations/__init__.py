"""The thirteen recommendations and their checks, by id.

To add a check, declare it in its recommendation's module and give it a function; the reports,
the ratings and `awsbasics checks` follow from the declaration.
"""

from collections.abc import Mapping
from types import MappingProxyType

from awsbasics.recommendations import (
    application_roles,
    deployment,
    developer_access,
    elevated_access,
    engineers,
    guard_rails,
    organizations,
    secrets,
    security_groups,
    security_review,
    separation,
    teams,
    vpc,
)
from awsbasics.recommendations.base import Check, Question, Recommendation

RECOMMENDATIONS: tuple[Recommendation, ...] = (
    organizations.RECOMMENDATION,
    guard_rails.RECOMMENDATION,
    separation.RECOMMENDATION,
    engineers.RECOMMENDATION,
    application_roles.RECOMMENDATION,
    teams.RECOMMENDATION,
    deployment.RECOMMENDATION,
    elevated_access.RECOMMENDATION,
    vpc.RECOMMENDATION,
    security_groups.RECOMMENDATION,
    developer_access.RECOMMENDATION,
    secrets.RECOMMENDATION,
    security_review.RECOMMENDATION,
)

CHECKS: Mapping[str, Check] = MappingProxyType(
    {check.id: check for each in RECOMMENDATIONS for check in each.checks}
)

QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {id_: question for check in CHECKS.values() for id_, question in check.questions}
)


def recommendation(recommendation_id: str) -> Recommendation:
    """The recommendation with an id (`R05`). Raises KeyError for any other text."""
    for each in RECOMMENDATIONS:
        if each.id == recommendation_id:
            return each
    raise KeyError(recommendation_id)


__all__ = [
    "CHECKS",
    "QUESTIONS",
    "RECOMMENDATIONS",
    "Check",
    "Question",
    "Recommendation",
    "recommendation",
]
