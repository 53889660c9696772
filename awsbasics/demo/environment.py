"""Credentials and variables that lead boto3 to the demo and nowhere else."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import boto3

from awsbasics.demo.setting import ACCESS_KEY_ID, HOME_REGION, SECRET_ACCESS_KEY


@contextmanager
def demo_environment(endpoint_url: str) -> Iterator[None]:
    """Inside it, every boto3 client of this process speaks to the demo with demo credentials.

    All `AWS_` variables are set aside, profiles and configuration files with them, so that
    nobody's real account is reached by accident; they come back afterwards.
    """
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(demo_variables(endpoint_url))
    try:
        yield
    finally:
        _restore(before)


def demo_variables(endpoint_url: str) -> dict[str, str]:
    """The variables that a process needs to reach the demo, as for a subprocess's `env`."""
    no_proxy = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    local = ",".join(filter(None, [no_proxy, "127.0.0.1"]))
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_DEFAULT_REGION": HOME_REGION,
        "AWS_REGION": HOME_REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": local,
        "no_proxy": local,
    }


def demo_session() -> boto3.Session:
    """A session of the demo's management account.

    Inside `demo_environment` its clients reach the demo; elsewhere each needs `endpoint_url`.
    """
    return boto3.Session(
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        region_name=HOME_REGION,
    )


def _restore(before: dict[str, str]) -> None:
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
