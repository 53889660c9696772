"""Who may write to a snapshot on S3, where nothing locks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from awsbasics.collect import lease
from awsbasics.collect.lease import Lease
from awsbasics.collect.lock import LOCK
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.demo import demo_environment, demo_session
from awsbasics.errors import SnapshotError
from awsbasics.store import Store
from tests.s3 import BUCKET, make_bucket, s3_server
from tests.snapshots import MEMBER

PLACE = f"s3://{BUCKET}/snapshot"
CALLER = {"account_id": MEMBER, "arn": ""}


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    with s3_server() as aws, demo_environment(aws.url):
        make_bucket(demo_session(), aws.url)
        yield


@pytest.fixture
def store(server: None) -> Iterator[Store]:
    store = Store(PLACE)
    yield store
    for path in [*store.files(), *store.leftovers()]:
        store.remove(path)


@pytest.fixture
def killed(store: Store) -> Store:
    """A store in which a gather was killed, a moment ago."""
    with SnapshotWriter(store) as writer:
        writer.begin(CALLER)
        mark = store.read(LOCK)
    store.write(LOCK, mark)
    return store


def holder(store: Store) -> str:
    return str(json.loads(store.read(LOCK))["holder"])


def test_a_second_gather_is_refused_while_the_first_lives(store: Store) -> None:
    with SnapshotWriter(store) as first:
        first.begin(CALLER)
        with (
            pytest.raises(SnapshotError, match=f"another gather is writing to {PLACE}"),
            SnapshotWriter(store, resume=True),
        ):
            pass
        assert store.exists(LOCK)
        first.write_account(MEMBER, {}, [])
    assert not store.exists(LOCK)
    with SnapshotWriter(store, resume=True) as second:
        assert second.done_accounts() == {MEMBER}


def test_a_gather_that_was_killed_keeps_others_out_for_a_while_only(
    killed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(SnapshotError, match="or was killed a moment ago; wait for it"),
        SnapshotWriter(killed, resume=True),
    ):
        pass
    before = holder(killed)
    with monkeypatch.context() as later:
        later.setattr(lease, "LEASE_SECONDS", -1)
        taken = Lease(killed, LOCK)
        taken.__enter__()
    assert holder(killed) != before
    taken.check()
    taken.__exit__()
    assert not killed.exists(LOCK)


def test_of_two_that_take_over_at_once_one_goes_on(
    killed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", -1)
    slow = Lease(killed, LOCK)
    looked = slow._found()
    Lease(killed, LOCK)._take_over(OSError())
    before = killed.read(LOCK)
    monkeypatch.setattr(slow, "_found", lambda: looked)
    with pytest.raises(BlockingIOError):
        slow._take_over(OSError())
    assert killed.read(LOCK) == before


def test_while_the_gather_lives_its_lease_is_renewed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.01)
    with Lease(store, LOCK) as held:
        first = store.read(LOCK)
        while held._renewals < 3:
            held._ended.wait(0.01)
        held.check()
        assert store.read(LOCK) != first
    assert not store.exists(LOCK)


def test_a_gather_that_lost_its_lease_writes_no_more_and_leaves_the_others_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SnapshotWriter(store) as writer:
        writer.begin(CALLER)
        store.write(LOCK, b"another's")
        monkeypatch.setattr(lease, "LEASE_SECONDS", 0)
        with pytest.raises(SnapshotError, match=r"out of reach too long.*--resume"):
            writer.write_account(MEMBER, {}, [])
        with pytest.raises(SnapshotError, match="out of reach too long"):
            writer.finish({})
    assert set(store.files()) == {"gather.json"}
    assert store.read(LOCK) == b"another's"


def test_a_write_whose_answer_was_lost_counts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = store.fs.pipe_file

    def lost(*args: Any, **kwargs: Any) -> None:
        write(*args, **kwargs)
        raise OSError("connection reset")

    monkeypatch.setattr(store.fs, "pipe_file", lost)
    with Lease(store, LOCK) as held:
        held.check()
        assert holder(store) == held._holder
