"""Open values: what fits them, and what they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.cloudformation.values import (
    NO_VALUE,
    Either,
    Hole,
    Open,
    is_known,
    joined,
    open_text,
    options,
)

TEXTS = st.text(alphabet="ab:", max_size=4)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("arn:aws:s3:::logs/x", True),
        ("arn:aws:s3:::/x", True),
        ("arn:aws:s3:::logs", False),
        ("arn:aws:sqs:::logs/x", False),
        ("arn:aws:s3::", False),
    ],
)
def test_a_hole_may_be_any_text(text: str, fits: bool) -> None:
    assert Open(("arn:aws:s3:::", Hole("Bucket"), "/x")).fits(text) is fits


def test_pieces_do_not_overlap() -> None:
    assert not Open(("ab", Hole("x"), "ba")).fits("aba")
    assert not Open((Hole("x"), "ab", Hole("y"), "ab", Hole("z"))).fits("aab")


@given(st.lists(TEXTS | st.builds(Hole, TEXTS), min_size=1, max_size=6), st.data())
def test_filling_the_holes_always_fits(pieces: list[str | Hole], data: st.DataObject) -> None:
    whole = joined([Open((piece,)) if isinstance(piece, Hole) else piece for piece in pieces])
    filled = "".join(data.draw(TEXTS) if isinstance(p, Hole) else p for p in pieces)
    assert whole.fits(filled) if isinstance(whole, Open) else whole == filled


def test_joining_says_what_is_missing() -> None:
    whole = joined(["a", True, 1, open_text("B"), Either("C", ("x", "y")), {"k": "v"}])
    assert isinstance(whole, Open)
    assert str(whole) == "atrue1${B}${If C}${a value that is no text}"
    assert whole.holes == ("B", "If C", "a value that is no text")


def test_what_is_open_anywhere_is_not_known() -> None:
    assert is_known({"a": ["b", 1, None]})
    assert not is_known({"a": [open_text("B")]})
    assert not is_known([Either("C", (1, 2))])


def test_options_leave_out_what_is_not_written() -> None:
    value = Either("A", ("x", Either("B", (NO_VALUE, "y"))))
    assert options(value) == ("x", "y")
    assert options(NO_VALUE) == ()
    assert options(None) == (None,)
