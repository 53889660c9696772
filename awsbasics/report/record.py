"""What a run leaves behind about itself: `run.json` and the exit code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from awsbasics import __version__
from awsbasics.assessment import Assessment
from awsbasics.show.sources import Sources
from awsbasics.show.words import SEVERITY_ORDER

SCHEMA_VERSION = 1

OK = 0
SEVERE_FINDINGS = 3
INCOMPLETE = 4
NOTEBOOK_FAILED = 5

_COUNTS = ("passed", "failed", "unknown", "asked", "excepted", "not_written", "in_scope")


@dataclass(frozen=True, slots=True)
class Entry:
    """One notebook of a run; `error` is empty where it ended well."""

    notebook: str
    title: str
    error: str = ""

    @property
    def page(self) -> str:
        """The file name of its page."""
        return f"{self.notebook}.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run: when, of what, in which scope, and what came of it."""

    started: pd.Timestamp
    finished: pd.Timestamp
    as_of: pd.Timestamp
    snapshot: dict[str, Any]
    since: dict[str, Any] | None
    scope: dict[str, Any]
    ratings: tuple[dict[str, Any], ...]
    entries: tuple[Entry, ...]
    exit_code: int = OK

    @classmethod
    def make(
        cls,
        sources: Sources,
        assessment: Assessment,
        entries: Sequence[Entry],
        started: pd.Timestamp,
    ) -> "RunRecord":
        """The record of a run that is about to end."""
        facts, earlier = assessment.facts, sources.earlier
        return cls(
            started=started,
            finished=pd.Timestamp.now("UTC"),
            as_of=assessment.as_of,
            snapshot=_snapshot(facts.snapshot.manifest),
            since=_snapshot(earlier.manifest) if earlier else None,
            scope={
                "accounts": list(facts.accounts),
                "regions": list(facts.snapshot.manifest["regions"]),
                "recommendations": [each.id for each in assessment.recommendations],
            },
            ratings=tuple(_ratings(assessment)),
            entries=tuple(entries),
        )

    def ended(self, code: int) -> "RunRecord":
        """The record with its exit code."""
        return replace(self, exit_code=code)

    def entry(self, notebook: str) -> Entry | None:
        """The entry of a notebook, if it was part of the run."""
        return next((entry for entry in self.entries if entry.notebook == notebook), None)

    def to_json(self) -> dict[str, Any]:
        """The content of `run.json`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "tool_version": __version__,
            "started": _text(self.started),
            "finished": _text(self.finished),
            "as_of": _text(self.as_of),
            "snapshot": self.snapshot,
            "since": self.since,
            "scope": self.scope,
            "recommendations": [
                {**rating, **_status(self.entry(rating["notebook"]))} for rating in self.ratings
            ],
            "notebooks": [{"notebook": e.notebook, **_status(e)} for e in self.entries],
            "exit_code": self.exit_code,
        }


def exit_code(
    assessment: Assessment, entries: Sequence[Entry], *, fail_on: str | None, strict: bool
) -> int:
    """5 for a failed notebook, 4 for missing coverage if strict, 3 for severe findings, or 0."""
    if any(entry.error for entry in entries):
        return NOTEBOOK_FAILED
    if strict and len(assessment.unassessed):
        return INCOMPLETE
    findings = assessment.findings
    failed = findings.loc[findings["status"] == "fail", "severity"].map(SEVERITY_ORDER)
    if fail_on is not None and (failed <= SEVERITY_ORDER[fail_on]).any():
        return SEVERE_FINDINGS
    return OK


def _ratings(assessment: Assessment) -> list[dict[str, Any]]:
    notebooks = {each.id: each.notebook for each in assessment.recommendations}
    return [
        {
            "id": row["recommendation"],
            "rating": row["rating"],
            "override": None if pd.isna(row["override"]) else row["override"],
            "confidence": round(float(row["confidence"]), 4),
            "counts": {name: int(row[name]) for name in _COUNTS},
            "notebook": notebooks[row["recommendation"]],
        }
        for row in assessment.ratings.to_dict("records")
    ]


def _status(entry: Entry | None) -> dict[str, str | None]:
    if entry is None:
        return {"status": "not_run", "error": None}
    return {"status": "failed" if entry.error else "ok", "error": entry.error or None}


def _snapshot(manifest: Any) -> dict[str, Any]:
    return {"id": manifest.get("id"), "collected_at": manifest["finished"]}


def _text(moment: pd.Timestamp) -> str:
    return moment.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
