"""Identity Center, wherever it lives, and its identity store."""

import json
from typing import Any

from awsbasics.collect.tables import TABLES
from tests.collect.fake_caller import (
    ACCOUNT,
    WHEN,
    FakeSession,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    read,
    refused,
    rows_of,
)

HOME = "ap-south-1"
INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-0123456789abcdef"
SET_ARN = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef"
INSTANCE: dict[str, Any] = {
    "InstanceArn": INSTANCE_ARN,
    "IdentityStoreId": "d-0123456789",
    "OwnerAccountId": ACCOUNT,
    "Name": "people",
    "CreatedDate": WHEN,
    "Status": "ACTIVE",
}


def instances(region: str, **_: Any) -> dict[str, Any]:
    return {"Instances": [INSTANCE] if region == HOME else []}


RECORDED: dict[str, Any] = {
    "DescribeRegions": {
        "Regions": [
            {"RegionName": "us-east-1", "OptInStatus": "opt-in-not-required"},
            {"RegionName": HOME, "OptInStatus": "opt-in-not-required"},
            {"RegionName": "af-south-1", "OptInStatus": "not-opted-in"},
        ]
    },
    "ListInstances": instances,
    "ListPermissionSets": {"PermissionSets": [SET_ARN]},
    "DescribePermissionSet": {
        "PermissionSet": {
            "Name": "billing-developer",
            "PermissionSetArn": SET_ARN,
            "Description": "Developers",
            "CreatedDate": WHEN,
            "SessionDuration": "PT8H",
            "RelayState": "https://console.aws.amazon.com",
        }
    },
    "GetInlinePolicyForPermissionSet": {"InlinePolicy": '{"Statement": []}'},
    "ListManagedPoliciesInPermissionSet": {
        "AttachedManagedPolicies": [
            {"Name": "ReadOnlyAccess", "Arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
        ]
    },
    "ListCustomerManagedPolicyReferencesInPermissionSet": {
        "CustomerManagedPolicyReferences": [{"Name": "own", "Path": "/"}]
    },
    "GetPermissionsBoundaryForPermissionSet": {
        "PermissionsBoundary": {"ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"}
    },
    "ListTagsForResource": {"Tags": [{"Key": "team", "Value": "billing"}]},
    "ListAccountsForProvisionedPermissionSet": {"AccountIds": [ACCOUNT, "111111111111"]},
    "ListAccountAssignments": lambda **call: {
        "AccountAssignments": [
            {
                "AccountId": call["AccountId"],
                "PermissionSetArn": SET_ARN,
                "PrincipalType": "GROUP",
                "PrincipalId": "g-1",
            }
        ]
    },
    "ListUsers": {
        "Users": [
            {
                "IdentityStoreId": "d-0123456789",
                "UserId": "u-1",
                "UserName": "olivia",
                "DisplayName": "Olivia",
                "UserStatus": "ENABLED",
                "ExternalIds": [{"Issuer": "https://idp.example.com", "Id": "7"}],
                "CreatedAt": WHEN,
                "Emails": [{"Value": "olivia@example.com"}],
            }
        ]
    },
    "ListGroups": {
        "Groups": [
            {
                "IdentityStoreId": "d-0123456789",
                "GroupId": "g-1",
                "DisplayName": "billing",
                "Description": "The team",
                "ExternalIds": [{"Issuer": "https://idp.example.com", "Id": "8"}],
                "CreatedAt": WHEN,
            }
        ]
    },
    "ListGroupMemberships": {
        "GroupMemberships": [
            {
                "IdentityStoreId": "d-0123456789",
                "GroupId": "g-1",
                "MemberId": {"UserId": "u-1"},
            }
        ]
    },
}
TABLE_NAMES = [name for name in TABLES if name.startswith(("sso_", "identitystore_"))]


def regions_of(session: Any, operation: str) -> list[str]:
    assert isinstance(session, FakeSession)
    return [call.region for call in session.asked if call.operation == operation]


def test_every_column_of_every_table_has_its_source_in_the_answers() -> None:
    assert len(TABLE_NAMES) == 6
    for name in TABLE_NAMES:
        assert_every_column_is_filled(name, rows_of(name, RECORDED))


def test_the_instance_is_found_in_a_region_that_is_not_gathered() -> None:
    caller = fake_caller(RECORDED)
    (row,) = rows_of("sso_instances", caller)
    assert (row["region"], row["home_region"]) == ("global", HOME)
    assert regions_of(caller.session, "ListInstances") == ["eu-west-1", "us-east-1", HOME]


def test_the_region_is_searched_for_once_and_all_calls_go_there() -> None:
    caller = fake_caller(RECORDED)
    for name in TABLE_NAMES:
        rows_of(name, caller)
    assert asked(caller).count("ListInstances") == 3
    for operation in ("ListPermissionSets", "DescribePermissionSet", "ListUsers"):
        assert regions_of(caller.session, operation) == [HOME]
    assert set(regions_of(caller.session, "ListAccountAssignments")) == {HOME}


def test_an_instance_that_is_replicated_is_asked_in_its_primary_region() -> None:
    replica = {**INSTANCE, "PrimaryRegion": "us-east-1"}
    caller = fake_caller({**RECORDED, "ListInstances": {"Instances": [replica]}})
    rows_of("sso_permission_sets", caller)
    assert regions_of(caller.session, "ListInstances") == ["eu-west-1"]
    assert regions_of(caller.session, "ListPermissionSets") == ["us-east-1"]


def test_without_an_instance_anywhere_the_tables_are_empty_and_that_is_known() -> None:
    recorded = {**RECORDED, "ListInstances": {"Instances": []}}
    assert {read(name, recorded).coverage.status for name in TABLE_NAMES} == {"empty"}


def test_a_region_that_cannot_be_searched_is_told_where_no_other_has_the_instance() -> None:
    def denied_at_home(region: str, **_: Any) -> dict[str, Any]:
        if region == HOME:
            raise refused()
        return {"Instances": []}

    recorded = {**RECORDED, "ListInstances": denied_at_home}
    for name in TABLE_NAMES:
        assert read(name, recorded).coverage.status == "partial", name


def test_regions_that_cannot_be_listed_are_told_where_no_instance_is_found() -> None:
    recorded = {
        **RECORDED,
        "DescribeRegions": refused("UnauthorizedOperation"),
        "ListInstances": {"Instances": []},
    }
    assert read("sso_instances", recorded).coverage.status == "partial"


def test_a_permission_set_without_inline_policy_or_boundary_is_not_unread() -> None:
    recorded = {
        **RECORDED,
        "GetInlinePolicyForPermissionSet": {"InlinePolicy": ""},
        "GetPermissionsBoundaryForPermissionSet": refused("ResourceNotFoundException"),
    }
    (row,) = rows_of("sso_permission_sets", recorded)
    assert row["inline_policy_status"] == row["permissions_boundary_status"] == "absent"
    assert json.loads(row["managed_policies"]) == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    assert json.loads(row["customer_managed_policies"]) == [{"Name": "own", "Path": "/"}]


def test_a_permission_set_that_cannot_be_described_keeps_its_row() -> None:
    found = read("sso_permission_sets", {**RECORDED, "DescribePermissionSet": refused()})
    (row,) = found.rows
    assert (row["arn"], row["name"], row["inline_policy_status"]) == (SET_ARN, None, "ok")
    assert found.coverage.status == "partial"


def test_an_inline_policy_that_is_denied_is_unread() -> None:
    found = read("sso_permission_sets", {**RECORDED, "GetInlinePolicyForPermissionSet": refused()})
    assert found.rows[0]["inline_policy_status"] == "denied"
    assert found.coverage.status == "partial"


def test_assignments_are_asked_for_in_every_account_that_has_the_permission_set() -> None:
    rows = rows_of("sso_assignments", RECORDED)
    assert {row["target_account_id"] for row in rows} == {ACCOUNT, "111111111111"}
    assert {row["account_id"] for row in rows} == {ACCOUNT}


def test_assignments_that_are_denied_leave_the_table_partial() -> None:
    for operation in ("ListAccountAssignments", "ListAccountsForProvisionedPermissionSet"):
        found = read("sso_assignments", {**RECORDED, operation: refused()})
        assert (found.rows, found.coverage.status) == ([], "partial"), operation


def test_peoples_addresses_are_left_out() -> None:
    assert "olivia@example.com" not in str(rows_of("identitystore_users", RECORDED))
