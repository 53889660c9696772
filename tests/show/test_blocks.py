"""Blocks: data that renders as HTML without ever passing on a stranger's markup."""

import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from awsbasics.show import render
from awsbasics.show.blocks import (
    MIME,
    ActionItem,
    Actions,
    Block,
    Column,
    Facts,
    Figure,
    Group,
    Note,
    QuestionItem,
    Questions,
    Table,
    Verdict,
)

HOSTILE = "<script>pwned()</script><img src=x onerror=pwned()>\"'\u202e"

TABLE = Table(
    caption=HOSTILE,
    columns=(
        Column(HOSTILE),
        Column("b", "code"),
        Column("c", "list"),
        Column("d", "link"),
        Column("e", "severity"),
        Column("f", "finding"),
    ),
    rows=((HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE, HOSTILE), HOSTILE, (HOSTILE, HOSTILE)),),
    total=7,
    source=HOSTILE,
)
BLOCKS: tuple[Block, ...] = (
    TABLE,
    replace(TABLE, rows=(), empty=HOSTILE),
    Note(text=HOSTILE, title=HOSTILE, items=(HOSTILE, f"`{HOSTILE}`")),
    Facts(items=((HOSTILE, HOSTILE),)),
    Figure(
        caption=HOSTILE, alt=HOSTILE, light=b"<svg/>", dark=b"<svg/>", width=1, height=1, data=TABLE
    ),
    Verdict(
        rating=HOSTILE,
        text=HOSTILE,
        override=HOSTILE,
        override_reason=HOSTILE,
        numbers=((HOSTILE, HOSTILE),),
    ),
    Questions(
        items=(
            QuestionItem(
                check=HOSTILE,
                title=HOSTILE,
                text=HOSTILE,
                state=HOSTILE,
                severity=HOSTILE,
                choices=((HOSTILE, True),),
                answer=((HOSTILE, HOSTILE),),
                yaml=HOSTILE,
            ),
        )
    ),
    Actions(
        items=(
            ActionItem(
                check=HOSTILE,
                title=HOSTILE,
                severity=HOSTILE,
                reach=HOSTILE,
                steps=(("text", HOSTILE), ("code", HOSTILE)),
            ),
        )
    ),
)

every_block = pytest.mark.parametrize(
    "block", [*BLOCKS, Group(blocks=BLOCKS)], ids=lambda block: block.kind
)


@every_block
@pytest.mark.parametrize("links", [False, True])
def test_hostile_text_is_text_in_every_place(block: Block, links: bool) -> None:
    html = render.as_html(block.spec, links=links)
    soup = BeautifulSoup(html, "html.parser")

    assert "pwned()" in soup.get_text() + str(soup.find("img"))
    assert soup.find("script") is None
    assert [tag for tag in soup.find_all(True) if any(a.startswith("on") for a in tag.attrs)] == []
    assert [img for img in soup.find_all("img") if not str(img["src"]).startswith("data:")] == []
    assert soup.find_all("a") == []
    assert "\u202e" not in html


@every_block
def test_it_is_json_and_has_html_and_text_for_jupyter(block: Block) -> None:
    bundle = block._repr_mimebundle_()

    assert json.loads(json.dumps(bundle[MIME])) == block.spec
    assert bundle["text/html"] == block._repr_html_()
    assert bundle["text/plain"] == repr(block) != ""


@every_block
def test_jupyter_draws_no_formula_from_a_name(block: Block) -> None:
    soup = BeautifulSoup(block._repr_html_(), "html.parser")
    [wrapped] = soup.find_all(True, recursive=False)
    assert {"mathjax_ignore", "tex2jax_ignore"} <= set(wrapped["class"])


def test_files_of_the_run_are_linked_only_in_a_run() -> None:
    table = replace(TABLE, source="evidence/APP.3.csv")
    alone, beside = (render.as_html(table.spec, links=links) for links in (False, True))

    assert "<a " not in alone
    assert 'href="evidence/APP.3.csv"' in beside


@pytest.mark.parametrize(
    "file", ["javascript:alert(1)//.csv", "../x.csv", "/etc/x.csv", "//host/x.html", "x.html?y", ""]
)
def test_nothing_but_files_of_the_run_is_linked(file: str) -> None:
    columns = (Column("page", "link"),)
    table = Table(caption="c", columns=columns, rows=(("text", file),), total=9, source=file)
    linked = replace(table, rows=((("text", file),),))

    assert "<a " not in render.as_html(linked.spec, links=True)


def test_a_drawing_that_is_no_base64_is_left_out() -> None:
    figure = next(block for block in BLOCKS if isinstance(block, Figure))
    spec = {**figure.spec, "light": 'x" onerror="pwned()'}

    assert render.as_html(spec).strip() == ""


def test_long_values_are_cut_in_cells() -> None:
    table = Table(caption="c", columns=(Column("a"),), rows=(("x" * 5000,),), total=1)

    assert "(5,000 characters)" in table.spec["rows"][0][0]
    assert len(table._repr_html_()) < 2000


def test_a_table_says_how_much_it_leaves_out() -> None:
    table = Table(
        caption="Roles", columns=(Column("a"),), rows=(("x",),), total=1200, source="f.csv"
    )

    assert "The first 1 of 1,200" in table._repr_html_()
    assert "and 1,199 more in f.csv" in repr(table)


def test_an_empty_table_says_so() -> None:
    table = Table(caption="Roles", columns=(Column("a"),), rows=(), total=0, empty="None at all.")

    assert "None at all." in table._repr_html_()
    assert "<table" not in table._repr_html_()


def test_tables_are_made_for_screen_readers() -> None:
    table = Table(caption="Roles", columns=(Column("a"), Column("b")), rows=(("x", 1),), total=1)
    soup = BeautifulSoup(table._repr_html_(), "html.parser")

    assert soup.caption is not None
    assert soup.caption.get_text() == "Roles"
    assert [cell["scope"] for cell in soup.find_all("th")] == ["col", "col", "row"]
    assert soup.select_one("div.ab-table[tabindex='0']") is not None


def test_severity_is_a_word_and_a_shape_beside_its_colour() -> None:
    table = Table(caption="c", columns=(Column("s", "severity"),), rows=(("critical",),), total=1)
    soup = BeautifulSoup(table._repr_html_(), "html.parser")

    badge = soup.select_one(".ab-badge")
    assert badge is not None
    assert badge.get_text().strip() == "Critical"
    assert badge.svg is not None
    assert badge.svg["aria-hidden"] == "true"


def test_code_between_backticks_is_code() -> None:
    assert "run <code>aws s3 ls</code> now" in Note(text="run `aws s3 ls` now")._repr_html_()
