"""IAM's principals and policies, from recorded authorization details."""

import json
from typing import Any

from tests.collect.fake_caller import (
    ACCOUNT,
    WHEN,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    read,
    refused,
    rows_of,
)

IAM = f"arn:aws:iam::{ACCOUNT}"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"
OWN = f"{IAM}:policy/app/own"
DOCUMENT = {"Version": "2012-10-17", "Statement": []}
TAGS = [{"Key": "team", "Value": "billing"}]
PROFILE = {
    "Path": "/",
    "InstanceProfileName": "web",
    "InstanceProfileId": "AIPA1",
    "Arn": f"{IAM}:instance-profile/web",
    "CreateDate": WHEN,
    "Roles": [{"Arn": f"{IAM}:role/web", "RoleName": "web"}],
}
USER = {
    "Path": "/people/",
    "UserName": "olivia",
    "UserId": "AIDA1",
    "Arn": f"{IAM}:user/people/olivia",
    "CreateDate": WHEN,
    "UserPolicyList": [{"PolicyName": "mine", "PolicyDocument": DOCUMENT}],
    "GroupList": ["team-billing", "gone"],
    "AttachedManagedPolicies": [{"PolicyName": "own", "PolicyArn": OWN}],
    "PermissionsBoundary": {"PermissionsBoundaryArn": BOUNDARY},
    "Tags": TAGS,
}
GROUP = {
    "Path": "/teams/",
    "GroupName": "team-billing",
    "GroupId": "AGPA1",
    "Arn": f"{IAM}:group/teams/team-billing",
    "CreateDate": WHEN,
    "GroupPolicyList": [{"PolicyName": "ours", "PolicyDocument": DOCUMENT}],
    "AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY}],
}
ROLE = {
    "Path": "/",
    "RoleName": "web",
    "RoleId": "AROA1",
    "Arn": f"{IAM}:role/web",
    "CreateDate": WHEN,
    "AssumeRolePolicyDocument": DOCUMENT,
    "InstanceProfileList": [PROFILE],
    "RolePolicyList": [{"PolicyName": "its", "PolicyDocument": DOCUMENT}],
    "AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY}],
    "PermissionsBoundary": {"PermissionsBoundaryArn": BOUNDARY},
    "Tags": TAGS,
    "RoleLastUsed": {"LastUsedDate": WHEN, "Region": "eu-west-1"},
}
POLICY = {
    "PolicyName": "own",
    "PolicyId": "ANPA1",
    "Arn": OWN,
    "Path": "/app/",
    "DefaultVersionId": "v2",
    "AttachmentCount": 1,
    "CreateDate": WHEN,
    "UpdateDate": WHEN,
    "PolicyVersionList": [
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": {"Statement": ["old"]}},
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": DOCUMENT},
    ],
}


def details(**more: Any) -> dict[str, Any]:
    return {
        "UserDetailList": [USER],
        "GroupDetailList": [GROUP],
        "RoleDetailList": [ROLE],
        "Policies": [POLICY],
        "IsTruncated": False,
        **more,
    }


