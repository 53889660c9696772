"""Policies larger than AWS stores: little is tried for them, and what is not settled is said."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from awsbasics.iam import access, compile_policy, vocabulary
from awsbasics.iam.access import Access
from awsbasics.iam.candidates import Candidates
from awsbasics.iam.escalation import ways, ways_by
from awsbasics.iam.estate import Estate, Principal
from awsbasics.iam.matrix import Matrix
from tests.iam.estates import (
    ACCOUNT,
    ADMINISTRATOR,
    Document,
    allow,
    arn,
    deny,
    estate,
    policy,
    role,
    under,
    user,
)

SOME = ["iam:PassRole", "iam:CreateAccessKey", "iam:UpdateAssumeRolePolicy", "lambda:*", "ec2:*"]
PASSING = allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])


def conditional(count: int) -> list[Document]:
    return [allow(SOME, StringEquals={f"aws:RequestTag/t{n}": "x"}) for n in range(count)]


def denied(count: int) -> list[Document]:
    def tags(number: int) -> dict[str, str]:
        return {f"aws:RequestTag/t{number}": "x", f"aws:RequestTag/u{number}": "y"}

    return [allow(SOME), *(deny(SOME, StringEquals=tags(n)) for n in range(count))]


def roles_by_pattern(count: int) -> list[Document]:
    return [allow(SOME, [f"arn:aws:iam::*:role/*x{number}*" for number in range(count)])]


def actions_by_pattern(count: int) -> list[Document]:
    return [allow([f"*:*{number:06d}*x" for number in range(count)])]


def unknown_actions(count: int) -> list[Document]:
    return [allow([f"iam:Get{number:06d}" for number in range(count)])]


LARGE = {
    "conditions": conditional(600),
    "denies": denied(600),
    "resources": roles_by_pattern(12_000),
    "patterns": actions_by_pattern(2_500),
    "names": unknown_actions(21_000),
}
each_large = pytest.mark.parametrize("statements", LARGE.values(), ids=LARGE)


def scene(*statements: Document, **more: Any) -> tuple[Estate, Principal]:
    """A principal beside roles and users that are worth having."""
    source = user("source", policy(*statements), **more)
    trusts = {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}
    targets = [role(f"r{number}", ADMINISTRATOR, trusts=trusts) for number in range(5)]
    others = [user(f"u{number}", ADMINISTRATOR) for number in range(5)]
    return estate(source, *targets, *others), source


def found(whole: Estate, source: Principal) -> list[Any]:
    return [way.row() for way in ways(whole) if way.principal_arn == source.arn]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a decision is made, and a pattern matched with the vocabulary."""
    calls: Counter[str] = Counter()

    def count(owner: object, name: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def counting(*values: Any, **more: Any) -> Any:
            calls[name] += 1
            return original(*values, **more)

        monkeypatch.setattr(owner, name, counting)

    count(access, "evaluate")
    count(vocabulary, "matcher")
    return calls


@each_large
def test_of_what_is_too_large_everything_is_possible_and_says_why(
    statements: list[Document],
) -> None:
    whole, source = scene(*statements)
    rows = found(whole, source)
    assert {row[6] for row in rows} == {"possible"}
    assert all("too large to be settled" in row[8] for row in rows)
    assert {arn("role", "r0"), arn("user", "u0"), arn("role", "r4")} & {row[3] for row in rows}


@each_large
def test_nothing_is_decided_for_who_holds_what_is_too_large(
    statements: list[Document], counted: Counter[str]
) -> None:
    whole, source = scene(*statements)
    matrix = Matrix(whole)
    candidates = Candidates(Access(matrix))
    for service in ("lambda.amazonaws.com", "ec2.amazonaws.com"):
        candidates.of_service(ACCOUNT, service)
    of_roles = counted["evaluate"]
    rows = [way for way in ways_by(Access(matrix), candidates) if way.principal_arn == source.arn]
    assert rows
    assert of_roles == 10, "whom each role trusts is decided once"
    assert counted["evaluate"] - of_roles <= 10


@pytest.mark.parametrize(
    ("statements", "status"),
    [
        ([*conditional(300), *roles_by_pattern(300)], "conditional"),
        ([PASSING, *unknown_actions(19_000), *actions_by_pattern(200)], "open"),
    ],
)
def test_as_much_as_aws_stores_is_settled_exactly(statements: list[Document], status: str) -> None:
    rows = found(*scene(*statements))
    assert status in {row[6] for row in rows}
    assert not any("too large" in row[8] for row in rows)


@each_large
def test_a_plain_allow_of_everything_makes_an_administrator_in_any_crowd(
    statements: list[Document],
) -> None:
    without_denies = [each for each in statements if each["Effect"] == "Allow"]
    whole, source = scene(*without_denies, allow("*"))
    assert Matrix(whole).profile(source).title == "wildcard"


@each_large
def test_an_scp_that_denies_everything_blocks_what_is_too_large(
    statements: list[Document],
) -> None:
    guards = under([[policy(allow("*"))], [policy(allow("*"), deny("*"))]])
    whole, source = scene(*statements, guards=guards)
    assert {row[6] for row in found(whole, source)} <= {"blocked"}


def test_a_boundary_and_an_scp_that_are_too_large_leave_all_open() -> None:
    large = policy(allow("*"), *actions_by_pattern(2_500), *denied(600))
    for more in (
        {"boundary": large, "boundary_arn": arn("policy", "limit")},
        {"guards": under([[large]])},
    ):
        whole, source = scene(PASSING, **more)
        assert {row[6] for row in found(whole, source)} == {"possible"}
        assert Matrix(whole).profile(source).is_unread


def test_a_trust_policy_that_is_too_large_leaves_open_whom_it_lets_in() -> None:
    services = [f"service-{number}.amazonaws.com" for number in range(2_000)]
    trust = policy(
        *(
            {
                "Effect": "Allow",
                "Principal": {"Service": [service, "lambda.amazonaws.com"]},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {f"aws:RequestTag/{service}": "x"}},
            }
            for service in services
        )
    )
    source = user("source", policy(PASSING))
    rows = found(estate(source, replace(role("large", ADMINISTRATOR), trust=trust)), source)
    assert {row[6] for row in rows} == {"possible"}
    assert all("trust policy of" in row[8] and "too large" in row[8] for row in rows)


