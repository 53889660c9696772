"""Each answer and each mend, asked for through boto3, which reads it by AWS's own model."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from awsbasics.demo.account import Account
from awsbasics.demo.answers import ANSWERS, MENDS
from awsbasics.demo.overlay import validate
from awsbasics.demo.rest import operation_of
from awsbasics.demo.setting import ACCOUNT_IDS, CANARY, REGIONS

InAccount = Callable[[str], Account]

CALLS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("organizations", "ListPolicies"): {"Filter": "DECLARATIVE_POLICY_EC2"},
    ("secretsmanager", "GetResourcePolicy"): {"SecretId": "prod/shared/twilio"},
    ("iam", "GetAccountAuthorizationDetails"): {"Filter": ["LocalManagedPolicy"]},
    ("iam", "GetCredentialReport"): {},
    ("iam", "GetAccountSummary"): {},
    ("iam", "ListVirtualMFADevices"): {},
    ("sts", "GetCallerIdentity"): {},
    ("sso-admin", "ListInstances"): {},
    ("ec2", "DescribeRegions"): {},
    ("ec2", "DescribeSecurityGroupRules"): {},
    ("ec2", "DescribeNetworkInterfaces"): {},
    ("ec2", "DescribeInstances"): {},
    ("cloudformation", "DescribeStacks"): {},
    ("cloudformation", "ListStacks"): {},
    ("cloudformation", "ListStackResources"): {"StackName": "billing-prod"},
    ("cloudtrail", "DescribeTrails"): {},
    ("cloudtrail", "GetTrailStatus"): {"Name": "billing-trail"},
    ("cloudtrail", "GetEventSelectors"): {"TrailName": "billing-trail"},
    ("cloudtrail", "LookupEvents"): {},
    ("secretsmanager", "ListSecrets"): {},
    ("secretsmanager", "ListSecretVersionIds"): {"SecretId": "prod/billing/database"},
    ("iam", "ListOrganizationsFeatures"): {},
    ("ec2", "DescribeVpcBlockPublicAccessOptions"): {},
    ("ec2", "DescribeVpcBlockPublicAccessExclusions"): {},
    ("ec2", "GetSnapshotBlockPublicAccessState"): {},
    ("ec2", "GetImageBlockPublicAccessState"): {},
    ("ec2", "DescribeClientVpnEndpoints"): {},
    ("ec2", "DescribeInstanceConnectEndpoints"): {},
    ("accessanalyzer", "ListAnalyzers"): {},
    ("ram", "GetResourceShares"): {"resourceOwner": "OTHER-ACCOUNTS"},
}
"""Operations and what to ask of them in billing's production, where nothing else is needed."""

ELSEWHERE = {
    ("organizations", "CreateOrganization"),
    ("organizations", "DescribeResourcePolicy"),
    ("secretsmanager", "RotateSecret"),
    ("kms", "GetKeyPolicy"),
    *((service, name) for service, name in ANSWERS if service == "organizations"),
    *((service, name) for service, name in ANSWERS if service == "sso-admin"),
}
"""Operations that the build itself needs, or that a test below asks for."""


def ask(account: Account, service: str, operation: str, **parameters: Any) -> Any:
    return getattr(account.client(service), xform_name(operation))(**parameters)


