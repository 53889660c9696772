"""The doctor before the demo organization, with AWS's refusals planted before it."""

from collections.abc import Iterator

import boto3
import pytest
from click.testing import CliRunner

from awsbasics.cli import main
from awsbasics.collect.diagnosis import Diagnosis, describe
from awsbasics.collect.doctor import diagnose
from awsbasics.collect.tables import TABLES
from awsbasics.demo import REGIONS, DemoOrganization, demo_session
from awsbasics.errors import CredentialsError
from tests.faulty_aws import Fault, FaultyAws

ROLE = "OrganizationAccountAccessRole"
NOT_ALLOWED = Fault(
    "UnauthorizedOperation",
    "User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: ec2:DescribeVpcs "
    "because no identity-based policy allows the ec2:DescribeVpcs action",
)
BY_SCP = Fault("AccessDenied", "x with an explicit deny in a service control policy: p-1")
EXPLICITLY = Fault("AccessDenied", "x with an explicit deny in an identity-based policy: y")


@pytest.fixture
def aws(faulty_demo: FaultyAws) -> Iterator[FaultyAws]:
    faulty_demo.faults.clear()
    faulty_demo.times.clear()
    faulty_demo.calls.clear()
    yield faulty_demo
    faulty_demo.faults.clear()


def refused(found: Diagnosis) -> dict[str, str]:
    return {refusal.action: refusal.why for refusal in found.refusals}


def test_where_all_is_well_it_says_who_what_and_where(
    aws: FaultyAws, organization: DemoOrganization
) -> None:
    result = CliRunner().invoke(main, ["doctor", "--role", ROLE])
    home = organization.management_account_id
    assert result.exit_code == 0, result.output
    assert f"account {home}" in result.output
    assert f"8 accounts, management account {home}" in result.output
    assert f"7 of 7 can be entered with role {ROLE}" in result.output
    assert f"{', '.join(sorted(REGIONS))} are on; 36 are off" in result.output
    assert "all well" in result.output


def test_it_tries_the_call_of_every_table_and_one_page_of_each(
    aws: FaultyAws, organization: DemoOrganization
) -> None:
    found = diagnose(demo_session())
    assert found.healthy
    assert found.tried == (organization.management_account_id,)
    for table in TABLES.values():
        assert aws.calls[table.operation] or table.optional, table.name
    assert aws.calls["LookupEvents"] == 1
    assert aws.calls["AssumeRole"] == 0


def test_it_says_which_calls_it_did_not_try(aws: FaultyAws) -> None:
    lines = describe(diagnose(demo_session())).splitlines()
    untried = {name for name, table in TABLES.items() if not aws.calls[table.operation]}
    said = [line.split()[2].rstrip(":") for line in lines if line.startswith("not tried")]
    assert said == sorted(untried)


def test_refused_calls_are_told_with_the_statement_to_add(
    aws: FaultyAws, organization: DemoOrganization
) -> None:
    aws.faults["DescribeVpcs"] = NOT_ALLOWED
    aws.faults["GetTrailStatus"] = Fault("AccessDeniedException", "", status=400)
    aws.faults["ListBuckets"] = Fault("AccessDenied", "Access Denied")
    aws.faults["ListSecrets"] = Fault("AccessDeniedException", BY_SCP.message, status=400)
    aws.faults["DescribeSubnets"] = EXPLICITLY
    found = diagnose(demo_session(), role=ROLE)

    assert not found.healthy
    assert refused(found) == {
        "ec2:DescribeVpcs": "not allowed",
        "cloudtrail:GetTrailStatus": "not allowed",
        "s3:ListAllMyBuckets": "not allowed",
        "secretsmanager:ListSecrets": "scp",
        "ec2:DescribeSubnets": "explicit deny",
    }
    grantable = ["cloudtrail:GetTrailStatus", "ec2:DescribeVpcs", "s3:ListAllMyBuckets"]
    home, member = found.tried
    assert home == organization.management_account_id
    for account in (home, member):
        [statement] = found.policies()[account]["Statement"]
        assert statement["Effect"] == "Allow"
        assert set(statement["Action"]) <= set(grantable)
        assert "ec2:DescribeVpcs" in statement["Action"]
    assert found.policies()[home]["Statement"][0]["Action"] == grantable


def test_accounts_that_cannot_be_entered_are_listed_with_awss_reason(
    few_tables: None, aws: FaultyAws, organization: DemoOrganization
) -> None:
    aws.faults["AssumeRole"] = Fault("AccessDenied", "is not authorized to perform: sts:AssumeRole")
    result = CliRunner().invoke(main, ["doctor", "--role", ROLE, "--external-id", "long-text"])
    assert result.exit_code == 1
    assert "0 of 7 can be entered" in result.output
    sandbox = organization.accounts["sandbox"]
    [line] = [line for line in result.output.splitlines() if line.startswith(f"  {sandbox} ")]
    assert "is not authorized to perform: sts:AssumeRole" in line
    assert f'"Resource": "arn:aws:iam::*:role/{ROLE}"' in result.output
    assert "trusts role security-assessor of account" in result.output


def test_what_fails_otherwise_is_not_taken_for_a_missing_permission(
    few_tables: None, aws: FaultyAws
) -> None:
    aws.faults["ListSecrets"] = Fault("InvalidRequestException", "planted", status=400)
    found = diagnose(demo_session())
    assert "secretsmanager_secrets" in {row.table for row in found.failures}
    assert {row.error_code for row in found.failures} == {"InvalidRequestException"}
    assert not found.refusals
    assert not found.healthy
    assert found.policies() == {}


def test_a_members_view_of_the_organization_is_no_missing_permission(
    few_tables: None, aws: FaultyAws, organization: DemoOrganization
) -> None:
    member = organization.accounts["sandbox"]
    keys = (
        demo_session()
        .client("sts")
        .assume_role(RoleArn=f"arn:aws:iam::{member}:role/{ROLE}", RoleSessionName="test")[
            "Credentials"
        ]
    )
    session = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name="us-east-1"
    )
    for operation in ("ListAccounts", "ListRoots"):
        aws.faults[operation] = Fault(
            "AccessDeniedException", "You don't have permissions to access this resource.", 400
        )
    found = diagnose(session)
    assert {refused(found)[f"organizations:{name}"] for name in ("ListAccounts", "ListRoots")} == {
        "elsewhere"
    }
    assert found.policies() == {}


def test_without_credentials_it_is_an_error_of_one_line(
    few_tables: None, aws: FaultyAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.faults["GetCallerIdentity"] = Fault("ExpiredToken")
    with pytest.raises(CredentialsError, match="sign in again"):
        diagnose(demo_session())
