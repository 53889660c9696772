"""Databases and snapshots that others shared."""

from tests.collect.fake_caller import fake_caller, rows_of
from tests.collect.recordings.workloads import RECORDED


def test_received_snapshots_of_instances_and_clusters_are_one_table_with_their_owners() -> None:
    caller = fake_caller(RECORDED["rds_shared_snapshots"])
    rows = rows_of("rds_shared_snapshots", caller)
    assert {(row["kind"], row["encrypted"], row["owner_id"]) for row in rows} == {
        ("instance", False, "111122223333"),
        ("cluster", True, "111122223333"),
    }
    types = {call.parameters["SnapshotType"] for call in caller.session.asked}  # type: ignore[attr-defined]
    assert types == {"shared"}