def error_code(account: Account, service: str, operation: str, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        ask(account, service, operation, **parameters)
    return str(caught.value.response["Error"]["Code"])


def test_each_answer_and_mend_is_asked_for_in_these_tests() -> None:
    assert set(ANSWERS) | set(MENDS) == set(CALLS) | ELSEWHERE


@pytest.mark.parametrize(("service", "operation"), sorted(CALLS))
def test_each_output_is_one_that_aws_could_give(
    service: str, operation: str, in_account: InAccount
) -> None:
    of_organization = service == "organizations" or operation == "ListOrganizationsFeatures"
    account = in_account("management" if of_organization else "billing-production")
    account.client("iam").generate_credential_report()
    answer = ask(account, service, operation, **CALLS[service, operation])
    assert set(answer) > {"ResponseMetadata"}


def test_an_output_that_aws_could_not_give_is_a_fault() -> None:
    with pytest.raises(ValueError, match="Unknown parameter"):
        validate("iam", "GetAccountSummary", {"SummaryMap": {}, "Surprise": True})


def test_what_the_demo_cannot_answer_is_refused_and_not_retried(in_account: InAccount) -> None:
    account = in_account("test")
    operation = "DescribeVerifiedAccessGroups"
    with pytest.raises(ClientError) as caught:
        ask(account, "ec2", operation)
    metadata = caught.value.response["ResponseMetadata"]
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (501, 0)


def test_a_rest_request_is_known_by_its_method_and_path() -> None:
    for method, path, operation in (
        ("GET", "/analyzer", "ListAnalyzers"),
        ("GET", "/analyzer/mine", "GetAnalyzer"),
        ("PUT", "/analyzer", "CreateAnalyzer"),
        ("GET", "/analyzer/mine/archive-rule/old", "GetArchiveRule"),
        ("GET", "/nothing", ""),
    ):
        assert operation_of("accessanalyzer", method, path) == operation
    assert operation_of("lambda", "GET", "/2015-03-31/functions") == ""


def test_members_may_not_list_the_organization(in_account: InAccount) -> None:
    for name in ("billing-production", "security"):
        assert error_code(in_account(name), "organizations", "ListAccounts") == (
            "AccessDeniedException"
        )
    assert error_code(in_account("management"), "organizations", "DescribeResourcePolicy") == (
        "ResourcePolicyNotFoundException"
    )


def test_policy_types_that_moto_does_not_know_have_no_policies(in_account: InAccount) -> None:
    answer = ask(
        in_account("management"), "organizations", "ListPolicies", Filter="DECLARATIVE_POLICY_EC2"
    )
    assert answer["Policies"] == []


def test_authorization_details_name_each_policy(in_account: InAccount) -> None:
    account = in_account("billing-production")
    details = ask(account, "iam", "GetAccountAuthorizationDetails", Filter=["LocalManagedPolicy"])
    names = [policy["PolicyName"] for policy in details["Policies"]]
    assert names == ["billing-prod-read", "billing-prod-write"]
    assert all(len(policy["PolicyId"]) > 16 for policy in details["Policies"])


def test_authorization_details_hold_only_the_policies_of_aws_that_are_in_use(
    in_account: InAccount,
) -> None:
    details = ask(
        in_account("sandbox"), "iam", "GetAccountAuthorizationDetails", Filter=["AWSManagedPolicy"]
    )
    names = {policy["PolicyName"] for policy in details["Policies"]}
    assert names == {"AdministratorAccess", "PowerUserAccess"}


@pytest.mark.parametrize(
    ("name", "password", "mfa", "key"),
    [
        ("management", "true", "true", "false"),
        ("ledger-production", "true", "false", "true"),
        ("security", "false", "false", "false"),
    ],
)
def test_credential_reports_begin_with_the_root_user(
    name: str, password: str, mfa: str, key: str, in_account: InAccount
) -> None:
    account = in_account(name)
    ask(account, "iam", "GenerateCredentialReport")
    report = ask(account, "iam", "GetCredentialReport")
    rows = list(csv.DictReader(io.StringIO(report["Content"].decode())))
    root = rows[0]
    assert root["user"] == "<root_account>"
    assert root["arn"] == f"arn:aws:iam::{account.id}:root"
    seen = (root["password_enabled"], root["mfa_active"], root["access_key_1_active"])
    assert seen == (password, mfa, key)
    assert report["GeneratedTime"] == account.now
    summary = ask(account, "iam", "GetAccountSummary")["SummaryMap"]
    assert summary["AccountMFAEnabled"] == int(mfa == "true")
    assert summary["AccountAccessKeysPresent"] == int(key == "true")


def test_virtual_devices_come_without_their_seeds_and_with_the_root_users(
    in_account: InAccount,
) -> None:
    devices = ask(in_account("sandbox"), "iam", "ListVirtualMFADevices")["VirtualMFADevices"]
    assert [device["User"]["Arn"] for device in devices] == ["arn:aws:iam::000000000012:root"]
    development = ask(in_account("development"), "iam", "ListVirtualMFADevices")
    users = {device["User"]["UserName"] for device in development["VirtualMFADevices"]}
    assert users == {"amara.okafor", "erin.walsh"}
    for device in devices + development["VirtualMFADevices"]:
        assert not {"Base32StringSeed", "QRCodePNG"} & set(device)


def test_identity_center_lives_in_one_account_and_region(in_account: InAccount) -> None:
    assert len(ask(in_account("management"), "sso-admin", "ListInstances")["Instances"]) == 1
    elsewhere = in_account("management").client("sso-admin", REGIONS[1])
    assert elsewhere.list_instances()["Instances"] == []
    assert ask(in_account("development"), "sso-admin", "ListInstances")["Instances"] == []


def test_permission_sets_have_tags_boundaries_and_accounts(in_account: InAccount) -> None:
    client = in_account("management").client("sso-admin")
    instance = {"InstanceArn": client.list_instances()["Instances"][0]["InstanceArn"]}
    seen = {}
    for arn in client.list_permission_sets(**instance)["PermissionSets"]:
        of_set = {"PermissionSetArn": arn, **instance}
        name = client.describe_permission_set(**of_set)["PermissionSet"]["Name"]
        tags = client.list_tags_for_resource(ResourceArn=arn, **instance)["Tags"]
        accounts = client.list_accounts_for_provisioned_permission_set(**of_set)["AccountIds"]
        try:
            boundary = client.get_permissions_boundary_for_permission_set(**of_set)
        except client.exceptions.ResourceNotFoundException:
            boundary = None
        seen[name] = (tags, accounts, boundary and boundary["PermissionsBoundary"])
    development, test = ACCOUNT_IDS["development"], ACCOUNT_IDS["test"]
    assert seen["payments-developer"] == (
        [{"Key": "team", "Value": "payments"}],
        sorted([development, test]),
        {"ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    )
    assert seen["platform-operator"] == (
        [],
        sorted([development, test, ACCOUNT_IDS["sandbox"]]),
        None,
    )
    sets = client.list_permission_sets_provisioned_to_account(AccountId=test, **instance)
    assert len(sets["PermissionSets"]) == 3


def test_two_regions_are_on(in_account: InAccount) -> None:
    client = in_account("test").client("ec2")
    on = {region["RegionName"] for region in client.describe_regions()["Regions"]}
    assert on == set(REGIONS)
    everything = client.describe_regions(AllRegions=True)["Regions"]
    assert len(everything) > 20
    states = {region["RegionName"]: region["OptInStatus"] for region in everything}
    assert states["eu-central-1"] == "not-opted-in"
    assert states["eu-west-1"] == "opt-in-not-required"


def test_rules_tell_their_owner_and_arn(in_account: InAccount) -> None:
    account = in_account("test")
    rules = ask(account, "ec2", "DescribeSecurityGroupRules")["SecurityGroupRules"]
    assert rules
    for rule in rules:
        assert rule["GroupOwnerId"] == account.id
        assert rule["SecurityGroupRuleArn"].endswith(
            f":{account.id}:security-group-rule/{rule['SecurityGroupRuleId']}"
        )


def test_parameters_with_noecho_are_hidden_and_others_are_not(in_account: InAccount) -> None:
    stacks = ask(
        in_account("ledger-production"), "cloudformation", "DescribeStacks", StackName="ledger-prod"
    )
    stack = stacks["Stacks"][0]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert values["AdminToken"] == "****"
    assert CANARY in values["DatabasePassword"]
    assert stack["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"}


def test_members_see_the_organizations_trail_as_a_shadow(in_account: InAccount) -> None:
    for region in REGIONS:
        client = in_account("log-archive").client("cloudtrail", region)
        trails = client.describe_trails(includeShadowTrails=True)["trailList"]
        assert [trail["Name"] for trail in trails] == ["organization-trail"]
        assert ACCOUNT_IDS["management"] in trails[0]["TrailARN"]
        assert client.describe_trails(includeShadowTrails=False)["trailList"] == []


def test_a_trail_without_selectors_logs_all_management_events(in_account: InAccount) -> None:
    client = in_account("sandbox").client("cloudtrail")
    client.create_trail(Name="bare-trail", S3BucketName="example-organization-trail")
    try:
        selectors = client.get_event_selectors(TrailName="bare-trail")["EventSelectors"]
        assert [each["ReadWriteType"] for each in selectors] == ["All"]
        assert selectors[0]["IncludeManagementEvents"]
    finally:
        client.delete_trail(Name="bare-trail")


def test_the_policy_of_a_key_needs_no_name(in_account: InAccount) -> None:
    account = in_account("billing-production")
    trail = account.client("cloudtrail").get_trail(Name="billing-trail")["Trail"]
    unnamed = ask(account, "kms", "GetKeyPolicy", KeyId=trail["KmsKeyId"])
    named = ask(account, "kms", "GetKeyPolicy", KeyId=trail["KmsKeyId"], PolicyName="default")
    assert "cloudtrail.amazonaws.com" in unnamed["Policy"]
    assert unnamed["Policy"] == named["Policy"]
    missing = error_code(account, "kms", "GetKeyPolicy", KeyId=account.arn("kms", "key/0"))
    assert missing == "NotFoundException"


def test_a_replica_has_its_primary_secrets_policy(in_account: InAccount) -> None:
    account = in_account("billing-production")
    replica = account.client("secretsmanager", REGIONS[1])
    answer = replica.get_resource_policy(SecretId="prod/shared/twilio")
    assert answer["ARN"].startswith(f"arn:aws:secretsmanager:{REGIONS[1]}:")
    assert "ResourcePolicy" not in answer
    missing = error_code(account, "secretsmanager", "GetResourcePolicy", SecretId="no-such-secret")
    assert missing == "ResourceNotFoundException"


def test_versions_of_a_secret_tell_when_they_were_made(in_account: InAccount) -> None:
    account = in_account("billing-production")
    answer = ask(
        account, "secretsmanager", "ListSecretVersionIds", SecretId="prod/billing/database"
    )
    ages = {
        version["VersionStages"][0]: (account.now - version["CreatedDate"]).days
        for version in answer["Versions"]
    }
    assert ages == {"AWSCURRENT": 9, "AWSPREVIOUS": 700}
    assert "NextToken" not in answer
