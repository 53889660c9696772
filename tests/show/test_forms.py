"""What a person fills in stands in the engagement file; what cannot be written is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from awsbasics.engagement import Answer, load_engagement
from awsbasics.findings import Finding
from awsbasics.show import Page, forms, open_overview, open_page
from tests.example import ENGAGEMENT, PRODUCTION, SANDBOX, write_engagement, write_example
from tests.snapshots import MEMBER

HOSTILE = "<img src=x onerror=alert(1)>$\\frac{1}{2}$\u202e"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_engagement(tmp_path / "engagement.yml")


def page(example: dict[str, str], path: Path, id_: str) -> Page:
    return open_page(id_, snapshot=example["snapshot"], engagement=str(path))


def widgets(form: Any) -> Iterator[Any]:
    """A form's widgets, the outer ones first."""
    yield form
    for child in getattr(form, "children", ()):
        yield from widgets(child)


def field(form: Any, label: str) -> Any:
    [found] = [each for each in widgets(form) if getattr(each, "description", "") == label]
    return found


def questions(page: Page) -> dict[str, Any]:
    """The forms of a page's questions, by the ids that their headings begin with."""
    form = forms.question_forms(page.assessment, page.recommendation, page.engagement_file)
    found = [each for each in widgets(form) if isinstance(each, ipywidgets.VBox) and each != form]
    return {said(each).split('pre-wrap">')[1].split()[0]: each for each in found}


def accepting(page: Page) -> Any:
    return forms.exception_form(page.assessment, page.recommendation, page.engagement_file)


def said(form: Any) -> str:
    """All that a form shows as HTML."""
    return " ".join(each.value for each in widgets(form) if isinstance(each, ipywidgets.HTML))


def test_an_answer_is_saved_and_then_shown(example: dict[str, str], path: Path) -> None:
    form = questions(page(example, path, "R05"))["APP.A"]
    choice = field(form, "Answer")
    choice.value = choice.options[0][1]
    field(form, "Note").value = "Seen: # in the\nrepository"
    field(form, "Evidence").value = HOSTILE
    field(form, "Answered by").value = "no"
    field(form, "Save").click()

    assert f"The answer to APP.A is saved in {path}" in said(form)
    assert "Run all cells again" in said(form)
    assert load_engagement(path).answers["APP.A"] == Answer(
        choice=choice.value,
        note="Seen: # in the\nrepository",
        evidence=HOSTILE,
        by="no",
        on=datetime.now(UTC).date(),
    )
    states = {i["check"]: i["state"] for i in page(example, path, "R05").questions().spec["items"]}
    assert states["APP.A"] != "ask"


def test_nothing_is_chosen_at_first_and_nothing_saved_without_a_choice(
    example: dict[str, str], path: Path
) -> None:
    form = questions(page(example, path, "R05"))["APP.A"]
    labels = [label for label, _ in field(form, "Answer").options]
    assert labels[-1] == "We don’t know"
    assert field(form, "Answer").value is None
    field(form, "Save").click()
    assert "Not saved: give an answer" in said(form)
    assert path.read_text() == ENGAGEMENT


def test_what_is_answered_is_folded_away_and_can_be_changed(
    example: dict[str, str], path: Path
) -> None:
    opened = page(example, path, "R05")
    form = forms.question_forms(opened.assessment, opened.recommendation, str(path))
    [folded] = [each for each in widgets(form) if isinstance(each, ipywidgets.Accordion)]
    assert folded.titles == ("Answer again: APP.B",)
    assert folded.selected_index is None

    again = questions(opened)["APP.B"]
    assert field(again, "Answer").value == "all"
    assert field(again, "On").value == date(2026, 10, 21)
    field(again, "Answer").value = "dont_know"
    field(again, "Save").click()
    answer = load_engagement(path).answers["APP.B"]
    assert (answer.choice, answer.by) == ("dont_know", "Robin Example")


def test_the_parts_of_a_question_have_forms_of_their_own(
    example: dict[str, str], path: Path
) -> None:
    found = questions(page(example, path, "R12"))
    part = next(id_ for id_ in found if id_.count(".") > 1)
    field(found[part], "Answer").value = "dont_know"
    field(found[part], "Save").click()
    assert load_engagement(path).answers[part].choice == "dont_know"


def test_a_file_that_cannot_be_written_is_told_in_the_form(
    example: dict[str, str], path: Path
) -> None:
    form = questions(page(example, path, "R05"))["APP.A"]
    field(form, "Answer").value = "dont_know"
    path.write_text("<b>: 1\n")
    field(form, "Save").click()
    assert "Not saved: " in said(form)
    assert "&lt;b&gt;" in said(form)
    assert "<b>" not in said(form)


