"""ministack, a second emulator, as a process of an environment of its own.

With `AUTH=true` it knows keys, trust policies and identity policies, and refuses with AWS's
error codes; moto lets everything pass.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import boto3
import pytest

COMMAND = Path(__file__).parents[1] / ".venv-emulator/bin/ministack"
MANAGEMENT = "000000000000"
START_SECONDS = 60


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """A fresh server's URL; without its environment the test is skipped, but in CI it fails."""
    if not COMMAND.exists():
        missing = "the second emulator is missing; `make emulator` installs it"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    port = _free_port()
    variables = {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "TMPDIR": str(folder),
    }
    log = folder / "ministack.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [COMMAND], cwd=folder, env=variables, stdout=output, stderr=output
        ) as process,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def root_session(account_id: str = MANAGEMENT) -> boto3.Session:
    """The root user of an account: ministack takes a dozen digits for the account's own key."""
    key = "test" if account_id == MANAGEMENT else account_id
    return boto3.Session(key, "test", region_name="us-east-1")


def make_account(name: str) -> str:
    """The id of a new account of the organization."""
    organizations = root_session().client("organizations")
    made = organizations.create_account(Email=f"{name}@example.com", AccountName=name)
    return str(made["CreateAccountStatus"]["AccountId"])


def make_user(name: str, *policies: dict[str, Any]) -> boto3.Session:
    """A new user of the management account that has these policies."""
    iam = root_session().client("iam")
    iam.create_user(UserName=name)
    for i, policy in enumerate(policies):
        document = json.dumps(policy)
        iam.put_user_policy(UserName=name, PolicyName=f"policy-{i}", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")


def make_role(account_id: str, name: str, trust: dict[str, Any], *policies: dict[str, Any]) -> None:
    """A new role of an account that has these policies."""
    iam = root_session(account_id).client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    for i, policy in enumerate(policies):
        document = json.dumps(policy)
        iam.put_role_policy(RoleName=name, PolicyName=f"policy-{i}", PolicyDocument=document)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = build_opener(ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), opener.open(f"{url}/_ministack/health", timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError(f"ministack does not answer: {log.read_text()}")
