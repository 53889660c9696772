"""What a section of a page is: plain data that notebooks, reports and terminals render.

A notebook's cell returns a block. Jupyter shows its HTML or its text; a report takes its
data, renders it anew by its own template, and so never passes on HTML that a notebook
carries. Every string in a block's data went through `awsbasics.show.text`.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from awsbasics.show import render
from awsbasics.show.text import CELL_LENGTH, TEXT_LENGTH, clip, visible

MIME = "application/vnd.awsbasics.block+json"

Cell = str | int | float | None | tuple[str, ...]
ColumnKind = Literal[
    "text", "code", "number", "date", "rating", "status", "severity", "list", "link", "finding"
]
Tone = Literal["info", "good", "warn", "bad", "unknown"]


@dataclass(frozen=True, repr=False, kw_only=True)
class Block:
    """One piece of a page; `spec` is its data, JSON without surprises."""

    kind: ClassVar[str]

    @property
    def spec(self) -> dict[str, Any]:
        """The block as JSON data, every string visible and of bounded length."""
        own = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        return {"kind": self.kind, **own}

    def _repr_html_(self) -> str:
        return _for_jupyter(self.spec)

    def __repr__(self) -> str:
        return render.as_text(self.spec)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        spec = self.spec
        return {
            "text/plain": render.as_text(spec),
            "text/html": _for_jupyter(spec),
            MIME: spec,
        }


@dataclass(frozen=True, repr=False, kw_only=True)
class Note(Block):
    """A short statement, with its tone said in words by its title."""

    kind: ClassVar[str] = "note"
    text: str
    title: str = ""
    tone: Tone = "info"
    items: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False, kw_only=True)
class Facts(Block):
    """Labels and values."""

    kind: ClassVar[str] = "facts"
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table as shown: its heading and what its cells are.

    Cells of a `list` are tuples of lines, those of a `link` are (text, file of the run) pairs,
    those of a `finding` are tuples of its title and its facts.
    """

    label: str
    kind: ColumnKind = "text"


@dataclass(frozen=True, repr=False, kw_only=True)
class Table(Block):
    """A table; `total` rows exist, of which `rows` are shown, and `source` holds them all."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    source: str = ""
    empty: str = "There is nothing to list."

    @property
    def spec(self) -> dict[str, Any]:
        """The block as JSON data; cells are shorter than other text."""
        rows = [[_plain(cell, CELL_LENGTH) for cell in row] for row in self.rows]
        columns = [{"label": visible(c.label), "kind": c.kind} for c in self.columns]
        return {
            "kind": self.kind,
            "caption": _plain(self.caption),
            "columns": columns,
            "rows": rows,
            "total": self.total,
            "source": _plain(self.source),
            "empty": _plain(self.empty),
        }


@dataclass(frozen=True, repr=False, kw_only=True)
class Figure(Block):
    """A drawing in two colour schemes, what it shows in a sentence, and its data as a table."""

    kind: ClassVar[str] = "figure"
    caption: str
    alt: str
    light: bytes
    dark: bytes
    width: int
    height: int
    data: Table

    @property
    def spec(self) -> dict[str, Any]:
        """The block as JSON data; the drawings are base64 of SVG."""
        return {
            "kind": self.kind,
            "caption": _plain(self.caption),
            "alt": _plain(self.alt),
            "light": base64.b64encode(self.light).decode("ascii"),
            "dark": base64.b64encode(self.dark).decode("ascii"),
            "width": self.width,
            "height": self.height,
            "data": self.data.spec,
        }


@dataclass(frozen=True, repr=False, kw_only=True)
class Verdict(Block):
    """A rating, the assessor's override beside it, a sentence, and the numbers behind it."""

    kind: ClassVar[str] = "verdict"
    rating: str
    text: str
    override: str = ""
    override_reason: str = ""
    numbers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionItem:
    """One question: its choices as (label, chosen), the answer's details, the YAML to paste."""

    check: str
    title: str
    text: str
    state: str
    severity: str
    choices: tuple[tuple[str, bool], ...]
    answer: tuple[tuple[str, str], ...] = ()
    yaml: str = ""


@dataclass(frozen=True, repr=False, kw_only=True)
class Questions(Block):
    """Questions that only people can answer, open ones first."""

    kind: ClassVar[str] = "questions"
    items: tuple[QuestionItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """What to do about one check, once, however many things fail it.

    `steps` are (`text` or `code`, lines) pairs.
    """

    check: str
    title: str
    severity: str
    reach: str
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, repr=False, kw_only=True)
class Actions(Block):
    """What to do, most severe first."""

    kind: ClassVar[str] = "actions"
    items: tuple[ActionItem, ...]


@dataclass(frozen=True, repr=False, kw_only=True)
class Group(Block):
    """Blocks one after the other."""

    kind: ClassVar[str] = "group"
    blocks: tuple[Block, ...]


def _for_jupyter(spec: render.Spec) -> str:
    """A block's HTML; Jupyter would draw what stands between dollar signs, in names too."""
    return f'<div class="mathjax_ignore tex2jax_ignore">{render.as_html(spec)}</div>'


def _plain(value: Any, length: int = TEXT_LENGTH) -> Any:
    """A value as JSON data: blocks by their spec, strings made visible and cut."""
    if isinstance(value, str):
        return visible(clip(value, length))
    if isinstance(value, Block):
        return value.spec
    if isinstance(value, Mapping):
        return {visible(str(key)): _plain(item, length) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item, length) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name), length) for field in fields(value)}
    return value
