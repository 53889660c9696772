import os
import stat
from pathlib import Path

import pytest

from awsbasics.collect.writer import SnapshotWriter
from awsbasics.errors import SnapshotError
from awsbasics.snapshot import open_snapshot
from tests.snapshots import MEMBER, write_snapshot

CALLER = {"account_id": MEMBER, "arn": ""}


def test_a_finished_snapshot_is_not_written_over(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "s")
    with (
        pytest.raises(SnapshotError, match="finished snapshot already"),
        SnapshotWriter(tmp_path / "s"),
    ):
        pass


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(SnapshotError, match="not empty"), SnapshotWriter(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_two_gathers_cannot_write_one_snapshot(tmp_path: Path) -> None:
    with (
        SnapshotWriter(tmp_path / "s"),
        pytest.raises(SnapshotError, match="another gather"),
        SnapshotWriter(tmp_path / "s"),
    ):
        pass


def test_nothing_is_left_where_a_gather_failed_before_it_began(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), SnapshotWriter(tmp_path / "s"):
        raise ZeroDivisionError
    assert not (tmp_path / "s").exists()


def test_an_unfinished_one_goes_on_only_when_asked_and_for_the_same_account(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin(CALLER)
        writer.write_account(MEMBER, {}, [])
    with pytest.raises(SnapshotError, match="--resume"), SnapshotWriter(tmp_path / "s"):
        pass
    with SnapshotWriter(tmp_path / "s", resume=True) as writer:
        with pytest.raises(SnapshotError, match="was begun from account"):
            writer.begin({"account_id": "111111111111", "arn": ""})
        writer.begin(CALLER)
        assert writer.done_accounts() == {MEMBER}


def test_files_are_private_and_the_manifest_lists_them(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path / "s", {"iam_users": [{"name": "ann"}]})
    files = [path for path in (tmp_path / "s").rglob("*") if path.is_file()]
    listed = {*snapshot.manifest["files"], "manifest.json"}
    assert {str(path.relative_to(tmp_path / "s")) for path in files} == listed
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_a_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SnapshotError, match="cannot be used"), SnapshotWriter(tmp_path / "s"):
        pass


def test_a_full_disk_is_a_clear_error_and_no_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin(CALLER)
        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(SnapshotError, match="cannot be written: No space left"):
            writer.write_account(MEMBER, {}, [])
    with pytest.raises(SnapshotError, match="unfinished"):
        open_snapshot(tmp_path / "s")
