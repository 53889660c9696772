import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.patterns import MAX_TEXT, PatternError, compile_pattern, first_match

ENVIRONMENTS = ("dev", "prod", "pre-prod", "production")
PHASES = ("dev", "prod")


def match(pattern: str, text: str) -> dict[str, str] | None:
    return compile_pattern(pattern, ENVIRONMENTS, PHASES).match(text)


def test_an_application_may_hold_dashes_because_an_environment_is_a_known_word() -> None:
    assert match("{application}-{environment}", "big-billing-prod") == {
        "application": "big-billing",
        "environment": "prod",
    }


def test_a_name_without_a_known_environment_does_not_fit() -> None:
    assert match("{application}-{environment}", "billing-blue") is None


def test_the_longest_known_word_wins() -> None:
    found = match("{application}-{environment}", "billing-pre-prod")
    assert found == {"application": "billing", "environment": "pre-prod"}
    found = match("{environment}-{application}", "pre-prod-billing")
    assert found == {"application": "billing", "environment": "pre-prod"}


def test_known_words_are_found_in_any_case_and_given_as_written() -> None:
    found = match("{application}-{environment}", "Billing-PROD")
    assert found == {"application": "Billing", "environment": "PROD"}


def test_the_rest_of_a_name_is_matched_in_its_own_case() -> None:
    assert match("team-{team}", "team-payments") == {"team": "payments"}
    assert match("team-{team}", "Team-payments") is None


def test_a_star_takes_any_text_and_none() -> None:
    assert match("{team}-*", "payments-read-only") == {"team": "payments"}
    assert match("{team}-*", "payments-") == {"team": "payments"}
    assert match("*-{team}", "-x") == {"team": "x"}


def test_a_placeholder_takes_at_least_one_character() -> None:
    assert match("team-{team}", "team-") is None
    assert match("{team}-*", "-admins") is None


def test_a_star_does_not_cut_a_word_short() -> None:
    assert match("{application}-{environment}*", "billing-products") is None
    assert match("{application}-{environment}*", "billing-prod-web") is not None
    assert match("*{environment}/{item}", "nonprod/x") is None


def test_only_an_item_may_hold_slashes() -> None:
    found = match("{phase}/{application}/{item}", "prod/billing/db/password")
    assert found == {"phase": "prod", "application": "billing", "item": "db/password"}
    assert match("{application}", "billing/db") is None


def test_phases_and_environments_are_two_lists_of_words() -> None:
    assert match("{phase}/{item}", "production/x") is None
    assert match("{environment}/{item}", "production/x") is not None


def test_without_known_words_nothing_fits() -> None:
    assert compile_pattern("{application}-{environment}").match("billing-prod") is None


def test_a_pattern_without_placeholders_fits_itself_alone() -> None:
    assert match("a.b", "a.b") == {}
    assert match("a.b", "axb") is None
    assert match("a.b", "a.bc") is None


def test_a_trailing_newline_is_part_of_the_text() -> None:
    assert match("team", "team\n") is None
    assert match("{application}-{environment}", "billing-prod\n") is None


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{aplication}", "unknown placeholder {aplication}"),
        ("{}", "unknown placeholder {}"),
        ("{team}-{team}", "{team} twice"),
        ("{team}{application}", "{team} right before {application}"),
        ("{team}*", "{team} right before `*`"),
        ("{team", "stray '{'"),
        ("team}", "stray '}'"),
        ("a" * 257, "longer than 256"),
    ],
)
def test_a_pattern_that_cannot_be_used_says_why(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert reason in str(caught.value)


def test_a_placeholder_that_is_not_allowed_here_is_unknown() -> None:
    with pytest.raises(PatternError, match=r"known here: \{team\}"):
        compile_pattern("{item}", allowed=("team",))


def test_the_first_pattern_that_fits_counts() -> None:
    patterns = [compile_pattern(text) for text in ("team-{team}", "{team}-*")]
    found = first_match(patterns, "team-x")
    assert found is not None
    assert found[0].text == "team-{team}"
    assert first_match(patterns, "nothing") is None


def test_text_beyond_the_bound_never_fits() -> None:
    assert match("{team}", "a" * MAX_TEXT) is not None
    assert match("{team}", "a" * (MAX_TEXT + 1)) is None


@pytest.mark.parametrize("unit", ["-", "a-", "-prod", "a-prod-", "prod/"])
def test_hostile_text_is_searched_without_going_back(unit: str) -> None:
    """With backtracking, five gaps over a thousand dashes would never end."""
    pattern = "*-{application}-*-{team}-*-{item}-{environment}x"
    assert match(pattern, unit * (MAX_TEXT // len(unit))) is None


words = st.text(st.characters(codec="utf-8", exclude_characters="/-"), min_size=1, max_size=20)


@given(words, words, st.sampled_from(ENVIRONMENTS))
def test_what_a_pattern_is_filled_with_comes_back(one: str, two: str, environment: str) -> None:
    found = match("{application}/{item}-{environment}", f"{one}/{two}-{environment}")
    assert found == {"application": one, "item": two, "environment": environment}


@given(st.text())
def test_any_text_either_fits_or_does_not(text: str) -> None:
    found = match("{team}-*", text)
    assert (found is not None) == ("-" in text[1:] and "/" not in text[: text.find("-", 1)])


@given(st.text(alphabet="{}*teamitem-", max_size=30))
def test_any_pattern_compiles_or_is_refused_with_a_reason(text: str) -> None:
    try:
        pattern = compile_pattern(text)
    except PatternError as error:
        reason = str(error)
    else:
        assert pattern.match("team-x") is None or "{" in text or "*" in text or text == "team-x"
        return
    assert reason
