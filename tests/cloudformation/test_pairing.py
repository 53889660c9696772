"""Items paired one to one."""

from awsbasics.cloudformation.pairing import Pairing


def test_a_row_gives_way_to_one_that_has_no_other_column() -> None:
    pairing = Pairing([[True, True], [True, False]])
    assert [pairing.place(0), pairing.place(1)] == [True, True]
    assert pairing.rows == {1: 0, 0: 1}


def test_a_row_too_many_is_left_and_the_first_ones_stay() -> None:
    pairing = Pairing([[True], [True]])
    assert [pairing.place(0), pairing.place(1)] == [True, False]
    assert pairing.rows == {0: 0}
