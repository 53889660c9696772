import codecs
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.collect.export_file import read_objects
from awsbasics.errors import UsageError

OBJECT = {"UserDetailList": [{"UserName": "Jürgen 数据"}]}
TEXT = json.dumps(OBJECT, ensure_ascii=False, indent=4)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with a mark", "PowerShell's utf-16", "the other utf-16"],
)
def test_a_file_is_read_in_the_encodings_that_shells_write(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    assert read_objects(path) == [OBJECT]


@pytest.mark.parametrize("between", ["", "\n", " \r\n\t"])
def test_objects_may_follow_one_another(between: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(between.join(["", TEXT, '{"n": 2}', TEXT, ""]))
    assert read_objects(path) == [OBJECT, {"n": 2}, OBJECT]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ('{"a": 1}\n{"a": ', "ends in the middle"),
        ('{"a": 1}\nNote: done\n{}', "line 2 is not JSON"),
        ('{"a": NaN}', "a number out of range"),
        ('{"a": ' + "1" * 5000 + "}", "a number out of range"),
        ('{"a": ' * 100_000, "nested too deeply"),
        ('{"a": 1} [2]', "no object"),
    ],
)
def test_anything_else_is_an_error_that_says_where(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=message) as raised:
        read_objects(path)
    assert str(path) in str(raised.value)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_usage_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-bytes"
    path.write_bytes(content)
    objects, said = [], ""
    try:
        objects = read_objects(path)
    except UsageError as error:
        said = str(error)
    assert bool(objects) != bool(said)
    assert len(said.splitlines()) <= 1
