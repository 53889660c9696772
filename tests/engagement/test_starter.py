"""The starter: valid as it is, answers nothing by itself, and no name breaks out of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.engagement import Engagement, EnvironmentRule, load_engagement
from awsbasics.engagement.load import _parse
from awsbasics.engagement.nodes import Mistakes
from awsbasics.engagement.starter import starter, write_starter
from awsbasics.engagement.suggest import Fit, Patterns, Suggested, Suggestions
from awsbasics.errors import UsageError
from awsbasics.recommendations import QUESTIONS


def read(tmp_path: Path, text: str) -> Engagement:
    path = tmp_path / "engagement.yml"
    path.write_text(text, encoding="utf-8")
    return load_engagement(path)


def test_a_starter_says_nothing_that_the_defaults_do_not(tmp_path: Path) -> None:
    assert read(tmp_path, starter(QUESTIONS)) == Engagement()


def test_it_asks_every_question_and_filling_in_a_choice_answers_it(tmp_path: Path) -> None:
    text = starter(QUESTIONS)
    assert all(f"\n  {id_}:\n    choice:\n" in text for id_ in QUESTIONS)
    filled = text.replace("  ORG.A:\n    choice:", "  ORG.A:\n    choice: shared")
    assert {id_: each.choice for id_, each in read(tmp_path, filled).answers.items()} == {
        "ORG.A": "shared"
    }


def test_what_a_snapshot_suggests_is_there_to_look_over(tmp_path: Path) -> None:
    text = starter(
        QUESTIONS,
        Suggestions(
            environments=(
                Suggested(EnvironmentRule(environment="production", ou="Prod"), ("1 a",)),
            ),
            unclassified=(("000000000012", "000000000012 misc"),),
            stacks=Patterns((Fit("{environment}-{application}", 3),), 4),
            teams=("ledger",),
            automation=("ci",),
            trusted=(("999999999999", 2),),
        ),
    )
    engagement = read(tmp_path, text)
    assert engagement.environments == (EnvironmentRule(environment="production", ou="Prod"),)
    assert engagement.applications.stack_pattern == ("{environment}-{application}",)
    assert engagement.teams.maintain == {"ledger": ()}
    assert (engagement.humans.exclude, engagement.trusted_accounts) == ((), ())
    assert "3 of 4 stack names fit the pattern" in text
    assert '# - {account: "000000000012", environment: }  # 000000000012 misc' in text
    assert "no password: ci\n" in text
    assert '# - "999999999999"  # trusted by 2 roles' in text


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_no_name_breaks_out_of_a_comment_or_a_value(name: str) -> None:
    text = starter(
        {},
        Suggestions(
            environments=(Suggested(EnvironmentRule(environment="test", ou=name), (name,)),),
            unclassified=((name, name),),
            tag_keys=((name, 1),),
            teams=(name,),
            automation=(name,),
            trusted=((name, 1),),
        ),
    )
    mistakes = Mistakes("engagement.yml")
    engagement = _parse(text, mistakes, {})
    assert mistakes.lines() == []
    assert engagement.environments == (EnvironmentRule(environment="test", ou=name),)
    assert dict(engagement.teams.maintain) == {name: ()}
    assert (engagement.humans.exclude, engagement.trusted_accounts) == ((), ())


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "engagement.yml"
    path.write_text("client: A\n", encoding="utf-8")
    with pytest.raises(UsageError, match="exists already"):
        write_starter(path, QUESTIONS)
    assert path.read_text(encoding="utf-8") == "client: A\n"
    assert [each.name for each in tmp_path.iterdir()] == ["engagement.yml"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file"):
        write_starter(tmp_path / "nowhere" / "engagement.yml", QUESTIONS)
