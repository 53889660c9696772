"""Snapshots and images that are shared, in two calls of each kind."""

from tests.collect.fake_caller import asked, fake_caller, rows_of
from tests.collect.recordings.network import OTHER, RECORDED


def test_own_public_and_received_snapshots_are_rows_and_own_private_ones_are_not() -> None:
    caller = fake_caller(RECORDED["ec2_shared_snapshots"])
    rows = rows_of("ec2_shared_snapshots", caller)
    assert {(row["id"], row["sharing"]) for row in rows} == {
        ("snap-1", "public"),
        ("snap-2", "received"),
    }
    assert len(asked(caller)) == 2


def test_received_images_name_their_owner_and_their_snapshots() -> None:
    rows = rows_of("ec2_shared_images", RECORDED["ec2_shared_images"])
    found = {row["id"]: row for row in rows}
    assert found["ami-2"]["owner_id"] == OTHER
    assert found["ami-2"]["snapshot_ids"] == '["snap-1"]'


def test_arns_name_the_partition_and_no_account() -> None:
    answers = RECORDED["ec2_shared_images"]
    rows = rows_of("ec2_shared_images", answers, partition="aws-us-gov")
    assert rows[0]["arn"] == "arn:aws-us-gov:ec2:eu-west-1::image/ami-1"
