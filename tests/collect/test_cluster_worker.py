"""What a worker does with an account, without a cluster around it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from awsbasics.collect.events.source import EventSource
from awsbasics.collect.options import Options
from awsbasics.collect.scope import Account
from awsbasics.errors import ClusterError, SnapshotError
from awsbasics.session import Identity
from tests.snapshots import MANAGEMENT, MEMBER

pytestmark = pytest.mark.cluster
pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

from awsbasics.collect import cluster_worker  # noqa: E402
from awsbasics.collect.cluster_worker import Done, Gatherer, Job, Keys  # noqa: E402

TOKEN = "0815"
WORKER: Any = SimpleNamespace(address="tcp://192.0.2.1:9000")
KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "very-secret", "token-of-mine")
JOB = Job(Account(MEMBER), KEYS)


@pytest.fixture
def gatherer(tmp_path: Path) -> Gatherer:
    options = Options(
        organization="auto",
        accounts=None,
        regions=None,
        role=None,
        external_id=None,
        workers=1,
        resume=False,
        events=EventSource(),
    )
    identity = Identity(MANAGEMENT, f"arn:aws:iam::{MANAGEMENT}:user/audit")
    made = Gatherer(TOKEN, str(tmp_path), identity, options, "us-east-1", ("us-east-1",))
    made.setup(WORKER)
    return made


def test_nothing_that_dask_may_show_holds_a_secret(gatherer: Gatherer) -> None:
    for shown in (repr(JOB), str(KEYS), repr(gatherer)):
        assert not any(part in shown for part in ("AKIA", "very-secret", "token-of-mine"))


def test_a_folder_that_the_worker_does_not_share_is_one_clear_line(gatherer: Gatherer) -> None:
    with pytest.raises(SnapshotError, match=r"not to be seen by a worker.*a folder that all"):
        gatherer.gather(JOB)


def test_for_a_gather_that_has_ended_nothing_is_written(gatherer: Gatherer, tmp_path: Path) -> None:
    (tmp_path / ".cluster").write_text("another")
    with pytest.raises(SnapshotError, match=r"another gather into .* has begun"):
        gatherer.gather(JOB)
    assert [path.name for path in tmp_path.iterdir()] == [".cluster"]


def test_what_a_lost_worker_finished_is_not_read_again(gatherer: Gatherer, tmp_path: Path) -> None:
    (tmp_path / ".cluster").write_text(TOKEN)
    (tmp_path / "coverage").mkdir()
    (tmp_path / "coverage" / f"{MEMBER}.parquet").write_bytes(b"")
    assert gatherer.gather(JOB) == Done()


def test_a_worker_with_another_version_is_refused(
    gatherer: Gatherer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_worker, "__version__", "9.9")
    with pytest.raises(ClusterError, match=r"192\.0\.2\.1:9000 has awsbasics 9\.9, not"):
        gatherer.setup(WORKER)
