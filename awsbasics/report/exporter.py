"""An executed notebook as one self-contained HTML page, by the kit's own nbconvert template."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jinja2 import Environment
from jinja2.exceptions import UndefinedError
from markupsafe import Markup, escape
from nbconvert.exporters import TemplateExporter
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode
from traitlets import List, default

from awsbasics import __version__
from awsbasics.report import markdown
from awsbasics.report.jobs import PageInfo
from awsbasics.report.pages import FOLDERS, prepared
from awsbasics.show import render
from awsbasics.show.blocks import MIME
from awsbasics.show.text import TEXT_LENGTH, clip, visible

OUTPUT_LENGTH = 5 * TEXT_LENGTH


class ReportExporter(TemplateExporter):
    """nbconvert's exporter with this kit's template: autoescaping, no theme, no CDN."""

    export_from_notebook = "AWS security basics"
    default_preprocessors: Any = List(default_value=[], help="None: shown as it is.")

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "awsbasics"

    @default("template_paths")
    def _template_paths_default(self) -> list[str]:
        # Templates that a machine's Jupyter folders hold under the same name play no part.
        return list(FOLDERS)

    def _create_environment(self) -> Environment:
        environment = prepared(super()._create_environment())  # type: ignore[no-untyped-call]
        environment.globals["block_mime"] = MIME
        environment.filters["markdown_page"] = markdown.page_html
        environment.filters["plain"] = plain
        environment.filters["compact"] = lambda text: "".join(text.split())
        environment.filters["block"] = block_html
        return environment


def make_exporter() -> ReportExporter:
    """A new exporter."""
    return ReportExporter()  # type: ignore[no-untyped-call]


def notebook_html(notebook: NotebookNode, info: PageInfo) -> str:
    """The page of an executed notebook."""
    found = [
        section
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for section in markdown.sections(cell.source)
    ]
    parts = page_parts(notebook)
    page = {**asdict(info), "sections": found, "parts": parts, "version": __version__}
    html, _ = make_exporter().from_notebook_node(notebook, resources={"page": page})
    return str(html)


def page_parts(notebook: NotebookNode) -> list[dict[str, Any]]:
    """The cells as a page shows them: code cells that follow each other are one part.

    `kind` is `markdown` or `code`, `source` the text, `outputs` those of all its cells.
    """
    parts: list[dict[str, Any]] = []
    for cell in notebook.cells:
        kind = "markdown" if cell.cell_type == "markdown" else "code"
        outputs = cell.get("outputs", [])
        if kind == "code" and parts and parts[-1]["kind"] == "code":
            parts[-1]["source"] = f"{parts[-1]['source']}\n\n{cell.source}".strip()
            parts[-1]["outputs"] = [*parts[-1]["outputs"], *outputs]
        else:
            parts.append({"kind": kind, "source": cell.source.strip(), "outputs": list(outputs)})
    return parts


def plain(text: str) -> str:
    """Output of a program as text: no terminal colours, nothing invisible, not endless."""
    return visible(clip(strip_ansi(text), OUTPUT_LENGTH))


def block_html(data: Mapping[str, Any], links: bool = False) -> Markup:
    """A block rendered anew from its data; its text where the data is not a block's."""
    try:
        return render.as_html(data[MIME], links=links)
    except (UndefinedError, TypeError, KeyError, ValueError, AttributeError):
        return Markup("<pre>{}</pre>").format(escape(plain(str(data.get("text/plain", "")))))
