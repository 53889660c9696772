"""The organization's tables, from recorded answers."""

import json
from typing import Any

from tests.collect.fake_caller import (
    WHEN,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    model,
    read,
    refused,
    rows_of,
)

MANAGEMENT = "123456789012"
MEMBER = "000000000012"
ORG = f"arn:aws:organizations::{MANAGEMENT}"
NOT_IN_USE = refused("AWSOrganizationsNotInUseException")
SCP = {
    "Id": "p-deny",
    "Arn": f"{ORG}:policy/o-1/service_control_policy/p-deny",
    "Name": "deny-leaving",
    "Description": "Nobody leaves",
    "Type": "SERVICE_CONTROL_POLICY",
    "AwsManaged": False,
}
UNITS = {"r-1": [("ou-work", "Workloads")], "ou-work": [("ou-prod", "Prod")], "ou-prod": []}


def account(account_id: str, **more: Any) -> dict[str, Any]:
    return {
        "Id": account_id,
        "Arn": f"{ORG}:account/o-1/{account_id}",
        "Name": f"account {account_id}",
        "Email": "aws@example.com",
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": WHEN,
        **more,
    }


ACCOUNTS = [
    account(MANAGEMENT, State="ACTIVE", Status="ACTIVE", Paths=["o-1/r-1/"]),
    account(
        MEMBER, State="CLOSED", Status="SUSPENDED", Paths=[f"o-1/r-1/ou-work/ou-prod/{MEMBER}/"]
    ),
]