def test_a_finding_is_accepted_and_is_gone_from_the_failures(
    example: dict[str, str], path: Path
) -> None:
    opened = page(example, path, "R05")
    form = accepting(opened)
    finding = field(form, "Finding")
    finding.value = finding.options[0][1]
    chosen: Finding = finding.value
    field(form, "Reason").value = "Waits for spring"
    field(form, "Owner").value = "team payments"
    field(form, "Approved by").value = "CISO"
    field(form, "Until").value = date(2027, 1, 31)
    field(form, "Save").click()

    assert f"1 finding accepted until 2027-01-31 in {path}" in said(form)
    after = page(example, path, "R05").frame.set_index("id")["status"]
    assert after[chosen.id] == "excepted"
    assert (opened.frame["status"] == "fail").sum() - 1 == (after == "fail").sum()


def test_an_exception_needs_finding_reason_owner_and_last_day(
    example: dict[str, str], path: Path
) -> None:
    form = accepting(page(example, path, "R05"))
    field(form, "Reason").value = "  "
    field(form, "Save").click()
    assert "Not saved: give a finding, a reason, an owner, the last day" in said(form)
    assert path.read_text() == ENGAGEMENT


def test_findings_are_narrowed_down_by_text_and_at_most_a_hundred_are_listed(
    tmp_path: Path, path: Path
) -> None:
    row = {"account_id": PRODUCTION, "path": "/"}
    users = [
        {**row, "name": f"{HOSTILE}-{i}", "arn": f"arn:aws:iam::{PRODUCTION}:user/u{i}"}
        for i in range(120)
    ]
    write_example(tmp_path / "s", more={"iam_users": users})
    form = accepting(page({"snapshot": str(tmp_path / "s")}, path, "R04"))
    finding = field(form, "Finding")
    assert len(finding.options) == forms.MOST_LISTED
    assert finding.value is None
    field(form, "Filter").value = "USER/U117"
    assert {each.resource.split("/")[-1] for _, each in finding.options} == {"u117"}
    assert finding.value is None
    assert "\u202e" not in str([label for label, _ in finding.options])
    field(form, "Filter").value = "nothing of the kind"
    assert finding.options == ()


def finding(**parts: str) -> Finding:
    blank = dict.fromkeys(Finding.__dataclass_fields__, "")
    given = {"check": "SG.4", "account_id": PRODUCTION, "region": "us-east-1", "resource": "sg-1"}
    return Finding(**{**blank, **given, **parts})  # type: ignore[arg-type]


def test_an_exception_names_no_more_than_it_takes_to_tell_findings_apart() -> None:
    one = finding()
    there = replace(one, region="eu-west-1")
    rule = replace(one, key="rule-1")
    other = replace(one, check="SG.1")
    plain = {"account": PRODUCTION, "resource": "sg-1"}
    assert forms.least_match(one, [one, other]) == plain
    assert forms.least_match(one, [one, there]) == {**plain, "region": "us-east-1"}
    assert forms.least_match(rule, [one, rule]) == {**plain, "region": "us-east-1", "key": "rule-1"}


def test_wildcards_in_a_name_stand_for_themselves() -> None:
    odd, twin = finding(resource="role/*[a]"), finding(resource="role/x[a]")
    match = forms.least_match(odd, [odd, twin])
    assert match["resource"] == "role/[*][[]a]"


def test_accounts_without_an_environment_get_one(example: dict[str, str], path: Path) -> None:
    path.write_text("client: Example Corp  # ours\n")
    overview = open_overview(snapshot=example["snapshot"], engagement=str(path))
    form = forms.environment_form(overview.assessment, str(path))
    accounts = field(form, "Accounts")
    field(form, "Save").click()
    assert "Not saved: give accounts, an environment" in said(form)

    assert {account for _, account in accounts.options} >= {MEMBER, SANDBOX}
    accounts.value = (MEMBER, SANDBOX)
    field(form, "Environment").value = "sandbox"
    field(form, "Save").click()
    assert "2 accounts put down as sandbox" in said(form)
    assert {rule.account for rule in load_engagement(path).environments} == {MEMBER, SANDBOX}
    assert path.read_text().startswith("client: Example Corp  # ours\n")
    rows = open_overview(snapshot=example["snapshot"], engagement=str(path)).environments().spec
    assert {row[1]: row[3] for row in rows["rows"]}[MEMBER] == "sandbox"


def test_where_all_is_answered_accepted_or_known_there_is_no_form(
    example: dict[str, str], path: Path
) -> None:
    overview = open_overview(snapshot=example["snapshot"], engagement=str(path))
    assert forms.environment_form(overview.assessment, str(path)) is None
