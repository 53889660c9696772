"""The content of one log file: unpacked within bounds, and in the one form that is read on.

CloudTrail writes gzip with one JSON object, `{"Records": […]}`. Exports by other ways are
taken as well: not packed, a list of records, one record a line, the output of
`aws cloudtrail lookup-events`, and EventBridge's envelope around a record.
"""

import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

MAX_BYTES = 256 * 2**20
"""CloudTrail's own files unpack to less than a fifth of it."""

_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_USUAL = re.compile(rb'\s*\{\s*"Records"\s*:\s*\[')
_BLANK = re.compile(r"[\s,]*")


class NotALogFile(Exception):
    """Why a file is skipped, as the end of a sentence that begins with its name."""


def unpacked(data: bytes) -> bytes:
    """What a file holds, without gzip; NotALogFile where that is broken or too much."""
    if not data.startswith(_GZIP):
        return data.removeprefix(_BYTE_ORDER_MARK)
    parts: list[bytes] = []
    room = MAX_BYTES
    while data.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        try:
            parts.append(member.decompress(data, room + 1))
        except zlib.error:
            raise NotALogFile("is damaged") from None
        room -= len(parts[-1])
        if room < 0:
            raise NotALogFile(f"unpacks to more than {MAX_BYTES // 2**20} MiB")
        if not member.eof:
            raise NotALogFile("breaks off")
        data = member.unused_data
    return b"".join(parts) if len(parts) > 1 else parts[0]


def is_usual(text: bytes) -> bool:
    """Whether a text begins as those do that CloudTrail writes, and may be read as it is."""
    return _USUAL.match(text) is not None and (text.isascii() or _is_utf8(text))


def rewritten(text: bytes) -> bytes:
    """Any other form of records, or a text with half characters, as CloudTrail would write it.

    NotALogFile where it holds no records.
    """
    try:
        records = [record for value in _values(text) for record in _records(value)]
    except (ValueError, RecursionError):
        raise NotALogFile("is not JSON") from None
    if not records:
        raise NotALogFile("holds no CloudTrail records")
    return json.dumps({"Records": records}, ensure_ascii=False).encode("utf-8", "replace")


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _values(text: bytes) -> Iterator[Any]:
    """The JSON values of a text, one after another, with blanks or commas between them."""
    decoder = json.JSONDecoder()
    content = text.decode("utf-8", "replace")
    place = _end_of_blank(content, 0)
    while place < len(content):
        value, place = decoder.raw_decode(content, place)
        yield value
        place = _end_of_blank(content, place)


def _end_of_blank(content: str, place: int) -> int:
    match = _BLANK.match(content, place)
    return match.end() if match else place


def _records(value: Any) -> Iterator[Any]:
    """The event records in a value of any of the forms that this module's docstring names."""
    match value:
        case list():
            for part in value:
                yield from _records(part)
        case {"Records": list(parts)} | {"Events": list(parts)}:
            for part in parts:
                yield from _records(part)
        case {"CloudTrailEvent": str(text)}:
            yield json.loads(text)
        case {"eventName": _}:
            yield value
        case {"detail": {"eventName": _} as record}:
            yield record
