"""S3 alone, by moto, as a process: it has the real clock, which the demo's server has not."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.request import ProxyHandler, build_opener

import boto3

from tests.faulty_aws import FaultyAws, faulty_aws

BUCKET = "example-snapshots"
START_SECONDS = 60


@contextmanager
def s3_server() -> Iterator[FaultyAws]:
    """S3 with an empty bucket, behind an endpoint that counts calls and plants faults."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://127.0.0.1:{port}", process)
            with faulty_aws(f"http://127.0.0.1:{port}") as aws:
                yield aws
        finally:
            process.kill()


def make_bucket(session: boto3.Session, url: str) -> None:
    """The bucket, made in a session's account."""
    session.client("s3", endpoint_url=url).create_bucket(Bucket=BUCKET)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    opener = build_opener(ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), opener.open(url, timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError("moto's server does not answer")
