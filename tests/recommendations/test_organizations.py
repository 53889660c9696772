"""R01: the organization, its accounts in OUs, and its policy types."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    failures,
    judged,
    results,
    statuses,
)

ORGANIZATION = {
    "account_id": MANAGEMENT,
    "id": "o-1",
    "management_account_id": MANAGEMENT,
    "feature_set": "ALL",
}


def account(account_id: str, parent: str = "ou-1", **more: Any) -> dict[str, Any]:
    path = "" if parent.startswith("r-") else "Workloads"
    row = {"account_id": MANAGEMENT, "id": account_id, "name": "name", "status": "ACTIVE"}
    return {**row, "parent_id": parent, "ou_path": path, "is_management": False, **more}


def root(*types: dict[str, str]) -> dict[str, Any]:
    return {"account_id": MANAGEMENT, "id": "r-1", "arn": "arn:r-1", "policy_types": list(types)}


def test_an_organization_with_all_features_meets_org_1() -> None:
    assert statuses(results("ORG.1", {"organizations_organization": [ORGANIZATION]})) == ["ok"]


def test_an_account_without_organization_fails_org_1() -> None:
    found = failures("ORG.1", {}, management=None)
    assert [(result.account_id, result.key) for result in found] == [(MANAGEMENT, "membership")]


def test_consolidated_billing_alone_fails_org_1() -> None:
    rows = {"organizations_organization": [{**ORGANIZATION, "feature_set": "CONSOLIDATED_BILLING"}]}
    assert [result.key for result in failures("ORG.1", rows)] == ["features"]


def test_an_organization_that_could_not_be_described_is_not_a_missing_one(tmp_path: Path) -> None:
    denied = ("organizations_organization", "*", "*")
    found = judged("ORG.1", tmp_path, {}, denied)
    assert {finding.status for finding in found} == {"unknown"}


def test_accounts_in_ous_meet_org_2() -> None:
    accounts = [
        account(MANAGEMENT, "r-1", is_management=True),
        account(PRODUCTION),
        account(DEVELOPMENT),
    ]
    assert statuses(results("ORG.2", {"organizations_accounts": accounts})) == ["ok", "ok"]


def test_a_workload_account_under_the_root_fails_org_2() -> None:
    rows = {"organizations_accounts": [account(PRODUCTION, "r-1"), account(DEVELOPMENT)]}
    found = failures("ORG.2", rows)
    assert [(result.account_id, result.key) for result in found] == [(PRODUCTION, "under_root")]


def test_an_account_of_no_known_environment_counts_as_workload() -> None:
    rows = {"organizations_accounts": [account("999999999999", "r-1")]}
    assert [result.account_id for result in failures("ORG.2", rows)] == ["999999999999"]


def test_the_log_archive_may_lie_under_the_root() -> None:
    assert not failures("ORG.2", {"organizations_accounts": [account(ARCHIVE, "r-1")]})


@pytest.mark.parametrize("state", ["SUSPENDED", "PENDING_CLOSURE", "CLOSED"])
def test_closed_accounts_are_left_out(state: str) -> None:
    rows = {
        "organizations_accounts": [
            account(PRODUCTION, "r-1", status=state),
            account(DEVELOPMENT),
        ]
    }
    assert not failures("ORG.2", rows)


def test_a_management_account_alone_fails_org_2() -> None:
    rows = {"organizations_accounts": [account(MANAGEMENT, "r-1", is_management=True)]}
    found = failures("ORG.2", rows, accounts=[MANAGEMENT])
    assert [result.key for result in found] == ["one_account"]


def test_without_an_organization_org_2_and_3_do_not_apply() -> None:
    for check in ("ORG.2", "ORG.3"):
        assert statuses(results(check, {}, management=None)) == ["not_applicable"]


def test_enabled_service_control_policies_meet_org_3() -> None:
    rows = {"organizations_roots": [root({"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"})]}
    assert statuses(results("ORG.3", rows)) == ["ok"]


@pytest.mark.parametrize("status", ["PENDING_ENABLE", "PENDING_DISABLE"])
def test_service_control_policies_that_are_not_yet_enabled_fail_org_3(status: str) -> None:
    tags = {"Type": "TAG_POLICY", "Status": "ENABLED"}
    rows = {
        "organizations_roots": [root(tags, {"Type": "SERVICE_CONTROL_POLICY", "Status": status})]
    }
    [found] = failures("ORG.3", rows)
    assert found.facts["policy_types"]["TAG_POLICY"] == "ENABLED"


def test_a_root_without_policy_types_fails_org_3() -> None:
    assert [r.key for r in failures("ORG.3", {"organizations_roots": [root()]})] == [
        "SERVICE_CONTROL_POLICY"
    ]
