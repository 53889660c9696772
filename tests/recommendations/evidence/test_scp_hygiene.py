"""SCP.5: service control policies do what they seem to do."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.principal_rows import Document, Tables, allow, deny, joined, policy
from tests.recommendations.support import MANAGEMENT, failures, judged, results, statuses

OWN = {"account_id": MANAGEMENT}
SCP = "SERVICE_CONTROL_POLICY"
SPARES = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}


def scp(*statements: Document, targets: int = 1, **more: Any) -> Tables:
    row: Document = {**OWN, "id": "p-1", "arn": "arn:p-1", "name": "guard", "type": SCP}
    row |= {"aws_managed": False, "content": policy(*statements), **more}
    attached = [
        {**OWN, "policy_id": row["id"], "target_id": f"ou-{n}", "target_name": f"Unit {n}"}
        for n in range(targets)
    ]
    return {"organizations_policies": [row], "organizations_policy_targets": attached}


def keys(*statements: Document, **more: Any) -> list[str]:
    return [each.key for each in failures("SCP.5", scp(*statements, **more))]


KEEP = deny("organizations:LeaveOrganization")


def test_a_policy_that_is_attached_and_right_is_in_order() -> None:
    assert statuses(results("SCP.5", scp(KEEP, allow("*")))) == ["ok"]


def test_a_policy_that_is_attached_to_nothing_fails() -> None:
    assert keys(KEEP, targets=0) == ["unattached"]


def test_a_policy_that_is_nearly_full_fails() -> None:
    sids = {**KEEP, "Sid": "x" * 9300}
    assert keys(sids) == ["size"]
    assert keys({**KEEP, "Sid": "x" * 5000}) == []


def test_a_node_with_nearly_all_policies_that_it_can_have_fails() -> None:
    many = joined(*(scp(KEEP, id=f"p-{n}", arn=f"arn:p-{n}") for n in range(9)))
    [found] = failures("SCP.5", many)
    assert (found.key, found.resource, found.facts["attached"]) == ("attachments", "ou-0", 9)


@pytest.mark.parametrize("action", ["iam:CreateRolle", "nosuchservice:Do", "s3:Nothing*"])
def test_actions_that_do_not_exist_are_named(action: str) -> None:
    [found] = failures("SCP.5", scp(deny([action, "iam:CreateUser"])))
    assert (found.key, found.facts["actions"]) == ("actions", [action])


@pytest.mark.parametrize("action", ["*", "s3:*", "iam:createuser", "ec2:*Vpc*"])
def test_actions_with_wildcards_and_in_any_case_exist(action: str) -> None:
    assert keys(deny(action)) == []


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny", "NotAction": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "NotResource": "*"},
        deny("s3:PutAccountPublicAccessBlock", "arn:aws:s3:::logs"),
        deny("s3:*", "arn:aws:ec2:*:*:instance/*"),
    ],
)
def test_denials_that_never_match_are_found(statement: Document) -> None:
    assert keys(statement) == ["never"]


@pytest.mark.parametrize(
    "statement",
    [
        deny("s3:DeleteObject", "arn:aws:s3:::logs/*"),
        deny("sts:AssumeRole", "arn:aws:iam::*:role/security"),
        deny("*", "arn:aws:s3:::logs/*"),
        deny(["s3:PutAccountPublicAccessBlock", "s3:PutObject"], "arn:aws:s3:::logs/*"),
        deny("iam:*", ["*"]),
        {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"},
    ],
)
def test_denials_that_can_match_are_in_order(statement: Document) -> None:
    assert keys(statement) == []


def test_a_denial_of_actions_that_do_not_exist_never_matches_either() -> None:
    assert keys(deny("iam:CreateRolle")) == ["actions", "never"]


@pytest.mark.parametrize(
    "condition",
    [
        SPARES,
        {"StringNotLikeIfExists": {"aws:PrincipalARN": ["*"]}},
        {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:*"}},
    ],
)
def test_exemptions_for_everybody_are_found(condition: Document) -> None:
    assert keys(deny("iam:*", condition=condition)) == ["exemption"]


def test_exemptions_for_some_are_in_order() -> None:
    some = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/security-*"}}
    assert keys(deny("iam:*", condition=some)) == []
    assert keys(deny("iam:*", condition={"ArnLike": {"aws:PrincipalArn": "*"}})) == []


def test_policies_of_aws_and_of_other_types_are_left_alone() -> None:
    for more in ({"aws_managed": True}, {"name": "aws-guardrails-x"}, {"type": "TAG_POLICY"}):
        assert results("SCP.5", scp(deny("iam:CreateRolle"), targets=0, **more)) == []


def test_a_content_that_was_not_read_is_unknown() -> None:
    found = results("SCP.5", scp(content=None, content_status="denied"))
    assert statuses(found) == ["unknown"]


@pytest.mark.parametrize("content", ["{", "[]", '{"Statement": [{"Action": [1]}]}'])
def test_odd_contents_do_no_harm(content: str) -> None:
    assert set(statuses(results("SCP.5", scp(content=content)))) <= {"ok", "fail"}


def test_without_an_organization_it_does_not_apply() -> None:
    assert statuses(results("SCP.5", {}, management=None)) == ["not_applicable"]


def test_targets_that_were_not_read_leave_it_open(tmp_path: Path) -> None:
    denied = ("organizations_policy_targets", "*", "*")
    found = judged("SCP.5", tmp_path, scp(KEEP, targets=0), denied)
    assert {each.status for each in found} == {"unknown"}
