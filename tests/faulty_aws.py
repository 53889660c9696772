"""An HTTP endpoint before the demo's: it counts requests and refuses what a test names.

Errors have the shapes of each protocol: query, EC2's query, JSON, REST-JSON, REST-XML.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from tests.aws_requests import is_rest_json, operation_of

OF_S3 = ("etag", "last-modified", "content-range")
"""Headers that belong to S3's answers, beside what all have."""


@dataclass(frozen=True)
class Fault:
    """What AWS is to answer instead: an error (403 unless said), or a raw body (200)."""

    code: str
    message: str = "planted by a test"
    status: int | None = None
    raw: bytes | None = None


@dataclass
class FaultyAws:
    """`calls` counts requests by operation; `faults` maps operations to planted errors.

    A fault's key is `Operation`, or `Operation@region`; `*` stands for all. `times` limits how
    often a fault strikes. `keys` are the access keys of all requests, in order. Requests to
    Organizations are made with the access key `organizations_as` instead, if there is one: so AWS
    answers delegated administrators, and moto does not.
    """

    url: str = ""
    calls: Counter[str] = field(default_factory=Counter)
    faults: dict[str, Fault] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    organizations_as: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, operation: str, region: str, service: str, signed_by: str) -> Fault | None:
        """The fault that strikes a request, if any."""
        keys = (f"{operation}@{region}", operation, f"{service}:*@{region}", f"{service}:*", "*")
        with self.lock:
            self.calls[operation] += 1
            self.keys.append(signed_by)
            for key in keys:
                if key in self.faults and self.times.get(key, 1) > 0:
                    if key in self.times:
                        self.times[key] -= 1
                    return self.faults[key]
        return None


class FaultyServer(ThreadingHTTPServer):
    """The server, with what its handlers need."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: whoever asked may have been killed."""

    def __init__(self, aws: FaultyAws, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.aws = aws
        self.behind = urlsplit(behind)


class Handler(BaseHTTPRequestHandler):
    server: FaultyServer
    protocol_version = "HTTP/1.1"

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        key, service, region = self._scope()
        headers = dict(self.headers)
        operation = operation_of(service, self.command, self.path, headers, body)
        fault = self.server.aws.fault(operation, region, service, key)
        if fault is None:
            if service == "organizations" and self.server.aws.organizations_as:
                signed = self.headers["Authorization"]
                own = self.server.aws.organizations_as
                self.headers.replace_header("Authorization", signed.replace(key, own))
            self._forward(body)
        elif fault.raw is not None:
            self._send(fault.status or 200, self.headers.get("Content-Type", "text/xml"), fault.raw)
        else:
            self._send(fault.status or 403, *self._error(service, fault))

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = handle_one  # noqa: N815

    def _scope(self) -> tuple[str, str, str]:
        parts = self.headers.get("Authorization", "").partition("Credential=")[2].split("/")
        return (parts[0], parts[3], parts[2]) if len(parts) > 3 else ("", "", "")

    def _error(self, service: str, fault: Fault) -> tuple[str, bytes]:
        if "X-Amz-Target" in self.headers:
            text = json.dumps({"__type": fault.code, "message": fault.message})
            return "application/x-amz-json-1.1", text.encode()
        if is_rest_json(service):
            text = json.dumps({"code": fault.code, "message": fault.message})
            return "application/json", text.encode()
        error = f"<Code>{escape(fault.code)}</Code><Message>{escape(fault.message)}</Message>"
        wrapped = {
            "ec2": f"<Response><Errors><Error>{error}</Error></Errors></Response>",
            "s3": f"<Error>{error}</Error>",
        }.get(service, f"<ErrorResponse><Error>{error}</Error></ErrorResponse>")
        return "text/xml", wrapped.encode()

    def _forward(self, body: bytes) -> None:
        place = self.server.behind
        connection = HTTPConnection(place.hostname or "", place.port or 80, timeout=60)
        connection.request(self.command, self.path, body, dict(self.headers))
        response = connection.getresponse()
        content = response.read()
        more = {name: text for name, text in response.getheaders() if name.lower() in OF_S3}
        size = response.getheader("Content-Length") if self.command == "HEAD" else None
        self._send(response.status, response.getheader("Content-Type", ""), content, more, size)
        connection.close()

    def _send(
        self,
        status: int,
        content_type: str,
        body: bytes,
        more: Mapping[str, str] = MappingProxyType({}),
        size: str | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", size or str(len(body)))
        for name, text in more.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def faulty_aws(behind: str) -> Iterator[FaultyAws]:
    """A faulty endpoint before the one at the URL `behind`."""
    aws = FaultyAws()
    server = FaultyServer(aws, behind)
    aws.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield aws
    finally:
        server.shutdown()
        server.server_close()
