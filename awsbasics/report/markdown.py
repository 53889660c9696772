"""Markdown of notebooks as HTML, with raw HTML shown as text and nothing fetched."""

import re
import unicodedata
from functools import cache
from typing import Any

import mistune
from markupsafe import Markup, escape

from awsbasics.show.text import visible

_NOTEBOOK = re.compile(r"([0-9]{2}_[a-z_]+)\.ipynb")
_SECTION = re.compile(r"^##\s+(.+?)\s*#*$", re.MULTILINE)


class _Renderer(mistune.HTMLRenderer):
    """mistune's HTML, but headings have ids and pictures are their alternative text.

    A link to a notebook of the kit leads to its page.
    """

    def __init__(self) -> None:
        super().__init__(escape=True, allow_harmful_protocols=False)

    def heading(self, text: str, level: int, **_: Any) -> str:
        return f'<h{level} id="{slug(_bare(text))}">{text}</h{level}>\n'

    def link(self, text: str, url: str, title: str | None = None) -> str:
        own = _NOTEBOOK.fullmatch(url)
        return super().link(text, f"{own[1]}.html" if own else url, title)

    def image(self, text: str, *_: Any, **__: Any) -> str:
        return str(escape(text))


def page_html(source: str) -> Markup:
    """A Markdown cell as HTML."""
    return Markup(_markdown()(visible(source)))  # noqa: S704 - the renderer escapes


def sections(source: str) -> list[dict[str, str]]:
    """The second-level headings of a Markdown text: `id` and `title`."""
    return [{"id": slug(title), "title": title} for title in _SECTION.findall(source)]


def slug(title: str) -> str:
    """A heading's id: lower case, dashes for all that is neither letter nor digit."""
    plain = unicodedata.normalize("NFKC", title).lower()
    return re.sub(r"[^\w]+", "-", plain).strip("-") or "section"


def _bare(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - only for its text


@cache
def _markdown() -> mistune.Markdown:
    return mistune.create_markdown(renderer=_Renderer(), plugins=["table"])
