"""What a notebook writes into an engagement file comes back equal, and the rest stays as it is."""

import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from awsbasics.demo import ENGAGEMENT as DEMO
from awsbasics.engagement import (
    Answer,
    EnvironmentRule,
    ExceptionRule,
    load_engagement,
    save_answer,
    save_environment,
    save_exception,
)
from awsbasics.engagement import write as module
from awsbasics.engagement.starter import starter
from awsbasics.errors import AwsbasicsError, EngagementError, UsageError
from awsbasics.locks import lock_file
from awsbasics.recommendations import CHECKS
from tests.example import ENGAGEMENT, write_engagement

ANSWER = Answer(choice="all", note="Seen: #1", evidence="ticket", by="Ann", on=date(2026, 11, 1))
RULE = ExceptionRule(
    check="ENG.5",
    match={"account": "000000000012", "resource": "arn:aws:iam::000000000012:user/no"},
    reason="Waits for a key",
    owner="team payments",
    expires=date(2027, 1, 31),
)
SANDBOX = EnvironmentRule(account="000000000012", environment="sandbox")
Save = Callable[[Path], None]
SAVES: list[Save] = [
    lambda path: save_answer(path, "APP.A", Answer(choice="dont_know")),
    lambda path: save_exception(path, RULE),
    lambda path: save_environment(path, SANDBOX),
]
each_save = pytest.mark.parametrize("save", SAVES, ids=["answer", "exception", "environment"])
any_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_engagement(tmp_path / "engagement.yml")


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that came and went, with `+` and `-` before them."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_an_answer_comes_back_and_only_its_lines_are_new(path: Path) -> None:
    save_answer(path, "APP.A", replace(ANSWER, choice="dont_know"))
    assert load_engagement(path).answers["APP.A"] == replace(ANSWER, choice="dont_know")
    assert changed_lines(ENGAGEMENT, path.read_text()) == [
        "+  APP.A:",
        "+    choice: dont_know",
        '+    note: "Seen: #1"',
        "+    evidence: ticket",
        "+    by: Ann",
        "+    'on': 2026-11-01",
    ]


def test_an_answer_is_changed_where_it_stands(path: Path) -> None:
    changed = Answer(choice="some", note="", by="Robin Example", on=date(2026, 11, 2))
    save_answer(path, "APP.B", changed)
    assert load_engagement(path).answers["APP.B"] == changed
    assert changed_lines(ENGAGEMENT, path.read_text())[1] == (
        '+  APP.B: {choice: some, note: "", by: Robin Example, on: 2026-11-02}'
    )


def test_the_empty_answers_of_a_starter_are_filled_in_place(tmp_path: Path) -> None:
    questions = {id_: each for check in CHECKS.values() for id_, each in check.questions}
    text = starter(questions)
    path = write_engagement(tmp_path / "engagement.yml", text)
    for id_, question in questions.items():
        save_answer(path, id_, Answer(choice=question.choices[0].id, by="Ann"))
    answers = load_engagement(path).answers
    assert {id_: answer.by for id_, answer in answers.items()} == dict.fromkeys(questions, "Ann")
    pairs = zip(text.splitlines(), path.read_text().splitlines(), strict=True)
    changed = [before.strip() for before, after in pairs if before != after]
    assert sorted(changed) == sorted(["choice:", "by:"] * len(questions))


def test_a_part_of_a_question_is_answered_by_itself(path: Path) -> None:
    part = next(
        id_ for check in CHECKS.values() for id_, _ in check.questions if id_.count(".") > 1
    )
    save_answer(path, part, Answer(choice="dont_know"))
    assert load_engagement(path).answers[part].choice == "dont_know"


def test_an_exception_is_added_once_and_then_changed(path: Path) -> None:
    save_exception(path, RULE)
    longer = replace(RULE, expires=date(2027, 6, 30), approved_by="CISO")
    save_exception(path, longer)
    kept, added = load_engagement(path).exceptions
    assert kept.reason == "Waits for a security key"
    assert replace(added, line=0) == longer


def test_an_environment_is_added_once_and_then_changed(path: Path) -> None:
    save_environment(path, SANDBOX)
    save_environment(path, replace(SANDBOX, environment="test"))
    rules = load_engagement(path).environments
    assert len(rules) == 4
    assert rules[-1] == replace(SANDBOX, environment="test")


@each_save
def test_into_a_file_that_says_nothing_it_is_written_too(save: Save, path: Path) -> None:
    path.write_text("")
    save(path)
    assert path.read_text().count("\n") > 1
    load_engagement(path)


@each_save
def test_the_demos_own_file_keeps_every_line(save: Save, path: Path) -> None:
    text = DEMO.read_text(encoding="utf-8").replace("000000000012", "000000000013")
    path.write_text(text, encoding="utf-8")
    save(path)
    changed = changed_lines(text, path.read_text(encoding="utf-8"))
    assert changed
    assert [line for line in changed if line[0] == "-" and "APP.A" not in line] == []


