import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from awsbasics.assessment import assess
from awsbasics.collect.tables import TABLES
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.errors import SnapshotError, UsageError
from awsbasics.snapshot import open_snapshot
from tests.snapshots import MANAGEMENT, MEMBER, write_snapshot

USER = {"account_id": MEMBER, "arn": f"arn:aws:iam::{MEMBER}:user/ann", "name": "ann"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_snapshot(tmp_path / "snapshot", {"iam_users": [USER]})
    return tmp_path / "snapshot"


def test_every_table_is_a_typed_frame_also_without_rows(folder: Path) -> None:
    snapshot = open_snapshot(folder)
    for table in TABLES.values():
        frame = snapshot.frame(table.name)
        assert list(frame.columns) == [column.name for column in table.all_columns]
    assert str(snapshot.frame("iam_users").dtypes["created"]) == "datetime64[us, UTC]"
    assert str(snapshot.frame("ec2_vpcs").dtypes["is_default"]) == "boolean"


def test_account_ids_with_leading_zeros_survive_frames_sql_and_coverage(folder: Path) -> None:
    snapshot = open_snapshot(folder)
    assert list(snapshot.frame("iam_users")["account_id"]) == ["000000000012"]
    assert snapshot.sql("select account_id from iam_users").iloc[0, 0] == "000000000012"
    assert set(snapshot.coverage["account_id"]) == {MANAGEMENT, "000000000012"}
    assert snapshot.gathered_accounts == (MANAGEMENT, "000000000012")


def test_frames_can_be_limited_to_accounts_and_columns(folder: Path) -> None:
    snapshot = open_snapshot(folder)
    assert snapshot.frame("iam_users", accounts=[MANAGEMENT]).empty
    assert list(snapshot.frame("iam_users", accounts=[MEMBER], columns=["name"])) == ["name"]


def test_an_unknown_table_or_column_is_answered_with_what_there_is(folder: Path) -> None:
    snapshot = open_snapshot(folder)
    with pytest.raises(UsageError, match="did you mean 'iam_users'"):
        snapshot.frame("iam_user")
    with pytest.raises(UsageError, match="has no column 'nmae'"):
        snapshot.frame("iam_users", columns=["nmae"])


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{secret}')",
        "copy (select 1) to '{folder}/out.csv'",
        "attach '{folder}/x.db'",
        "install httpfs",
        "set enable_external_access=true",
        "select * from read_parquet('{folder}/frames/iam_users/000000000012.parquet')",
    ],
)
def test_sql_sees_the_tables_and_nothing_else(folder: Path, tmp_path: Path, query: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(UsageError, match="SQL: "):
        open_snapshot(folder).sql(query.format(secret=secret, folder=folder))
    assert not (folder / "out.csv").exists()


def test_sql_does_not_see_variables_of_this_process(folder: Path) -> None:
    private = pd.DataFrame({"a": [1]})
    with pytest.raises(UsageError):
        open_snapshot(folder).sql("select * from private")
    assert len(private) == 1


def test_tables_can_be_joined_in_sql(folder: Path) -> None:
    answer = open_snapshot(folder).sql(
        "select u.name, c.status from iam_users u join coverage c "
        "on c.account_id = u.account_id and c.\"table\" = 'iam_users'"
    )
    assert answer.to_dict("records") == [{"name": "ann", "status": "ok"}]


def test_what_is_no_snapshot_says_so(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="does not exist"):
        open_snapshot(tmp_path / "nowhere")
    (tmp_path / "other").mkdir()
    with pytest.raises(SnapshotError, match="is not a snapshot"):
        open_snapshot(tmp_path / "other")
    (tmp_path / "other/manifest.json").write_text("[1]")
    with pytest.raises(SnapshotError, match="is something else"):
        open_snapshot(tmp_path / "other")


def test_an_unfinished_snapshot_says_how_to_go_on(tmp_path: Path) -> None:
    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin({"account_id": MEMBER, "arn": ""})
    with pytest.raises(
        SnapshotError, match="is unfinished; go on with `awsbasics collect --resume"
    ):
        open_snapshot(tmp_path / "s")


def test_damage_is_found(folder: Path) -> None:
    file = folder / f"frames/iam_users/{MEMBER}.parquet"
    content = file.read_bytes()
    file.write_bytes(content[:-8] + b"PAR1PAR1")
    with pytest.raises(SnapshotError, match="is damaged"):
        open_snapshot(folder, verify=True)
    file.unlink()
    with pytest.raises(SnapshotError, match="is missing"):
        open_snapshot(folder)


def test_a_manifest_cannot_name_files_elsewhere(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["../../etc/passwd"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match="its manifest names"):
        open_snapshot(folder)


def test_a_snapshot_can_be_moved(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder, tmp_path / "elsewhere")
    assert len(open_snapshot(tmp_path / "elsewhere", verify=True).frame("iam_users")) == 1


def test_a_table_that_lost_its_file_is_damage_and_not_an_empty_table(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"][f"frames/iam_users/{MEMBER}.parquet"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(SnapshotError, match="rows of iam_users in account 000000000012"):
        assess(open_snapshot(folder))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("files", []),
        ("files", {"a": 1}),
        ("accounts", "x"),
        ("accounts", [{}]),
        ("finished", "never"),
    ],
)
def test_a_manifest_of_other_types_is_no_snapshot(folder: Path, name: str, value: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, name: value}))
    with pytest.raises(SnapshotError, match="is something else"):
        open_snapshot(folder)


def test_an_empty_query_is_bad_usage(folder: Path) -> None:
    with pytest.raises(UsageError, match="the query is empty"):
        open_snapshot(folder).sql(" ")
