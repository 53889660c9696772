"""An endpoint that answers at once, or after a latency, with next to nothing: AWS's speed alone.

`python -m benchmarks.fake_aws ACCOUNTS LATENCY` serves an organization of so many accounts, each
with some roles, and prints the endpoint's address. It costs a fraction of what the kit spends on a
call, so that one core is enough for it.
"""

import asyncio
import base64
import functools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from botocore.model import OperationModel, Shape

from tests.aws_requests import model_of, operation_of

REGIONS = ("us-east-1", "us-west-2", "eu-central-1", "eu-west-1")
ROLES = 40
HOME = "100000000000"
REPORT = "user,arn,user_creation_time\n"
WHEN = "2026-01-01T00:00:00Z"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ec2.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


class FakeAws(asyncio.Protocol):
    """One connection: requests in, canned answers out."""

    def __init__(self, accounts: int, latency: float) -> None:
        self.accounts = accounts
        self.latency = latency
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the way back."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answers each request that is whole."""
        self.waiting += data
        head, found, body = self.waiting.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        if len(body) < int(headers.get("Content-Length", 0)):
            return
        self.waiting = b""
        method, url, _ = lines[0].split(" ")
        answer = self.answer(method, url, headers, body)
        content = "text/xml" if answer.startswith(b"<") else "application/json"
        whole = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {content}\r\nContent-Length: {len(answer)}\r\n\r\n"
        ).encode() + answer
        if self.latency:
            asyncio.get_running_loop().call_later(self.latency, self.transport.write, whole)
        else:
            self.transport.write(whole)

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> bytes:
        """The body of the answer to a request."""
        scope = headers.get("Authorization", "").partition("Credential=")[2].split("/")
        key, service = scope[0], scope[3] if len(scope) > 3 else ""
        operation = operation_of(service, method, url, headers, body)
        account = key[-12:] if key[-12:].isdigit() else HOME
        match operation:
            case "GetCallerIdentity":
                arn = f"arn:aws:iam::{account}:user/bench"
                return _xml(operation, f"<Account>{account}</Account><Arn>{arn}</Arn>")
            case "AssumeRole":
                return _assumed(parse_qs(body.decode())["RoleArn"][0].split(":")[4])
            case "ListAccounts":
                return _accounts(self.accounts)
            case "GetAccountAuthorizationDetails":
                return _details(account)
        version = parse_qs(body.decode()).get("Version", [""])[0] if body[:7] == b"Action=" else ""
        return _canned(service, operation, version)


def _assumed(account: str) -> bytes:
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    return _xml(
        "AssumeRole",
        f"<Credentials><AccessKeyId>EXAMPLE{account}</AccessKeyId><SecretAccessKey>x"
        f"</SecretAccessKey><SessionToken>x</SessionToken><Expiration>{until}</Expiration>"
        "</Credentials>",
    )


@functools.cache
def _accounts(count: int) -> bytes:
    ids = (str(int(HOME) + n) for n in range(count))
    listed = [{"Id": one, "Name": one, "Status": "ACTIVE", "State": "ACTIVE"} for one in ids]
    return json.dumps({"Accounts": listed}).encode()


def _details(account: str) -> bytes:
    roles = "".join(
        f"<member><Path>/</Path><RoleName>role-{n}</RoleName><RoleId>AROA{n}</RoleId>"
        f"<Arn>arn:aws:iam::{account}:role/role-{n}</Arn>"
        "<CreateDate>2026-01-01T00:00:00Z</CreateDate>"
        f"<AssumeRolePolicyDocument>{escape(TRUST)}</AssumeRolePolicyDocument>"
        "<RolePolicyList/><AttachedManagedPolicies/></member>"
        for n in range(ROLES)
    )
    inside = (
        f"<UserDetailList/><GroupDetailList/><RoleDetailList>{roles}</RoleDetailList><Policies/>"
    )
    return _xml("GetAccountAuthorizationDetails", f"{inside}<IsTruncated>false</IsTruncated>")


def _xml(operation: str, inside: str) -> bytes:
    return f"<R><{operation}Result>{inside}</{operation}Result></R>".encode()


@functools.cache
def _canned(service: str, operation: str, version: str) -> bytes:
    """An answer with every list empty, but for the organization and its regions."""
    if operation == "DescribeRegions":
        regions = "".join(
            f"<item><regionName>{name}</regionName><optInStatus>opt-in-not-required</optInStatus>"
            "</item>"
            for name in REGIONS
        )
        return f"<R><regionInfo>{regions}</regionInfo></R>".encode()
    if operation == "GetCredentialReport":
        content = base64.b64encode(REPORT.encode()).decode()
        return _xml(operation, f"<Content>{content}</Content>")
    if operation == "DescribeOrganization":
        return json.dumps({"Organization": {"Id": "o-1", "MasterAccountId": HOME}}).encode()
    model = model_of(service, operation, version)
    if model.service_model.resolved_protocol in ("json", "rest-json"):
        return json.dumps({name: _empty(shape) for name, shape in _members(model)}).encode()
    inside = "".join(f"<{name}>{_text(shape)}</{name}>" for name, shape in _members(model))
    wrapper = model.output_shape.serialization.get("resultWrapper") if model.output_shape else None
    return (
        f"<R><{wrapper}>{inside}</{wrapper}></R>".encode()
        if wrapper
        else f"<R>{inside}</R>".encode()
    )


def _members(model: OperationModel) -> Iterator[tuple[str, Shape]]:
    """What an answer holds, by the names on the wire, without what leads to another page."""
    members = model.output_shape.members if model.output_shape else {}
    for name, shape in members.items():
        if not name.lower().endswith(("token", "marker", "truncated")):
            yield shape.serialization.get("name", name), shape


def _empty(shape: Shape) -> object:
    plain = {"list": [], "map": {}, "structure": {}, "boolean": False, "string": WHEN}
    return plain.get(shape.type_name, 0)


def _text(shape: Shape) -> str:
    plain = {"list": "", "map": "", "structure": "", "blob": "", "boolean": "false", "string": WHEN}
    return plain.get(shape.type_name, "0")


async def serve(accounts: int, latency: float) -> None:
    """Serves for as long as the process lives; prints the address first."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: FakeAws(accounts, latency), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@contextmanager
def fake_aws(accounts: int, latency: float) -> Iterator[str]:
    """The endpoint in a process of its own; gives its address."""
    command = [sys.executable, "-m", "benchmarks.fake_aws", str(accounts), str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
