"""Charts drawn as SVG, for light and for dark pages.

Text stays text, so that it can be read aloud, searched and scaled; nothing in it is taken
for mathematics, markup or a control character. The same chart always gives the same bytes.
"""

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator

from awsbasics.show.blocks import Column, Figure, Table
from awsbasics.show.charts import MARK_WORDS, MOST_ROWS, Bars, Chart, Grid, Mark, Timeline
from awsbasics.show.tables import TOP_ROWS
from awsbasics.show.text import visible

WIDTH_INCHES = 7.6
ROW_INCHES = 0.34
POINTS_PER_INCH = 72
LABEL_LENGTH = 34
LEGEND_LENGTH = 110  # characters beside each other, marks and gaps counted in

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
_STYLE = re.compile(r'\b(?:style|fill|stroke)="[^"<>]*"')
_PLACES = re.compile(r'\b(?:x|y|d|transform)="[^"<>]*"')
_FRACTION = re.compile(r"(\.[0-9]{2})[0-9]+")
_INDENTATION = re.compile(r"\n[ ]+<")
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_MATPLOTLIB_STYLE = "*{stroke-linejoin: round; stroke-linecap: butt}"
_HATCHES: Mapping[str, str] = {
    "bad": "////",
    "warn": "||||",
    "unknown": "xxxx",
    "second": "\\\\\\\\",
}


@dataclass(frozen=True, slots=True)
class Scheme:
    """The colours of a page and of what is drawn on it."""

    ink: str
    muted: str
    rule: str
    colours: Mapping[str, str]


LIGHT = Scheme(
    ink="#22262b",
    muted="#59606a",
    rule="#d9d5cd",
    colours={
        "good": "#2f7d57",
        "bad": "#b3372f",
        "warn": "#b7791f",
        "unknown": "#77708f",
        "neutral": "#8b929b",
        "first": "#2b6a8e",
        "second": "#7fa8bf",
        "third": "#b9c7cf",
    },
)
DARK = Scheme(
    ink="#e8e6e1",
    muted="#a7adb5",
    rule="#3a4046",
    colours={
        "good": "#67b78d",
        "bad": "#e2786d",
        "warn": "#d9a84e",
        "unknown": "#a79fc4",
        "neutral": "#858c95",
        "first": "#6fb0d2",
        "second": "#41718a",
        "third": "#3b4d58",
    },
)


def draw(chart: Chart) -> Figure:
    """The figure of a chart, with its caption, alt text and data."""
    if isinstance(chart, Bars):
        chart = chart.shortened()
    light = _svg(chart)
    rows = chart.rows
    left_out = (
        f" The first {MOST_ROWS} of {len(rows):,} are drawn." if len(rows) > MOST_ROWS else ""
    )
    caption = f"{chart.title}. {chart.summary}{left_out}"
    width, height = (round(inches * 96) for inches in _size(chart))
    return Figure(
        caption=caption,
        alt=f"{_kind(chart)}: {caption}",
        light=light.encode(),
        dark=in_dark(light).encode(),
        width=width,
        height=height,
        data=Table(
            caption=chart.title,
            columns=tuple(Column(heading) for heading in chart.headings),
            rows=tuple(rows[:TOP_ROWS]),
            total=len(rows),
        ),
    )


def _kind(chart: Chart) -> str:
    return {Bars: "Bar chart", Grid: "Grid of marks", Timeline: "Timeline"}[type(chart)]


def _size(chart: Chart) -> tuple[float, float]:
    rows = len(chart.spans) if isinstance(chart, Timeline) else len(chart.values)
    rows = min(rows, MOST_ROWS)
    return WIDTH_INCHES, 0.75 + ROW_INCHES * max(rows, 2)


def in_dark(svg: str) -> str:
    """A drawing with its colours exchanged for those of dark pages; only styles are touched."""
    pairs = dict(zip(_colours(LIGHT), _colours(DARK), strict=True))
    return _STYLE.sub(lambda style: _HEX.sub(lambda c: pairs.get(c[0], c[0]), style[0]), svg)


def _colours(scheme: Scheme) -> list[str]:
    return [scheme.ink, scheme.muted, scheme.rule, *scheme.colours.values()]


def _svg(chart: Chart) -> str:
    with _settings(LIGHT), warnings.catch_warnings():
        # Names in scripts that the measuring font lacks are drawn by the reader's own fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        drawing = Drawing(figsize=_size(chart), layout="constrained")
        FigureCanvasSVG(drawing)
        axes = drawing.subplots()
        _paint(chart, axes, LIGHT)
        buffer = io.BytesIO()
        drawing.savefig(buffer, format="svg", transparent=True, metadata=_NO_METADATA)
    svg = buffer.getvalue().decode("utf-8")
    start = svg.index("<svg")
    style = f"{_MATPLOTLIB_STYLE} text{{font-family:{_FONT} !important}}"
    return _shortened(svg[start:].replace(_MATPLOTLIB_STYLE, style, 1))


def _shortened(svg: str) -> str:
    """A drawing without indentation and with coordinates to a hundredth of a point."""
    placed = _PLACES.sub(lambda place: _FRACTION.sub(r"\1", place[0]), svg)
    return _INDENTATION.sub("\n<", placed)


