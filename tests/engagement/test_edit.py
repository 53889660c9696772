"""An edit puts one thing in its place and changes no other character."""

from datetime import date

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from awsbasics.engagement.edit import NotEditableError, Value, put

ANSWER = ("answers", "SEC.1")
SHORT: dict[str, Value] = {"choice": "rotated", "on": date(2026, 11, 1)}
WRITTEN = "SEC.1: {choice: rotated, 'on': 2026-11-01}"


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("", f"answers:\n  {WRITTEN}\n"),
        ("# ours\n", f"# ours\nanswers:\n  {WRITTEN}\n"),
        ("client: A  # ours", f"client: A  # ours\nanswers:\n  {WRITTEN}\n"),
        ("---\nclient: A\n...\n", f"---\nclient: A\nanswers:\n  {WRITTEN}\n...\n"),
        ("answers:  # none\n# end\n", f"answers:  # none\n  {WRITTEN}\n# end\n"),
        ('answers: ""\nclient: A\n', f"answers: \n  {WRITTEN}\nclient: A\n"),
        ("answers: {}\n", f"answers: {{{WRITTEN}}}\n"),
        ("answers: {VPC.1: {}}\n", f"answers: {{VPC.1: {{}}, {WRITTEN}}}\n"),
        ("{client: A, }\n", f"{{client: A, answers: {{{WRITTEN}}}, }}\n"),
        ("answers:\n    VPC.1:\n", f"answers:\n    VPC.1:\n    {WRITTEN}\n"),
        (
            "answers:\n  VPC.1: {}  # v\n\n# What follows\nnotes:\n",
            f"answers:\n  VPC.1: {{}}  # v\n  {WRITTEN}\n\n# What follows\nnotes:\n",
        ),
        ("answers:\r\n# x\r\nnotes:\r\n", f"answers:\r\n  {WRITTEN}\r\n# x\r\nnotes:\r\n"),
    ],
)
def test_what_is_missing_is_made_where_it_belongs(text: str, edited: str) -> None:
    assert put(text, ANSWER, SHORT) == edited


def test_values_are_merged_into_those_there_are() -> None:
    text = "answers:\n  SEC.1:  # asked twice\n    choice: shared # for now\n    note:\n# end\n"
    assert put(text, ANSWER, {**SHORT, "note": "It's said"}) == (
        "answers:\n  SEC.1:  # asked twice\n    choice: rotated # for now\n"
        "    note: \"It's said\"\n    'on': 2026-11-01\n# end\n"
    )


def test_a_long_value_takes_a_line_for_each_key() -> None:
    long: dict[str, Value] = {
        "check": "SG.4",
        "match": {"account": "000000000012"},
        "reason": "a, " * 40,
    }
    assert put("exceptions:\n- check: SG.1\n# end\n", ("exceptions", 1), long) == (
        'exceptions:\n- check: SG.1\n- check: SG.4\n  match: {account: "000000000012"}\n'
        f'  reason: "{"a, " * 40}"\n# end\n'
    )


@pytest.mark.parametrize("style", ["|", ">", "|-", ">+", "|2"])
def test_text_in_a_block_is_replaced_with_all_its_lines(style: str) -> None:
    text = f"answers:\n  SEC.1:\n    note: {style}\n      one\n      two\n\n# end\nclient: A\n"
    edited = put(text, (*ANSWER, "note"), "new")
    assert edited == "answers:\n  SEC.1:\n    note: new\n\n# end\nclient: A\n"


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n# end\n"])
def test_an_entry_after_text_in_a_block_begins_a_line(end: str) -> None:
    edited = put(f"answers:\n  VPC.1:\n    note: |\n      one{end}", ANSWER, SHORT)
    loaded = yaml.safe_load(edited)["answers"]
    assert list(loaded) == ["VPC.1", "SEC.1"]
    assert loaded["VPC.1"]["note"].rstrip() == "one"
    assert edited.count("# end") == end.count("# end")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("answers: [a]\n", ANSWER),
        ("answers: text\n", ANSWER),
        ("exceptions: {check: SG.4}\n", ("exceptions", 0)),
        ("answers: {SEC.1: {note: []}}\n", (*ANSWER, "note")),
    ],
)
def test_another_kind_of_value_in_the_way_is_not_touched(
    text: str, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(NotEditableError):
        put(text, path, "text")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
@example("no")
@example("0123")
@example("1e3")
@example("# none")
@example("a: b, {c}")
@example("*alias\n&anchor\n\n  !tag")
@example("\u2028\x85\x00\x7f\ufeff\U0001f600")
def test_any_text_reads_the_same_in_brackets_and_without(value: str) -> None:
    for text in ("answers:\n  SEC.1:\n    note:\nclient: A\n", "answers: {SEC.1: {note: }}\n"):
        edited = put(text, (*ANSWER, "note"), value)
        assert yaml.safe_load(edited)["answers"]["SEC.1"]["note"] == value
        assert len(edited.splitlines()) == len(text.splitlines())
