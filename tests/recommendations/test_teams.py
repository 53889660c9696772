"""TEAM.3: team groups let people assume roles."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import DEVELOPMENT, failures, judged, results, statuses

GROUP = f"arn:aws:iam::{DEVELOPMENT}:group/team-payments"
GROUPS = [{"arn": GROUP, "name": "team-payments", "path": "/"}]
POLICY = f"arn:aws:iam::{DEVELOPMENT}:policy/payments"
ASSUME = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Resource": "arn:aws:iam::222222222222:role/billing-read",
}
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::billing/*"}


def rows(*statements: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    own = {"principal_arn": GROUP, "principal_type": "group", "name": "own", "document": document}
    return {"iam_groups": GROUPS, "iam_inline_policies": [own]}


def managed(*statements: dict[str, Any], **more: Any) -> dict[str, list[dict[str, Any]]]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    policy = {"arn": POLICY, "name": "payments", "path": "/", "document": document, **more}
    attachment = {"principal_arn": GROUP, "principal_type": "group", "policy_arn": POLICY}
    return {"iam_groups": GROUPS, "iam_policies": [policy], "iam_attachments": [attachment]}


def test_a_group_that_only_assumes_roles_meets_it() -> None:
    assert statuses(results("TEAM.3", rows(ASSUME))) == ["ok"]
    assert statuses(results("TEAM.3", managed(ASSUME))) == ["ok"]


@pytest.mark.parametrize("source", [rows, managed])
def test_standing_permissions_fail_with_their_share(source: Any) -> None:
    [found] = failures("TEAM.3", source(ASSUME, READ, READ, READ))
    assert found.resource == GROUP
    assert found.team == "payments"
    assert found.facts["share_assuming"] == 0.25
    assert sum(found.facts["standing"].values()) == 3
    assert "in 3 of 4 statements" in found.title


@pytest.mark.parametrize(
    "statement",
    [
        {
            "Effect": "Allow",
            "Action": ["iam:CreateAccessKey", "iam:EnableMFADevice"],
            "Resource": "arn:aws:iam::*:user/${aws:username}",
        },
        {
            "Effect": "Allow",
            "Action": ["iam:GetAccountPasswordPolicy", "iam:ListVirtualMFADevices"],
            "Resource": "*",
        },
        {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": ["sts:assumerole", "sts:TagSession"], "Resource": "*"},
    ],
)
def test_managing_oneself_and_denials_do_not_count(statement: dict[str, Any]) -> None:
    assert statuses(results("TEAM.3", rows(ASSUME, statement))) == ["ok"]


def test_assuming_roles_among_other_things_is_standing() -> None:
    mixed = {"Effect": "Allow", "Action": ["sts:AssumeRole", "s3:*"], "Resource": "*"}
    assert failures("TEAM.3", rows(mixed))


def test_groups_of_no_team_are_left_to_eng_2() -> None:
    other = {**rows(READ), "iam_groups": [{**GROUPS[0], "name": "admins"}]}
    assert results("TEAM.3", other) == []


def test_a_policy_that_was_not_read_makes_its_group_unknown() -> None:
    hidden = managed(READ, document=None, document_status="denied")
    assert statuses(results("TEAM.3", hidden)) == ["unknown"]


def test_a_policy_that_the_snapshot_lacks_makes_its_group_unknown() -> None:
    lacking = {**managed(ASSUME), "iam_policies": []}
    assert statuses(results("TEAM.3", lacking)) == ["unknown"]


def test_inline_policies_that_were_not_read_leave_no_pass(tmp_path: Path) -> None:
    denied = ("iam_inline_policies", "*", "*")
    found = judged("TEAM.3", tmp_path, {"iam_groups": GROUPS}, denied)
    assert "pass" not in {finding.status for finding in found}
