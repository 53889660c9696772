"""Ratings: what the findings of a recommendation add up to.

The first that holds: `not_met` if a critical or high finding fails; `not_assessed` if a
critical or high check is unknown, unanswered or not written; `partly_met` if anything fails;
`not_assessed` if anything is unknown or unanswered; `not_applicable` if nothing is in scope;
`met`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.findings import Finding
from awsbasics.recommendations.base import Recommendation

if TYPE_CHECKING:
    from awsbasics.assessment import Assessment

RATINGS = ("met", "partly_met", "not_met", "not_assessed", "not_applicable")
WEIGHTY = frozenset({"critical", "high"})
OPEN = frozenset({"unknown", "ask"})


def ratings_frame(assessment: "Assessment") -> pd.DataFrame:
    """One row per recommendation: rating, override, counts (things, not rows), confidence."""
    by_recommendation: dict[str, list[Finding]] = {}
    for finding in assessment.finding_list:
        by_recommendation.setdefault(finding.recommendation, []).append(finding)
    return pd.DataFrame(
        [
            _row(assessment, recommendation, by_recommendation.get(recommendation.id, []))
            for recommendation in assessment.recommendations
        ]
    )


def rate(recommendation: Recommendation, findings: Sequence[Finding]) -> str:
    """The rating that the evidence gives."""
    severity = {check.id: check.severity for check in recommendation.checks}
    failed = [finding for finding in findings if finding.status == "fail"]
    unsettled = [finding for finding in findings if finding.status in OPEN]
    if any(finding.severity in WEIGHTY for finding in failed):
        return "not_met"
    if any({finding.severity, severity[finding.check]} & WEIGHTY for finding in unsettled):
        return "not_assessed"
    if failed:
        return "partly_met"
    if unsettled:
        return "not_assessed"
    if all(finding.status == "not_applicable" for finding in findings):
        return "not_applicable"
    return "met"


def _row(
    assessment: "Assessment", recommendation: Recommendation, findings: Sequence[Finding]
) -> dict[str, Any]:
    override = assessment.facts.engagement.overrides.get(recommendation.id)
    counts = Counter(finding.status for finding in findings)
    judged = [j for j in assessment.judgements if j.recommendation is recommendation]
    passed = sum(
        result.facts["count"] for j in judged for result in j.results if result.status == "ok"
    )
    return {
        "recommendation": recommendation.id,
        "title": recommendation.title,
        "rating": rate(recommendation, findings),
        "override": override.rating if override else None,
        "override_reason": override.reason if override else None,
        "passed": passed,
        "failed": counts["fail"],
        "unknown": counts["unknown"],
        "asked": counts["ask"],
        "excepted": counts["excepted"],
        "not_written": sum(not check.written for check in recommendation.checks),
        "in_scope": passed + counts["fail"] + counts["excepted"],
        "confidence": assessment.unread.confidence(recommendation),
    }