def units(ParentId: str, region: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
    found = [{"Id": i, "Name": n, "Arn": f"{ORG}:ou/o-1/{i}"} for i, n in UNITS[ParentId]]
    return {"OrganizationalUnits": found}


def accounts_in(ParentId: str, region: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
    inside = {"r-1": [MANAGEMENT], "ou-prod": [MEMBER]}
    return {"Accounts": [{"Id": account_id} for account_id in inside.get(ParentId, [])]}


def policies(Filter: str, region: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
    if Filter == "RESOURCE_CONTROL_POLICY":
        raise refused("InvalidInputException")
    return {"Policies": [SCP] if Filter == "SERVICE_CONTROL_POLICY" else []}


RECORDED: dict[str, Any] = {
    "DescribeOrganization": {
        "Organization": {
            "Id": "o-1",
            "Arn": f"{ORG}:organization/o-1",
            "FeatureSet": "ALL",
            "MasterAccountId": MANAGEMENT,
        }
    },
    "ListRoots": {
        "Roots": [
            {
                "Id": "r-1",
                "Arn": f"{ORG}:root/o-1/r-1",
                "Name": "Root",
                "PolicyTypes": [
                    {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"},
                    {"Type": "TAG_POLICY", "Status": "PENDING_ENABLE"},
                ],
            }
        ]
    },
    "ListOrganizationalUnitsForParent": units,
    "ListAccounts": {"Accounts": ACCOUNTS},
    "ListAccountsForParent": accounts_in,
    "ListTagsForResource": {"Tags": [{"Key": "environment", "Value": "production"}]},
    "ListPolicies": policies,
    "DescribePolicy": {"Policy": {"PolicySummary": SCP, "Content": '{"Statement": []}'}},
    "ListTargetsForPolicy": {
        "Targets": [
            {
                "TargetId": "ou-prod",
                "Arn": f"{ORG}:ou/o-1/ou-prod",
                "Name": "Prod",
                "Type": "ORGANIZATIONAL_UNIT",
            }
        ]
    },
    "ListDelegatedAdministrators": {
        "DelegatedAdministrators": [
            {
                "Id": MEMBER,
                "Arn": f"{ORG}:account/o-1/{MEMBER}",
                "Name": "security",
                "State": "ACTIVE",
                "DelegationEnabledDate": WHEN,
            }
        ]
    },
    "ListDelegatedServicesForAccount": {
        "DelegatedServices": [{"ServicePrincipal": "guardduty.amazonaws.com"}]
    },
}
TABLE_NAMES = (
    "organizations_organization",
    "organizations_roots",
    "organizations_ous",
    "organizations_accounts",
    "organizations_policies",
    "organizations_policy_targets",
    "organizations_delegated_administrators",
)


def test_every_column_of_every_table_has_its_source_in_the_answers() -> None:
    for name in TABLE_NAMES:
        assert_every_column_is_filled(name, rows_of(name, RECORDED))


def test_without_an_organization_the_tables_are_empty_and_that_is_known() -> None:
    nothing = dict.fromkeys(RECORDED, NOT_IN_USE)
    for name in TABLE_NAMES:
        assert read(name, nothing).coverage.status == "empty", name


def test_units_have_the_path_of_names_below_the_root() -> None:
    rows = rows_of("organizations_ous", RECORDED)
    assert {row["id"]: (row["parent_id"], row["path"]) for row in rows} == {
        "ou-work": ("r-1", "Workloads"),
        "ou-prod": ("ou-work", "Workloads/Prod"),
    }


def test_accounts_are_placed_by_the_paths_that_aws_gives() -> None:
    caller = fake_caller(RECORDED)
    rows = {row["id"]: row for row in rows_of("organizations_accounts", caller)}

    assert (rows[MEMBER]["parent_id"], rows[MEMBER]["ou_path"]) == ("ou-prod", "Workloads/Prod")
    assert (rows[MANAGEMENT]["parent_id"], rows[MANAGEMENT]["ou_path"]) == ("r-1", "")
    assert [rows[i]["is_management"] for i in (MANAGEMENT, MEMBER)] == [True, False]
    assert "ListAccountsForParent" not in asked(caller)


def test_accounts_are_placed_by_listing_where_aws_gives_no_paths() -> None:
    bare = [account(MANAGEMENT, Status="ACTIVE"), account(MEMBER, Status="SUSPENDED")]
    rows = rows_of("organizations_accounts", {**RECORDED, "ListAccounts": {"Accounts": bare}})
    assert {row["id"]: row["ou_path"] for row in rows} == {
        MANAGEMENT: "",
        MEMBER: "Workloads/Prod",
    }


def test_the_state_of_an_account_counts_before_its_retired_status() -> None:
    rows = {row["id"]: row["status"] for row in rows_of("organizations_accounts", RECORDED)}
    assert rows[MEMBER] == "CLOSED"

    older = {"Accounts": [account(MANAGEMENT, Status="SUSPENDED", Paths=["o-1/r-1/"])]}
    rows = rows_of("organizations_accounts", {**RECORDED, "ListAccounts": older})
    assert [row["status"] for row in rows] == ["SUSPENDED"]


def test_tags_that_are_denied_are_told_and_cost_no_account() -> None:
    found = read("organizations_accounts", {**RECORDED, "ListTagsForResource": refused()})
    assert len(found.rows) == 2
    assert {row["tags_status"] for row in found.rows} == {"denied"}
    assert found.coverage.status == "partial"


def test_a_unit_that_cannot_be_listed_is_no_empty_unit() -> None:
    recorded = {**RECORDED, "ListOrganizationalUnitsForParent": refused("AccessDeniedException")}
    assert read("organizations_ous", recorded).coverage.status == "denied"
    assert read("organizations_accounts", recorded).coverage.status == "denied"


def test_policies_are_asked_for_by_the_types_that_authorize_and_those_enabled() -> None:
    caller = fake_caller(RECORDED)
    (row,) = rows_of("organizations_policies", caller)
    session: Any = caller.session
    kinds = [
        call.parameters["Filter"] for call in session.asked if call.operation == "ListPolicies"
    ]

    assert sorted(kinds) == ["RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"]
    assert (row["content"], row["content_status"]) == ('{"Statement":[]}', "ok")


def test_policies_of_every_type_that_aws_has_are_listed_where_it_is_enabled() -> None:
    kinds = model("organizations").shape_for("PolicyType").enum
    named = "BACKUP_POLICY", "TAG_POLICY", "AISERVICES_OPT_OUT_POLICY", "DECLARATIVE_POLICY_EC2"
    assert {*named, "RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"} <= set(kinds)

    def one_of(Filter: str, region: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        return {"Policies": [{**SCP, "Id": f"p-{Filter}", "Type": Filter}]}

    enabled = [{"Type": kind, "Status": "ENABLED"} for kind in kinds]
    roots = {"Roots": [{**RECORDED["ListRoots"]["Roots"][0], "PolicyTypes": enabled}]}
    recorded = {**RECORDED, "ListRoots": roots, "ListPolicies": one_of}
    for table, column in (("policies", "type"), ("policy_targets", "policy_id")):
        found = [row[column] for row in rows_of(f"organizations_{table}", recorded)]
        assert sorted(name.removeprefix("p-") for name in found) == sorted(kinds)


def test_a_type_that_is_enabled_but_refused_is_not_taken_for_absent() -> None:
    def none(Filter: str, region: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        raise refused("InvalidInputException")

    assert (
        read("organizations_policies", {**RECORDED, "ListPolicies": none}).coverage.status
        == "error"
    )


def test_targets_that_are_denied_leave_the_table_partial() -> None:
    found = read("organizations_policy_targets", {**RECORDED, "ListTargetsForPolicy": refused()})
    assert (found.rows, found.coverage.status) == ([], "partial")


def test_delegated_administrators_name_their_services() -> None:
    (row,) = rows_of("organizations_delegated_administrators", RECORDED)
    assert json.loads(row["services"]) == ["guardduty.amazonaws.com"]
    assert row["status"] == "ACTIVE"


def test_all_tables_together_ask_nothing_twice() -> None:
    caller = fake_caller(RECORDED)
    for name in TABLE_NAMES:
        rows_of(name, caller)
    session: Any = caller.session
    questions = [(c.operation, json.dumps(c.parameters, sort_keys=True)) for c in session.asked]
    assert len(questions) == len(set(questions))
