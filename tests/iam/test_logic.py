from hypothesis import given
from hypothesis import strategies as st

from awsbasics.iam.logic import (
    Atom,
    Truth,
    all_of,
    any_of,
    atoms,
    negate,
    substitute,
)

A, B, C = (Atom(name, name) for name in "ABC")

truths: st.SearchStrategy[Truth] = st.recursive(
    st.booleans() | st.sampled_from([A, B, C]),
    lambda inner: (
        inner.map(negate)
        | st.lists(inner, max_size=3).map(all_of)
        | st.lists(inner, max_size=3).map(any_of)
    ),
    max_leaves=12,
)

settled = st.fixed_dictionaries({A: st.booleans(), B: st.booleans(), C: st.booleans()})


def test_what_is_certain_is_folded() -> None:
    assert all_of([]) is True
    assert any_of([]) is False
    assert all_of([A, False]) is False
    assert all_of([A, True]) is A
    assert any_of([A, True]) is True
    assert any_of([A, False]) is A
    assert negate(negate(A)) is A


def test_a_part_and_its_opposite_settle_it() -> None:
    assert all_of([A, B, negate(A)]) is False
    assert any_of([A, B, negate(A)]) is True


def test_expressions_read_as_text() -> None:
    assert str(all_of([A, any_of([B, negate(C)])])) == "A and (B or not C)"
    assert str(negate(all_of([A, B]))) == "not (A and B)"


def test_equal_unknowns_are_one() -> None:
    assert all_of([A, Atom("A", "the same in other words")]) == A
    assert list(atoms(any_of([A, all_of([A, B])]))) == [A, A, B]


@given(truths, settled)
def test_settling_unknowns_one_by_one_or_together_is_the_same(
    value: Truth, known: dict[Atom, bool]
) -> None:
    together = substitute(value, known)
    assert isinstance(together, bool)
    for atom, truth in known.items():
        value = substitute(value, {atom: truth})
    assert value is together


@given(
    truths, truths, st.fixed_dictionaries({A: st.booleans(), B: st.booleans(), C: st.booleans()})
)
def test_joining_is_what_it_is_for_truths(
    one: Truth, other: Truth, known: dict[Atom, bool]
) -> None:
    left, right = substitute(one, known), substitute(other, known)
    assert substitute(all_of([one, other]), known) is (left is True and right is True)
    assert substitute(any_of([one, other]), known) is (left is True or right is True)
    assert substitute(negate(one), known) is (left is not True)
