"""The words that a reader sees for ratings, statuses, severities and coverage.

One place, so that pages, index and figures say the same thing in the same words.
"""

from collections.abc import Mapping

RATINGS: Mapping[str, str] = {
    "met": "Met",
    "partly_met": "Partly met",
    "not_met": "Not met",
    "not_assessed": "Not assessed",
    "not_applicable": "Not applicable",
}

STATUSES: Mapping[str, str] = {
    "fail": "Fails",
    "unknown": "Not assessed",
    "ask": "To answer",
    "excepted": "Accepted",
    "not_applicable": "Not applicable",
    "pass": "Passes",
}

SEVERITIES: Mapping[str, str] = {
    "critical": "Critical",
    "high": "High",
    "medium": "Medium",
    "low": "Low",
    "info": "Info",
}

COVERAGE: Mapping[str, str] = {
    "ok": "read",
    "empty": "read: there is none",
    "partial": "read in part",
    "denied": "access denied",
    "scp_denied": "denied by an SCP",
    "region_off": "region is off",
    "throttled": "throttled to the end",
    "unsupported": "not offered there",
    "not_read": "was not asked for",
    "error": "failed",
}

SEVERITY_ORDER: Mapping[str, int] = {name: rank for rank, name in enumerate(SEVERITIES)}
STATUS_ORDER: Mapping[str, int] = {name: rank for rank, name in enumerate(STATUSES)}


def word(value: str) -> str:
    """The word for a rating, status or severity; the value itself if it is none of them."""
    for words in (RATINGS, STATUSES, SEVERITIES):
        if value in words:
            return words[value]
    return value
