"""A caller over recorded answers: the kit's own `AwsCaller`, with a session that never leaves.

Recordings are checked against botocore's models, parameters as well, so that no test can
rest on an answer that AWS could not give or a question that it would refuse.
"""

import functools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import botocore.session
from botocore.exceptions import ClientError
from botocore.model import Shape
from botocore.validate import ParamValidator

from awsbasics.collect.caller import AwsCaller, Memo
from awsbasics.collect.engine import TableRead, read_table
from awsbasics.collect.tables import TABLES

ACCOUNT = "000000000012"
REGION = "eu-west-1"
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

Output = Mapping[str, Any]
Recording = Output | list[Output] | Exception | Callable[..., Output]
PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "blob": (bytes,),
    "boolean": (bool,),
    "double": (float,),
    "integer": (int,),
    "long": (int,),
    "string": (str,),
    "timestamp": (datetime,),
}
# boto3 decodes these texts, where they are JSON.
DECODED = frozenset({"policyDocumentType", "TemplateBody"})


@functools.cache
def _botocore() -> botocore.session.Session:
    session = botocore.session.Session(profile=None)
    session.set_credentials("nobody", "nothing")
    return session


@functools.cache
def model(service: str) -> Any:
    """botocore's model of a service."""
    return _botocore().get_service_model(service)


@dataclass(frozen=True)
class Asked:
    """A call that was made."""

    operation: str
    region: str
    parameters: Mapping[str, Any]


@dataclass
class FakeSession:
    """Stands for `AccountSession`: clients that answer from recordings, and a list of calls.

    A recording is an output, a list of outputs for successive calls, an exception, or a
    function of the call's parameters (and `region`).
    """

    recorded: Mapping[str, Recording]
    account_id: str = ACCOUNT
    region_name: str = REGION
    asked: list[Asked] = field(default_factory=list)

    @property
    def session(self) -> "FakeSession":
        """The boto3 session, as far as callers look at it."""
        return self

    def acting(self) -> AbstractContextManager[None]:
        """Nothing: there are no credentials."""
        return nullcontext()

    def client(self, service: str, region: str) -> Any:
        """A client of botocore's that asks nobody."""
        client: Any = _botocore().create_client(service, region_name=region)
        client._make_api_call = functools.partial(self._answer, service, region)
        return client

    def operations(self) -> list[str]:
        """The operations that were asked for, in order."""
        return [call.operation for call in self.asked]

    def _answer(self, service: str, region: str, operation: str, parameters: Any) -> Output:
        shapes = model(service).operation_model(operation)
        if shapes.input_shape:
            report = ParamValidator().validate(parameters, shapes.input_shape)
            assert not report.has_errors(), f"{operation}: {report.generate_report()}"
        times = self.operations().count(operation)
        self.asked.append(Asked(operation, region, parameters))
        output = _chosen(self.recorded, operation, times, region, parameters)
        check_shape(output, shapes.output_shape, operation)
        return output


def _chosen(
    recorded: Mapping[str, Recording], operation: str, times: int, region: str, parameters: Any
) -> Output:
    assert operation in recorded, f"nothing is recorded for {operation}"
    recording = recorded[operation]
    if callable(recording):
        recording = recording(region=region, **parameters)
    if isinstance(recording, list):
        recording = recording[min(times, len(recording) - 1)]
    if isinstance(recording, Exception):
        raise recording
    return recording


def check_shape(value: Any, shape: Shape, where: str) -> None:
    """Fail where a value is not what botocore would make of an answer of this shape."""
    kind = shape.type_name
    if kind == "structure":
        unknown = set(value) - set(shape.members)  # type: ignore[attr-defined]
        assert not unknown, f"{where} has no {unknown}"
        for name, part in value.items():
            check_shape(part, shape.members[name], f"{where}.{name}")  # type: ignore[attr-defined]
    elif kind == "list":
        assert isinstance(value, list), where
        for part in value:
            check_shape(part, shape.member, f"{where}[]")  # type: ignore[attr-defined]
    elif kind == "map":
        for name, part in value.items():
            check_shape(part, shape.value, f"{where}.{name}")  # type: ignore[attr-defined]
    elif not (shape.name in DECODED and isinstance(value, dict)):
        assert isinstance(value, PYTHON_TYPES[kind]), f"{where} is {value!r}, not a {kind}"


def refused(code: str = "AccessDenied", message: str = "planted by a test") -> ClientError:
    """AWS's refusal."""
    return ClientError({"Error": {"Code": code, "Message": message}}, "AnyOperation")


def fake_caller(recorded: Mapping[str, Recording], **more: Any) -> AwsCaller:
    """A caller in one account and region; `more` overrides `account_id`, `common`, …."""
    session = FakeSession(recorded, more.pop("account_id", ACCOUNT))
    options: dict[str, Any] = {
        "session": session,
        "partition": "aws",
        "region": REGION,
        "regions": (REGION,),
        "leaves": ThreadPoolExecutor(2),
        "memo": Memo(),
        "common": Memo(),
    }
    return AwsCaller(**{**options, **more})


def asked(caller: AwsCaller) -> list[str]:
    """The operations that a fake caller was asked for, in order."""
    session: Any = caller.session
    return list(session.operations())


def read(table: str, recorded: Mapping[str, Recording] | AwsCaller, **more: Any) -> TableRead:
    """A table read by the engine from recordings."""
    caller = recorded if isinstance(recorded, AwsCaller) else fake_caller(recorded, **more)
    return read_table(TABLES[table], caller)


def rows_of(table: str, recorded: Mapping[str, Recording] | AwsCaller, **more: Any) -> Any:
    """The rows of a table that must be read whole."""
    found = read(table, recorded, **more)
    assert found.coverage.status in ("ok", "empty"), found.coverage
    return found.rows


def assert_every_column_is_filled(table: str, rows: list[dict[str, Any]]) -> None:
    """Fail where a column has no value in any row: its source is then not in the answer."""
    names = TABLES[table].schema.names
    empty = [name for name in names if all(row[name] is None for row in rows)]
    assert not empty, f"{table}: nothing fills {empty}"
