"""Tells whole answers from those cut short, before boto3 takes the latter for empty ones.

botocore swallows a JSON body that does not parse: a truncated list with status 200 would be
an empty list. Cut XML it refuses by itself, but for errors, whose code it then does not know,
and for a body of which nothing is left.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from xml.etree import ElementTree as ET

from botocore.parsers import ResponseParserError

from awsbasics.collect.outcome import BrokenAnswer

T = TypeVar("T")

BROKEN_ATTEMPTS = 4
BROKEN_PAUSE_SECONDS = 0.2

ERROR_HEADER = "x-amzn-errortype"

TEXT_OF_JSON = frozenset({"GetBucketPolicy"})
"""Operations whose body is a JSON document that botocore hands on as it came."""


def check_whole(*, response_dict: Mapping[str, Any], operation_model: Any, **_: Any) -> None:
    """For botocore's event `before-parse`: BrokenAnswer where a body is not whole.

    Errors of the server's (500 and over) are left to botocore, which asks again by itself.
    """
    status, body = response_dict["status_code"], response_dict["body"]
    if status >= 500:
        return
    if status < 300:
        whole = _is_whole(body, operation_model)
    elif body.strip():
        whole = _is_document(body)
    else:  # only HEAD, and the header in which REST services repeat it, tell an error without body
        head = operation_model.http.get("method") == "HEAD"
        whole = head or ERROR_HEADER in response_dict["headers"]
    if not whole:
        raise BrokenAnswer(f"the answer to {operation_model.name} is cut short")


def unbroken(once: Callable[[], T]) -> T:
    """`once` again where the answer was broken; botocore retries errors, but not these."""
    for attempt in range(1, BROKEN_ATTEMPTS + 1):
        try:
            return once()
        except (BrokenAnswer, ResponseParserError):
            if attempt == BROKEN_ATTEMPTS:
                raise
            time.sleep(BROKEN_PAUSE_SECONDS * attempt)
    raise AssertionError("unreachable")


def _is_whole(body: bytes, operation_model: Any) -> bool:
    if operation_model.name in TEXT_OF_JSON:
        return _is_json(body)
    if not _has_document(operation_model.output_shape):
        return True
    if operation_model.service_model.resolved_protocol in ("json", "rest-json"):
        return _is_json(body)
    return bool(body.strip())  # cut XML botocore refuses by itself, but none at all it lets pass


def _has_document(shape: Any) -> bool:
    """Whether an answer of this shape has a structure as its body, rather than headers or text."""
    if shape is None:
        return False
    payload = shape.serialization.get("payload")
    if payload:
        return bool(shape.members[payload].type_name == "structure")
    return any("location" not in member.serialization for member in shape.members.values())


def _is_document(body: bytes) -> bool:
    """Whether an error's body is JSON, XML or plain text; what is cut short is none of them."""
    if _is_json(body):
        return True
    try:
        ET.fromstring(body)  # noqa: S314 - as botocore does with the same bytes
    except ET.ParseError:
        return not body.lstrip().startswith((b"{", b"<"))
    return True


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True
