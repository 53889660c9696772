"""A small WSGI application before moto: it answers or mends what moto lacks.

`answers` gives whole outputs in moto's place; `mends` changes an output that moto gave. Both
are plain functions over the outputs as boto3 shows them. Each output is validated against
botocore's model of the operation before it leaves, so that the demo cannot show the kit
something that AWS could not. Nothing in the kit knows of it.

An operation that neither knows is refused with status 501, which boto3 does not retry.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.parsers import create_parser
from botocore.validate import ParamValidator
from moto.core.request import determine_request_protocol
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from moto.iam.models import get_account_id_from
from werkzeug.test import run_wsgi_app

from awsbasics.demo.repeatable import Turns
from awsbasics.demo.rest import operation_of

TIME_HEADER = "X-Demo-Time"
"""The request header by which the builder says when a call happens (ISO 8601)."""

SERVICES = {"sso": "sso-admin", "access-analyzer": "accessanalyzer"}
"""boto3's names of services whose requests are signed under another."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: boto3's name of the service, AWS's of the operation, and who asks where."""

    service: str
    operation: str
    account_id: str
    region: str
    access_key_id: str
    content_type: str
    parameters: Mapping[str, Any]


class Refusal(Exception):
    """An error that AWS would answer with, raised by an answer or a mend."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


Output = dict[str, Any]
Answer = Callable[[Call], Output | None]
Mend = Callable[[Call, Output], Output]
Key = tuple[str, str]
"""Service and operation."""

Response = tuple[str, list[tuple[str, str]], bytes]


class Overlay:
    """The application: `moto` behind, `answers` and `mends` before it."""

    def __init__(
        self, moto: Any, turns: Turns, answers: Mapping[Key, Answer], mends: Mapping[Key, Mend]
    ) -> None:
        self._moto = moto
        self._turns = turns
        self._answers = answers
        self._mends = mends

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request (PEP 3333)."""
        call = read_call(environ)
        self._begin(call, environ)
        try:
            status, headers, body = self._respond(call, environ)
        except Refusal as refusal:
            status, headers, body = _refuse(call, refusal)
        start_response(status, headers)
        return [body]

    def _begin(self, call: Call, environ: Mapping[str, Any]) -> None:
        key = f"{call.account_id}|{call.region}|{call.service}|{call.operation}"
        stamp = environ.get("HTTP_" + TIME_HEADER.upper().replace("-", "_"))
        # boto3 compares the expiry of temporary credentials with the real clock.
        default = None if call.service == "sts" else self._turns.present
        self._turns.begin(key, datetime.fromisoformat(stamp) if stamp else default)

    def _respond(self, call: Call, environ: dict[str, Any]) -> Response:
        key = (call.service, call.operation)
        answer = self._answers[key](call) if key in self._answers else None
        if answer is not None:
            return write_output(call, answer)
        response = self._ask_moto(call, environ)
        if key in self._mends and response[0].startswith("200"):
            output = self._mends[key](call, read_output(call, response))
            return write_output(call, output)
        return response

    def _ask_moto(self, call: Call, environ: dict[str, Any]) -> Response:
        try:
            body, status, headers = run_wsgi_app(self._moto, environ)
        except NotImplementedError as error:
            name = f"{call.service}:{call.operation}"
            raise Refusal("NotImplemented", f"The demo cannot answer {name}.", 501) from error
        return status, list(headers), b"".join(body)


def read_call(environ: dict[str, Any]) -> Call:
    """Who asks for what, from a signed request; its body can be read again afterwards."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    access_key_id, region, signed_for = _credential(environ.get("HTTP_AUTHORIZATION", ""))
    content_type = environ.get("CONTENT_TYPE", "")
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    parameters = _parameters(content_type, body) if signed_for != "s3" else {}
    service = SERVICES.get(signed_for, signed_for)
    named = target.rpartition(".")[2] or str(parameters.get("Action", ""))
    path = operation_of(service, environ["REQUEST_METHOD"], environ["PATH_INFO"])
    return Call(
        service=service,
        operation=named or path,
        account_id=get_account_id_from(access_key_id),
        region=region,
        access_key_id=access_key_id,
        content_type=content_type,
        parameters=parameters,
    )


def _credential(authorization: str) -> tuple[str, str, str]:
    """Access key id, region and service of a version 4 signature; empty without one."""
    _, _, credential = authorization.partition("Credential=")
    parts = credential.partition(",")[0].split("/")
    return (parts[0], parts[2], parts[3]) if len(parts) == 5 else ("", "", "")


def _parameters(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type.startswith(("application/x-amz-json", "application/json")):
        parameters: dict[str, Any] = json.loads(body or b"{}")
        return parameters
    return dict(parse_qsl(body.decode("utf-8", "replace")))


def read_output(call: Call, response: Response) -> Output:
    """moto's response as boto3 would show it, without `ResponseMetadata`."""
    model = get_service_model(call.service)
    parser = create_parser(determine_request_protocol(model, call.content_type))
    shape = model.operation_model(call.operation).output_shape
    status, headers, body = response
    parsed: Output = parser.parse(
        {"body": body, "headers": dict(headers), "status_code": int(status[:3])}, shape
    )
    parsed.pop("ResponseMetadata", None)
    return parsed


def write_output(call: Call, output: Output) -> Response:
    """An output as the response that AWS would send for it.

    Raises ValueError where the output does not fit botocore's model of the operation.
    """
    model = get_service_model(call.service)
    operation = model.operation_model(call.operation)
    validate(call.service, call.operation, output)
    protocol = determine_request_protocol(model, call.content_type)
    serializer = get_serializer_class(call.service, protocol)(operation_model=operation)
    written = serializer.serialize(output)
    body = written["body"]
    headers = [(name, str(value)) for name, value in written["headers"].items()]
    return "200 OK", headers, body.encode() if isinstance(body, str) else body


def validate(service: str, operation: str, output: Output) -> None:
    """Raise ValueError where an output does not fit botocore's model of the operation."""
    shape = get_service_model(service).operation_model(operation).output_shape
    report = ParamValidator().validate(output, shape)
    if report.has_errors():
        raise ValueError(f"{service}:{operation}: {report.generate_report()}")


def _refuse(call: Call, refusal: Refusal) -> Response:
    """An error in the words of the request's protocol: JSON, query or EC2's query."""
    status = f"{refusal.status} Refused"
    if call.content_type.startswith("application/x-amz-json"):
        body = json.dumps({"__type": refusal.code, "message": str(refusal)})
        return status, [("Content-Type", call.content_type)], body.encode()
    error = f"<Code>{escape(refusal.code)}</Code><Message>{escape(str(refusal))}</Message>"
    if call.service == "ec2":
        body = f"<Response><Errors><Error>{error}</Error></Errors></Response>"
    else:
        body = f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
    return status, [("Content-Type", "text/xml")], body.encode()
