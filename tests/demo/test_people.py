import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from awsbasics.demo.account import Account

InAccount = Callable[[str], Account]


def own_policies(client: Any, user: str) -> int:
    attached = client.list_attached_user_policies(UserName=user)["AttachedPolicies"]
    return len(attached) + len(client.list_user_policies(UserName=user)["PolicyNames"])


def groups(client: Any, user: str) -> list[str]:
    return [group["GroupName"] for group in client.list_groups_for_user(UserName=user)["Groups"]]


def report(account: Account) -> dict[str, dict[str, str]]:
    client = account.client("iam")
    client.generate_credential_report()
    content = client.get_credential_report()["Content"].decode()
    return {row["user"]: row for row in csv.DictReader(io.StringIO(content))}


@pytest.mark.parametrize(
    ("account", "user", "policies", "teams"),
    [
        ("development", "amara.okafor", 0, ["team-payments"]),
        ("development", "diego.santos", 2, []),
        ("development", "erin.walsh", 0, ["contractors"]),
        ("development", "ci-deployer", 1, []),
        ("ledger-production", "hugo.brandt", 1, []),
        ("ledger-production", "ines.moreau", 0, ["team-ledger", "team-platform"]),
    ],
)
def test_users_have_policies_of_their_own_or_a_group(
    account: str, user: str, policies: int, teams: list[str], in_account: InAccount
) -> None:
    client = in_account(account).client("iam")
    assert own_policies(client, user) == policies
    assert sorted(groups(client, user)) == teams


def test_console_users_with_and_without_mfa_exist(in_account: InAccount) -> None:
    rows = report(in_account("development"))
    seen = {
        user: row["mfa_active"] for user, row in rows.items() if row["password_enabled"] == "true"
    }
    assert seen == {
        "amara.okafor": "true",
        "ben.larsson": "false",
        "chloe.martin": "true",
        "diego.santos": "false",
        "erin.walsh": "true",
    }
    client = in_account("development").client("iam")
    serials = {
        user: client.list_mfa_devices(UserName=user)["MFADevices"][0]["SerialNumber"]
        for user in ("amara.okafor", "chloe.martin")
    }
    assert ":mfa/" in serials["amara.okafor"]
    assert ":u2f/" in serials["chloe.martin"]


def test_access_keys_have_ages_and_last_uses(in_account: InAccount) -> None:
    row = report(in_account("development"))["diego.santos"]
    assert row["access_key_1_active"] == row["access_key_2_active"] == "true"
    assert row["access_key_1_last_rotated"] == "2024-08-03T12:00:00+00:00"
    assert row["access_key_2_last_used_date"] == "2025-12-26T12:00:00+00:00"
    assert row["password_last_used"] == "2026-05-14T12:00:00+00:00"


def test_a_team_assumes_roles_and_another_has_standing_permissions(in_account: InAccount) -> None:
    client = in_account("billing-production").client("iam")
    assert client.list_attached_group_policies(GroupName="team-payments")["AttachedPolicies"] == []
    names = client.list_group_policies(GroupName="team-payments")["PolicyNames"]
    assert names
    for name in names:
        policy = client.get_group_policy(GroupName="team-payments", PolicyName=name)
        actions = [each["Action"] for each in policy["PolicyDocument"]["Statement"]]
        assert actions == ["sts:AssumeRole"]
    ledger = in_account("development").client("iam")
    attached = ledger.list_attached_group_policies(GroupName="team-ledger")["AttachedPolicies"]
    assert "AmazonDynamoDBFullAccess" in {policy["PolicyName"] for policy in attached}


def test_identity_center_has_people_in_teams_and_one_in_none(in_account: InAccount) -> None:
    management = in_account("management")
    instance = management.client("sso-admin").list_instances()["Instances"][0]
    store = {"IdentityStoreId": instance["IdentityStoreId"]}
    client = management.client("identitystore")
    users = {user["UserId"]: user["UserName"] for user in client.list_users(**store)["Users"]}
    members = {
        group["DisplayName"]: {
            users[each["MemberId"]["UserId"]]
            for each in client.list_group_memberships(GroupId=group["GroupId"], **store)[
                "GroupMemberships"
            ]
        }
        for group in client.list_groups(**store)["Groups"]
    }
    assert members["team-payments"] == {"kara.lindqvist", "oscar.dubois"}
    assert set(members) == {"team-payments", "team-ledger", "team-platform", "everyone"}
    assert set(users.values()) - set.union(*members.values()) == {"liam.novak"}


def test_each_assignment_has_its_reserved_role(in_account: InAccount) -> None:
    roles = (
        in_account("ledger-production")
        .client("iam")
        .list_roles(PathPrefix="/aws-reserved/sso.amazonaws.com/")["Roles"]
    )
    names = {role["RoleName"].split("_")[1] for role in roles}
    assert names == {"ledger-developer", "AdministratorAccess"}
    statement = roles[0]["AssumeRolePolicyDocument"]["Statement"][0]
    assert ":saml-provider/AWSSSO_" in statement["Principal"]["Federated"]
