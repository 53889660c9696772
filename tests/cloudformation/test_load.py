"""Templates as data: one form for JSON, YAML and its short forms."""

from typing import Any

import pytest

from awsbasics.cloudformation.load import load_template
from awsbasics.errors import TemplateError


def value(yaml: str) -> Any:
    return load_template(f"x: {yaml}")["x"]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref Vpc", {"Ref": "Vpc"}),
        ("!Condition IsProd", {"Condition": "IsProd"}),
        ("!GetAtt Role.Arn", {"Fn::GetAtt": ["Role", "Arn"]}),
        ("!GetAtt Nested.Outputs.Arn", {"Fn::GetAtt": ["Nested", "Outputs.Arn"]}),
        ("!GetAtt [Role, Arn]", {"Fn::GetAtt": ["Role", "Arn"]}),
        ('!Sub "${A}-b"', {"Fn::Sub": "${A}-b"}),
        ("!Join ['', [a, !Ref B]]", {"Fn::Join": ["", ["a", {"Ref": "B"}]]}),
        (
            "!If [C, !Ref A, !Ref 'AWS::NoValue']",
            {"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]},
        ),
        ("!Transform {Name: Include}", {"Fn::Transform": {"Name": "Include"}}),
    ],
)
def test_short_forms_become_long_forms(short: str, long: Any) -> None:
    assert value(short) == long


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2012-10-17", "2012-10-17"),
        ("000000000012", "000000000012"),
        ("5.10", "5.10"),
        ("12:30", "12:30"),
        ("443", 443),
        ("-1", -1),
        ("true", True),
        ("", None),
    ],
)
def test_scalars_lose_nothing(written: str, read: Any) -> None:
    assert value(written) == read
    assert type(value(written)) is type(read)


def test_json_and_yaml_give_the_same() -> None:
    assert load_template('{"Resources": {"A": {"Type": "T"}}}') == load_template(
        "Resources:\n  A:\n    Type: T\n"
    )


def test_yaml_that_begins_with_a_brace_is_read() -> None:
    assert load_template("{Resources: {A: !Ref B}}") == {"Resources": {"A": {"Ref": "B"}}}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: [", "line 3"),
        ("a: 1\na: 2", "line 2: the key 'a' occurs twice"),
        ('{"a": 1, "a": 2}', "the key 'a' occurs twice"),
        ("a: &x 1\nb: *x", "line 2: aliases"),
        ("a: &a [*a]", "line 1: aliases"),
        ("<<: {a: 1}", "merges"),
        ("? [a]\n: 1", "a key must be text"),
        ("- a", "outermost"),
        ("", "outermost"),
        ('{"a": NaN}', "NaN"),
        ("a: 1\n---\nb: 2", "document"),
        ("a: !!python/object/apply:os.system [x]", "constructor"),
        ("a: \x00", "control characters"),
    ],
)
def test_what_is_no_template_is_one_line_that_says_so(text: str, problem: str) -> None:
    with pytest.raises(TemplateError, match=problem) as caught:
        load_template(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "- " * 50_000 + "a", "a: " + "{a: " * 300]
)
def test_depth_without_end_is_refused_and_does_not_end_the_process(text: str) -> None:
    with pytest.raises(TemplateError, match="nested too deeply"):
        load_template(text)


def test_a_template_without_end_is_refused() -> None:
    with pytest.raises(TemplateError, match="characters"):
        load_template("a" * 5_000_001)
