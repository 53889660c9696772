"""Open decisions: what the values of a key can and cannot bring about."""

import re
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsbasics.iam.automaton import Pattern, telling_texts
from awsbasics.iam.conditions import Line, compile_condition
from awsbasics.iam.context import Context
from awsbasics.iam.logic import Atom, Truth, all_of, any_of, negate
from awsbasics.iam.patterns import arn_matcher, matcher, tokens_of
from awsbasics.iam.policy import Condition
from awsbasics.iam.solve import BOTH, depends_on, outcomes
from awsbasics.iam.witnesses import witnesses


def line(operator: str, key: str, *values: str) -> Line:
    compiled = compile_condition(Condition(operator, key, values), variables=True, problems=[])
    assert isinstance(compiled, Line)
    return compiled


def unknown(text: str) -> Truth:
    """A line of a condition, as `operator key value …`, on a key that is not known."""
    operator, key, *values = text.split()
    return line(operator, key, *values).evaluate(Context({}))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("StringEquals k a", "StringEquals k b", {False}),
        ("StringEquals k a", "StringEquals K b", {False}),
        ("StringEquals k a", "StringEquals l b", BOTH),
        ("StringEquals k a", "StringEquals k a b", BOTH),
        ("StringLike k a*", "StringLike k *b", BOTH),
        ("StringLike k a?", "StringLike k ???", {False}),
        ("StringLike k a*", "StringNotLike k *", {False}),
        ("StringEqualsIgnoreCase k ab", "StringNotEquals k ab AB", BOTH),
        ("StringEqualsIgnoreCase k a", "StringNotEquals k a A", {False}),
        ("ArnLike k arn:aws:s3:::*", "StringNotLike k arn:aws:s3:::*", {False}),
        ("ArnLike k arn:aws:s3:::*", "ArnLike k arn:aws:sqs:*:*:*", {False}),
        ("ArnLike k arn:*:s3:::a*", "ArnLike k arn:aws:*:::*b", BOTH),
        ("Bool k true", "Bool k false", {False}),
        ("NumericLessThan k 1", "NumericGreaterThan k 0", BOTH),
        ("NumericLessThan k 1", "NumericGreaterThan k 1", {False}),
        ("DateLessThan k 2026-01-01", "DateGreaterThan k 2025-12-31", BOTH),
        ("DateLessThan k 2025-12-31", "DateGreaterThan k 2026-01-01", {False}),
        ("IpAddress k ::/1", "IpAddress k 0.0.0.0/0", {False}),
        ("IpAddress k 10.0.0.0/8", "NotIpAddress k 10.0.0.0/9", BOTH),
        ("BinaryEquals k QQ==", "BinaryEquals k Qg==", {False}),
        ("Null k true", "StringLike k *", {False}),
        ("Null k true", "StringNotLike k a", BOTH),
        ("ForAnyValue:StringEquals k a", "ForAnyValue:StringEquals k b", BOTH),
        ("ForAnyValue:StringEquals k a", "ForAllValues:StringEquals k b", {False}),
        ("ForAnyValue:StringLike k a*", "ForAllValues:StringEquals k a", BOTH),
    ],
)
def test_two_conditions_hold_together_if_one_value_allows_it(
    one: str, other: str, expected: set[bool]
) -> None:
    assert outcomes(all_of([unknown(one), unknown(other)])) == expected
    neither = any_of([negate(unknown(one)), negate(unknown(other))])
    assert outcomes(neither) == {not outcome for outcome in expected}


def test_conditions_that_complete_each_other_always_hold() -> None:
    assert outcomes(any_of([unknown("StringLike k a*"), unknown("StringNotLike k a*")])) == {True}
    assert outcomes(any_of([unknown("StringLike k *"), unknown("Null k true")])) == {True}
    sets = [unknown("ForAllValues:StringEquals k a"), unknown("ForAnyValue:StringNotEquals k a")]
    assert outcomes(any_of(sets)) == {True}


def test_an_empty_text_does_not_stand_for_other_texts_under_set_operators() -> None:
    either = [unknown("ForAnyValue:StringLike k a*"), unknown("ForAllValues:StringEquals k a")]
    assert outcomes(any_of(either)) == BOTH  # neither holds of a value that is `b`


def test_what_is_bound_to_no_key_may_be_either_way() -> None:
    free = Atom("free", "free")
    assert outcomes(free) == BOTH
    assert outcomes(any_of([free, unknown("StringEquals k a")])) == BOTH
    assert outcomes(True) == {True}
    assert outcomes(False) == {False}


