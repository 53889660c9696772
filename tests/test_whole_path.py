"""From an account that denies to the words in the index: never a false all-clear."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from awsbasics import assessment as assessment_module
from awsbasics.assessment import assess
from awsbasics.collect import collect
from awsbasics.demo import ENGAGEMENT, DemoOrganization, demo_session
from awsbasics.engagement import load_engagement
from awsbasics.facts import Facts
from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.recommendations.base import Result
from awsbasics.run import write_report
from awsbasics.snapshot import Snapshot
from tests.faulty_aws import Fault, FaultyAws

IAM_RECOMMENDATIONS = ("R04", "R05", "R06", "R08")


@pytest.fixture
def denied(faulty_demo: FaultyAws, organization: DemoOrganization, tmp_path: Path) -> Snapshot:
    """One production account, gathered alone, in which every IAM call was denied."""
    faulty_demo.faults["iam:*"] = Fault("AccessDenied", "not authorized to perform this on it")
    home = organization.management_account_id
    return collect(
        tmp_path / "snapshot", session=demo_session(), regions=["us-east-1"], accounts=[home]
    )


def test_denied_iam_calls_are_not_assessed_and_the_index_says_why(
    denied: Snapshot, tmp_path: Path
) -> None:
    result = write_report(
        denied.store.location, tmp_path / "report", engagement=str(ENGAGEMENT), only=["R04"]
    )
    record = json.loads((tmp_path / "report/run.json").read_text())
    assert [r["rating"] for r in record["recommendations"] if r["id"] == "R04"] == ["not_assessed"]

    index = result.index.read_text()
    assert "Not assessed" in index
    assert "AccessDenied" in index
    assert denied.caller_account_id in index
    page = (tmp_path / "report/04_engineers.html").read_text()
    assert "denied" in page


def test_no_check_that_needs_iam_passes_where_iam_was_denied(denied: Snapshot) -> None:
    done = assess(denied, load_engagement(ENGAGEMENT))
    ratings = done.ratings.set_index("recommendation")["rating"]
    assert set(ratings[list(IAM_RECOMMENDATIONS)]) == {"not_assessed"}

    tables = {check.id: check.tables for r in RECOMMENDATIONS for check in r.checks if check.run}
    needs_iam = {
        check for check, names in tables.items() if any(n.startswith("iam_") for n in names)
    }
    passed = done.findings[done.findings["status"] == "pass"]
    assert needs_iam
    assert set(passed["check"]) & needs_iam == set()


def test_an_exception_planted_in_a_check_makes_it_not_assessed(
    faulty_demo: FaultyAws,
    organization: DemoOrganization,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = organization.management_account_id
    snapshot = collect(
        tmp_path / "s", session=demo_session(), regions=["us-east-1"], accounts=[home]
    )

    def planted(_: Facts) -> Iterable[Result]:
        raise KeyError("planted")

    monkeypatch.setattr(
        assessment_module,
        "RECOMMENDATIONS",
        tuple(
            replace(r, checks=tuple(replace(c, run=c.run and planted) for c in r.checks))
            for r in RECOMMENDATIONS
        ),
    )
    done = assess(snapshot, load_engagement(ENGAGEMENT))
    assert "met" not in set(done.ratings["rating"])
    written = {c.id for r in RECOMMENDATIONS for c in r.checks if c.run}
    unknown = done.findings[done.findings["key"] == "exception"]
    assert set(unknown["check"]) == written
    assert unknown["title"].str.contains("KeyError").all()
