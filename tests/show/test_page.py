"""A page: each section says what the assessment says, and what it does not know."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from awsbasics.errors import UsageError
from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.show import Page, open_page
from awsbasics.show.blocks import Block
from tests.example import (
    ENGAGEMENT,
    PRODUCTION,
    SANDBOX,
    write_engagement,
    write_example,
)
from tests.snapshots import MEMBER, Unread, write_snapshot

SECTIONS = (
    "verdict",
    "looked_at",
    "questions",
    "findings",
    "exceptions",
    "actions",
    "changes",
    "notes",
)


def text(block: Block) -> str:
    """All that a section says, on one line."""
    return " ".join(str(block.spec).split())


def page(folder: Path, id_: str = "R04", *, unread: Unread | None = None, **given: str) -> Page:
    """A page on the example, some of which may not have been read."""
    write_example(folder / "snapshot", unread=unread)
    return open_page(id_, snapshot=str(folder / "snapshot"), **given)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("recommendation", RECOMMENDATIONS, ids=lambda r: r.id)
def test_every_section_of_every_page_has_html_and_text(
    example: dict[str, str], recommendation: Any, section: str
) -> None:
    block = getattr(open_page(recommendation.id, **example), section)()
    assert block._repr_html_().strip()
    assert repr(block).strip()


def test_an_unknown_recommendation_or_figure_names_those_that_there_are(
    example: dict[str, str],
) -> None:
    with pytest.raises(UsageError, match="R01 to R13"):
        open_page("R99", **example)
    with pytest.raises(UsageError, match="roles_by_code"):
        open_page("R05", **example).figure("roles")


def test_the_verdict_gives_rating_reason_and_numbers(example: dict[str, str]) -> None:
    spec = open_page("R05", **example).verdict().spec
    assert spec["rating"] == "not_met"
    assert "findings fail: 1 high, 1 medium, 1 low." in spec["text"]
    assert "1 question awaits an answer" in spec["text"]
    assert ["failed", "3"] in spec["numbers"]


def test_an_override_stands_beside_the_evidences_rating(example: dict[str, str]) -> None:
    spec = open_page("R09", **example).verdict().spec
    assert spec["rating"] == "not_assessed"
    assert (spec["override"], spec["override_reason"]) == (
        "partly_met",
        "The network moves soon.",
    )


def test_what_was_not_read_is_named_with_reason_account_and_checks(tmp_path: Path) -> None:
    shown = text(page(tmp_path, unread={("iam_groups", PRODUCTION, "*"): "denied"}).looked_at())
    assert "iam_groups" in shown
    assert "access denied" in shown
    assert f"billing-prod ({PRODUCTION})" in shown
    assert "ENG.2" in shown


def test_checks_that_are_not_written_yet_are_named(example: dict[str, str]) -> None:
    shown = text(open_page("R04", **example).looked_at())
    for check in next(r for r in RECOMMENDATIONS if r.id == "R04").checks:
        assert (f"{check.id} {check.title}" in shown) == (not check.written)


def test_accounts_that_are_left_out_as_sandboxes_are_named(tmp_path: Path) -> None:
    engagement = write_engagement(tmp_path / "engagement.yml")
    shown = text(page(tmp_path, "R04", engagement=str(engagement)).looked_at())
    assert f"sandbox ({SANDBOX})" in shown


def test_open_questions_come_with_yaml_and_answered_ones_with_the_answer(
    example: dict[str, str],
) -> None:
    items = open_page("R05", **example).questions().spec["items"]
    by_check = {item["check"]: item for item in items}

    assert [item["check"] for item in items] == ["APP.A", "APP.B"]
    assert by_check["APP.A"]["state"] == "ask"
    assert "APP.A:" in by_check["APP.A"]["yaml"]
    assert by_check["APP.B"]["state"] == "pass"
    assert by_check["APP.B"]["yaml"] == ""
    assert ["All of them", True] in by_check["APP.B"]["choices"]
    assert ["Answered by", "Robin Example"] in by_check["APP.B"]["answer"]
    assert ["On", "2026-10-21"] in by_check["APP.B"]["answer"]


def test_the_yaml_of_a_question_can_be_pasted(tmp_path: Path) -> None:
    asked = page(tmp_path, "R05").questions().spec["items"][0]
    engagement = write_engagement(tmp_path / "engagement.yml", asked["yaml"])
    again = open_page("R05", snapshot=str(tmp_path / "snapshot"), engagement=str(engagement))
    answered = {item["check"]: item for item in again.questions().spec["items"]}
    assert answered[asked["check"]]["state"] == "unknown"


def test_what_fails_is_listed_by_check_with_its_evidence(example: dict[str, str]) -> None:
    tables = open_page("R05", **example).findings().spec["blocks"]
    assert tables[0]["caption"] == "Its checks"
    assert [table["caption"][:5] for table in tables[1:3]] == ["APP.3", "APP.1"]
    assert tables[1]["source"] == "evidence/APP.3.csv"
    finding, severity, where, *_ = tables[1]["rows"][0]
    assert "allows" in finding[0]
    assert any("s3:*" in fact for fact in finding[1:])
    assert severity == "high"
    assert where == [f"billing-prod ({PRODUCTION})", "production"]


def test_what_cannot_be_judged_is_told_among_the_findings(tmp_path: Path) -> None:
    shown = text(page(tmp_path, "R11").findings())
    assert "Neither passed nor failed" in shown
    assert f"Which environment is account {MEMBER}?" in shown


def test_exceptions_in_force_and_expired_are_told_apart(tmp_path: Path) -> None:
    engagement = write_engagement(tmp_path / "engagement.yml")
    now = page(tmp_path, "R04", engagement=str(engagement), as_of="2026-11-01")
    later = open_page(
        "R04", snapshot=str(tmp_path / "snapshot"), engagement=str(engagement), as_of="2027-02-01"
    )
    assert "in force" in text(now.exceptions())
    assert "expired: its findings are back" in text(later.exceptions())
    assert "ENG.5" not in text(now.actions())
    assert "ENG.5" in text(later.actions())


def test_exceptions_of_other_recommendations_are_left_out(example: dict[str, str]) -> None:
    assert open_page("R05", **example).exceptions().spec["rows"] == []


def test_what_to_do_stands_once_per_check(tmp_path: Path) -> None:
    items = page(tmp_path, "R12").actions().spec["items"]
    checks = [item["check"] for item in items]
    assert len(checks) == len(set(checks)) > 0
    assert {"text", "code"} <= {kind for item in items for kind, _ in item["steps"]}


def test_what_could_not_be_read_is_something_to_do_too(tmp_path: Path) -> None:
    unread: Unread = {("iam_groups", "*", "*"): "denied"}
    assert "awsbasics doctor" in text(page(tmp_path, unread=unread).actions())


def test_without_an_earlier_snapshot_nothing_is_said_of_changes(example: dict[str, str]) -> None:
    assert "No earlier snapshot was given" in text(open_page("R04", **example).changes())


def test_changes_since_an_earlier_snapshot_are_new_and_gone_findings(tmp_path: Path) -> None:
    write_example(tmp_path / "before", name="billing")
    write_example(tmp_path / "after", name="ledger")
    opened = open_page("R05", snapshot=str(tmp_path / "after"), since=str(tmp_path / "before"))
    note, new, gone = opened.changes().spec["blocks"]
    assert "gone" in note["text"]
    assert "ledger" in str(new["rows"])
    assert "ledger" not in str(gone["rows"])
    assert "billing" in str(gone["rows"])


def test_what_was_not_assessed_before_is_no_change(tmp_path: Path) -> None:
    everything: Unread = {("*", "*", "*"): "denied"}
    write_example(tmp_path / "before", unread=everything)
    write_example(tmp_path / "after")
    opened = open_page("R05", snapshot=str(tmp_path / "after"), since=str(tmp_path / "before"))
    assert [table["rows"] for table in opened.changes().spec["blocks"][1:]] == [[], []]


def test_notes_are_signed(example: dict[str, str]) -> None:
    shown = text(open_page("R05", **example).notes())
    assert "The teams agreed on a plan for spring." in shown
    assert "Robin Example, 2026-10-28" in shown
    assert date(2026, 10, 28).isoformat() in ENGAGEMENT


def test_a_page_works_on_accounts_of_ones_choice(tmp_path: Path) -> None:
    opened = page(tmp_path, "R12", accounts=MEMBER)
    judged = opened.frame[opened.frame["status"] != "ask"]
    assert PRODUCTION not in set(opened.frame["account_id"])
    assert MEMBER in set(judged["account_id"])


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("recommendation", RECOMMENDATIONS, ids=lambda r: r.id)
def test_a_section_without_data_says_what_is_missing(
    denied: str, recommendation: Any, section: str
) -> None:
    block = getattr(open_page(recommendation.id, snapshot=denied), section)()
    assert repr(block).strip()


@pytest.fixture(scope="module")
def denied(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A snapshot of which nothing could be read."""
    folder = tmp_path_factory.mktemp("denied") / "snapshot"
    write_snapshot(folder, unread={("*", "*", "*"): "denied"})
    return str(folder)


def test_questions_count_part_by_part_and_apart_from_what_was_not_read(tmp_path: Path) -> None:
    write_example(tmp_path / "snapshot")
    text = "answers:\n  SEC.A: {choice: dont_know}\n"
    engagement = write_engagement(tmp_path / "engagement.yml", text)
    page = open_page("R12", snapshot=str(tmp_path / "snapshot"), engagement=str(engagement))
    spec = page.verdict().spec
    [asked] = [number for label, number in spec["numbers"] if label == "to answer"]
    assert f"{asked} questions await an answer" in spec["text"]
    assert "1 question the client could not answer" in spec["text"]
