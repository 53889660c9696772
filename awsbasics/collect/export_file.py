"""Files with exported authorization details, as they come from people's machines.

`aws iam get-account-authorization-details` prints one JSON object. A loop over profiles, or
over pages (`--starting-token`), that appends to one file gives several, one after another.
PowerShell's `>` writes UTF-16 with a byte order mark.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from awsbasics.errors import UsageError

COMMAND = "`aws iam get-account-authorization-details --output json`"

_SPACE = re.compile(r"\s*")


def read_objects(path: Path) -> list[dict[str, Any]]:
    """The JSON objects in a file, in order.

    UsageError where it cannot be read, is empty, or holds anything else.
    """
    objects = list(_objects(path, _text(path)))
    if not objects:
        raise UsageError(f"{path} is empty; export it with {COMMAND}")
    return objects


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        raise UsageError(f"{path} is neither UTF-8 nor UTF-16; export it with {COMMAND}") from None


def _objects(path: Path, text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder(parse_constant=_refuse)
    position = _after_space(text, 0)
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            _damaged(path, error)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path} holds what AWS never prints ({_reason(error)})") from None
        if not isinstance(value, dict):
            raise UsageError(f"{path} is JSON, but no object; export it with {COMMAND}")
        yield value
        position = _after_space(text, position)


def _damaged(path: Path, error: json.JSONDecodeError) -> NoReturn:
    whole = bool(error.doc[error.pos :].strip())
    what = f"line {error.lineno} is not JSON" if whole else "it ends in the middle"
    raise UsageError(f"{path}: {what}; export it with {COMMAND}") from None


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else "a number out of range"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
