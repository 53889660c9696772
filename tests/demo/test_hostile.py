from collections.abc import Callable

from awsbasics.demo.account import Account
from awsbasics.demo.setting import BACKWARDS, FORMULA, IMAGE, SCRIPT

InAccount = Callable[[str], Account]


def test_a_role_is_hostile_in_description_tags_and_policy_name(in_account: InAccount) -> None:
    details = (
        in_account("development").client("iam").get_account_authorization_details(Filter=["Role"])
    )
    role = next(each for each in details["RoleDetailList"] if each["RoleName"] == "legacy-import")
    assert {tag["Value"] for tag in role["Tags"]} == {IMAGE, FORMULA}
    assert [policy["PolicyName"] for policy in role["RolePolicyList"]] == [SCRIPT]
    roles = in_account("development").client("iam").list_roles()["Roles"]
    descriptions = {each["RoleName"]: each.get("Description") for each in roles}
    assert descriptions["legacy-import"] == f"Imports things {SCRIPT}"


def test_a_security_group_is_hostile_in_description_tag_and_rule(in_account: InAccount) -> None:
    client = in_account("development").client("ec2")
    groups = client.describe_security_groups()["SecurityGroups"]
    group = next(each for each in groups if each["GroupName"] == "scratch")
    assert group["Description"] == f"Try {SCRIPT}"
    assert group["Tags"] == [{"Key": "Name", "Value": IMAGE}]
    rules = client.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group["GroupId"]]}]
    )["SecurityGroupRules"]
    assert f"bob {IMAGE}" in {rule.get("Description") for rule in rules}


def test_a_servers_name_runs_backwards(in_account: InAccount) -> None:
    client = in_account("ledger-production").client("ec2")
    reservations = client.describe_instances()["Reservations"]
    names = {
        tag["Value"]
        for each in reservations
        for tag in each["Instances"][0]["Tags"]
        if tag["Key"] == "Name"
    }
    assert BACKWARDS in names
    assert "\u202e" in BACKWARDS
