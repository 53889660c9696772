"""Which operation a request to a REST service is about: its method and path say it."""

import functools
import re

from moto.core.utils import get_service_model

SERVICES = frozenset({"accessanalyzer", "ram"})
"""Services of which the overlay answers operations that moto lacks."""

_PARAMETER = re.compile(r"\\\{[^}]+\\\}")


def operation_of(service: str, method: str, path: str) -> str:
    """AWS's name of the operation; empty where none fits, or for another service."""
    if service not in SERVICES:
        return ""
    for verb, pattern, operation in _routes(service):
        if verb == method and pattern.fullmatch(path):
            return operation
    return ""


@functools.cache
def _routes(service: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Method, path and name of each operation; those with fewer parameters come first."""
    model = get_service_model(service)
    https = [(name, model.operation_model(name).http) for name in model.operation_names]
    https.sort(key=lambda pair: pair[1]["requestUri"].count("{"))
    return tuple(
        (http["method"], _pattern(http["requestUri"].partition("?")[0]), name)
        for name, http in https
    )


def _pattern(uri: str) -> re.Pattern[str]:
    return re.compile(_PARAMETER.sub("[^/]+", re.escape(uri)))
