from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from awsbasics.collect import whole as module
from awsbasics.collect.caller import AwsCaller, Memo
from awsbasics.collect.outcome import BrokenAnswer
from awsbasics.session import AccountSession


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BROKEN_PAUSE_SECONDS", 0.0)


class Stubbed:
    """A caller whose one client answers what a test has queued."""

    def __init__(self, service: str) -> None:
        session = boto3.Session("x", "x", region_name="us-east-1")
        account = AccountSession(session, "000000000012")
        self.stub = Stubber(account.client(service, "us-east-1"))
        self.stub.activate()
        self.caller = AwsCaller(
            session=account,
            partition="aws",
            region="us-east-1",
            regions=("us-east-1",),
            leaves=ThreadPoolExecutor(2),
            memo=Memo(),
            common=Memo(),
        )

    def queue(self, method: str, *answers: dict[str, Any]) -> None:
        for answer in answers:
            self.stub.add_response(method, answer)


USER = {
    "Path": "/",
    "UserName": "ann",
    "UserId": "AIDAEXAMPLEANN000",
    "Arn": "arn:aws:iam::000000000012:user/ann",
    "CreateDate": "2026-01-01T00:00:00Z",
}


def test_pages_are_followed_counted_and_remembered() -> None:
    stubbed = Stubbed("iam")
    stubbed.queue(
        "list_users",
        {"Users": [USER], "IsTruncated": True, "Marker": "m"},
        {"Users": [{**USER, "UserName": "bob"}]},
    )

    for _ in range(2):
        users = stubbed.caller.items("iam", "ListUsers", "Users")
        assert [user["UserName"] for user in users] == ["ann", "bob"]
    assert stubbed.caller.tally.calls == 2


def test_an_answer_without_its_list_is_asked_again() -> None:
    stubbed = Stubbed("secretsmanager")
    stubbed.queue("list_secrets", {}, {"SecretList": []})

    assert stubbed.caller.items("secretsmanager", "ListSecrets", "SecretList") == []
    stubbed.stub.assert_no_pending_responses()


def test_an_answer_that_stays_broken_is_a_failure_and_not_an_empty_list() -> None:
    stubbed = Stubbed("secretsmanager")
    stubbed.queue("list_secrets", *[{}] * module.BROKEN_ATTEMPTS)

    with pytest.raises(BrokenAnswer, match="ListSecrets has no SecretList"):
        stubbed.caller.items("secretsmanager", "ListSecrets", "SecretList")


def test_a_follow_up_tells_absent_from_denied_from_broken() -> None:
    stubbed = Stubbed("secretsmanager")
    for code in ("ResourceNotFoundException", "AccessDeniedException", "InternalServiceError"):
        stubbed.stub.add_client_error("get_resource_policy", code, "why")

    def ask() -> str:
        return stubbed.caller.answer(
            "secretsmanager",
            "GetResourcePolicy",
            "ResourcePolicy",
            expect="ARN",
            absent=("ResourceNotFoundException",),
            SecretId="x",
        ).status

    assert [ask() for _ in range(3)] == ["absent", "denied", "error"]


def test_a_missing_part_of_a_whole_answer_is_absent() -> None:
    stubbed = Stubbed("secretsmanager")
    stubbed.queue(
        "get_resource_policy", {"ARN": "arn:aws:secretsmanager:::secret:x-abcdef", "Name": "x"}
    )

    answer = stubbed.caller.answer(
        "secretsmanager", "GetResourcePolicy", "ResourcePolicy", expect="ARN", SecretId="x"
    )
    assert answer.status == "absent"


def test_a_list_that_was_refused_is_an_answer_that_says_so() -> None:
    stubbed = Stubbed("iam")
    stubbed.stub.add_client_error("list_roles", "AccessDenied", "no")

    assert stubbed.caller.listed("iam", "ListRoles", "Roles").status == "denied"


def test_a_memo_computes_once_for_all_threads_and_forgets_only_failures() -> None:
    memo, together = Memo(), Barrier(4)
    calls: list[str] = []

    def compute() -> int:
        calls.append("called")
        return len(calls)

    def ask() -> object:
        together.wait()
        return memo.get("key", compute)

    with ThreadPoolExecutor(4) as pool:
        assert [f.result() for f in [pool.submit(ask) for _ in range(4)]] == [1] * 4

    with pytest.raises(ZeroDivisionError):
        memo.get("bad", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        memo.get("bad", lambda: "not asked")
    memo.forget_failures()
    assert memo.get("bad", lambda: "asked") == "asked"
    assert memo.get("key", lambda: "not asked") == 1