@each_save
def test_saving_the_same_again_changes_nothing(save: Save, path: Path) -> None:
    save(path)
    once = path.stat()
    save(path)
    assert path.stat().st_ino == once.st_ino


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(any_text, any_text)
@example("no", "0123")
@example("# not a comment", "two\nlines: {a}\n\n---\n")
@example("\U0001f600 \u2028\x85\x00", "\ufeff\r\n\t'\"\\")
def test_any_text_comes_back_equal(path: Path, first: str, second: str) -> None:
    write_engagement(path)
    answer = Answer(choice="dont_know", note=first, evidence=second, by=first)
    save_answer(path, "APP.A", answer)
    assert load_engagement(path).answers["APP.A"] == answer
    again = replace(answer, note=second, evidence=first)
    save_answer(path, "APP.A", again)
    assert load_engagement(path).answers["APP.A"] == again


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(any_text.filter(bool), any_text.filter(bool))
@example("no", "arn:aws:iam::000000000012:user/*[x]")
def test_any_exception_comes_back_equal(path: Path, text: str, resource: str) -> None:
    write_engagement(path)
    rule = replace(RULE, match={"resource": resource}, reason=text, owner=text)
    save_exception(path, rule)
    assert replace(load_engagement(path).exceptions[-1], line=0) == rule


def test_half_a_character_is_refused_in_words(path: Path) -> None:
    with pytest.raises(UsageError, match="half a character"):
        save_answer(path, "APP.A", replace(ANSWER, note="\ud800"))
    assert path.read_text() == ENGAGEMENT


@pytest.mark.parametrize(
    ("id_", "answer", "said"),
    [
        ("APP.B", replace(ANSWER, choice="al"), "did you mean 'all'"),
        ("APP.BB", ANSWER, "unknown check 'APP.BB'; did you mean 'APP.B'"),
    ],
)
def test_an_answer_that_would_be_a_mistake_is_not_written(
    path: Path, id_: str, answer: Answer, said: str
) -> None:
    with pytest.raises(EngagementError, match=said) as raised:
        save_answer(path, id_, answer)
    assert "\n" not in str(raised.value)
    assert path.read_text() == ENGAGEMENT


@each_save
def test_a_file_with_mistakes_is_left_alone(save: Save, path: Path) -> None:
    path.write_text("clien: Example Corp\n")
    with pytest.raises(EngagementError, match=r"engagement.yml:1: unknown key 'clien'"):
        save(path)
    assert path.read_text() == "clien: Example Corp\n"


def test_a_file_that_no_edit_can_be_made_in_is_left_alone(path: Path) -> None:
    text = "environments: {ou: Prod, environment: production}\n"
    path.write_text(text)
    with pytest.raises(UsageError, match="only a person can edit"):
        save_environment(path, SANDBOX)
    assert path.read_text() == text


def test_an_edit_that_would_say_more_than_it_should_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "put", lambda text, *_: f"{text}shared_secrets: [a]\n")
    with pytest.raises(UsageError, match="only a person can edit"):
        save_exception(path, RULE)
    assert path.read_text() == ENGAGEMENT


@each_save
def test_no_symbolic_link_is_followed(save: Save, path: Path) -> None:
    link = path.with_name("link.yml")
    link.symlink_to(path)
    with pytest.raises(UsageError, match="symbolic link"):
        save(link)
    assert link.is_symlink()
    assert path.read_text() == ENGAGEMENT


@each_save
def test_a_symbolic_link_in_the_locks_place_is_not_followed(save: Save, path: Path) -> None:
    target = path.with_name("target")
    path.with_name(f".{path.name}.lock").symlink_to(target)
    with pytest.raises(UsageError, match="cannot be written"):
        save(path)
    assert not target.exists()


@pytest.mark.parametrize("kind", ["nothing", "folder", "pipe"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "engagement.yml"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(UsageError, match=r"there is no file|is not a file"):
        save_environment(path, SANDBOX)


@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_the_file_keeps_its_mode_and_leaves_nothing_beside_it(path: Path, mode: int) -> None:
    path.chmod(mode)
    save_environment(path, SANDBOX)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert [each.name for each in path.parent.iterdir()] == ["engagement.yml"]


def test_a_mark_at_the_beginning_and_other_line_ends_stay(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + ENGAGEMENT.replace("\n", "\r\n").encode())
    save_environment(path, SANDBOX)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfclient: Example Corp\r\n")
    assert data.count(b"\n") == data.count(b"\r\n") == ENGAGEMENT.count("\n") + 1
    assert load_engagement(path).environments[-1] == SANDBOX


@pytest.fixture
def held(path: Path) -> Iterator[int]:
    handle = lock_file(path.with_name(f".{path.name}.lock"))
    yield handle
    os.close(handle)


def test_while_another_writes_it_waits_and_then_says_so(
    path: Path, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.05)
    with pytest.raises(UsageError, match="another notebook is writing"):
        save_environment(path, SANDBOX)
    assert path.read_text() == ENGAGEMENT


def test_of_many_who_write_at_once_nobody_loses_a_word(path: Path) -> None:
    accounts = [f"{number:012}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(lambda each: save_environment(path, replace(SANDBOX, account=each)), accounts)
        )
    assert {rule.account for rule in load_engagement(path).environments} >= set(accounts)


def test_where_the_disk_fails_the_old_file_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AwsbasicsError, match="No space left"):
        save_environment(path, SANDBOX)
    assert path.read_text() == ENGAGEMENT
    assert [each.name for each in path.parent.iterdir()] == ["engagement.yml"]
