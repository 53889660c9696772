"""DEP.2: a deployment role updates its own application's roles, and nothing else in IAM."""

from pathlib import Path

import pytest

from tests.recommendations.deployment_rows import NAMES, stack
from tests.recommendations.principal_rows import (
    Document,
    Tables,
    allow,
    arn,
    joined,
    organization,
    role,
    trust,
)
from tests.recommendations.support import PRODUCTION, failures, judged, results, statuses

CLOUDFORMATION = trust({"Service": "cloudformation.amazonaws.com"})
BOUNDARY = arn("policy", "boundary", PRODUCTION)
BOUND = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
CHANGES = ["iam:PutRolePolicy", "iam:AttachRolePolicy"]


def on(*names: str) -> list[str]:
    return [arn("role", name, PRODUCTION) for name in names]


def deployed(*statements: Document, name: str = "deployer") -> Tables:
    """Two applications; the first deploys with a role that has these statements."""
    kind = "AWS::IAM::Role"
    return joined(
        stack("billing-prod", name, made={"billing-app": kind}),
        stack("ledger-prod", made={"ledger-app": kind}),
        role(name, *statements, account=PRODUCTION, trusts=CLOUDFORMATION),
        role("billing-app", account=PRODUCTION),
        role("ledger-app", account=PRODUCTION),
    )


def keys(*statements: Document) -> set[str]:
    return {each.key for each in failures("DEP.2", deployed(*statements), engagement=NAMES)}


def test_a_role_that_updates_its_own_application_only_passes() -> None:
    rows = deployed(allow(CHANGES, on("billing-*")), allow(["iam:PassRole", "iam:Get*"]))
    assert statuses(results("DEP.2", rows, engagement=NAMES)) == ["ok"]


@pytest.mark.parametrize("actions", ["*", "iam:*"])
def test_all_of_iam_on_everything_fails(actions: str) -> None:
    [found] = failures("DEP.2", deployed(allow(actions)), engagement=NAMES)
    assert (found.key, found.severity) == ("administrator", "high")
    assert found.facts["applications"] == ["billing"]


def test_changing_whatever_role_fails() -> None:
    [found] = failures("DEP.2", deployed(allow(CHANGES, on("*"))), engagement=NAMES)
    assert found.key == "others"
    assert found.facts["applications_reached"] == ["ledger"]


def test_changing_another_applications_role_fails() -> None:
    [found] = failures(
        "DEP.2", deployed(allow(CHANGES, on("billing-app", "ledger-app"))), engagement=NAMES
    )
    assert found.title.endswith("can change roles of other applications (ledger).")


def test_other_changes_in_iam_on_everything_fail() -> None:
    wide = allow(["iam:CreateAccessKey", "iam:AddUserToGroup"])
    assert keys(allow(CHANGES, on("billing-*")), wide) == {"others"}


def test_making_roles_needs_a_boundary() -> None:
    own = allow(["iam:CreateRole", *CHANGES], on("billing-*"))
    assert keys(own) == {"unbounded"}
    assert keys({**own, "Condition": BOUND}, allow(CHANGES, on("billing-app"))) == {"unbounded"}


def test_making_roles_under_a_boundary_passes() -> None:
    rows = deployed(allow(["iam:CreateRole", *CHANGES], on("billing-*"), BOUND))
    own = next(each for each in rows["iam_roles"] if each["name"] == "billing-app")
    own["boundary_arn"] = BOUNDARY
    assert statuses(results("DEP.2", rows, engagement=NAMES)) == ["ok"]


def test_a_role_that_cannot_update_its_application_fails_lightly() -> None:
    [found] = failures("DEP.2", deployed(allow("s3:*")), engagement=NAMES)
    assert (found.key, found.severity) == ("own", "medium")


def test_roles_are_deployment_roles_by_name_too() -> None:
    rows = role("ledger-deploy", allow("iam:*"), account=PRODUCTION)
    assert [each.key for each in failures("DEP.2", rows)] == ["administrator"]


def test_roles_of_builds_count_where_they_deploy() -> None:
    project = {
        "account_id": PRODUCTION,
        "region": "eu-west-1",
        "arn": "arn:aws:codebuild:eu-west-1:222222222222:project/p",
        "service_role_arn": arn("role", "build", PRODUCTION),
    }
    tests_only = role("build", allow("iam:Put*"), account=PRODUCTION)
    deploys = role("build", allow(["iam:Put*", "cloudformation:*"]), account=PRODUCTION)
    builds: Tables = {"codebuild_projects": [project]}
    assert statuses(results("DEP.2", joined(builds, tests_only))) == ["not_applicable"]
    assert [each.key for each in failures("DEP.2", joined(builds, deploys))] == ["others"]


def test_what_provisions_accounts_is_no_deployment_role() -> None:
    name = "cdk-hnb659fds-cfn-exec-role-222222222222-eu-west-1"
    rows = deployed(allow("*"), name=name)
    assert statuses(results("DEP.2", rows, engagement=NAMES)) == ["not_applicable"]


def test_a_policy_that_was_not_read_passes_nobody(tmp_path: Path) -> None:
    rows = deployed(allow(CHANGES, on("billing-*")))
    found = judged("DEP.2", tmp_path, rows, ("iam_attachments", PRODUCTION, "*"))
    assert {each.status for each in found if each.account_id == PRODUCTION} == {"unknown"}


def test_what_scps_that_were_not_read_may_forbid_is_unknown(tmp_path: Path) -> None:
    rows = joined(deployed(allow(CHANGES, on("*"))), organization())
    found = judged("DEP.2", tmp_path, rows, ("organizations_policies", "*", "*"))
    assert ("unknown", "others") in {(each.status, each.key) for each in found}
    assert "fail" not in {each.status for each in found}