def policy_of_aws(PolicyArn: str, region: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
    name = PolicyArn.rpartition("/")[2]
    return {
        "Policy": {
            "Arn": PolicyArn,
            "PolicyName": name,
            "PolicyId": "ANPAAWS",
            "Path": "/",
            "DefaultVersionId": "v7",
            "AttachmentCount": 99,
            "CreateDate": WHEN,
            "UpdateDate": WHEN,
        }
    }


RECORDED: dict[str, Any] = {
    "GetAccountAuthorizationDetails": details(),
    "ListRoles": {
        "Roles": [
            {
                "Path": "/",
                "RoleName": "web",
                "RoleId": "AROA1",
                "Arn": ROLE["Arn"],
                "CreateDate": WHEN,
                "MaxSessionDuration": 7200,
                "Description": "The web servers'",
            }
        ],
        "IsTruncated": False,
    },
    "GetPolicy": policy_of_aws,
    "GetPolicyVersion": {"PolicyVersion": {"VersionId": "v7", "Document": DOCUMENT}},
}
TABLE_NAMES = (
    "iam_users",
    "iam_groups",
    "iam_group_members",
    "iam_roles",
    "iam_attachments",
    "iam_inline_policies",
    "iam_instance_profiles",
    "iam_policies",
)


def test_every_column_of_every_table_has_its_source_in_the_answers() -> None:
    for name in TABLE_NAMES:
        assert_every_column_is_filled(name, rows_of(name, RECORDED))


def test_all_tables_share_one_bulk_call() -> None:
    caller = fake_caller(RECORDED)
    for name in TABLE_NAMES:
        rows_of(name, caller)
    operations = asked(caller)
    assert operations.count("GetAccountAuthorizationDetails") == 1
    assert operations.count("ListRoles") == 1
    assert operations.count("GetPolicy") == operations.count("GetPolicyVersion") == 2


def test_pages_of_the_bulk_call_are_joined() -> None:
    second = {**USER, "Arn": f"{IAM}:user/second", "UserName": "second"}
    pages: Any = [
        {**details(), "IsTruncated": True, "Marker": "next"},
        details(UserDetailList=[second], GroupDetailList=[], RoleDetailList=[], Policies=[]),
    ]
    rows = rows_of("iam_users", {**RECORDED, "GetAccountAuthorizationDetails": pages})
    assert [row["name"] for row in rows] == ["olivia", "second"]


def test_tags_are_one_object() -> None:
    (row,) = rows_of("iam_users", RECORDED)
    assert json.loads(row["tags"]) == {"team": "billing"}


def test_a_member_of_a_group_that_is_not_listed_is_still_a_member() -> None:
    rows = rows_of("iam_group_members", RECORDED)
    assert {row["group_arn"] for row in rows} == {GROUP["Arn"], f"{IAM}:group/gone"}
    assert {row["user_arn"] for row in rows} == {USER["Arn"]}


def test_attachments_and_inline_policies_name_their_kind_of_principal() -> None:
    attached = rows_of("iam_attachments", RECORDED)
    assert {(row["principal_type"], row["policy_arn"]) for row in attached} == {
        ("user", OWN),
        ("group", READ_ONLY),
        ("role", READ_ONLY),
    }
    inline = rows_of("iam_inline_policies", RECORDED)
    assert {(row["principal_type"], row["name"]) for row in inline} == {
        ("user", "mine"),
        ("group", "ours"),
        ("role", "its"),
    }


def test_session_length_that_is_denied_is_unread_and_the_role_stays() -> None:
    found = read("iam_roles", {**RECORDED, "ListRoles": refused()})
    (row,) = found.rows
    assert (row["max_session_duration"], row["max_session_duration_status"]) == (None, "denied")
    assert row["trust_policy"] == '{"Statement":[],"Version":"2012-10-17"}'
    assert found.coverage.status == "partial"


def test_the_document_of_a_local_policy_is_that_of_its_default_version() -> None:
    rows = {row["arn"]: row for row in rows_of("iam_policies", RECORDED)}
    assert json.loads(rows[OWN]["document"]) == DOCUMENT
    assert (rows[OWN]["aws_managed"], rows[OWN]["attachment_count"]) == (False, 1)


def test_policies_of_aws_in_use_are_read_and_counted_in_this_account() -> None:
    rows = {row["arn"]: row for row in rows_of("iam_policies", RECORDED)}
    assert set(rows) == {OWN, READ_ONLY, BOUNDARY}
    counts = {arn: (row["attachment_count"], row["boundary_count"]) for arn, row in rows.items()}
    assert counts == {OWN: (1, 0), READ_ONLY: (2, 0), BOUNDARY: (0, 2)}
    assert rows[READ_ONLY]["aws_managed"] is True


def test_policies_of_aws_are_read_once_for_all_accounts() -> None:
    first = fake_caller(RECORDED)
    second = fake_caller(RECORDED, account_id="111111111111", common=first.common)
    rows_of("iam_policies", first)
    rows = rows_of("iam_policies", second)
    assert READ_ONLY in {row["arn"] for row in rows}
    assert "GetPolicy" not in asked(second)


def test_a_policy_of_aws_that_one_account_may_not_read_is_asked_for_in_the_next() -> None:
    first = fake_caller({**RECORDED, "GetPolicy": refused()})
    second = fake_caller(RECORDED, account_id="111111111111", common=first.common)

    denied = read("iam_policies", first)
    statuses = {row["arn"]: row["document_status"] for row in denied.rows}
    assert statuses == {OWN: "ok", READ_ONLY: "denied", BOUNDARY: "denied"}
    assert denied.coverage.status == "partial"
    assert {row["document_status"] for row in rows_of("iam_policies", second)} == {"ok"}


def test_a_local_policy_without_its_default_version_is_unread() -> None:
    recorded = {
        **RECORDED,
        "GetAccountAuthorizationDetails": details(Policies=[{**POLICY, "PolicyVersionList": []}]),
    }
    found = read("iam_policies", recorded)
    (row,) = (row for row in found.rows if row["arn"] == OWN)
    assert (row["document"], row["document_status"]) == (None, "error")
    assert found.coverage.error_code == "NoDefaultVersion"


def test_a_policy_of_aws_that_the_details_already_hold_is_not_asked_for() -> None:
    known = {**POLICY, "Arn": READ_ONLY, "PolicyName": "ReadOnlyAccess"}
    caller = fake_caller(
        {**RECORDED, "GetAccountAuthorizationDetails": details(Policies=[POLICY, known])}
    )
    rows = {row["arn"]: row for row in rows_of("iam_policies", caller)}
    assert rows[READ_ONLY]["aws_managed"] is True
    assert asked(caller).count("GetPolicy") == 1


def test_an_instance_profile_is_one_row_with_its_roles() -> None:
    (row,) = rows_of("iam_instance_profiles", RECORDED)
    assert json.loads(row["role_arns"]) == [ROLE["Arn"]]


def test_denied_details_leave_no_table_that_looks_empty() -> None:
    recorded = {**RECORDED, "GetAccountAuthorizationDetails": refused()}
    assert {read(name, recorded).coverage.status for name in TABLE_NAMES} == {"denied"}
