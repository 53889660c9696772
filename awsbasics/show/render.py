"""A block's data as HTML, by one autoescaping template, and as plain text for terminals."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from awsbasics.show.words import COVERAGE, word

TEMPLATES = Path(__file__).parent / "templates"
TEXT_WIDTH = 48

Spec = Mapping[str, Any]

# Only files that a run writes beside its pages are ever linked.
_OWN_FILE = re.compile(
    r"(?:evidence/)?[A-Za-z0-9][A-Za-z0-9._-]*\.(?:csv|json|html|ipynb)(?:#[\w-]+)?"
)
_BACKTICKS = re.compile(r"`([^`\n]+)`")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def as_html(spec: Spec, *, links: bool = False) -> Markup:
    """The HTML of a block; `links` says that the files of a run lie beside the page."""
    return Markup(_macros().block(spec, links))  # noqa: S704 - made by the autoescaping template


def as_text(spec: Spec) -> str:
    """The block as plain text, for terminals and as a notebook's fallback."""
    return _TEXT[spec["kind"]](spec).strip("\n")


def environment() -> Environment:
    """The Jinja environment of all templates: autoescaping, and an error on unknown names."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    add_filters(made)
    return made


def add_filters(target: Environment) -> None:
    """What the templates use: words, and tests that keep links and images our own."""
    target.filters["word"] = word
    target.filters["coverage_word"] = lambda status: COVERAGE.get(status, status)
    target.filters["number"] = lambda value: f"{value:,}" if isinstance(value, int) else value
    target.filters["prose"] = prose
    target.filters["breakable"] = breakable
    target.tests["own_file"] = lambda value: bool(_OWN_FILE.fullmatch(value))
    target.tests["base64"] = lambda value: bool(_BASE64.fullmatch(value))


def prose(text: str) -> Markup:
    """Text with what stands between backticks as code."""
    parts = _BACKTICKS.split(text)
    code = Markup("<code>{}</code>")
    return Markup().join(code.format(part) if odd % 2 else part for odd, part in enumerate(parts))


def breakable(text: str) -> Markup:
    """A long identifier that may break after a colon or a slash."""
    return Markup("<wbr>").join(re.split(r"(?<=[:/])(?=[^:/])", text))


@cache
def _macros() -> Any:
    return environment().get_template("blocks.html.j2").module


def _note(spec: Spec) -> str:
    lines = [spec["title"], spec["text"], *(f"  - {item}" for item in spec["items"])]
    return "\n".join(line for line in lines if line)


def _facts(spec: Spec) -> str:
    width = max((len(label) for label, _ in spec["items"]), default=0)
    return "\n".join(f"{label:<{width}}  {value}" for label, value in spec["items"])


def _table(spec: Spec) -> str:
    if not spec["rows"]:
        return f"{spec['caption']}\n{spec['empty']}"
    head = [column["label"] for column in spec["columns"]]
    kinds = [column["kind"] for column in spec["columns"]]
    body = [
        [_cell(cell[0] if kind == "link" else cell) for cell, kind in zip(row, kinds, strict=True)]
        for row in spec["rows"]
    ]
    widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in [head, *body]]  # fmt: skip
    lines.insert(1, "  ".join("-" * width for width in widths))
    hidden = spec["total"] - len(spec["rows"])
    more = [f"and {hidden:,} more" + (f" in {spec['source']}" if spec["source"] else "")]
    return "\n".join([spec["caption"], *lines, *(more if hidden > 0 else [])])


def _cell(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list | tuple) else str(word(_shown(value)))
    text = text.replace("\n", " ")
    return text if len(text) <= TEXT_WIDTH else f"{text[: TEXT_WIDTH - 1]}…"


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _figure(spec: Spec) -> str:
    return f"[{spec['alt']}]\n{_table(spec['data'])}"


def _verdict(spec: Spec) -> str:
    lines = [f"{word(spec['rating'])}. {spec['text']}"]
    if spec["override"]:
        lines.append(f"The assessor says: {word(spec['override'])}. {spec['override_reason']}")
    return "\n".join([*lines, *(f"  {label}: {value}" for label, value in spec["numbers"])])


def _questions(spec: Spec) -> str:
    parts = []
    for item in spec["items"]:
        choices = [f"  {'(x)' if chosen else '( )'} {label}" for label, chosen in item["choices"]]
        answer = [f"  {label}: {value}" for label, value in item["answer"]]
        parts.append(
            "\n".join([f"{item['check']} {item['text']}", *choices, *answer, item["yaml"]])
        )
    return "\n\n".join(parts)


def _actions(spec: Spec) -> str:
    parts = []
    for item in spec["items"]:
        head = f"{item['check']} {item['title']} ({word(item['severity'])}, {item['reach']})"
        indents = {"text": "  ", "code": "      "}
        lines = [
            f"{indents[kind]}{line}" for kind, lines in item["steps"] for line in lines.splitlines()
        ]
        parts.append("\n".join([head.strip(), *lines]))
    return "\n\n".join(parts)


def _group(spec: Spec) -> str:
    return "\n\n".join(as_text(inner) for inner in spec["blocks"])


_TEXT: Mapping[str, Callable[[Spec], str]] = {
    "note": _note,
    "facts": _facts,
    "table": _table,
    "figure": _figure,
    "verdict": _verdict,
    "questions": _questions,
    "actions": _actions,
    "group": _group,
}
