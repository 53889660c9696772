"""A gather into S3: the same snapshot as in a folder, written in the same order."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from awsbasics.assessment import assess
from awsbasics.cli import main
from awsbasics.collect import collect
from awsbasics.collect.tables import TABLES
from awsbasics.demo import DemoOrganization, demo_session
from awsbasics.errors import SnapshotError
from awsbasics.run import write_report
from awsbasics.snapshot import Snapshot, open_snapshot
from awsbasics.store import Store
from tests.faulty_aws import FaultyAws
from tests.s3 import BUCKET, make_bucket

ROLE = "OrganizationAccountAccessRole"
PLACE = f"s3://{BUCKET}/snapshot"
READ = ["table", "account_id", "region", "status", "rows", "error_code"]


@pytest.fixture
def bucket(faulty_demo: FaultyAws) -> Iterator[Any]:
    """A bucket for snapshots in the demo, away again before others look at its buckets."""
    make_bucket(demo_session(), faulty_demo.url)
    yield faulty_demo
    found = demo_session().resource("s3", endpoint_url=faulty_demo.url).Bucket(BUCKET)
    found.objects.delete()
    found.delete()


def gather(place: str | Path, organization: DemoOrganization, *, resume: bool = False) -> Snapshot:
    accounts = [organization.accounts[name] for name in ("sandbox", "log-archive")]
    return collect(
        place,
        session=demo_session(),
        role=ROLE,
        regions=["us-east-1"],
        accounts=accounts,
        resume=resume,
    )


@pytest.mark.slow
def test_a_gather_into_s3_goes_on_after_a_kill_and_its_snapshot_is_used_like_a_local_one(
    bucket: FaultyAws,
    organization: DemoOrganization,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    local = gather(tmp_path / "s", organization)
    leave_half(local, Store(PLACE), half=organization.accounts["sandbox"])
    with pytest.raises(SnapshotError, match="unfinished; go on with"):
        open_snapshot(PLACE)

    written: list[str] = []
    write = Store.write

    def spy(store: Store, path: str, data: bytes) -> None:
        written.append(path)
        write(store, path, data)

    bucket.calls.clear()
    with monkeypatch.context() as watching:
        watching.setattr(Store, "write", spy)
        remote = gather(PLACE, organization, resume=True)
    assert bucket.calls["AssumeRole"] == 1
    assert written[-1] == "manifest.json"
    remote.verify()
    assert remote.manifest["files"].keys() == local.manifest["files"].keys()
    assert {*remote.store.files()} == {*remote.manifest["files"], "manifest.json"}
    assert list(remote.store.leftovers()) == []
    for name in TABLES:
        pd.testing.assert_frame_equal(local.frame(name), remote.frame(name), obj=name)
    pd.testing.assert_frame_equal(local.coverage[READ], remote.coverage[READ])

    told = CliRunner().invoke(main, ["sql", PLACE, "select count(*) as n from iam_roles"])
    assert (told.exit_code, told.stdout) == (0, f"n\n{len(local.frame('iam_roles'))}\n")
    report = write_report(PLACE, tmp_path / "report", only=["R01"])
    assert report.failed == {}
    found = json.loads((report.index.parent / "findings.json").read_text())["findings"]
    assert {each["id"] for each in found} == {*assess(local, only=["R01"]).findings["id"]}


def leave_half(local: Snapshot, place: Store, *, half: str) -> None:
    """What a kill leaves that strikes while an account's frames are written."""
    begun = {key: local.manifest[key] for key in ("id", "started", "caller")}
    place.write("gather.json", json.dumps(begun).encode())
    for path in local.manifest["files"]:
        if half not in path:
            place.write(path, local.store.read(path))
    place.write(f".writing-{half}", b"")
    other = local.store.read(f"frames/iam_policies/{half}.parquet")
    place.write(f"frames/iam_saml_providers/{half}.parquet", other)
