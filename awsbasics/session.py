"""Credentials: who is asking, and sessions in the organization's member accounts.

Credentials come by the usual AWS chain (environment, profiles, SSO, instance roles).
Members are entered by assuming a role; its credentials renew themselves.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import boto3
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import (
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from awsbasics.clients import EXPIRED_CODES, AccountSession, patient_config
from awsbasics.collect.outcome import AWS_ERRORS, failure
from awsbasics.collect.whole import unbroken
from awsbasics.errors import AccessError, AwsbasicsError, CredentialsError

DEFAULT_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
INVALID_CODES = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"}
)
SESSION_NAME = "awsbasics"

__all__ = [
    "EXPIRED_CODES",
    "AccountSession",
    "Identity",
    "credential_errors",
    "member_credentials",
    "open_session",
    "role_client",
    "who_am_i",
]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the credentials belong to."""

    account_id: str
    arn: str

    @property
    def partition(self) -> str:
        """`aws`, `aws-us-gov` or `aws-cn`."""
        return self.arn.split(":")[1]


def open_session(profile: str | None = None, region: str | None = None) -> boto3.Session:
    """A boto3 session with credentials and a region.

    Raises CredentialsError where the profile does not exist or no credentials are found.
    """
    with credential_errors():
        session = boto3.Session(profile_name=profile, region_name=region)
        if session.get_credentials() is None:
            raise NoCredentialsError
    if not session.region_name:
        session = boto3.Session(profile_name=profile, region_name=DEFAULT_REGIONS["aws"])
    return session


def who_am_i(session: boto3.Session) -> Identity:
    """The identity behind a session (`sts:GetCallerIdentity`, which needs no permission).

    Raises CredentialsError where the credentials are missing, expired or refused.
    """
    with credential_errors():
        answer = unbroken(session.client("sts").get_caller_identity)
    return Identity(account_id=str(answer["Account"]), arn=str(answer["Arn"]))


def role_client(session: boto3.Session) -> Any:
    """The STS client that assumes roles in the session's name; for many threads."""
    return session.client("sts", config=patient_config())


def member_credentials(
    sts: Any, identity: Identity, account_id: str, role: str, external_id: str | None = None
) -> DeferredRefreshableCredentials:
    """Credentials in a member account by assuming its role; they renew themselves.

    Raises AccessError, with AWS's reason, where the role cannot be assumed.
    """
    arn = f"arn:{identity.partition}:iam::{account_id}:role/{role}"
    wanted = {"RoleArn": arn, "RoleSessionName": SESSION_NAME}
    if external_id:
        wanted["ExternalId"] = external_id
    fetch = partial(_assumed, sts, wanted)
    credentials = DeferredRefreshableCredentials(fetch, "assume-role")
    try:
        credentials.get_frozen_credentials()
    except AWS_ERRORS as error:
        raise AccessError(f"{arn} cannot be assumed: {failure(error).message}") from error
    return credentials


def _assumed(sts: Any, wanted: Mapping[str, str]) -> dict[str, str]:
    """A role's credentials, in botocore's words."""
    found = unbroken(partial(sts.assume_role, **wanted))["Credentials"]
    return {
        "access_key": found["AccessKeyId"],
        "secret_key": found["SecretAccessKey"],
        "token": found["SessionToken"],
        "expiry_time": found["Expiration"].isoformat(),
    }


@contextmanager
def credential_errors() -> Iterator[None]:
    """Turn boto3's errors about credentials into one line that says what to do."""
    try:
        yield
    except ProfileNotFound as error:
        raise CredentialsError(f"{error}; see `aws configure list-profiles`") from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise CredentialsError(
            "no AWS credentials found; use --profile, AWS_PROFILE, or `aws sso login`"
        ) from error
    except ClientError as error:
        raise _refused(error) from error
    except AWS_ERRORS as error:
        reason = failure(error).message
        raise CredentialsError(f"AWS cannot be reached with these credentials: {reason}") from error


def _refused(error: ClientError) -> AwsbasicsError:
    code = error.response.get("Error", {}).get("Code", "")
    if code in EXPIRED_CODES:
        return CredentialsError("the AWS credentials have expired; sign in again and repeat")
    if code in INVALID_CODES:
        return CredentialsError(
            f"AWS does not accept these credentials ({code}); check the profile"
        )
    return AccessError(f"AWS refused {error.operation_name}: {error}")
