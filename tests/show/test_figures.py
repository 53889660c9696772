"""Figures: the same bytes each time, text as text, and harmless whatever they are told to draw."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from awsbasics.show.charts import MOST_ROWS, Bars, Chart, Grid, Series, Span, Timeline, counted
from awsbasics.show.figures import DARK, LIGHT, draw, in_dark

HOSTILE = "$\\frac{1}{2}$ <script>pwned()</script>\u202e\x07\ud800 & \"'"
NOW = pd.Timestamp("2026-11-01", tz="UTC")

BARS = Bars(
    title="Roles",
    summary="4 roles: 3 by code, 1 by hand.",
    label="Account",
    series=(Series("by code", "good"), Series("by hand", "bad"), Series("none", "unknown")),
    values=(("payments", (3, 0, 0)), ("ledger", (0, 1, 0))),
)
GRID = Grid(
    title="Trails",
    summary="1 trail.",
    label="Trail",
    columns=("Logs", "Validates", "Key", "All", "Else"),
    values=(("main", ("yes", "no", "part", "unknown", "none")),),
)
TIMELINE = Timeline(
    title="Grants",
    summary="2 grants.",
    label="Grant",
    now=NOW,
    spans=(
        Span("open start", None, NOW, "bad", "over"),
        Span("an hour", NOW, NOW + pd.Timedelta(hours=1), "first", "in force"),
        Span("open end", NOW, None, "warn", "endless"),
    ),
)
CHARTS = [BARS, GRID, TIMELINE]

every_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: type(chart).__name__)


def tree(drawing: bytes) -> ET.Element:
    """A drawing's elements; an error if it is no XML."""
    return ET.fromstring(drawing)  # noqa: S314 - the kit's own drawing


def hostile(chart: Chart) -> Chart:
    """The chart with a stranger's words in all places."""
    words: dict[str, Any] = {"title": HOSTILE, "summary": HOSTILE, "label": HOSTILE}
    if isinstance(chart, Bars):
        series = tuple(Series(HOSTILE, one.colour) for one in chart.series)
        return replace(chart, **words, series=series, values=((HOSTILE, (1, 2, 3)),))
    if isinstance(chart, Grid):
        marks = chart.values[0][1]
        return replace(chart, **words, columns=(HOSTILE,) * 5, values=((HOSTILE, marks),))
    return replace(chart, **words, spans=tuple(replace(s, label=HOSTILE) for s in chart.spans))


@every_chart
def test_the_same_chart_gives_the_same_bytes(chart: Chart) -> None:
    first, second = draw(chart), draw(chart)
    assert (first.light, first.dark) == (second.light, second.dark)


@every_chart
def test_text_stays_text(chart: Chart) -> None:
    texts = [element.text for element in tree(draw(chart).light).iter() if element.text]
    labels = [str(row[0]) for row in chart.rows]
    assert labels
    assert set(labels) <= set(texts)


@every_chart
def test_a_strangers_words_are_drawn_as_they_are(chart: Chart) -> None:
    figure = draw(hostile(chart))
    for drawing in (figure.light, figure.dark):
        drawn = tree(drawing)
        assert any("$\\frac{1}{2}$" in (element.text or "") for element in drawn.iter())
        names = {element.tag.rpartition("}")[2] for element in drawn.iter()}
        assert names.isdisjoint({"script", "image", "foreignObject", "a"})
        assert b"\xe2\x80\xae" not in drawing


@every_chart
def test_a_drawing_refers_to_nothing_outside_itself(chart: Chart) -> None:
    for element in tree(draw(chart).light).iter():
        for name, value in element.attrib.items():
            if name.endswith("href"):
                assert value.startswith("#")
            assert "url(" not in value or "url(#" in value


@every_chart
def test_dark_pages_get_their_own_colours(chart: Chart) -> None:
    figure = draw(chart)
    assert LIGHT.ink.encode() in figure.light
    assert LIGHT.ink.encode() not in figure.dark
    assert DARK.ink.encode() in figure.dark
    for colour in LIGHT.colours.values():
        assert colour.encode() not in figure.dark


def test_only_colours_are_exchanged_for_dark_pages() -> None:
    drawn = f'<text style="fill: {LIGHT.ink}" fill="{LIGHT.muted}">{LIGHT.ink}</text>'
    dark = f'<text style="fill: {DARK.ink}" fill="{DARK.muted}">{LIGHT.ink}</text>'
    assert in_dark(drawn) == dark


@every_chart
def test_alt_text_says_what_there_is_to_see_and_the_data_is_a_table(chart: Chart) -> None:
    figure = draw(chart)
    assert chart.title in figure.alt
    assert chart.summary in figure.alt
    assert [column.label for column in figure.data.columns] == list(chart.headings)
    assert figure.data.rows == tuple(chart.rows)


def test_many_bars_end_in_one_that_sums_up_the_rest() -> None:
    values = tuple((f"account {number}", (1, 2, 0)) for number in range(100))
    shortened = replace(BARS, values=values).shortened()

    assert len(shortened.values) == MOST_ROWS
    assert shortened.values[-1] == ("77 others", (77, 154, 0))
    assert draw(replace(BARS, values=values)).height == draw(shortened).height


def test_a_grid_that_is_cut_says_so() -> None:
    values = tuple((f"trail {number}", GRID.values[0][1]) for number in range(100))
    figure = draw(replace(GRID, values=values))

    assert f"The first {MOST_ROWS} of 100 are drawn." in figure.caption
    assert figure.data.total == 100


def test_things_are_counted_by_label_and_kind_the_most_first() -> None:
    series = (Series("yes", "good"), Series("no", "bad"))
    values = counted(["a", "b", "b", "b"], ["yes", "no", "yes", "no"], series)

    assert values == (("b", (1, 2)), ("a", (1, 0)))


def test_scripts_that_the_font_lacks_are_drawn_without_complaint(
    recwarn: pytest.WarningsRecorder,
) -> None:
    draw(replace(BARS, values=(("日本語", (1, 1, 1)),)))
    assert [str(warning.message) for warning in recwarn] == []
