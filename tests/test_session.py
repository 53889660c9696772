"""Credentials and their errors, over HTTP against an endpoint that answers as AWS would."""

import os
from collections.abc import Iterator

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
