"""A log file's content: unpacked within bounds, in any of the forms that people have."""

import gzip
import json
import zlib
from typing import Any

import pytest

from awsbasics.collect.events import log_file
from awsbasics.collect.events.log_file import NotALogFile, is_usual, rewritten, unpacked
from tests.collect.events.event_records import log_text, numbered, record


def records_in(text: bytes) -> Any:
    return json.loads(rewritten(text))["Records"]


def test_a_file_is_unpacked_and_one_that_is_not_packed_is_taken_as_it_is() -> None:
    text = log_text([record()])
    assert unpacked(gzip.compress(text)) == text
    assert unpacked(text) == text
    assert unpacked(b"\xef\xbb\xbf" + text) == text


def test_a_file_packed_in_several_parts_is_whole() -> None:
    text = log_text([record()])
    assert unpacked(gzip.compress(text[:50]) + gzip.compress(text[50:])) == text


def test_a_file_that_breaks_off_is_told() -> None:
    with pytest.raises(NotALogFile, match="breaks off"):
        unpacked(gzip.compress(log_text([record()]))[:-20])


def test_a_file_with_a_changed_byte_is_told() -> None:
    packed = bytearray(gzip.compress(log_text([record()])))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(NotALogFile, match=r"is damaged|breaks off"):
        unpacked(bytes(packed))


def test_a_bomb_goes_off_in_nobodys_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "MAX_BYTES", 2**20)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = packer.compress(bytes(2**22)) + packer.flush()
    assert len(bomb) < 2**13
    with pytest.raises(NotALogFile, match="unpacks to more than 1 MiB"):
        unpacked(bomb)
    many = gzip.compress(bytes(2**18)) * 5
    with pytest.raises(NotALogFile, match="unpacks to more than 1 MiB"):
        unpacked(many)


def test_cloudtrails_own_form_is_read_as_it_is_and_others_are_rewritten() -> None:
    assert is_usual(log_text([record()]))
    assert is_usual(b'\n { "Records" : [ ]}')
    assert not is_usual(json.dumps([record()]).encode())
    assert not is_usual(b'{"Records":["\xff"]}')


@pytest.mark.parametrize(
    "shape",
    [
        lambda events: events,
        lambda events: {"Records": events},
        lambda events: [{"Records": events[:2]}, {"Records": events[2:]}],
        lambda events: {"Events": [{"CloudTrailEvent": json.dumps(one)} for one in events]},
        lambda events: [{"detail-type": "AWS API Call", "detail": one} for one in events],
    ],
    ids=["list", "log", "logs", "lookup-events", "eventbridge"],
)
def test_records_are_found_in_every_form(shape: Any) -> None:
    events = numbered(3)
    assert records_in(json.dumps(shape(events), indent=1).encode()) == events


def test_records_are_found_one_a_line_and_files_one_after_another() -> None:
    events = numbered(3)
    assert records_in(b"\n".join(json.dumps(one).encode() for one in events)) == events
    assert records_in(log_text(events[:1]) + log_text(events[1:])) == events


def test_half_a_character_costs_itself_and_not_the_file() -> None:
    half = json.dumps({"Records": [record(userAgent="\ud83d?")]}).encode()
    assert records_in(half)[0]["userAgent"] == "??"


def test_rewriting_what_was_rewritten_changes_nothing() -> None:
    once = rewritten(json.dumps(numbered(2)).encode())
    assert rewritten(once) == once


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "holds no CloudTrail records"),
        (b"hello", "is not JSON"),
        (b'{"Records": [', "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"digestStartTime": "2026-11-01T00:00:00Z"}', "holds no CloudTrail records"),
        (b'{"Records": 5}', "holds no CloudTrail records"),
        (b"5 6 7", "holds no CloudTrail records"),
        (b'{"Events": [{"CloudTrailEvent": "{"}]}', "is not JSON"),
    ],
    ids=str,
)
def test_what_is_no_log_says_why(text: bytes, reason: str) -> None:
    with pytest.raises(NotALogFile, match=reason):
        rewritten(text)