_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@contextmanager
def _settings(scheme: Scheme) -> Iterator[None]:
    """Matplotlib's settings for one drawing; the reader's own matplotlibrc plays no part."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.fonttype": "none",
                "svg.hashsalt": "awsbasics",
                "text.parse_math": False,
                "font.family": ["DejaVu Sans"],
                "font.size": 9.5,
                "text.color": scheme.ink,
                "axes.labelcolor": scheme.muted,
                "xtick.color": scheme.muted,
                "ytick.color": scheme.ink,
                "axes.edgecolor": scheme.rule,
                "hatch.linewidth": 0.6,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.spines.left": False,
            }
        )
        yield


@singledispatch
def _paint(chart: Any, _: Axes, __: Scheme) -> None:
    raise TypeError(f"{type(chart).__name__} is no chart")


@_paint.register
def _(chart: Bars, axes: Axes, scheme: Scheme) -> None:
    lefts = [0] * len(chart.values)
    counts: Sequence[int]
    widest = max((sum(counts) for _, counts in chart.values), default=0)
    for index, series in enumerate(chart.series):
        counts = [values[index] for _, values in chart.values]
        if not any(counts):
            continue  # nothing of it to see, here or in the legend
        axes.barh(
            range(len(counts)), counts, left=lefts, height=0.62, label=_label(series.name),
            color=scheme.colours[series.colour], hatch=_HATCHES.get(series.colour),
            edgecolor=_PAPER_EDGE, linewidth=0,
        )  # fmt: skip
        lefts = [left + count for left, count in zip(lefts, counts, strict=True)]
    for row, (_, counts) in enumerate(chart.values):
        text = " + ".join(str(count) for count in counts if count) or "0"
        axes.text(sum(counts) + widest * 0.012, row, text, va="center", color=scheme.muted)
    _rows(axes, [label for label, _ in chart.values])
    axes.set_xlim(0, max(widest, 1) * 1.12)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.grid(axis="x", color=scheme.rule, linewidth=0.6)
    axes.set_axisbelow(True)
    _legend(axes)


_PAPER_EDGE = "#ffffff66"
_MARKS: Mapping[Mark, tuple[str, str]] = {
    "yes": ("o", "good"),
    "no": ("X", "bad"),
    "part": ("D", "warn"),
    "unknown": ("o", "unknown"),
    "none": ("_", "neutral"),
}


@_paint.register
def _(chart: Grid, axes: Axes, scheme: Scheme) -> None:
    values = chart.values[:MOST_ROWS]
    for mark, (marker, colour) in _MARKS.items():
        places = [
            (column, row)
            for row, (_, marks) in enumerate(values)
            for column, value in enumerate(marks)
            if value == mark
        ]
        if places:
            xs, ys = zip(*places, strict=True)
            fill: Literal["none", "full"] = "none" if mark == "unknown" else "full"
            axes.plot(xs, ys, marker, color=scheme.colours[colour], fillstyle=fill, markersize=8,
                      markeredgewidth=1.2, label=MARK_WORDS[mark])  # fmt: skip
    _rows(axes, [label for label, _ in values])
    axes.set_xticks(range(len(chart.columns)), [_label(name, 16) for name in chart.columns])
    axes.set_xlim(-0.5, len(chart.columns) - 0.5)
    axes.tick_params(axis="x", length=0, labelsize=8.5)
    axes.grid(axis="y", color=scheme.rule, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines["bottom"].set_visible(False)
    _legend(axes)


@_paint.register
def _(chart: Timeline, axes: Axes, scheme: Scheme) -> None:
    spans = chart.spans[:MOST_ROWS]
    moments = [m for span in spans for m in (span.start, span.end) if m is not None]
    first, last = min([*moments, chart.now]), max([*moments, chart.now])
    margin = (last - first) * 0.06 + pd.Timedelta(hours=6)
    # An hour in a year would be thinner than a hair.
    thinnest = (_number(last + margin) - _number(first - margin)) * 0.008
    shown: set[str] = set()
    for row, span in enumerate(spans):
        start, end = span.start or first - margin, span.end or last + margin
        width = max(_number(end) - _number(start), thinnest)
        axes.barh(row, width, left=_number(start), height=0.5,
                  color=scheme.colours[span.colour], hatch=_HATCHES.get(span.colour),
                  edgecolor=_PAPER_EDGE, linewidth=0,
                  label=None if span.state in shown else _label(span.state))  # fmt: skip
        shown.add(span.state)
    axes.axvline(_number(chart.now), color=scheme.ink, linewidth=1.2, linestyle=(0, (3, 2)),
                 label="time of the assessment")  # fmt: skip
    _rows(axes, [span.label for span in spans])
    axes.set_xlim(_number(first - margin), _number(last + margin))
    locator = AutoDateLocator(maxticks=7)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.grid(axis="x", color=scheme.rule, linewidth=0.6)
    axes.set_axisbelow(True)
    _legend(axes)


def _number(moment: pd.Timestamp) -> float:
    """Days since 1970-01-01 UTC, matplotlib's unit of time."""
    return float((moment - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1))


def _rows(axes: Axes, labels: list[str]) -> None:
    axes.set_yticks(range(len(labels)), [_label(label) for label in labels])
    axes.set_ylim(max(len(labels), 2) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)


def _legend(axes: Axes) -> None:
    _, labels = axes.get_legend_handles_labels()
    in_a_row = LEGEND_LENGTH // max((len(label) + 6 for label in labels), default=1)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=max(in_a_row, 1), frameon=False,
        borderaxespad=0.2, borderpad=0.2, handlelength=1.2, handleheight=0.9, fontsize=9,
    )  # fmt: skip


def _label(text: str, length: int = LABEL_LENGTH) -> str:
    """A name as it is drawn: visible, on one line, and short."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= length else f"{line[: length - 1]}…"
