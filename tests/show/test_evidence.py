"""Figures and tables of every recommendation: from data, from none, and where none was read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from awsbasics.collect.tables import TABLES
from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.show import open_page
from awsbasics.show.blocks import Block
from awsbasics.show.evidence import EXHIBITS
from awsbasics.show.exhibits import FigureExhibit, TableExhibit
from tests.example import PRODUCTION, write_example
from tests.snapshots import write_snapshot


def exhibits() -> Iterator[tuple[str, str, str]]:
    """Recommendation, kind and name of each exhibit."""
    for recommendation, own in EXHIBITS.items():
        for name in own.figures:
            yield recommendation, "figure", name
        for name in own.tables:
            yield recommendation, "table", name


ALL = list(exhibits())
every_exhibit = pytest.mark.parametrize(("recommendation", "kind", "name"), ALL)


def show(snapshot: str, recommendation: str, kind: str, name: str, **given: str) -> Block:
    block: Block = getattr(open_page(recommendation, snapshot=snapshot, **given), kind)(name)
    return block


def kinds(block: Block) -> set[str]:
    """The kinds of a block and of those in it."""
    return {block.kind, *(inner.kind for inner in getattr(block, "blocks", ()))}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A snapshot in which everything was read and there is nothing."""
    folder = tmp_path_factory.mktemp("empty") / "snapshot"
    write_snapshot(folder)
    return str(folder)


@pytest.fixture(scope="module")
def denied(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A snapshot of which nothing could be read."""
    folder = tmp_path_factory.mktemp("denied") / "snapshot"
    write_snapshot(folder, unread={("*", "*", "*"): "denied"})
    return str(folder)


def test_each_recommendation_has_a_figure_and_a_table() -> None:
    assert list(EXHIBITS) == [recommendation.id for recommendation in RECOMMENDATIONS]
    assert all(own.figures and own.tables for own in EXHIBITS.values())


def test_exhibits_name_tables_that_exist() -> None:
    named: list[FigureExhibit | TableExhibit] = []
    for own in EXHIBITS.values():
        named += [*own.figures.values(), *own.tables.values()]
    assert {table for exhibit in named for table in exhibit.tables} <= TABLES.keys()


@every_exhibit
def test_the_example_shows_it(
    example: dict[str, str], recommendation: str, kind: str, name: str
) -> None:
    block = getattr(open_page(recommendation, **example), kind)(name)
    assert kind in kinds(block)


@every_exhibit
def test_without_data_it_says_so_in_words(
    empty: str, recommendation: str, kind: str, name: str
) -> None:
    block = show(empty, recommendation, kind, name)
    assert "Not all of it could be read" not in repr(block)
    assert repr(block).strip()


@every_exhibit
def test_where_nothing_was_read_it_says_why(
    denied: str, recommendation: str, kind: str, name: str
) -> None:
    shown = repr(show(denied, recommendation, kind, name))
    assert "Not all of it could be read" in shown
    assert "access denied" in shown


def test_a_figure_of_part_of_the_accounts_names_the_others(tmp_path: Path) -> None:
    write_example(tmp_path / "s", unread={("ec2_vpcs", PRODUCTION, "*"): "throttled"})
    block = show(str(tmp_path / "s"), "R09", "figure", "vpcs_by_record")

    assert kinds(block) == {"group", "figure", "note"}
    assert f"ec2_vpcs: throttled to the end in billing-prod ({PRODUCTION})" in repr(block)


def facts_of(example: dict[str, str], recommendation: str, figure: str) -> list[list[str | int]]:
    """The rows of a figure's data."""
    block = open_page(recommendation, **example).figure(figure)
    rows: list[list[str | int]] = block.spec["data"]["rows"]
    return rows


def test_figures_count_what_there_is(example: dict[str, str]) -> None:
    assert facts_of(example, "R01", "accounts_by_ou") == [
        ["Sandbox", 1, 0],
        ["Workloads/Dev", 1, 0],
        ["Workloads/Prod", 1, 0],
        ["the root itself", 1, 0],
    ]
    assert facts_of(example, "R04", "console_users") == [["billing-prod", 0, 1, 1]]
    assert facts_of(example, "R05", "roles_by_code") == [["billing-prod", 1]]
    assert facts_of(example, "R07", "stack_safety") == [["production", 0, 0, 0, 1]]
    assert facts_of(example, "R10", "open_ports") == [["tcp 22", 1, 0]]
    assert facts_of(example, "R11", "developer_rules") == [["development", 1, 0, 0]]
    assert facts_of(example, "R12", "secrets_by_renewal") == [
        ["development", 0, 0, 1],
        ["production", 0, 0, 1],
    ]


def test_guard_rails_reach_what_lies_below_them(example: dict[str, str]) -> None:
    rows = facts_of(example, "R02", "scp_coverage")
    assert sorted(map(tuple, rows)) == [
        ("billing-dev", "no"),
        ("billing-prod", "yes"),
        ("management", "does not apply"),
        ("sandbox", "no"),
    ]


def test_grants_are_on_a_line_of_time(example: dict[str, str]) -> None:
    [[_, start, end, state]] = facts_of(example, "R08", "time_bound_grants")
    assert (start, end, state) == ("open", "2026-10-01 00:00", "over")


def test_trails_show_each_thing_asked_of_them(example: dict[str, str]) -> None:
    [[label, *marks]] = facts_of(example, "R13", "trail_status")
    assert label == "management: billing-trail"
    assert marks == ["yes", "yes", "no", "yes", "yes", "yes", "no"]
