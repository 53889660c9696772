"""A gather with log files: each account's events beside its tables, also where it goes on."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.collect import collect
from awsbasics.collect.events.columns import EVENTS
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.demo import DemoOrganization, demo_session
from awsbasics.errors import UsageError
from awsbasics.snapshot import Snapshot
from tests.collect.events.event_records import log_name, numbered, write_bytes, write_log
from tests.faulty_aws import FaultyAws

pytestmark = pytest.mark.usefixtures("faulty_demo", "few_tables")

ROLE = "OrganizationAccountAccessRole"


@pytest.fixture
def accounts(organization: DemoOrganization) -> list[str]:
    return [organization.accounts[name] for name in ("sandbox", "development")]


def gathered(folder: Path, accounts: list[str], **more: Any) -> Snapshot:
    options = {"session": demo_session(), "role": ROLE, "regions": ["us-east-1"], **more}
    return collect(folder / "snapshot", accounts=accounts, **options)


def statuses(snapshot: Snapshot) -> dict[str, str]:
    found = snapshot.coverage[snapshot.coverage["table"] == EVENTS]
    return dict(zip(found["account_id"], found["status"], strict=True))


def test_events_of_log_files_stand_beside_the_other_tables(
    tmp_path: Path, accounts: list[str]
) -> None:
    first, second = accounts
    records = numbered(3, recipientAccountId=first)
    write_log(tmp_path / "logs", log_name(first), records)
    snapshot = gathered(tmp_path, accounts, trail_logs=tmp_path / "logs")
    assert statuses(snapshot) == {first: "ok", second: "not_read"}
    assert list(snapshot.frame(EVENTS)["account_id"]) == [first] * 3
    assert not snapshot.frame("iam_roles").empty
    assert snapshot.manifest["trail_logs"]["events"] == 3
    snapshot.verify()


def test_without_being_asked_nothing_is_looked_up(
    tmp_path: Path, accounts: list[str], faulty_demo: FaultyAws
) -> None:
    snapshot = gathered(tmp_path, accounts, last_accessed=True)
    assert faulty_demo.calls["LookupEvents"] == 0
    assert statuses(snapshot) == {}


def test_an_interrupted_gather_goes_on_with_the_same_events(
    tmp_path: Path, accounts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for account in accounts:
        write_log(tmp_path / "logs", log_name(account), numbered(3, recipientAccountId=account))
    write: Any = SnapshotWriter.write_account

    def interrupted(writer: SnapshotWriter, account: str, *rest: Any, **more: Any) -> None:
        write_bytes(tmp_path, f"snapshot/.writing-{account}", b"")
        raise KeyboardInterrupt

    monkeypatch.setattr(SnapshotWriter, "write_account", interrupted)
    with pytest.raises(KeyboardInterrupt):
        gathered(tmp_path, accounts, trail_logs=tmp_path / "logs")
    monkeypatch.setattr(SnapshotWriter, "write_account", write)
    snapshot = gathered(tmp_path, accounts, trail_logs=tmp_path / "logs", resume=True)
    assert statuses(snapshot) == dict.fromkeys(accounts, "ok")
    assert len(snapshot.frame(EVENTS)) == 6


def test_log_files_that_are_not_there_end_the_gather_in_one_line(
    tmp_path: Path, accounts: list[str]
) -> None:
    with pytest.raises(UsageError, match="holds no CloudTrail log files"):
        gathered(tmp_path, accounts, trail_logs=tmp_path / "nowhere")
