from pathlib import Path

import pytest
import yaml

from awsbasics.engagement import answer_yaml, answers_yaml, load_engagement
from awsbasics.recommendations.base import Check, Choice, Question

CHOICES = (Choice("no", "No:\nnever # really", "fail"), Choice("yes", "Yes", "pass"))
QUESTION = Question("Does each have\none?", CHOICES)


def check(check_id: str) -> Check:
    return Check(id=check_id, title="", severity="low", question=QUESTION)


def test_what_is_pasted_is_an_engagement_file(tmp_path: Path) -> None:
    path = tmp_path / "engagement.yml"
    path.write_text(answer_yaml("VPC.1", QUESTION), encoding="utf-8")
    answers = load_engagement(path, {"VPC.1": check("VPC.1")}).answers
    assert answers["VPC.1"].choice == "dont_know"
    assert answers["VPC.1"].on is None


@pytest.mark.parametrize("choice", ["no", "yes"])
def test_filled_in_as_the_comment_writes_it_a_choice_is_read_alike_by_every_reader(
    tmp_path: Path, choice: str
) -> None:
    text = answer_yaml("VPC.1", QUESTION)
    assert f"'{choice}': " in text
    filled = text.replace("choice: dont_know", f"choice: '{choice}'")
    path = tmp_path / "engagement.yml"
    path.write_text(filled, encoding="utf-8")
    own = load_engagement(path, {"VPC.1": check("VPC.1")})
    assert own.answers["VPC.1"].choice == choice
    assert yaml.safe_load(filled)["answers"]["VPC.1"]["choice"] == choice


def test_several_questions_make_one_block(tmp_path: Path) -> None:
    path = tmp_path / "engagement.yml"
    path.write_text(answers_yaml({"ENG.A": QUESTION, "ENG.B": QUESTION}), encoding="utf-8")
    checks = {check_id: check(check_id) for check_id in ("ENG.A", "ENG.B")}
    assert set(load_engagement(path, checks).answers) == {"ENG.A", "ENG.B"}


def test_texts_of_several_lines_stay_in_their_comments() -> None:
    lines = answer_yaml("VPC.1", QUESTION).splitlines()
    assert "  # Does each have one?" in lines
    assert "  #   'no': No: never # really" in lines
