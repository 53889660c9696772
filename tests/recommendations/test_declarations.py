"""Every check of every recommendation is declared, once, and can be read by the others."""

import re

import pytest

from awsbasics.collect.tables import TABLES
from awsbasics.recommendations import CHECKS, QUESTIONS, RECOMMENDATIONS, recommendation
from awsbasics.recommendations.base import DONT_KNOW, Check, Question

# The public, stable ids: a number of checks by facts, then the questions by letter.
IDS = {
    "ORG": (10, "AB"),
    "SCP": (6, "A"),
    "SEP": (7, "A"),
    "ENG": (12, "AB"),
    "APP": (11, "AB"),
    "TEAM": (5, "AB"),
    "DEP": (8, "A"),
    "TMP": (5, "AB"),
    "VPC": (7, "A"),
    "SG": (6, ""),
    "DEV": (4, ""),
    "SEC": (9, "A"),
    "REV": (8, ""),
}

SLUGS = [
    "organizations",
    "guard_rails",
    "separation",
    "engineers",
    "application_roles",
    "teams",
    "deployment",
    "elevated_access",
    "vpc",
    "security_groups",
    "developer_access",
    "secrets",
    "security_review",
]

WRITTEN = [
    "ORG.1",
    "ORG.2",
    "ORG.3",
    "ORG.4",
    "ORG.5",
    "ORG.6",
    "ORG.7",
    "ORG.8",
    "ORG.9",
    "ORG.10",
    "ORG.A",
    "SCP.1",
    "SCP.2",
    "SCP.3",
    "SCP.4",
    "SCP.5",
    "SCP.6",
    "SCP.A",
    "SEP.1",
    "SEP.2",
    "SEP.3",
    "SEP.4",
    "SEP.5",
    "SEP.6",
    "SEP.7",
    "ENG.1",
    "ENG.2",
    "ENG.3",
    "ENG.4",
    "ENG.5",
    "ENG.6",
    "ENG.7",
    "ENG.8",
    "ENG.9",
    "ENG.10",
    "ENG.11",
    "ENG.12",
    "APP.1",
    "APP.2",
    "APP.3",
    "APP.4",
    "APP.5",
    "APP.6",
    "APP.7",
    "APP.8",
    "APP.9",
    "APP.10",
    "APP.11",
    "TEAM.1",
    "TEAM.2",
    "TEAM.3",
    "TEAM.4",
    "TEAM.5",
    "DEP.1",
    "DEP.2",
    "DEP.3",
    "DEP.4",
    "DEP.5",
    "DEP.6",
    "DEP.7",
    "DEP.8",
    "TMP.1",
    "TMP.2",
    "TMP.3",
    "TMP.4",
    "TMP.5",
    "VPC.1",
    "VPC.2",
    "VPC.3",
    "VPC.4",
    "VPC.5",
    "VPC.6",
    "VPC.7",
    "SG.1",
    "SG.2",
    "SG.3",
    "SG.4",
    "SG.5",
    "SG.6",
    "DEV.1",
    "DEV.2",
    "DEV.3",
    "DEV.4",
    "SEC.1",
    "SEC.2",
    "SEC.3",
    "SEC.4",
    "SEC.5",
    "SEC.6",
    "SEC.7",
    "SEC.8",
    "SEC.9",
    "REV.4",
    "REV.5",
    "REV.6",
    "REV.7",
    "REV.8",
]

# Questions whose answers are to be compared with facts that are not looked at yet.
PENDING = {"REV.1"}


def test_the_ids_are_the_published_ones_in_their_order() -> None:
    published = [
        f"{prefix}.{part}"
        for prefix, (count, letters) in IDS.items()
        for part in [*range(1, count + 1), *letters]
    ]
    assert list(CHECKS) == published


def test_no_id_is_declared_twice() -> None:
    assert len(CHECKS) == sum(len(each.checks) for each in RECOMMENDATIONS)


def test_recommendations_are_numbered_and_named_like_their_notebooks() -> None:
    assert [each.id for each in RECOMMENDATIONS] == [f"R{n:02}" for n in range(1, 14)]
    assert [each.slug for each in RECOMMENDATIONS] == SLUGS
    assert [each.prefix for each in RECOMMENDATIONS] == list(IDS)
    assert recommendation("R05").notebook == "05_application_roles"


def test_an_unknown_recommendation_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        recommendation("R14")


def test_sandboxes_are_in_scope_of_the_first_three_recommendations_only() -> None:
    assert [each.id for each in RECOMMENDATIONS if each.sandboxes] == ["R01", "R02", "R03"]


def test_these_checks_are_judged_by_facts() -> None:
    assert [id_ for id_, check in CHECKS.items() if check.run] == WRITTEN


def test_questions_that_wait_for_facts_count_as_not_written() -> None:
    assert {id_ for id_, check in CHECKS.items() if check.facts_pending} == PENDING
    assert not any(CHECKS[id_].written for id_ in PENDING)


def test_lettered_checks_are_questions_that_count() -> None:
    lettered = [check for id_, check in CHECKS.items() if id_[-1].isalpha()]
    assert len(lettered) == sum(len(letters) for _, letters in IDS.values())
    assert all(check.question and check.written for check in lettered)


@pytest.mark.parametrize("check", [CHECKS[id_] for id_ in WRITTEN], ids=lambda check: check.id)
def test_a_written_check_names_its_tables_and_says_what_to_do(check: Check) -> None:
    assert check.tables
    assert set(check.tables) <= set(TABLES)
    assert check.absence_tables <= set(check.tables)
    assert "To verify" in check.remediation
    assert check.remediation.startswith("1. ")


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_titles_are_plain_sentences_without_a_full_stop(check: Check) -> None:
    assert re.fullmatch(r"[A-Z].{9,99}[^.]", check.title)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_question_asks_and_offers_choices_that_differ(question: Question) -> None:
    ids = [choice.id for choice in question.choices]
    assert question.text.endswith("?")
    assert len(ids) == len(set(ids)) >= 2
    assert DONT_KNOW not in ids  # it is always offered
    assert all(re.fullmatch(r"[a-z_]+", id_) for id_ in ids)
    assert {choice.verdict for choice in question.choices} & {"pass", "info"}
    assert {choice.verdict for choice in question.choices} & {"fail"}


def test_a_question_in_parts_is_answered_part_by_part() -> None:
    asked = [id_ for id_ in QUESTIONS if id_.startswith("SEC.1")]
    assert asked == ["SEC.1", "SEC.1.names", "SEC.1.updates", "SEC.1.reuse"]
