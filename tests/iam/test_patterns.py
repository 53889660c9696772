import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.iam.patterns import (
    ANY,
    ONE,
    Matcher,
    any_match,
    any_of_many,
    arn_matcher,
    beginning_of,
    matcher,
    tokens_of,
)

PATTERNS = st.text(alphabet="ab:*?", max_size=10)
TEXTS = st.text(alphabet="ab:", max_size=12)


class CountingText(str):  # noqa: SLOT000 — a count needs its place
    """A text that counts how often it is searched or compared."""

    steps: int = 0

    def find(self, *args: Any) -> int:
        self.steps += 1
        return super().find(*args)

    def startswith(self, *args: Any) -> bool:
        self.steps += 1
        return super().startswith(*args)


def as_regular_expression(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(c, re.escape(c)) for c in pattern), re.DOTALL)


@given(PATTERNS, TEXTS)
def test_wildcards_match_as_regular_expressions_do(pattern: str, text: str) -> None:
    expected = as_regular_expression(pattern).fullmatch(text) is not None
    assert matcher(tokens_of(pattern))(text) is expected


@given(PATTERNS, TEXTS)
def test_arns_are_compared_part_by_part(pattern: str, text: str) -> None:
    match = arn_matcher(tokens_of(pattern))
    parts, pieces = pattern.split(":", 5), text.split(":", 5)
    if len(parts) < 6:
        assert match is None
        return
    expected = len(pieces) == 6 and all(
        as_regular_expression(part).fullmatch(piece)
        for part, piece in zip(parts, pieces, strict=True)
    )
    assert match is not None
    assert match(text) is expected


HOSTILE = [
    "*a" * 500 + "b",
    "a*" * 500 + "b",
    "*?" * 500 + "b",
    "*a?" * 300 + "b",
    "?a" * 99 + "*b?",
]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_hostile_patterns_cost_no_more_than_text_times_pattern(pattern: str) -> None:
    text = CountingText("a" * 2000)
    assert matcher(tokens_of(pattern))(text) is False
    assert text.steps <= 2 * len(text)


@given(st.text(alphabet="ab*?", max_size=40), st.text(alphabet="ab", max_size=40))
def test_every_stretch_is_searched_once_for_each_place(pattern: str, text: str) -> None:
    counting = CountingText(text)
    matcher(tokens_of(pattern))(counting)
    assert counting.steps <= (len(pattern) + 2) * (len(text) + 2)


def test_tokens_are_literals_and_wildcards() -> None:
    assert tokens_of("a**b?") == ("a", ANY, "b", ONE)
    assert tokens_of("") == ()


def test_a_star_of_the_tokens_is_no_star_of_the_text() -> None:
    literal = matcher(("a", "*", "b"))
    assert literal("a*b")
    assert not literal("axb")


def test_any_of_texts_and_patterns() -> None:
    match = any_match({"x", "y"}, [matcher(tokens_of("a*")), matcher(tokens_of("b?"))])
    assert [text for text in ("x", "y", "z", "abc", "bc", "bcd") if match(text)] == [
        "x",
        "y",
        "abc",
        "bc",
    ]
    assert not any_match((), ())("")


@given(st.lists(PATTERNS, min_size=17, max_size=40), TEXTS)
def test_of_many_patterns_the_same_match_as_of_few(patterns: list[str], text: str) -> None:
    found = [(beginning_of(tokens_of(each)), matcher(tokens_of(each))) for each in patterns]
    expected = any_match([], [match for _, match in found])(text)
    assert any_of_many([], found)(text) is expected


def test_of_many_patterns_those_with_another_beginning_are_not_asked() -> None:
    asked: list[str] = []

    def asking(pattern: str) -> Matcher:
        match = matcher(tokens_of(pattern))

        def ask(text: str) -> bool:
            asked.append(pattern)
            return match(text)

        return ask

    patterns = [f"bucket-{number}/*a*" for number in range(1000)]
    found = [(beginning_of(tokens_of(each)), asking(each)) for each in patterns]
    assert any_of_many([], found)("bucket-77/xay")
    assert asked == ["bucket-77/*a*"]