def test_only_services_that_a_path_uses_are_asked_for(counted: Counter[str]) -> None:
    services = [f"service-{number}.amazonaws.com" for number in range(500)]
    whole = estate(role("open", ADMINISTRATOR, trusts={"Service": services}))
    assert Candidates(Access(Matrix(whole))).of_service(ACCOUNT, services[0]) == ()
    assert counted["evaluate"] == 0


def test_patterns_of_a_large_policy_are_not_matched_with_the_vocabulary(
    counted: Counter[str],
) -> None:
    whole, source = scene(*actions_by_pattern(2_500), allow("s3:Get*"))
    before = counted["matcher"]
    assert Matrix(whole).profile(source).is_unread
    assert counted["matcher"] - before <= 1


def test_what_no_action_holds_is_not_tried_on_any(counted: Counter[str]) -> None:
    words = vocabulary.vocabulary()
    before = counted["matcher"]
    assert not words.row(f"iam:*{number:06d}*" for number in range(500)).any()
    assert not words.row(f"iam:Get{number:06d}" for number in range(500)).any()
    assert counted["matcher"] == before


def test_a_policy_is_large_by_what_it_says_not_by_how_often() -> None:
    often = compile_policy({"Statement": [allow("*") for _ in range(5_000)]})
    assert not often.content.is_large
    assert compile_policy({"Statement": actions_by_pattern(2_001)}).content.is_large
    assert not compile_policy({"Statement": actions_by_pattern(2_000)}).content.is_large


TEXTS = ("*", "?", "iam:*", "iam:Pass*", "sts:AssumeRole", "${aws:username}", "ü\x00", "", "a" * 99)
KEYS = ("aws:username", "aws:PrincipalArn", "aws:RequestTag/t", "iam:PassedToService", "x" * 99)
OPERATORS = ("StringLike", "StringNotEquals", "Null", "ForAllValues:ArnLike", "DateLessThan", "Odd")
ELEMENTS = ("Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "Effect")


def hostile_documents(seed: int) -> Iterator[Any]:
    """Documents of strange parts, some repeated very often."""
    chance = random.Random(seed)  # noqa: S311 — the same documents in each run

    def text() -> str:
        return "".join(chance.choice(TEXTS) for _ in range(chance.randint(1, 4)))

    def value(depth: int = 0) -> Any:
        kinds: tuple[Any, ...] = (text(), None, 7, [], {}, [text() for _ in range(3)], True)
        return [value(depth + 1)] if depth < 3 and chance.random() < 0.2 else chance.choice(kinds)

    def statement() -> Any:
        made: dict[str, Any] = {
            "Effect": chance.choice(("Allow", "Deny")),
            "Action": text(),
            "Resource": text(),
        }
        block = {chance.choice(OPERATORS): {chance.choice(KEYS): value()} for _ in range(2)}
        if chance.random() < 0.5:
            made["Condition"] = block
        return made | {chance.choice(ELEMENTS): value()} if chance.random() < 0.5 else made

    for _ in range(3):
        statements = [statement() for _ in range(chance.randint(1, 6))]
        yield {"Version": chance.choice(("2012-10-17", "", None)), "Statement": statements}
    yield {"Version": "2012-10-17", "Statement": [statement() for _ in range(150)]}
    yield json.dumps({"Statement": [statement()] * 1_000})


@pytest.mark.parametrize("seed", range(4))
def test_no_hostile_document_raises_or_hides_a_way_that_is_open_without_it(seed: int) -> None:
    for document in hostile_documents(seed):
        hostile = compile_policy(document, "hostile")
        trusted = role("target", ADMINISTRATOR, trusts={"Service": "lambda.amazonaws.com"})
        held = policy(PASSING)
        source = user("source", held, hostile)
        bounded = user("bounded", held, boundary=hostile, boundary_arn=arn("policy", "limit"))
        guarded = role("guarded", held, guards=under([[hostile]]))
        strange = replace(role("strange", hostile), trust=hostile)
        whole = estate(source, bounded, guarded, strange, trusted)
        matrix = Matrix(whole)
        known = Access(matrix)
        reached = {way.principal_arn for way in ways_by(known, Candidates(known))}
        profile = matrix.profile(source)
        assert source.arn in reached or profile.title or profile.perhaps
