from collections import Counter

import pytest

from tests.iam.golden_cases import Case, golden_cases

CASES = list(golden_cases())
PAGES = ("https://docs.aws.amazon.com/",)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.theme}: {case.name}")
def test_decides_as_the_documentation_says(case: Case) -> None:
    decision = case.decide()
    found = {
        "outcome": decision.outcome,
        "layer": decision.layer,
        "missing_keys": list(decision.missing_keys),
        "statements": [[each.layer, each.sid or each.index] for each in decision.statements],
    }
    assert {name: found[name] for name in case.expect} == case.expect, decision.reason


def test_the_set_is_large_and_every_case_names_its_page() -> None:
    assert len(CASES) >= 400
    assert not [case.name for case in CASES if not case.source.startswith(PAGES)]
    assert not [case.name for case in CASES if "outcome" not in case.expect]


def test_every_theme_has_cases_that_are_allowed_and_cases_that_are_not() -> None:
    outcomes = Counter((case.theme, case.expect["outcome"] == "allow") for case in CASES)
    themes = {case.theme for case in CASES}
    assert [
        theme for theme in themes if not (outcomes[theme, True] and outcomes[theme, False])
    ] == []


def test_no_case_is_there_twice() -> None:
    names = Counter((case.theme, case.name) for case in CASES)
    assert [name for name, count in names.items() if count > 1] == []
