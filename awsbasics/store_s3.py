"""Snapshots under `s3://`: s3fs as the kit needs it.

Nothing is remembered of what a bucket held, since other processes write there too. What can
go wrong on the way to S3 (no credentials, no network) is an OSError, as on a disk.
"""

from typing import Any

import boto3
import s3fs
from aiobotocore.credentials import AioCredentials
from aiobotocore.session import AioSession
from botocore.exceptions import BotoCoreError
from fsspec.asyn import sync_wrapper


def s3_filesystem(session: boto3.Session | None = None) -> Any:
    """s3fs with a session's credentials, also when these are renewed on the way."""
    given: dict[str, Any] = {}
    if session is not None:
        given["session"] = _session(session)
        given["client_kwargs"] = {"region_name": session.region_name}
    return _S3(skip_instance_cache=True, use_listings_cache=False, **given)


class _S3(s3fs.S3FileSystem):  # type: ignore[misc]
    """s3fs, whose every call to S3 ends well or with an OSError."""

    async def _call_s3(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._call_s3(*args, **kwargs)
        except BotoCoreError as error:
            raise OSError(f"S3 cannot be asked: {error}") from error

    call_s3 = sync_wrapper(_call_s3)


class _Lent(AioCredentials):  # type: ignore[misc]
    """Another session's credentials, asked for at each request."""

    def __init__(self, lender: Any) -> None:
        super().__init__("", "", method="awsbasics")
        self._lender = lender

    async def get_frozen_credentials(self) -> Any:
        """What a request is signed with."""
        return self._lender.get_frozen_credentials()


def _session(session: boto3.Session) -> AioSession:
    lender = session.get_credentials()
    asynchronous = AioSession()
    if lender is not None:
        asynchronous._credentials = _Lent(lender)  # noqa: SLF001 - as `clients` does
    return asynchronous
