"""Credentials and their errors, over HTTP against an endpoint that answers as AWS would."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from awsbasics.errors import AccessError, CredentialsError
from awsbasics.session import (
    AccountSession,
    Identity,
    member_credentials,
    open_session,
    role_client,
    who_am_i,
)
from tests.faulty_aws import Fault, FaultyAws, faulty_aws


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyAws]:
    """An endpoint that refuses everything a test has not allowed; nothing is behind it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with faulty_aws("http://127.0.0.1:9") as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        yield aws


def session() -> boto3.Session:
    return boto3.Session("AKIAIOSFODNN7EXAMPLE", "secret", region_name="us-east-1")


def test_without_credentials_one_line_says_how_to_give_them(aws: FaultyAws) -> None:
    with pytest.raises(CredentialsError, match="no AWS credentials found; use --profile"):
        open_session()


def test_an_unknown_profile_is_named(aws: FaultyAws) -> None:
    with pytest.raises(CredentialsError, match=r"nobody.*list-profiles"):
        open_session(profile="nobody")


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException"])
def test_expired_credentials_ask_to_sign_in_again(aws: FaultyAws, code: str) -> None:
    aws.faults["GetCallerIdentity"] = Fault(code)
    with pytest.raises(CredentialsError, match="have expired; sign in again"):
        who_am_i(session())


def test_refused_credentials_are_told_from_expired_ones(aws: FaultyAws) -> None:
    aws.faults["GetCallerIdentity"] = Fault("InvalidClientTokenId")
    with pytest.raises(CredentialsError, match="does not accept these credentials"):
        who_am_i(session())


def test_an_endpoint_that_is_not_there_is_an_error_of_one_line(
    aws: FaultyAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(CredentialsError, match="cannot be reached"):
        who_am_i(session())


def test_a_role_that_cannot_be_assumed_is_named_with_awss_reason(aws: FaultyAws) -> None:
    aws.faults["AssumeRole"] = Fault("AccessDenied", "is not authorized to perform: sts:AssumeRole")
    identity = Identity("000000000012", "arn:aws-us-gov:iam::000000000012:user/audit")

    with pytest.raises(AccessError) as caught:
        member_credentials(role_client(session()), identity, "098765432109", "Audit")
    assert "arn:aws-us-gov:iam::098765432109:role/Audit cannot be assumed" in str(caught.value)
    assert "not authorized" in str(caught.value)


def plant_role(aws: FaultyAws, key: str, minutes: int) -> None:
    """What AssumeRole answers from now on: a key that lasts for so long."""
    end = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
    parts = {"AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": "t", "Expiration": end}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    body = f"<R><AssumeRoleResult><Credentials>{inside}</Credentials></AssumeRoleResult></R>"
    aws.faults["AssumeRole"] = Fault("", raw=body.encode())


@pytest.fixture
def member(aws: FaultyAws) -> Callable[[], AccountSession]:
    """Enters a member account; its secrets can be listed."""
    aws.faults["ListSecrets"] = Fault("", raw=b'{"SecretList": []}')

    def enter() -> AccountSession:
        home = AccountSession(session(), "000000000012")
        identity = Identity("000000000012", "arn:aws:iam::000000000012:user/audit")
        sts = role_client(home.session)
        credentials = member_credentials(sts, identity, "098765432109", "Audit")
        return home.member("098765432109", credentials)

    return enter


def signed_by(aws: FaultyAws, account: AccountSession) -> str:
    """The access key that a call in an account's name was signed with."""
    with account.acting():
        account.client("secretsmanager").list_secrets()
    return aws.keys[-1]


def test_a_members_credentials_that_last_are_asked_for_once(
    aws: FaultyAws, member: Callable[[], AccountSession]
) -> None:
    plant_role(aws, "FIRST", minutes=60)
    account = member()
    plant_role(aws, "SECOND", minutes=60)
    assert [signed_by(aws, account) for _ in range(3)] == ["FIRST"] * 3
    assert aws.calls["AssumeRole"] == 1


def test_a_members_credentials_are_renewed_once_they_are_about_to_end(
    aws: FaultyAws, member: Callable[[], AccountSession]
) -> None:
    """botocore renews in the last fifteen minutes, in the last ten at any price."""
    plant_role(aws, "FIRST", minutes=9)
    account = member()
    plant_role(aws, "SECOND", minutes=60)
    assert [signed_by(aws, account) for _ in range(3)] == ["SECOND"] * 3
    assert aws.calls["AssumeRole"] == 2


def test_credentials_that_cannot_be_renewed_yet_are_used_while_they_last(
    aws: FaultyAws, member: Callable[[], AccountSession]
) -> None:
    plant_role(aws, "FIRST", minutes=13)
    account = member()
    aws.faults["AssumeRole"] = Fault("AccessDenied")
    assert signed_by(aws, account) == "FIRST"
    assert aws.calls["AssumeRole"] == 2
    plant_role(aws, "SECOND", minutes=60)
    assert signed_by(aws, account) == "SECOND"


def test_credentials_that_end_and_cannot_be_renewed_sign_nothing(
    aws: FaultyAws, member: Callable[[], AccountSession]
) -> None:
    plant_role(aws, "FIRST", minutes=9)
    account = member()
    aws.faults["AssumeRole"] = Fault("ExpiredToken")
    with pytest.raises(ClientError, match="ExpiredToken"):
        signed_by(aws, account)
    assert aws.calls["ListSecrets"] == 0


def test_the_partition_comes_from_the_identity() -> None:
    assert Identity("1", "arn:aws-cn:iam::000000000012:user/audit").partition == "aws-cn"


def test_s3_control_is_reached_at_an_address_where_no_name_can_stand_before_it(
    aws: FaultyAws,
) -> None:
    """It puts the account before the host, as in `000000000012.127.0.0.1`."""
    aws.faults["s3:*"] = Fault("NoSuchPublicAccessBlockConfiguration", status=404)
    client = AccountSession(session(), "000000000012").client("s3control", "us-east-1")
    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        client.get_public_access_block(AccountId="000000000012")
