"""Clients that several accounts share: who calls is never mistaken."""

from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor

import boto3
import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from awsbasics.clients import AccountSession
from awsbasics.pace import Pace
from tests.faulty_aws import Fault, FaultyAws, faulty_aws

HOME = "000000000012"
MEMBERS = [f"11111111111{n}" for n in range(6)]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyAws]:
    """An endpoint that tells the access key of whoever asks as the id of a role."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with faulty_aws("http://127.0.0.1:9") as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        aws.faults["ListSecrets"] = Fault("", raw=b'{"SecretList": []}')
        yield aws


@pytest.fixture
def home() -> AccountSession:
    session = boto3.Session(f"KEY{HOME}", "secret", region_name="us-east-1")
    return AccountSession(session, HOME)


def list_secrets(account: AccountSession) -> None:
    with account.acting():
        account.client("secretsmanager").list_secrets()


def test_one_account_needs_no_announcement(aws: FaultyAws, home: AccountSession) -> None:
    home.client("secretsmanager").list_secrets()
    assert aws.keys == [f"KEY{HOME}"]


def test_with_several_accounts_nobody_calls_unannounced(
    aws: FaultyAws, home: AccountSession
) -> None:
    home.member(MEMBERS[0], Credentials("KEY", "secret"))
    with pytest.raises(RuntimeError, match="whose is it"):
        home.client("secretsmanager").list_secrets()
    assert aws.keys == []


def test_many_threads_call_in_many_names_and_each_with_its_own_keys(
    aws: FaultyAws, home: AccountSession
) -> None:
    accounts = [home, *(home.member(one, Credentials(f"KEY{one}", "x")) for one in MEMBERS)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(list_secrets, accounts * 10))
    assert sorted(aws.keys) == sorted(f"KEY{account.account_id}" for account in accounts * 10)


def test_a_name_lasts_no_longer_than_its_block(aws: FaultyAws, home: AccountSession) -> None:
    one = home.member(MEMBERS[0], Credentials("KEYone", "x"))
    with home.acting():
        list_secrets(one)
        home.client("secretsmanager").list_secrets()
    assert aws.keys == ["KEYone", f"KEY{HOME}"]
    with pytest.raises(RuntimeError, match="whose is it"):
        home.client("secretsmanager").list_secrets()


def test_accounts_share_their_clients(home: AccountSession) -> None:
    member = home.member(MEMBERS[0], Credentials("KEY", "x"))
    assert member.client("ec2", "eu-west-1") is home.client("ec2", "eu-west-1")


def test_a_throttled_account_slows_down_alone(
    aws: FaultyAws, home: AccountSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pace, "wait", lambda _: None)
    member = home.member(MEMBERS[0], Credentials("KEY", "x"))
    aws.faults["ListSecrets"] = Fault("ThrottlingException", status=400)
    aws.times["ListSecrets"] = 1
    aws.faults["secretsmanager:*"] = Fault("", raw=b'{"SecretList": []}')
    list_secrets(member)
    list_secrets(home)
    assert aws.calls["ListSecrets"] == 3
    assert member.pace("secretsmanager", "us-east-1").rate is not None
    assert member.pace("secretsmanager", "eu-west-1").rate is None
    assert home.pace("secretsmanager", "us-east-1").rate is None


def test_expiry_is_noticed_for_the_account_that_it_befell(
    aws: FaultyAws, home: AccountSession
) -> None:
    member = home.member(MEMBERS[0], Credentials("KEY", "x"))
    aws.faults["ListSecrets"] = Fault("ExpiredTokenException", status=400)
    with pytest.raises(ClientError):
        list_secrets(member)
    assert (member.expired, home.expired) == (True, False)


def test_what_the_session_was_given_holds_for_all_accounts(
    aws: FaultyAws, home: AccountSession
) -> None:
    seen: list[str] = []
    events = home.session.events
    events.register("before-send", lambda request, **_: seen.append(request.url))
    list_secrets(home.member(MEMBERS[0], Credentials("KEY", "x")))
    assert len(seen) == 1


def test_once_stopped_no_account_begins_a_call(aws: FaultyAws, home: AccountSession) -> None:
    member = home.member(MEMBERS[0], Credentials("KEY", "x"))
    list_secrets(member)
    home.stop()
    for account in (home, member):
        with pytest.raises(CancelledError):
            list_secrets(account)
        assert account.stopped
    assert aws.keys == ["KEY"]
