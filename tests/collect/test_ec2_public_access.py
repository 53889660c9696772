"""What keeps a region of an account from the public."""

import json

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.network import RECORDED

ANSWERS = RECORDED["ec2_block_public_access"]


def test_exclusions_are_read_to_the_last_page() -> None:
    (row,) = rows_of("ec2_block_public_access", ANSWERS)
    exclusions = [each["ExclusionId"] for each in json.loads(row["vpc_exclusions"])]
    assert exclusions == ["vpcbpa-exclude-1", "vpcbpa-exclude-2"]


def test_where_nothing_is_blocked_nobody_asks_for_exclusions() -> None:
    options = {"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": "off"}}
    caller = fake_caller({**ANSWERS, "DescribeVpcBlockPublicAccessOptions": options})
    (row,) = rows_of("ec2_block_public_access", caller)
    assert (row["vpc_exclusions"], row["vpc_exclusions_status"]) == (None, "absent")
    assert "DescribeVpcBlockPublicAccessExclusions" not in asked(caller)


def test_a_state_that_is_denied_leaves_the_others_known() -> None:
    denied = {**ANSWERS, "GetSnapshotBlockPublicAccessState": refused("UnauthorizedOperation")}
    found = read("ec2_block_public_access", denied)
    (row,) = found.rows
    assert (row["snapshots"], row["snapshots_status"]) == (None, "denied")
    assert row["images"] == "unblocked"
    assert found.coverage.status == "partial"