def test_conditions_of_different_kinds_on_a_key_stay_open() -> None:
    mixed = all_of([unknown("IpAddress k 10.0.0.0/8"), unknown("StringEquals k x")])
    assert outcomes(mixed) == BOTH


def test_too_much_stays_open() -> None:
    many = all_of(unknown(f"StringEquals k{number} a") for number in range(300))
    assert outcomes(many) == BOTH


def test_keys_are_named_once_in_any_case() -> None:
    value = any_of([unknown("StringEquals B:k a"), unknown("StringLike b:K c")])
    assert not isinstance(value, bool)
    assert depends_on(value) == ("B:k",)


PATTERNS = st.lists(st.text(alphabet="ab*?", max_size=5), min_size=1, max_size=3)
ALL_TEXTS = ["".join(each) for length in range(8) for each in product("abc", repeat=length)]


@given(PATTERNS)
@settings(max_examples=60, deadline=None)
def test_a_text_is_found_for_every_set_of_patterns_that_some_text_fits(patterns: list[str]) -> None:
    matchers = [matcher(tokens_of(pattern)) for pattern in patterns]
    texts, complete = telling_texts([Pattern(tokens_of(pattern)) for pattern in patterns])
    found = {tuple(match(text) for match in matchers) for text in texts}
    assert complete
    assert found >= {tuple(match(text) for match in matchers) for text in ALL_TEXTS}


@given(st.lists(st.text(alphabet="a:*", max_size=9), min_size=1, max_size=2))
@settings(max_examples=60, deadline=None)
def test_texts_for_arns_fit_them(patterns: list[str]) -> None:
    arns = [f"arn:*:s3:{pattern}::a*" for pattern in patterns]
    matchers = [arn_matcher(tokens_of(arn)) for arn in arns]
    texts, complete = telling_texts([Pattern(tokens_of(arn), arn=True) for arn in arns])
    assert complete
    assert all(any(match is not None and match(text) for text in texts) for match in matchers)


OPERATORS: dict[str, tuple[tuple[str, ...], tuple[str, ...], list[str]]] = {
    "numbers": (
        ("NumericEquals", "NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals"),
        ("1", "2", "2.5", "-3"),
        [str(number / 4) for number in range(-20, 20)],
    ),
    "addresses": (
        ("IpAddress", "NotIpAddress", "IpAddressIfExists"),
        ("10.0.0.0/8", "10.64.0.0/10", "10.64.0.1", "::/0", "2001:db8::/32"),
        ["9.9.9.9", "10.0.0.1", "10.64.0.1", "10.65.0.1", "11.0.0.0", "::1", "2001:db8::1"],
    ),
    "dates": (
        ("DateEquals", "DateLessThanEquals", "DateGreaterThan", "DateNotEquals"),
        ("2026-01-01", "2026-06-01T12:00:00Z", "1767225600"),
        ["2025-01-01", "2026-01-01", "2026-03-01", "2026-06-01T12:00:00Z", "2027-01-01"],
    ),
    "sets": (
        ("ForAllValues:StringEquals", "ForAnyValue:StringLike", "ForAnyValue:StringNotEquals"),
        ("a", "b", "a*"),
        ["a", "b", "ab", "c"],
    ),
}


@st.composite
def lines_on_one_key(draw: st.DrawFn) -> tuple[list[Line], list[str]]:
    operators, values, pool = OPERATORS[draw(st.sampled_from(sorted(OPERATORS)))]
    chosen = st.lists(st.sampled_from(values), min_size=1, max_size=2)
    count = draw(st.integers(1, 3))
    made = [line(draw(st.sampled_from(operators)), "k", *draw(chosen)) for _ in range(count)]
    return made, pool


@given(lines_on_one_key())
@settings(max_examples=100, deadline=None)
def test_every_value_is_like_one_of_the_witnesses(case: tuple[list[Line], list[str]]) -> None:
    lines, pool = case
    values, complete = witnesses(lines)
    several = any(each.operator.quantifier for each in lines)
    possible: list[tuple[str, ...]] = [(), *((text,) for text in pool)]
    possible += list(product(pool, repeat=2)) if several else []

    def kind(value: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(each.settle(value) for each in lines)

    assert complete
    assert {kind(value) for value in values} >= {kind(value) for value in possible}


def test_texts_are_told_apart_as_regular_expressions_do() -> None:
    texts, _ = telling_texts([Pattern(tokens_of("eu-*-1")), Pattern(tokens_of("*-w*"))])
    kinds = {
        (bool(re.fullmatch("eu-.*-1", text)), bool(re.fullmatch(".*-w.*", text))) for text in texts
    }
    assert kinds == {(False, False), (True, False), (False, True), (True, True)}
