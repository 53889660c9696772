"""Members gathered by the worker processes of a Dask cluster on this machine."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from awsbasics.cli import main
from awsbasics.collect import collect
from awsbasics.collect.tables import TABLES
from awsbasics.demo import DemoOrganization, demo_session
from awsbasics.demo.environment import demo_variables
from awsbasics.demo.setting import ACCESS_KEY_ID
from awsbasics.errors import ClusterError
from awsbasics.snapshot import Snapshot, open_snapshot
from tests.faulty_aws import Fault, FaultyAws
from tests.s3 import BUCKET, make_bucket

pytestmark = pytest.mark.cluster
distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

from awsbasics.collect import cluster as cluster_module  # noqa: E402

MEMBERS = ("sandbox", "log-archive")
WORKER_KEY = "AKIAI44QH8DHBEXAMPLE"
PATIENCE_SECONDS = 60
READ = ["table", "account_id", "region", "status", "rows", "error_code"]


@pytest.fixture
def aws(faulty_demo: FaultyAws) -> Iterator[FaultyAws]:
    for record in (faulty_demo.faults, faulty_demo.times, faulty_demo.calls, faulty_demo.keys):
        record.clear()
    yield faulty_demo
    faulty_demo.faults.clear()


@pytest.fixture
def cluster(aws: FaultyAws) -> Iterator[Any]:
    """Two workers, whose own credentials are good for nothing but S3."""
    variables = {**demo_variables(aws.url), "AWS_ACCESS_KEY_ID": WORKER_KEY}
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, env=variables
    ) as cluster:
        yield cluster


def gather(place: str | Path, organization: DemoOrganization, *names: str, **more: Any) -> Snapshot:
    return collect(
        place,
        session=demo_session(),
        role=organization.role,
        regions=["us-east-1"],
        accounts=[organization.accounts[name] for name in names],
        **more,
    )


def kill_a_busy_worker(cluster: Any, aws: FaultyAws, killed: list[int]) -> None:
    """Kill the process of a worker in the middle of an account."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and aws.calls["AssumeRole"] < len(MEMBERS):
        time.sleep(0.001)
    before = aws.calls.total()
    while time.monotonic() < end:
        busy = [w.name for w in cluster.scheduler.workers.values() if w.processing]
        if busy and aws.calls.total() > before + 30:
            process = cluster.workers[busy[0]].process
            killed.append(process.pid)
            os.kill(process.pid, signal.SIGKILL)
            return
        time.sleep(0.001)


def files(folder: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gathers_what_one_machine_does(
    aws: FaultyAws, cluster: Any, organization: DemoOrganization, tmp_path: Path
) -> None:
    names = ("management", *MEMBERS)
    local = gather(tmp_path / "local", organization, *names)
    aws.calls.clear()
    aws.keys.clear()
    killed: list[int] = []
    killer = threading.Thread(target=kill_a_busy_worker, args=(cluster, aws, killed))
    killer.start()
    remote = gather(tmp_path / "s", organization, *names, cluster=cluster.scheduler_address)
    killer.join()
    assert len(killed) == 1

    for name in TABLES:
        pd.testing.assert_frame_equal(local.frame(name), remote.frame(name), obj=name)
    pd.testing.assert_frame_equal(local.coverage[READ], remote.coverage[READ])
    open_snapshot(tmp_path / "s", verify=True)
    assert list(remote.store.leftovers()) == []

    sent = set(aws.keys) - {ACCESS_KEY_ID}
    assert len(sent) == len(MEMBERS)
    assert WORKER_KEY not in sent
    logs = str(cluster.get_logs())
    assert "awsbasics" in logs
    for key in sent:
        assert key not in logs
        assert not any(key.encode() in content for content in files(tmp_path / "s"))


def test_workers_write_to_s3_with_credentials_of_their_own(
    aws: FaultyAws, cluster: Any, organization: DemoOrganization
) -> None:
    make_bucket(demo_session(), aws.url)
    try:
        snapshot = gather(
            f"s3://{BUCKET}/s", organization, "sandbox", cluster=cluster.scheduler_address
        )
        snapshot.verify()
        assert WORKER_KEY in aws.keys
        roles = snapshot.frame("iam_roles", accounts=[organization.accounts["sandbox"]])
        assert not roles.empty
    finally:
        bucket = demo_session().resource("s3", endpoint_url=aws.url).Bucket(BUCKET)
        bucket.objects.delete()
        bucket.delete()


@pytest.fixture
def small(aws: FaultyAws) -> Iterator[str]:
    """The address of a cluster of one worker in this process."""
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def test_credentials_that_expire_on_a_worker_are_sent_anew(
    aws: FaultyAws, small: str, organization: DemoOrganization, tmp_path: Path
) -> None:
    aws.faults["ListSecrets"] = Fault("ExpiredTokenException", "expired", status=400)
    aws.times["ListSecrets"] = 1
    snapshot = gather(tmp_path / "s", organization, "sandbox", cluster=small)
    assert aws.calls["AssumeRole"] == 2
    assert set(snapshot.coverage["status"]) <= {"ok", "empty"}


def test_a_member_that_cannot_be_entered_costs_the_cluster_nothing(
    aws: FaultyAws, small: str, organization: DemoOrganization, tmp_path: Path
) -> None:
    aws.faults["AssumeRole"] = Fault("AccessDenied", "not authorized")
    snapshot = gather(tmp_path / "s", organization, "sandbox", cluster=small)
    assert set(snapshot.coverage["status"]) == {"denied"}


def test_a_cluster_without_workers_is_one_clear_line(
    aws: FaultyAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "WORKER_SECONDS", 0.1)
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None) as empty,
        pytest.raises(ClusterError, match="has no workers, and none joined in"),
    ):
        collect(
            tmp_path / "s",
            session=demo_session(),
            regions=["us-east-1"],
            organization="no",
            cluster=empty.scheduler_address,
        )
    assert not list(tmp_path.rglob(".cluster"))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "smoke-signals://hill"])
def test_a_scheduler_that_does_not_answer_is_one_clear_line(
    aws: FaultyAws, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.5)
    options = ["--organization", "no", "--regions", "us-east-1", "--cluster", address]
    told = CliRunner().invoke(main, ["collect", "-o", str(tmp_path / "s"), *options])
    assert told.exit_code == 1
    [line] = told.stderr.splitlines()
    assert line.startswith(f"awsbasics: no Dask scheduler answers at {address}")


def test_without_dask_one_clear_line_says_what_to_install(
    aws: FaultyAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cluster", "cluster_worker"):
        monkeypatch.delitem(sys.modules, f"awsbasics.collect.{name}")
        monkeypatch.delattr(sys.modules["awsbasics.collect"], name)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"needs Dask .*pip install 'awsbasics\[cluster\]'"):
        collect(
            tmp_path / "s",
            session=demo_session(),
            regions=["us-east-1"],
            organization="no",
            cluster="tcp://127.0.0.1:9",
        )
