from collections.abc import Callable

from awsbasics.demo import DemoOrganization
from awsbasics.demo.account import Account
from awsbasics.demo.guard_rails import ou_ids
from awsbasics.demo.setting import ACCOUNT_IDS, MANAGEMENT, ROLE

InAccount = Callable[[str], Account]


def test_there_are_eight_accounts_and_ids_keep_their_leading_zeros(
    organization: DemoOrganization, in_account: InAccount
) -> None:
    listed = in_account(MANAGEMENT).client("organizations").list_accounts()["Accounts"]
    assert {account["Name"]: account["Id"] for account in listed} == dict(organization.accounts)
    assert len(listed) == 8
    assert {account["Status"] for account in listed} == {"ACTIVE"}
    assert sum(account["Id"].startswith("0") for account in listed) == 2


def test_members_are_entered_by_the_role_that_the_gather_assumes(
    organization: DemoOrganization, in_account: InAccount
) -> None:
    assert organization.role == ROLE
    for name, account_id in ACCOUNT_IDS.items():
        if name != MANAGEMENT:
            arn = in_account(name).client("sts").get_caller_identity()["Arn"]
            assert arn.startswith(f"arn:aws:sts::{account_id}:assumed-role/{ROLE}/")


def test_all_features_are_on_and_the_root_has_service_control_policies(
    in_account: InAccount,
) -> None:
    client = in_account(MANAGEMENT).client("organizations")
    assert client.describe_organization()["Organization"]["FeatureSet"] == "ALL"
    types = {
        each["Type"]: each["Status"] for each in client.list_roots()["Roots"][0]["PolicyTypes"]
    }
    assert types == {"SERVICE_CONTROL_POLICY": "ENABLED", "TAG_POLICY": "ENABLED"}


def test_each_member_lies_in_the_ou_of_its_environment(in_account: InAccount) -> None:
    management = in_account(MANAGEMENT)
    client = management.client("organizations")
    places = {
        path: {account["Name"] for account in found}
        for path, ou in ou_ids(management).items()
        if (found := client.list_accounts_for_parent(ParentId=ou)["Accounts"])
    }
    assert places == {
        "": {"management"},
        "Security": {"security", "log-archive"},
        "Workloads/Prod": {"billing-production", "ledger-production"},
        "Workloads/NonProd": {"test", "development"},
        "Sandbox": {"sandbox"},
    }


def test_only_the_sandbox_is_without_a_guard_rail_and_one_hangs_nowhere(
    in_account: InAccount,
) -> None:
    management = in_account(MANAGEMENT)
    client = management.client("organizations")
    attached = {
        path: {
            policy["Name"]
            for policy in client.list_policies_for_target(
                TargetId=ou, Filter="SERVICE_CONTROL_POLICY"
            )["Policies"]
        }
        for path, ou in ou_ids(management).items()
    }
    assert attached["Sandbox"] == {"FullAWSAccess"}
    assert attached["Security"] == {"FullAWSAccess", "stay-and-log"}
    assert attached["Workloads/Prod"] == {"FullAWSAccess", "production-people"}
    policies = client.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
    ids = {policy["Name"]: policy["Id"] for policy in policies}
    assert client.list_targets_for_policy(PolicyId=ids["region-limit"])["Targets"] == []


def test_security_services_are_delegated_to_the_security_account(in_account: InAccount) -> None:
    client = in_account(MANAGEMENT).client("organizations")
    admins = client.list_delegated_administrators()["DelegatedAdministrators"]
    assert [admin["Name"] for admin in admins] == ["security"]
    services = client.list_delegated_services_for_account(AccountId=admins[0]["Id"])
    assert {each["ServicePrincipal"] for each in services["DelegatedServices"]} == {
        "guardduty.amazonaws.com",
        "access-analyzer.amazonaws.com",
    }
