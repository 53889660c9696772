"""Markdown of notebooks: headings with ids, and nothing of raw HTML, pictures or scripts."""

import pytest
from bs4 import BeautifulSoup

from awsbasics.report.markdown import page_html, sections, slug

HOSTILE = [
    "<script>pwned()</script>",
    "text <img src=x onerror=pwned()> text",
    "![a](https://example.com/x.png)",
    "![a](data:image/svg+xml;base64,PHN2Zz4=)",
    "[a](javascript:pwned())",
    "[a](JaVaScRiPt:pwned())",
    "[a](vbscript:pwned())",
    '[a](https://example.com "onmouseover=pwned()")',
    "# <script>pwned()</script>",
    "| a |\n| - |\n| <svg onload=pwned()> |",
    "<details open ontoggle=pwned()>",
    "[a]: javascript:pwned()\n\n[a]",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markdown_is_harmless(source: str) -> None:
    soup = BeautifulSoup(page_html(source), "html.parser")

    assert soup.find_all(["script", "img", "svg", "details", "iframe", "style"]) == []
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
        assert not str(tag.get("href", "")).lower().startswith(("javascript:", "vbscript:"))


def test_raw_html_is_shown_as_text() -> None:
    assert "&lt;script&gt;pwned()&lt;/script&gt;" in page_html("<script>pwned()</script>")


def test_a_pictures_words_stay() -> None:
    assert "the words" in page_html("![the words](https://example.com/x.png)")


def test_characters_that_hide_are_written_out() -> None:
    assert "[U+202E]" in page_html("a\u202eb")


def test_prose_is_prose() -> None:
    html = page_html("# Title\n\n**Why.** A `code` and a [link](https://example.com).\n\n> quoted")
    soup = BeautifulSoup(html, "html.parser")

    assert [soup.h1 and soup.h1["id"], soup.strong and soup.strong.text] == ["title", "Why."]
    assert soup.code is not None
    assert soup.blockquote is not None
    assert soup.a is not None
    assert soup.a["href"] == "https://example.com"


def test_a_link_to_a_notebook_leads_to_its_page() -> None:
    html = page_html("[a](04_engineers.ipynb) [b](https://example.com/04_engineers.ipynb)")
    links = [str(a["href"]) for a in BeautifulSoup(html, "html.parser").find_all("a")]

    assert links == ["04_engineers.html", "https://example.com/04_engineers.ipynb"]


def test_sections_have_the_ids_of_their_headings() -> None:
    source = "# Title\n\n## What was *looked* at\n\ntext\n\n## The assessor’s notes"
    html = page_html(source)

    found = sections(source)
    assert [each["title"] for each in found] == ["What was *looked* at", "The assessor’s notes"]
    assert all(f'<h2 id="{each["id"]}">' in html for each in found)


def test_an_id_is_never_empty() -> None:
    assert slug("???") == "section"
