"""An executed notebook as a page: text, and blocks from their data; no HTML that it carries."""

import base64
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from awsbasics.report.exporter import block_html, notebook_html, page_parts
from awsbasics.report.jobs import Neighbour, PageInfo
from awsbasics.show.blocks import MIME, Note

HOSTILE = "<script>window.pwned=1</script><img src=x onerror=pwned()>"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
)


def page(*outputs: NotebookNode, info: PageInfo | None = None) -> BeautifulSoup:
    """The page of a notebook with one code cell that has these outputs."""
    cells = [
        new_markdown_cell("# A title\n\n## Verdict"),
        new_code_cell("page.verdict()", outputs=list(outputs)),
    ]
    html = notebook_html(new_notebook(cells=cells), info or PageInfo(title="A title"))
    return BeautifulSoup(html, "html.parser")


def shown(**data: Any) -> NotebookNode:
    """An output with data by type; `_` stands for `/` in their names."""
    named = {name.replace("_", "/"): value for name, value in data.items()}
    output: NotebookNode = new_output("display_data", data=named)
    return output


def bundle(block: Note) -> NotebookNode:
    data = block._repr_mimebundle_()
    output: NotebookNode = new_output("execute_result", data=data, execution_count=1)
    return output


def test_a_block_is_rendered_from_its_data_and_its_html_is_not_passed_on() -> None:
    output = bundle(Note(text="All is well."))
    output.data["text/html"] = HOSTILE
    soup = page(output)

    assert "All is well." in soup.get_text()
    assert "pwned" not in str(soup)


def test_html_of_others_is_left_out_and_its_text_shown() -> None:
    soup = page(shown(text_html=HOSTILE, text_plain="a frame of two rows"))

    assert "a frame of two rows" in soup.get_text()
    assert "pwned" not in str(soup)


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": HOSTILE},
        {"application/javascript": "window.pwned=1"},
        {"image/svg+xml": "<svg onload=pwned()></svg>"},
        {"text/markdown": "[a](javascript:pwned())"},
        {"text/latex": "$pwned$"},
        {"image/png": '" onerror="pwned()'},
        {MIME: {"kind": "strange", "text": "pwned"}},
        {MIME: {"kind": "table"}},
        {MIME: HOSTILE},
        {MIME: {"kind": "figure", "light": '"><script>pwned()</script>', "dark": ""}},
    ],
)
def test_nothing_else_of_a_hostile_notebook_gets_into_the_page(data: dict[str, Any]) -> None:
    output = nbformat.from_dict({"output_type": "display_data", "data": data, "metadata": {}})
    assert "pwned" not in str(page(output).main)


def test_a_block_that_is_none_shows_its_text() -> None:
    html = block_html({MIME: {"kind": "table"}, "text/plain": "<b>so it said</b>"})
    assert html == "<pre>&lt;b&gt;so it said&lt;/b&gt;</pre>"


def test_pictures_are_shown_when_they_are_pictures() -> None:
    soup = page(shown(image_png=PIXEL + "\n"))
    image = soup.select_one("main img")
    assert image is not None
    assert image["src"] == f"data:image/png;base64,{PIXEL}"
    assert image["alt"]


def test_what_a_cell_prints_is_text_without_colours() -> None:
    soup = page(new_output("stream", name="stdout", text=f"\x1b[31mred\x1b[0m {HOSTILE}\u202e"))
    assert f"red {HOSTILE}[U+202E]" in soup.get_text()
    assert soup.find("img") is None


def test_a_failed_cell_is_told_with_its_traceback_as_text() -> None:
    output = new_output(
        "error", ename="KeyError", evalue=HOSTILE, traceback=["\x1b[0;31mline 1", HOSTILE]
    )
    soup = page(output)
    alert = soup.select_one("[role=alert]")

    assert alert is not None
    assert f"KeyError: {HOSTILE}" in alert.get_text()
    assert "line 1" in alert.get_text()
    assert alert.find(["script", "img"]) is None


def test_code_is_there_and_folded_away() -> None:
    soup = page()
    details = soup.select_one("details.code")
    assert details is not None
    assert "open" not in details.attrs
    assert details.code is not None
    assert details.code.get_text() == "page.verdict()"


def test_code_cells_that_follow_each_other_fold_into_one() -> None:
    notebook = new_notebook(
        cells=[
            new_code_cell("a", outputs=[new_output("stream", text="1")]),
            new_code_cell("b", outputs=[new_output("stream", text="2")]),
            new_markdown_cell("text"),
            new_code_cell("c"),
        ]
    )
    parts = page_parts(notebook)
    assert [(p["kind"], p["source"]) for p in parts] == [
        ("code", "a\n\nb"),
        ("markdown", "text"),
        ("code", "c"),
    ]
    assert [output.text for output in parts[0]["outputs"]] == ["1", "2"]


def test_the_page_says_what_it_is_and_where_it_belongs() -> None:
    info = PageInfo(
        title="A title",
        client="Example <Corp>",
        date="2026-11-01",
        confidentiality="Secret",
        links=True,
        previous=Neighbour("04_engineers.html", "Engineers", "R04"),
    )
    soup = page(info=info)

    assert soup.html is not None
    assert soup.html["lang"] == "en"
    assert soup.title is not None
    assert soup.title.get_text() == "A title · Example <Corp>"
    links = [a["href"] for a in soup.select("header nav a")]
    assert links == ["index.html", "04_engineers.html"]
    assert "Secret" in soup.select("footer")[0].get_text()
    assert [a["href"] for a in soup.select("nav.contents a")] == ["#verdict"]


def test_the_policy_comes_first() -> None:
    head = page().head
    assert head is not None
    first, second = head.find_all(True)[:2]
    assert first["http-equiv"] == "Content-Security-Policy"
    assert second["charset"] == "utf-8"


def test_the_page_has_landmarks_one_heading_and_a_way_past_the_navigation() -> None:
    soup = page()
    assert [len(soup.find_all(tag)) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    skip = soup.find("a")
    assert skip is not None
    assert skip["href"] == "#main"


def test_templates_in_a_machines_jupyter_folders_play_no_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    planted = tmp_path / "nbconvert" / "templates" / "awsbasics"
    planted.mkdir(parents=True)
    (planted / "index.html.j2").write_text("planted")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    assert "planted" not in str(page())


def test_a_picture_is_base64() -> None:
    assert base64.b64decode(PIXEL).startswith(b"\x89PNG")
