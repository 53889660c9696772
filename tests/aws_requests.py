"""Which operation an HTTP request is about, told as AWS tells it: by header, form or path."""

import functools
import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import botocore.session
from botocore.model import OperationModel, ServiceModel

from awsbasics.collect.tables import TABLES

# A cache does not keep threads from computing the same thing together, each as slowly as all.
_READING = threading.Lock()
_PARAMETER = re.compile(r"\\\{[^}]+?(\\\+)?\\\}")


class Route(NamedTuple):
    """How a REST operation is asked for; `given` and `headers` are names that it always has."""

    method: str
    path: re.Pattern[str]
    given: frozenset[str]
    headers: frozenset[str]
    operation: str


def operation_of(
    signing_name: str, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> str:
    """AWS's name of the operation; empty where it cannot be told."""
    if target := headers.get("X-Amz-Target", ""):
        return target.rpartition(".")[2]
    if "x-www-form-urlencoded" in headers.get("Content-Type", ""):
        return parse_qs(body.decode()).get("Action", [""])[0]
    with _READING:
        routes = _routes(signing_name)
    asked = urlsplit(url)
    given = parse_qs(asked.query, keep_blank_values=True).keys()
    named = {name.lower() for name in headers}
    fits = (
        route.operation
        for route in routes
        if route.method == method
        and route.path.fullmatch(asked.path)
        and route.given <= given
        and route.headers <= named
    )
    return next(fits, "")


def model_of(signing_name: str, operation: str, version: str = "") -> OperationModel:
    """The model of an operation, in whichever service of those that sign like this has it."""
    models = [_model(service) for service in _services()[signing_name]]
    models.sort(key=lambda model: model.api_version != version)
    return next(m.operation_model(operation) for m in models if operation in m.operation_names)


def is_rest_json(signing_name: str) -> bool:
    """Whether the services that sign like this speak REST with JSON."""
    models = [_model(service) for service in _services().get(signing_name, ())]
    return any(model.metadata["protocol"] == "rest-json" for model in models)


@functools.cache
def _routes(signing_name: str) -> tuple[Route, ...]:
    """The REST operations of all services that sign like this, the most particular first."""
    routes = [route for service in _services().get(signing_name, ()) for route in _of(service)]
    routes.sort(
        key=lambda route: (-len(route.given), -len(route.headers), route.path.pattern.count("[^"))
    )
    return tuple(routes)


@functools.cache
def _services() -> dict[str, list[str]]:
    """The services that the tables ask, by the name that they sign with."""
    follow_ups = (call.service for table in TABLES.values() for call in table.follow_ups)
    found: dict[str, list[str]] = {}
    for service in sorted({*follow_ups, *(table.service for table in TABLES.values()), "s3"}):
        found.setdefault(_model(service).signing_name, []).append(service)
    return found


def _of(service: str) -> list[Route]:
    model = _model(service)
    if not model.metadata["protocol"].startswith("rest"):
        return []
    operations = [model.operation_model(name) for name in model.operation_names]
    return [_route(one) for one in operations if not one.deprecated]


def _route(operation: OperationModel) -> Route:
    path, _, query = operation.http["requestUri"].partition("?")
    pattern = _PARAMETER.sub(lambda found: "[^?]+" if found[1] else "[^/]+", re.escape(path))
    given = frozenset(parse_qs(query, keep_blank_values=True))
    headers = frozenset(_required_headers(operation.input_shape))
    return Route(
        operation.http["method"], re.compile(f"{pattern}/?"), given, headers, operation.name
    )


def _required_headers(shape: Any) -> Iterator[str]:
    for name in shape.required_members if shape else ():
        how = shape.members[name].serialization
        if how.get("location") == "header":
            yield how["name"].lower()


@functools.cache
def _model(service: str) -> ServiceModel:
    return _session().get_service_model(service)


@functools.cache
def _session() -> botocore.session.Session:
    """One session: each lists all services anew."""
    return botocore.session.get_session()
