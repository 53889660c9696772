"""The index: what came of a run, what was not assessed and why, and where to look first."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.report.index import index_html
from awsbasics.report.record import Entry, RunRecord
from awsbasics.show.sources import Parameters, Sources
from tests.example import PRODUCTION, write_engagement, write_example
from tests.snapshots import Unread


def index(
    folder: Path,
    *,
    unread: Unread | None = None,
    errors: Mapping[str, str] | None = None,
    only: tuple[str, ...] = (),
    name: str = "billing",
) -> BeautifulSoup:
    """The index of the example; `errors` by notebook."""
    write_example(folder / "snapshot", unread=unread, name=name)
    engagement = write_engagement(folder / "engagement.yml")
    parameters = Parameters(snapshot=str(folder / "snapshot"), engagement=str(engagement))
    sources = Sources(parameters)
    assessment = sources.assess(only)
    notebooks = [("00_start_here", "Start")] * (not only)
    notebooks += [(each.notebook, each.title) for each in assessment.recommendations]
    entries = [Entry(*each, (errors or {}).get(each[0], "")) for each in notebooks]
    record = RunRecord.make(sources, assessment, entries, pd.Timestamp.now("UTC"))
    return BeautifulSoup(index_html(assessment, record), "html.parser")


def section(soup: BeautifulSoup, heading: str) -> str:
    """The text from a heading to the next."""
    start = soup.find(id=heading)
    assert isinstance(start, Tag)
    parts = []
    for element in start.find_next_siblings():
        if element.name == "h2":
            break
        parts.append(element.get_text(" "))
    return " ".join(" ".join(parts).split())


@pytest.fixture(scope="module")
def soup(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    """The index of the example, all of it read."""
    return index(tmp_path_factory.mktemp("index"))


def test_it_names_client_assessor_date_and_confidentiality(soup: BeautifulSoup) -> None:
    text = soup.get_text()
    assert soup.h1 is not None
    assert soup.h1.get_text() == "Example Corp"
    for words in ("Robin Example", "For the addressee only"):
        assert words in text


def test_all_recommendations_are_listed_with_rating_and_page(soup: BeautifulSoup) -> None:
    rows = soup.select(".scorecard > li")
    assert len(rows) == len(RECOMMENDATIONS)
    for row, recommendation in zip(rows, RECOMMENDATIONS, strict=True):
        link = row.select_one(".score-title a")
        assert link is not None
        assert link["href"] == f"{recommendation.notebook}.html"
        assert link.get_text() == recommendation.title
        assert row.select_one(".score-rating .ab-badge") is not None


def test_an_override_stands_beside_the_evidences_rating(soup: BeautifulSoup) -> None:
    rating = soup.select(".scorecard > li")[8].select_one(".score-rating")
    assert rating is not None
    assert " ".join(rating.get_text(" ").split()) == "Not assessed assessor: Partly met"


def test_the_most_severe_comes_first(soup: BeautifulSoup) -> None:
    words = section(soup, "first")
    assert words.index("Critical") < words.index("High") < words.index("Medium")
    assert "SG.4" in words


def test_what_was_not_read_is_named_with_reason_place_and_checks(tmp_path: Path) -> None:
    unread: Unread = {("ec2_vpcs", PRODUCTION, "*"): "denied"}
    words = section(index(tmp_path, unread=unread), "not-assessed")
    for part in ("ec2_vpcs", "access denied (Planted)", f"billing-prod ({PRODUCTION})", "VPC.4"):
        assert part in words


def test_checks_that_are_not_written_are_named(soup: BeautifulSoup) -> None:
    words = section(soup, "not-assessed")
    checks = [check for each in RECOMMENDATIONS for check in each.checks]
    for check in checks:
        assert (f"{check.id} {check.title}" in words) == (not check.written)


def test_open_questions_are_listed_and_answered_ones_not(soup: BeautifulSoup) -> None:
    words = section(soup, "questions")
    assert "APP.A" in words
    assert "APP.B" not in words


def test_exceptions_are_listed_with_their_end(soup: BeautifulSoup) -> None:
    words = section(soup, "exceptions")
    assert "ENG.5" in words
    assert "2027-01-31" in words


def test_a_failed_page_is_told_on_top_and_in_its_row(tmp_path: Path) -> None:
    soup = index(tmp_path, errors={"09_vpc": "KeyError: <planted>"})
    alert = soup.select_one("[role=alert]")
    assert alert is not None
    assert "KeyError: <planted>" in alert.get_text()
    assert "Its page failed." in soup.select(".scorecard > li")[8].get_text()


def test_a_run_of_some_recommendations_lists_those_only(tmp_path: Path) -> None:
    soup = index(tmp_path, only=("R04",))
    assert len(soup.select(".scorecard > li")) == 1
    assert "00_start_here" not in str(soup)
    assert "04_engineers.html" in str(soup)


def test_hostile_names_are_text(tmp_path: Path) -> None:
    soup = index(tmp_path, name="<script>pwned()</script>\u202e")
    assert len(soup.find_all("script")) == 1
    assert "<script>pwned()</script>[U+202E]" in soup.get_text()
