import os
import stat
from pathlib import Path

import pytest

from awsbasics.collect.writer import SnapshotWriter
from awsbasics.coverage import Coverage
from awsbasics.errors import SnapshotError
from awsbasics.snapshot import open_snapshot
from tests.snapshots import MEMBER, write_snapshot

CALLER = {"account_id": MEMBER, "arn": ""}
ABOUT: dict[str, list[str]] = {"accounts": [], "regions": []}
ROWS = ("iam_users", "iam_groups")


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


def test_going_on_with_what_is_finished_finds_nothing_left_to_do(tmp_path: Path) -> None:
    """As after a kill between the manifest and the end."""
    snapshot = write_snapshot(tmp_path / "s", {"iam_users": [{"name": "ann"}]})
    (tmp_path / "s" / "gather.json").write_text("{}")
    with SnapshotWriter(tmp_path / "s", resume=True) as writer:
        assert writer.finished
    assert not (tmp_path / "s" / "gather.json").exists()
    assert open_snapshot(tmp_path / "s", verify=True).manifest == snapshot.manifest


def test_frames_of_an_attempt_that_ended_in_between_do_not_stay(tmp_path: Path) -> None:
    row = {"account_id": MEMBER, "region": "global", "name": "ann"}
    read = [Coverage(table=name, account_id=MEMBER, region="global", status="ok") for name in ROWS]
    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin(CALLER)
        writer.write_account(MEMBER, {name: [row] for name in ROWS}, read)
    (tmp_path / "s" / "coverage" / f"{MEMBER}.parquet").unlink()
    (tmp_path / "s" / f".writing-{MEMBER}").write_text("")

    with SnapshotWriter(tmp_path / "s", resume=True) as writer:
        writer.begin(CALLER)
        assert writer.done_accounts() == set()
        writer.write_account(MEMBER, {ROWS[0]: [row]}, read)
        writer.finish(ABOUT)
    snapshot = open_snapshot(tmp_path / "s")
    assert len(snapshot.frame(ROWS[0])) == 1
    assert snapshot.frame(ROWS[1]).empty


def test_halves_that_a_kill_left_are_swept_away(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin(CALLER)
        (tmp_path / "s" / ".gather.json.x1y2").write_text("{")
        writer.write_account(MEMBER, {}, [])
        writer.finish(ABOUT)
    names = {path.name for path in (tmp_path / "s").rglob("*") if path.is_file()}
    assert names == {"manifest.json", f"{MEMBER}.parquet"}


def test_a_gather_that_goes_on_has_to_ask_for_the_same(tmp_path: Path) -> None:
    asked = {"regions": ["us-east-1"], "accounts": []}
    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin(CALLER, asked, {"regions": ["us-east-1"]})
    with SnapshotWriter(tmp_path / "s", resume=True) as writer:
        with pytest.raises(SnapshotError, match=r"begun with regions \['us-east-1'\], not \[\]"):
            writer.resumed(CALLER, {**asked, "regions": []})
        begun = writer.resumed(CALLER, asked)
    assert begun is not None
    assert begun["about"] == {"regions": ["us-east-1"]}


def test_a_gather_that_has_ended_writes_no_more(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin(CALLER)
    with pytest.raises(SnapshotError, match="has ended"):
        writer.write_account(MEMBER, {}, [])


def test_a_lock_whose_file_was_removed_keeps_nobody_out_and_lets_nobody_in_twice(
    tmp_path: Path,
) -> None:
    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin(CALLER)
        (tmp_path / "s" / ".lock").unlink()
        with SnapshotWriter(tmp_path / "s", resume=True):
            assert (tmp_path / "s" / ".lock").exists()
            with (
                pytest.raises(SnapshotError, match="another gather"),
                SnapshotWriter(tmp_path / "s", resume=True),
            ):
                pass


def test_a_place_inside_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SnapshotError, match="cannot be used"), SnapshotWriter(tmp_path / "file/s"):
        pass


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
