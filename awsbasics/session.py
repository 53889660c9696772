"""Credentials: who is asking, and sessions in the organization's member accounts.

Credentials come by the usual AWS chain (environment, profiles, SSO, instance roles).
Members are entered by assuming a role; its credentials renew themselves. All sessions share
one loader of service models: a client then costs milliseconds, not a fifth of a second.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from awsbasics import __version__
from awsbasics.errors import AccessError, AwsbasicsError, CredentialsError

DEFAULT_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
EXPIRED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
INVALID_CODES = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"}
)
SESSION_NAME = "awsbasics"
# S3 Control puts the account before the host, which names nothing where the host is an address,
# as an emulator's is.
_ACCOUNT_BEFORE_ADDRESS = re.compile(r"(?<=//)\d{12}\.(?=(?:localhost|\d+(?:\.\d+){3})[:/])")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the credentials belong to."""

    account_id: str
    arn: str

    @property
    def partition(self) -> str:
        """`aws`, `aws-us-gov` or `aws-cn`."""
        return self.arn.split(":")[1]


class AccountSession:
    """Clients of one account, made once per service and region, for many threads.

    `account_id` is the account that the credentials act in.
    """

    def __init__(self, session: boto3.Session, account_id: str, workers: int = 32) -> None:
        self.session = session
        self.account_id = account_id
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._lock = threading.Lock()
        self._config = Config(
            retries={"mode": "adaptive", "total_max_attempts": 10},
            max_pool_connections=max(workers, 10),
            connect_timeout=10,
            read_timeout=60,
            user_agent_extra=f"awsbasics/{__version__}",
        )

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client; boto3 makes them safely only one at a time, hence the lock."""
        key = (service, region)
        with self._lock:
            if key not in self._clients:
                make: Any = self.session.client  # its stub knows literal names only
                client = make(service, region_name=region, config=self._config)
                client.meta.events.register("before-sign.s3-control", _plain_address)
                self._clients[key] = client
            return self._clients[key]


def _plain_address(request: Any, **_: Any) -> None:
    request.url = _ACCOUNT_BEFORE_ADDRESS.sub("", request.url)


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
        answer = session.client("sts").get_caller_identity()
    return Identity(account_id=str(answer["Account"]), arn=str(answer["Arn"]))


def member_session(
    base: boto3.Session,
    identity: Identity,
    account_id: str,
    role: str,
    external_id: str | None = None,
) -> boto3.Session:
    """A session in a member account by assuming its role, with credentials that renew themselves.

    Raises AccessError, with AWS's reason, where the role cannot be assumed.
    """
    arn = f"arn:{identity.partition}:iam::{account_id}:role/{role}"
    extra = {"RoleSessionName": SESSION_NAME}
    if external_id:
        extra["ExternalId"] = external_id
    source = base._session  # noqa: SLF001 - boto3 has no public way to share the loader
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=source.create_client,
        source_credentials=source.get_credentials(),
        role_arn=arn,
        extra_args=extra,
    )
    member = botocore.session.Session()
    member.register_component("data_loader", source.get_component("data_loader"))
    credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    member._credentials = credentials  # type: ignore[attr-defined]  # noqa: SLF001 - as botocore's own docs do
    try:
        credentials.get_frozen_credentials()
    except (ClientError, BotoCoreError) as error:
        why = " ".join(str(error).split())
        raise AccessError(f"{arn} cannot be assumed: {why}") from error
    return boto3.Session(botocore_session=member, region_name=base.region_name)


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
    except BotoCoreError as error:
        raise CredentialsError(f"AWS cannot be reached with these credentials: {error}") from error


def _refused(error: ClientError) -> AwsbasicsError:
    code = error.response.get("Error", {}).get("Code", "")
    if code in EXPIRED_CODES:
        return CredentialsError("the AWS credentials have expired; sign in again and repeat")
    if code in INVALID_CODES:
        return CredentialsError(
            f"AWS does not accept these credentials ({code}); check the profile"
        )
    return AccessError(f"AWS refused {error.operation_name}: {error}")
