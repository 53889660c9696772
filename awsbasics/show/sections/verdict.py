"""The verdict: the rating in a word, why in a sentence, and the numbers behind it."""

from collections import Counter
from typing import Any

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.recommendations.base import DONT_KNOW, Recommendation
from awsbasics.show.blocks import Verdict
from awsbasics.show.text import plural, sentence_list
from awsbasics.show.words import RATINGS, SEVERITIES


def verdict(assessment: Assessment, recommendation: Recommendation) -> Verdict:
    """The verdict on one recommendation; an override stands beside it, never instead of it."""
    rating = rating_of(assessment, recommendation)
    override = rating["override"]
    return Verdict(
        rating=str(rating["rating"]),
        text=why(assessment, recommendation),
        override="" if pd.isna(override) else str(override),
        override_reason="" if pd.isna(override) else str(rating["override_reason"]),
        numbers=_numbers(rating),
    )


def rating_of(assessment: Assessment, recommendation: Recommendation) -> "pd.Series[Any]":
    """The row of a recommendation in the ratings."""
    ratings = assessment.ratings
    return ratings[ratings["recommendation"] == recommendation.id].iloc[0]


def why(assessment: Assessment, recommendation: Recommendation) -> str:
    """What the rating rests on, in plain words."""
    rating = rating_of(assessment, recommendation)
    found = assessment.findings
    found = found[found["recommendation"] == recommendation.id]
    failed, gaps = failed_words(found), _gap_words(found)
    if rating["rating"] == "not_applicable":
        return "Nothing in the accounts assessed is in the scope of this recommendation."
    if rating["rating"] == "not_assessed":
        judged = f"Of what was judged, {failed}" if failed else "Nothing that was judged fails"
        return _sentences(f"Too much is open for a rating: {gaps}", judged)
    if rating["rating"] == "met":
        accepted = plural(int(rating["excepted"]), "accepted exception")
        beside = f", {accepted} among them" if rating["excepted"] else ""
        return f"All {plural(int(rating['in_scope']), 'thing')} in scope hold{beside}."
    return _sentences(failed, gaps and f"Still open: {gaps}")


def ratings_sentence(assessment: Assessment) -> str:
    """How many recommendations have which rating, in a sentence."""
    counts = Counter(assessment.ratings["rating"])
    parts = [
        f"{counts[rating]} {'is' if counts[rating] == 1 else 'are'} {words.lower()}"
        for rating, words in RATINGS.items()
        if counts[rating]
    ]
    noun = plural(counts.total(), "recommendation")
    return f"Of {noun}, {sentence_list(parts)}." if counts.total() > 1 else f"It {parts[0][2:]}."


def failed_words(found: pd.DataFrame) -> str:
    """How many findings fail, by severity: `3 findings fail: 1 critical, 2 medium`."""
    severities = Counter(found.loc[found["status"] == "fail", "severity"])
    counts = [f"{severities[name]:,} {name}" for name in SEVERITIES if severities[name]]
    verb = "fails" if severities.total() == 1 else "fail"
    words = f"{plural(severities.total(), 'finding')} {verb}: {', '.join(counts)}"
    return words if counts else ""


def _gap_words(found: pd.DataFrame) -> str:
    """What keeps the rating from being more certain, in the order in which it can be mended."""
    unknown = found[found["status"] == "unknown"]
    asked = int((found["status"] == "ask").sum())  # a question in parts is several, as below
    unanswered = unknown["key"].str.split(".").str[0] == DONT_KNOW
    unwritten = unknown.loc[unknown["key"] == "not_written", "check"].nunique()
    raised = unknown.loc[unknown["key"] == "exception", "check"].nunique()
    unread = unknown[~unknown["key"].isin(["not_written", "exception"]) & ~unanswered]
    not_known = int(unanswered.sum())
    parts = [
        f"{plural(len(unread), 'place')} could not be judged for want of evidence"
        * bool(len(unread)),
        f"{plural(raised, 'check')} broke down" * bool(raised),
        f"{plural(asked, 'question')} awaits an answer" * (asked == 1),
        f"{plural(asked, 'question')} await an answer" * (asked > 1),
        f"{plural(not_known, 'question')} the client could not answer" * bool(not_known),
        f"{plural(unwritten, 'check')} {'is' if unwritten == 1 else 'are'} not written yet"
        * bool(unwritten),
    ]
    return sentence_list([part for part in parts if part])


def _sentences(*parts: str) -> str:
    return " ".join(f"{part}." for part in parts if part)


def _numbers(rating: "pd.Series[Any]") -> tuple[tuple[str, str], ...]:
    labels = {
        "in_scope": "things in scope",
        "passed": "passed",
        "failed": "failed",
        "excepted": "accepted",
        "unknown": "not assessed",
        "asked": "to answer",
        "not_written": "checks not written",
    }
    numbers = [(label, f"{int(rating[name]):,}") for name, label in labels.items()]
    return (*numbers, ("of the evidence was read", percent(float(rating["confidence"]))))


def percent(share: float) -> str:
    """A share as a percentage; 100 % only where nothing is missing."""
    return "100 %" if share >= 1 else f"{min(share * 100, 99):.0f} %"
