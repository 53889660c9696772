"""What strangers wrote becomes visible and stays short."""

import pytest

from awsbasics.show.text import clip, plural, sentence_list, visible


@pytest.mark.parametrize("point", [0x0, 0x7, 0xD, 0x1B, 0x7F, 0x85, 0x202E, 0x2066, 0x200F, 0xFEFF])
def test_control_and_direction_characters_are_written_out(point: int) -> None:
    assert visible(f"gnp{chr(point)}.exe") == f"gnp[U+{point:04X}].exe"


def test_half_a_character_is_written_out() -> None:
    assert visible("a\ud800b") == "a[U+D800]b"


def test_letters_of_all_scripts_lines_and_tabs_stay_as_they_are() -> None:
    text = "שלום مرحبا 日本語 é 👩‍👩‍👧\n\tnext"
    assert visible(text) == text


def test_a_long_text_is_cut_and_says_how_long_it_was() -> None:
    assert clip("x" * 1_048_576, 10) == "xxxxxxxxxx… (1,048,576 characters)"
    assert clip("short", 10) == "short"


def test_counts_have_their_nouns() -> None:
    counts = [plural(1, "role"), plural(2, "role"), plural(1200, "policy", "policies")]
    assert counts == ["1 role", "2 roles", "1,200 policies"]


def test_lists_end_in_and() -> None:
    assert sentence_list([]) == ""
    assert sentence_list(["a"]) == "a"
    assert sentence_list(["a", "b", "c"]) == "a, b and c"
    assert sentence_list(list("abcdefg"), 2) == "a, b and 5 more"
