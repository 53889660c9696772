"""DEP.7: an application is deployed by what its own stack made."""

from pathlib import Path
from typing import Any

from tests.recommendations.deployment_rows import NAMES, stack
from tests.recommendations.principal_rows import (
    Document,
    Tables,
    allow,
    arn,
    joined,
    organization,
    role,
)
from tests.recommendations.support import PRODUCTION, failures, judged, results, statuses

OWN = arn("role", "billing-deploy", PRODUCTION)
BOUNDARY = arn("policy", "boundary", PRODUCTION)
MADE = {"billing-deploy": "AWS::IAM::Role"}


def deploys(
    *statements: Document,
    made: dict[str, str] | None = None,
    deploys_with: str = "billing-deploy",
    **more: Any,
) -> Tables:
    return joined(
        stack("billing-prod", deploys_with, made=MADE if made is None else made),
        role("billing-deploy", *statements, account=PRODUCTION, **more),
    )


def keys(rows: Tables) -> list[str]:
    return [each.key for each in failures("DEP.7", rows, engagement=NAMES)]


def test_a_role_of_the_own_stack_that_cannot_change_itself_passes() -> None:
    rows = deploys(allow("iam:PutRolePolicy", arn("role", "billing-app", PRODUCTION)))
    assert statuses(results("DEP.7", rows, engagement=NAMES)) == ["ok"]


def test_a_role_from_elsewhere_fails() -> None:
    [found] = failures("DEP.7", deploys(made={}), engagement=NAMES)
    assert (found.key, found.resource, found.application) == ("billing/made", OWN, "billing")


def test_a_policy_of_the_own_stack_will_do() -> None:
    own = arn("policy", "billing-deploy", PRODUCTION)
    rows = deploys(made={own: "AWS::IAM::ManagedPolicy"})
    attachment = {"account_id": PRODUCTION, "principal_arn": OWN, "policy_arn": own}
    document = {"Statement": [allow("s3:*")]}
    rows["iam_attachments"] = [attachment]
    rows["iam_policies"] = [
        {"account_id": PRODUCTION, "arn": own, "name": "billing-deploy", "document": document}
    ]
    assert statuses(results("DEP.7", rows, engagement=NAMES)) == ["ok"]


def test_a_role_that_no_stack_deploys_with_fails_lightly() -> None:
    [found] = failures("DEP.7", deploys(deploys_with=""), engagement=NAMES)
    assert (found.key, found.severity) == ("billing/deploys", "low")


def test_a_pipelines_role_beside_the_service_role_is_no_fault() -> None:
    made = {**MADE, "billing-service": "AWS::IAM::Role"}
    service = role("billing-service", account=PRODUCTION)
    assert keys(joined(deploys(made=made, deploys_with="billing-service"), service)) == []


def test_a_role_without_limits_that_changes_itself_fails() -> None:
    [found] = failures("DEP.7", deploys(allow("iam:Put*")), engagement=NAMES)
    assert found.key == "billing/boundary"
    assert found.title.endswith("can change its own permissions, and has no permission boundary.")


def test_what_demands_a_boundary_that_it_lacks_leaves_it_alone() -> None:
    bound = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
    assert keys(deploys(allow("iam:Put*", condition=bound))) == []


def test_a_nested_stack_may_make_the_role() -> None:
    root = "arn:aws:cloudformation:eu-west-1:222222222222:stack/billing-prod/1"
    nested = stack("billing-prod-Roles-X", made=MADE, parent_id=root, root_id=root)
    assert keys(joined(deploys(made={}), nested)) == []


def test_within_a_boundary_it_may_change_itself() -> None:
    rows = deploys(allow("iam:PutRolePolicy"), boundary_arn=BOUNDARY)
    rows["iam_policies"] = [boundary("iam:*")]
    assert keys(rows) == []


def test_lifting_its_own_boundary_fails() -> None:
    for action in (
        "iam:DeleteRolePermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
        "iam:CreatePolicyVersion",
    ):
        rows = deploys(allow(action), boundary_arn=BOUNDARY)
        rows["iam_policies"] = [boundary("iam:*")]
        [found] = failures("DEP.7", rows, engagement=NAMES)
        assert (found.key, found.facts["actions"]) == ("billing/boundary", [action])


def boundary(actions: str) -> Document:
    document = {"Statement": [allow(actions)]}
    return {"account_id": PRODUCTION, "arn": BOUNDARY, "name": "boundary", "document": document}


def test_nested_stacks_and_applications_without_a_deployment_role_are_not_asked() -> None:
    nested = stack("billing-prod", parent_id="arn:aws:cloudformation:x:1:stack/root/1")
    assert statuses(results("DEP.7", nested, engagement=NAMES)) == ["not_applicable"]
    assert statuses(results("DEP.7", stack("billing-prod"), engagement=NAMES)) == ["not_applicable"]


def test_without_stack_resources_nobody_knows_who_made_the_role(tmp_path: Path) -> None:
    denied = ("cloudformation_stack_resources", PRODUCTION, "*")
    found = judged("DEP.7", tmp_path, deploys(made={}), denied)
    assert {each.status for each in found if each.account_id == PRODUCTION} == {"unknown"}


def test_what_scps_that_were_not_read_may_forbid_is_unknown(tmp_path: Path) -> None:
    rows = joined(deploys(allow("iam:Put*")), organization())
    [found] = judged("DEP.7", tmp_path, rows, ("organizations_policies", "*", "*"))
    assert (found.status, found.key) == ("unknown", "billing/boundary")
