"""APP.6: live policies against the templates of all stacks."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import DEVELOPMENT, REGION, failures, judged, results

STACK = f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/billing-dev/1"
OTHER = f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/extras/2"
ROLE = f"arn:aws:iam::{DEVELOPMENT}:role/billing-dev"
SHARED = f"arn:aws:iam::{DEVELOPMENT}:policy/shared"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


def document(resource: Any = "arn:aws:s3:::billing-dev/*") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


TEMPLATE: dict[str, Any] = {
    "Parameters": {"Phase": {"Type": "String"}},
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": TRUST,
                "ManagedPolicyArns": [READ_ONLY],
                "Policies": [
                    {
                        "PolicyName": "data",
                        "PolicyDocument": document({"Fn::Sub": "arn:aws:s3:::billing-${Phase}/*"}),
                    }
                ],
            },
        },
        "Shared": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": document("*")},
        },
    },
}
EXTRAS = {
    "Resources": {
        "Extra": {
            "Type": "AWS::IAM::RolePolicy",
            "Properties": {
                "PolicyName": "extra",
                "RoleName": "billing-dev",
                "PolicyDocument": document("*"),
            },
        }
    }
}


def stack(arn: str, template: Any, **physical_ids: str) -> dict[str, list[dict[str, Any]]]:
    name = arn.split("/")[1]
    own = {"region": REGION, "stack_id": arn, "stack_name": name}
    place = {"region": REGION, "id": arn, "arn": arn, "name": name}
    body = {} if template is None else {"body": json.dumps(template)}
    resources = template["Resources"] if template else {}
    return {
        "cloudformation_stacks": [{**place, "status": "CREATE_COMPLETE"}],
        "cloudformation_templates": [{**own, **body}],
        "cloudformation_stack_resources": [
            {
                **own,
                "logical_id": logical_id,
                "physical_id": physical_id,
                "type": resources[logical_id]["Type"] if logical_id in resources else "",
                "status": "CREATE_COMPLETE",
            }
            for logical_id, physical_id in physical_ids.items()
        ],
    }


def billing(**changes: Any) -> dict[str, Any]:
    """The rows of one stack, its role and its policy, all as the template says."""
    rows: dict[str, Any] = {
        **stack(STACK, TEMPLATE, Role="billing-dev", Shared=SHARED),
        "iam_roles": [{"arn": ROLE, "name": "billing-dev", "path": "/", "trust_policy": TRUST}],
        "iam_policies": [{"arn": SHARED, "name": "shared", "document": document(["*"])}],
        "iam_inline_policies": [{"principal_arn": ROLE, "name": "data", "document": document()}],
        "iam_attachments": [{"principal_arn": ROLE, "policy_arn": READ_ONLY}],
    }
    return {**rows, **changes}


def with_stack(rows: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {**rows, **{table: [*rows[table], *found] for table, found in more.items()}}


def verdicts(rows: dict[str, Any]) -> dict[str, str]:
    return {found.resource: found.status for found in results("APP.6", rows)}


def test_what_the_templates_say_meets_app_6() -> None:
    assert verdicts(billing()) == {ROLE: "ok", SHARED: "ok"}


@pytest.mark.parametrize(
    ("table", "row", "key"),
    [
        (
            "iam_inline_policies",
            {"principal_arn": ROLE, "name": "hotfix", "document": document()},
            "embedded/hotfix",
        ),
        (
            "iam_attachments",
            {"principal_arn": ROLE, "policy_arn": SHARED},
            f"attached/{SHARED}",
        ),
    ],
)
def test_a_policy_added_by_hand_fails(table: str, row: dict[str, Any], key: str) -> None:
    rows = billing()
    (found,) = failures("APP.6", {**rows, table: [*rows[table], row]})
    assert (found.resource, found.key) == (ROLE, key)
    assert "no template" in found.title


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        (
            {
                "iam_inline_policies": [
                    {
                        "principal_arn": ROLE,
                        "name": "data",
                        "document": document("arn:aws:s3:::ledger/*"),
                    }
                ]
            },
            "embedded/data",
        ),
        ({"iam_inline_policies": []}, "missing/data"),
        (
            {
                "iam_roles": [
                    {
                        "arn": ROLE,
                        "name": "billing-dev",
                        "trust_policy": {**TRUST, "Statement": []},
                    }
                ]
            },
            "trust",
        ),
        (
            {
                "iam_roles": [
                    {
                        "arn": ROLE,
                        "name": "billing-dev",
                        "trust_policy": TRUST,
                        "boundary_arn": SHARED,
                    }
                ]
            },
            "boundary",
        ),
    ],
)
def test_a_role_changed_by_hand_fails(changes: dict[str, Any], key: str) -> None:
    (found,) = failures("APP.6", billing(**changes))
    assert (found.resource, found.key) == (ROLE, key)


def test_a_managed_policy_changed_by_hand_fails() -> None:
    changed = [{"arn": SHARED, "name": "shared", "document": document("arn:aws:s3:::x")}]
    (found,) = failures("APP.6", billing(iam_policies=changed))
    assert (found.resource, found.key) == (SHARED, "document")


def test_another_stacks_template_may_add_to_a_role() -> None:
    extra = {"principal_arn": ROLE, "name": "extra", "document": document("*")}
    rows = billing()
    rows["iam_inline_policies"].append(extra)
    assert [one.key for one in failures("APP.6", rows)] == ["embedded/extra"]
    assert failures("APP.6", with_stack(rows, stack(OTHER, EXTRAS, Extra="extra"))) == []


def test_a_template_that_was_not_read_could_have_added_it() -> None:
    rows = billing()
    rows["iam_attachments"].append({"principal_arn": ROLE, "policy_arn": SHARED})
    assert verdicts(with_stack(rows, stack(OTHER, None))) == {
        OTHER: "unknown",
        ROLE: "unknown",
        SHARED: "ok",
    }


def test_a_boundary_that_the_template_sets_has_to_be_there() -> None:
    template = {**TEMPLATE, "Resources": {**TEMPLATE["Resources"]}}
    role = template["Resources"]["Role"]
    properties = {**role["Properties"], "PermissionsBoundary": {"Ref": "Shared"}}
    template["Resources"]["Role"] = {**role, "Properties": properties}
    rows = {**billing(), **stack(STACK, template, Role="billing-dev", Shared=SHARED)}
    assert [one.key for one in failures("APP.6", rows)] == ["boundary"]
    rows["iam_roles"] = [{**rows["iam_roles"][0], "boundary_arn": SHARED}]
    assert failures("APP.6", rows) == []


def test_without_the_live_policies_app_6_is_unknown(tmp_path: Path) -> None:
    denied = ("iam_inline_policies", DEVELOPMENT, "global")
    statuses = {found.status for found in judged("APP.6", tmp_path / "s", billing(), denied)}
    assert "unknown" in statuses
    assert statuses <= {"unknown", "not_applicable"}
