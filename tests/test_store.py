import stat
from pathlib import Path

import pytest

from awsbasics.errors import SnapshotError
from awsbasics.store import Store


def test_what_is_written_is_read_back_and_private(tmp_path: Path) -> None:
    store = Store(tmp_path / "snapshot")
    store.write("frames/x/000000000012.parquet", b"data")

    path = tmp_path / "snapshot/frames/x/000000000012.parquet"
    assert store.read("frames/x/000000000012.parquet") == b"data"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "snapshot").stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_the_old_file_and_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    store.write("a", b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        store.write("a", b"new")

    assert store.read("a") == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "frames/../../x"])
def test_no_path_leads_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(SnapshotError, match="leads outside"):
        Store(tmp_path).write(path, b"")


def test_interrupted_writes_are_not_listed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write("b/c", b"")
    (tmp_path / "b/.c.half").write_bytes(b"")

    assert list(store.files()) == ["b/c"]
    assert not store.is_empty()


def test_other_protocols_are_refused() -> None:
    with pytest.raises(SnapshotError, match="only local folders and s3://"):
        Store("https://example.com/snapshot")


def test_a_local_file_of_any_size_is_put_whole_and_private(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 3_000_000)
    store = Store(tmp_path / "snapshot")
    store.put("frames/x/000000000012.parquet", tmp_path / "large")

    path = tmp_path / "snapshot/frames/x/000000000012.parquet"
    assert path.read_bytes() == b"x" * 3_000_000
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "large").exists()
