"""Files on S3: whole or not at all, as they are now, with the credentials that were given."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.credentials import RefreshableCredentials

from awsbasics.collect.writer import SnapshotWriter
from awsbasics.demo import demo_environment, demo_session
from awsbasics.errors import SnapshotError
from awsbasics.snapshot import open_snapshot
from awsbasics.store import Store
from tests.faulty_aws import Fault, FaultyAws
from tests.s3 import BUCKET, make_bucket, s3_server
from tests.snapshots import write_snapshot

PLACE = f"s3://{BUCKET}/client/2026-11"


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyAws]:
    with s3_server() as aws, demo_environment(aws.url):
        make_bucket(demo_session(), aws.url)
        yield aws


@pytest.fixture
def s3(server: FaultyAws) -> Iterator[FaultyAws]:
    server.faults.clear()
    server.calls.clear()
    server.keys.clear()
    yield server
    server.faults.clear()
    fs = Store(PLACE).fs
    fs.rm(list(fs.find(BUCKET)) or [f"{BUCKET}/none"])


def test_what_is_written_is_one_put_and_read_back(s3: FaultyAws, tmp_path: Path) -> None:
    store = Store(PLACE)
    store.write("frames/x/000000000012.parquet", b"data")
    assert s3.calls["PutObject"] == 1
    (tmp_path / "file").write_bytes(b"more")
    store.put("frames/y/000000000012.parquet", tmp_path / "file")
    assert s3.calls["PutObject"] == 2
    assert store.read("frames/x/000000000012.parquet") == b"data"
    assert store.read("frames/y/000000000012.parquet") == b"more"


def test_what_another_process_wrote_is_seen_at_once(s3: FaultyAws) -> None:
    one, other = Store(PLACE), Store(PLACE)
    assert one.is_empty()
    assert not one.exists("a")
    other.write("a", b"1")
    assert list(one.files()) == ["a"]
    assert one.exists("a")
    other.write("a", b"2")
    assert one.read("a") == b"2"
    other.remove("a")
    other.remove("a")
    assert one.is_empty()
    with pytest.raises(FileNotFoundError):
        one.read("a")


def test_files_with_a_dot_are_left_out_as_they_are_locally(s3: FaultyAws) -> None:
    store = Store(PLACE)
    for name in ("b/c", ".lock", "b/.half"):
        store.write(name, b"")
    assert list(store.files()) == ["b/c"]
    assert list(store.leftovers()) == [".lock", "b/.half"]


def test_a_snapshot_is_written_and_read_like_a_local_one(s3: FaultyAws, tmp_path: Path) -> None:
    rows = {"iam_users": [{"name": "ann"}]}
    local = write_snapshot(tmp_path / "s", rows)
    with SnapshotWriter(PLACE) as writer:
        writer.begin({"account_id": "111111111111", "arn": ""})
        for path in local.manifest["files"]:
            writer.store.write(path, local.store.read(path))
        writer.finish({key: local.manifest[key] for key in ("accounts", "regions")})
    remote = open_snapshot(PLACE, verify=True)
    assert remote.manifest["files"] == local.manifest["files"]
    assert remote.frame("iam_users").equals(local.frame("iam_users"))
    assert remote.sql("select name from iam_users")["name"].tolist() == ["ann"]
    assert list(remote.store.leftovers()) == []


def test_requests_are_signed_with_the_sessions_credentials(s3: FaultyAws) -> None:
    session = boto3.Session("AKIAI44QH8DHBEXAMPLE", "secret", region_name="eu-west-1")
    Store(PLACE, session).write("a", b"")
    assert set(s3.keys) == {"AKIAI44QH8DHBEXAMPLE"}


def test_credentials_that_are_renewed_are_used(s3: FaultyAws) -> None:
    names = iter(["AKIAFIRSTEXAMPLE", "AKIASECONDEXAMPLE", "AKIATHIRDEXAMPLE"])

    def renew() -> dict[str, str]:
        soon = datetime.now(UTC) + timedelta(seconds=30)  # too soon to be used a second time
        expiry = soon.isoformat()
        return {"access_key": next(names), "secret_key": "s", "token": "t", "expiry_time": expiry}

    session = boto3.Session(region_name="us-east-1")
    session._session._credentials = RefreshableCredentials.create_from_metadata(  # type: ignore[attr-defined]
        renew(), renew, "test"
    )
    store = Store(PLACE, session)
    store.write("a", b"")
    store.write("b", b"")
    assert s3.keys == ["AKIASECONDEXAMPLE", "AKIATHIRDEXAMPLE"]


def test_a_bucket_that_may_not_be_used_is_one_clear_line(s3: FaultyAws) -> None:
    s3.faults["s3:*"] = Fault("AccessDenied", "Access Denied")
    with pytest.raises(SnapshotError, match=rf"^{PLACE} cannot be used: .+"):
        SnapshotWriter(PLACE).__enter__()
    with pytest.raises(SnapshotError, match=rf"^{PLACE} cannot be read: .+"):
        open_snapshot(PLACE)


def test_a_bucket_that_may_only_be_read_is_one_clear_line(s3: FaultyAws) -> None:
    s3.faults["PutObject"] = Fault("AccessDenied", "Access Denied")
    with pytest.raises(SnapshotError, match=rf"^{PLACE} cannot be used: Access Denied$"):
        SnapshotWriter(PLACE).__enter__()


def test_a_bucket_that_does_not_exist_is_one_clear_line(s3: FaultyAws) -> None:
    with pytest.raises(SnapshotError, match="cannot be used: The specified bucket does not exist"):
        SnapshotWriter("s3://example-missing/x").__enter__()
    with pytest.raises(SnapshotError, match="s3://example-missing/x does not exist"):
        open_snapshot("s3://example-missing/x")


def test_missing_credentials_are_one_clear_line(
    s3: FaultyAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(SnapshotError, match="S3 cannot be asked: Unable to locate credentials"):
        open_snapshot(PLACE)
