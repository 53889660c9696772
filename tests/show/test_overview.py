"""The start page: what the report rests on, and all thirteen ratings."""

from pathlib import Path

from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.show import open_overview
from tests.example import PRODUCTION, SANDBOX, write_example
from tests.snapshots import MANAGEMENT


def test_it_says_whose_snapshot_it_is(example: dict[str, str]) -> None:
    items = dict(open_overview(**example).snapshot().spec["items"])
    assert items["Accounts"] == "4 accounts"
    assert items["Management account"] == MANAGEMENT
    assert items["Gathered as"] == f"arn:aws:iam::{MANAGEMENT}:user/audit"


def test_coverage_shows_what_was_not_read_and_why(tmp_path: Path) -> None:
    write_example(tmp_path / "s", unread={("iam_users", PRODUCTION, "*"): "denied"})
    figure, table = open_overview(snapshot=str(tmp_path / "s")).coverage().spec["blocks"]
    read = {row[0]: row[1:] for row in figure["data"]["rows"]}
    assert read["billing-prod"][2] == 1
    assert read["sandbox"][2] == 0
    assert [row[:2] for row in table["rows"]] == [["iam_users", "access denied (Planted)"]]


def test_each_account_has_its_environment_and_the_rule(example: dict[str, str]) -> None:
    rows = {row[1]: row for row in open_overview(**example).environments().spec["rows"]}
    assert rows[SANDBOX][3:] == ["sandbox", "ou Sandbox"]
    assert rows[MANAGEMENT][3] == "management"
    assert len(rows) == 4


def test_accounts_without_a_rule_are_not_classified(tmp_path: Path) -> None:
    write_example(tmp_path / "s")
    rows = open_overview(snapshot=str(tmp_path / "s")).environments().spec["rows"]
    assert {row[1]: row[3] for row in rows}[PRODUCTION] == "not classified"


def test_all_ratings_stand_in_one_table_with_their_pages(example: dict[str, str]) -> None:
    _, table = open_overview(**example).ratings().spec["blocks"]
    assert [row[0] for row in table["rows"]] == [each.id for each in RECOMMENDATIONS]
    assert [row[1][1] for row in table["rows"]] == [f"{r.notebook}.html" for r in RECOMMENDATIONS]
    assert {row[2] for row in table["rows"]} == {"not_met", "not_assessed", "partly_met"}
    assert all(column["label"] for column in table["columns"])


def test_all_exceptions_stand_in_one_place(example: dict[str, str]) -> None:
    assert [row[0] for row in open_overview(**example).exceptions().spec["rows"]] == ["ENG.5"]
