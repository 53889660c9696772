from collections.abc import Callable
from typing import Any

import pytest

from awsbasics.demo.account import Account
from awsbasics.demo.applications import DEPLOYMENTS, NETWORKS

InAccount = Callable[[str], Account]


def resources(account: Account, stack: str, region: str = "us-east-1") -> dict[str, dict[str, Any]]:
    client = account.client("cloudformation", region)
    found = client.list_stack_resources(StackName=stack)["StackResourceSummaries"]
    return {each["LogicalResourceId"]: each for each in found}


@pytest.mark.parametrize(
    ("account", "stack", "region"),
    [(each.account, each.stack, "us-east-1") for each in DEPLOYMENTS]
    + [(each.account, each.stack, each.region) for each in NETWORKS],
)
def test_stacks_have_no_blank_resources(
    account: str, stack: str, region: str, in_account: InAccount
) -> None:
    found = resources(in_account(account), stack, region)
    assert "" not in found
    assert all(each["PhysicalResourceId"] and each["ResourceType"] for each in found.values())


def test_a_careful_stack_has_a_service_role_and_protection_and_another_neither(
    in_account: InAccount,
) -> None:
    seen = {}
    for account, stack in (
        ("billing-production", "billing-prod"),
        ("ledger-production", "ledger-prod"),
    ):
        client = in_account(account).client("cloudformation")
        found = client.describe_stacks(StackName=stack)["Stacks"][0]
        seen[stack] = (found.get("RoleARN"), found["EnableTerminationProtection"])
    role = "arn:aws:iam::345678901234:role/billing/billing-prod-cloudformation"
    assert seen == {"billing-prod": (role, True), "ledger-prod": (None, False)}


def test_a_stacks_role_has_its_managed_and_inline_policies(in_account: InAccount) -> None:
    client = in_account("test").client("iam")
    attached = client.list_attached_role_policies(RoleName="ledger-test-app")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["ledger-test-data"]
    names = client.list_role_policies(RoleName="ledger-test-app")["PolicyNames"]
    assert sorted(names) == ["files", "restart"]
    role = client.get_role(RoleName="ledger-test-app")["Role"]
    tags = {tag["Key"]: tag["Value"] for tag in role["Tags"]}
    assert tags["aws:cloudformation:stack-name"] == "ledger-test"


def test_good_policies_name_their_resources_and_bad_ones_do_not(in_account: InAccount) -> None:
    wildcards = {}
    for account, policy in (
        ("billing-production", "billing/billing-prod-write"),
        ("ledger-production", "ledger/ledger-prod-data"),
    ):
        client = in_account(account).client("iam")
        arn = in_account(account).arn("iam", f"policy/{policy}")
        document = client.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
        statements = document["Document"]["Statement"]
        wildcards[policy] = [each["Resource"] == "*" for each in statements]
    assert wildcards == {
        "billing/billing-prod-write": [False, False],
        "ledger/ledger-prod-data": [True, True],
    }


def test_a_stacks_groups_have_all_their_rules_and_descriptions(in_account: InAccount) -> None:
    account = in_account("development")
    found = resources(account, "billing-dev")
    rules = account.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    by_id = {rule["SecurityGroupRuleId"]: rule for rule in rules}
    web = found["WebGroup"]["PhysicalResourceId"]
    opened = {
        rule.get("CidrIpv4") or rule.get("CidrIpv6"): rule["Description"]
        for rule in rules
        if rule["GroupId"] == web and not rule["IsEgress"]
    }
    assert opened == {"0.0.0.0/0": "customers", "::/0": "customers"}
    ingress = by_id[found["AppIngress"]["PhysicalResourceId"]]
    assert ingress["ReferencedGroupInfo"]["GroupId"] == web
    assert ingress["Description"] == "from the load balancer"
    developer = by_id[found["DeveloperIngress"]["PhysicalResourceId"]]
    assert developer["CidrIpv4"] == "198.51.100.0/24"
    assert by_id[found["DatabaseEgress"]["PhysicalResourceId"]]["IsEgress"]
    assert "DeveloperIngress" not in resources(in_account("billing-production"), "billing-prod")


def test_a_stacks_server_is_in_its_group_with_its_profile(in_account: InAccount) -> None:
    account = in_account("billing-production")
    found = resources(account, "billing-prod")
    ids = [found["Server"]["PhysicalResourceId"]]
    reservations = account.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    server = reservations[0]["Instances"][0]
    groups = [group["GroupId"] for group in server["SecurityGroups"]]
    assert groups == [found["AppGroup"]["PhysicalResourceId"]]
    assert server["IamInstanceProfile"]["Arn"].endswith(
        ":instance-profile/billing/billing-prod-app"
    )


def test_a_stack_owns_its_secret(in_account: InAccount) -> None:
    account = in_account("billing-production")
    arn = resources(account, "billing-prod")["Database"]["PhysicalResourceId"]
    secret = account.client("secretsmanager").describe_secret(SecretId=arn)
    assert secret["Name"] == "prod/billing/database"
    assert secret["RotationEnabled"]


def test_roles_made_by_hand_by_tools_and_by_aws_exist(in_account: InAccount) -> None:
    def roles(name: str) -> dict[str, Any]:
        found = in_account(name).client("iam").list_roles()["Roles"]
        return {role["RoleName"]: role["Path"] for role in found}

    assert {"ledger-hotfix", "ledger-deploy", "break-glass"} <= set(roles("ledger-production"))
    assert {"AWSControlTowerExecution", "AWSServiceRoleForAutoScaling"} <= set(
        roles("billing-production")
    )
    assert "cdk-hnb659fds-cfn-exec-role-456789012345-us-east-1" in roles("test")
    tags = in_account("test").client("iam").list_role_tags(RoleName="monitoring-agent")["Tags"]
    assert tags == [{"Key": "ManagedBy", "Value": "Terraform"}]
    hotfix = (
        in_account("ledger-production").client("iam").list_role_policies(RoleName="ledger-prod-app")
    )
    assert "hotfix" in hotfix["PolicyNames"]


def test_attachments_of_awss_policies_are_counted_in_each_account_alone(
    in_account: InAccount,
) -> None:
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    counts = {
        name: in_account(name).client("iam").get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"]
        for name in ("management", "log-archive", "billing-production")
    }
    assert counts == {"management": 1, "log-archive": 2, "billing-production": 3}
