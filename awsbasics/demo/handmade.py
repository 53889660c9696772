"""Roles and policies that no stack owns (APP.1, APP.3, APP.5, APP.8, ORG.6), and exempt ones.

bad      ledger-hotfix, ledger-deploy, temp-admin, legacy-import: by hand, with wildcards;
         `hotfix` was put by hand on ledger's own role;
         cost-reporter in the management account may enter every member
good     sandbox-engineer makes roles under a boundary only (SCP.4)
by code  monitoring-agent (Terraform), the CDK's bootstrap roles: known by their tags
exempt   service-linked roles, Control Tower's role
"""

from collections.abc import Mapping

from awsbasics.demo.account import Account
from awsbasics.demo.documents import allow, document, service_trust, trust
from awsbasics.demo.setting import (
    FORMULA,
    HOME_REGION,
    IMAGE,
    MANAGEMENT,
    ROLE,
    SCRIPT,
)

AWS_POLICY = "arn:aws:iam::aws:policy/"
EVERYTHING = document(allow("*"))


def build_handmade(accounts: Mapping[str, Account]) -> None:
    """Create the roles and policies of all accounts that people and tools made."""
    for name, account in accounts.items():
        if name != MANAGEMENT:
            _provisioned(account, accounts[MANAGEMENT])
    for name in ("billing-production", "ledger-production", "development"):
        _service_linked(accounts[name])
    for name in ("billing-production", "ledger-production"):
        _break_glass(accounts[name])
    _ledger(accounts["ledger-production"])
    _development(accounts["development"])
    _by_code(accounts["test"])
    _assessor(accounts[MANAGEMENT])
    _cost_reporter(accounts[MANAGEMENT])
    _bounded(accounts["sandbox"])


def _provisioned(account: Account, management: Account) -> None:
    client = account.client("iam")
    client.attach_role_policy(RoleName=ROLE, PolicyArn=AWS_POLICY + "AdministratorAccess")
    with account.ago(1480):
        client.create_role(
            RoleName="AWSControlTowerExecution",
            AssumeRolePolicyDocument=trust({"AWS": management.arn("iam", "root")}),
        )
    client.attach_role_policy(
        RoleName="AWSControlTowerExecution", PolicyArn=AWS_POLICY + "AdministratorAccess"
    )


def _service_linked(account: Account) -> None:
    client = account.client("iam")
    with account.ago(650):
        for service in ("autoscaling", "elasticloadbalancing"):
            client.create_service_linked_role(AWSServiceName=f"{service}.amazonaws.com")


def _break_glass(account: Account) -> None:
    with account.ago(600):
        account.client("iam").create_role(
            RoleName="break-glass",
            Path="/emergency/",
            AssumeRolePolicyDocument=trust(
                {"AWS": account.arn("iam", "root")},
                condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            ),
            Description="Emergencies, two people, written down",
            MaxSessionDuration=3600,
        )
    account.client("iam").attach_role_policy(
        RoleName="break-glass", PolicyArn=AWS_POLICY + "AdministratorAccess"
    )


def _ledger(account: Account) -> None:
    client = account.client("iam")
    with account.ago(420):
        client.create_role(
            RoleName="ledger-deploy",
            AssumeRolePolicyDocument=trust({"AWS": account.arn("iam", "root")}),
            Description="Deploys ledger, and could do anything else",
        )
        client.attach_role_policy(
            RoleName="ledger-deploy", PolicyArn=AWS_POLICY + "AdministratorAccess"
        )
        client.create_policy(
            PolicyName="temp-admin", PolicyDocument=EVERYTHING, Description="Until Friday"
        )
    with account.ago(30):
        client.create_role(
            RoleName="ledger-hotfix", AssumeRolePolicyDocument=service_trust("lambda")
        )
        client.put_role_policy(
            RoleName="ledger-hotfix",
            PolicyName="fix",
            PolicyDocument=document(
                allow(["dynamodb:PutItem", "iam:PassRole"]), allow("secretsmanager:*")
            ),
        )
        client.put_role_policy(
            RoleName="ledger-prod-app",
            PolicyName="hotfix",
            PolicyDocument=document(allow("secretsmanager:GetSecretValue")),
        )


def _development(account: Account) -> None:
    """A role whose texts are hostile: they must reach the report as texts."""
    client = account.client("iam")
    with account.ago(330):
        client.create_role(
            RoleName="legacy-import",
            AssumeRolePolicyDocument=service_trust("ec2"),
            Description=f"Imports things {SCRIPT}",
            Tags=[{"Key": "note", "Value": IMAGE}, {"Key": "formula", "Value": FORMULA}],
        )
        client.put_role_policy(
            RoleName="legacy-import", PolicyName=SCRIPT, PolicyDocument=EVERYTHING
        )


def _by_code(account: Account) -> None:
    client = account.client("iam")
    with account.ago(280):
        client.create_role(
            RoleName="monitoring-agent",
            AssumeRolePolicyDocument=service_trust("ec2"),
            Tags=[{"Key": "ManagedBy", "Value": "Terraform"}],
        )
        client.put_role_policy(
            RoleName="monitoring-agent",
            PolicyName="metrics",
            PolicyDocument=document(allow(["cloudwatch:PutMetricData", "ec2:DescribeTags"])),
        )
        for kind, service in (("cfn-exec", "cloudformation"), ("deploy", None)):
            principal = (
                service_trust(service) if service else trust({"AWS": account.arn("iam", "root")})
            )
            client.create_role(
                RoleName=f"cdk-hnb659fds-{kind}-role-{account.id}-{HOME_REGION}",
                AssumeRolePolicyDocument=principal,
                Tags=[{"Key": "aws-cdk:bootstrap-role", "Value": kind}],
            )


def _assessor(account: Account) -> None:
    """The role that the demo's own credentials show."""
    client = account.client("iam")
    with account.ago(20):
        client.create_role(
            RoleName="security-assessor",
            AssumeRolePolicyDocument=trust(
                {"AWS": account.arn("iam", "root")},
                condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            ),
        )
        for policy in ("SecurityAudit", "job-function/ViewOnlyAccess"):
            client.attach_role_policy(RoleName="security-assessor", PolicyArn=AWS_POLICY + policy)


def _cost_reporter(account: Account) -> None:
    client = account.client("iam")
    with account.ago(200):
        client.create_role(
            RoleName="cost-reporter", AssumeRolePolicyDocument=service_trust("lambda")
        )
        client.put_role_policy(
            RoleName="cost-reporter",
            PolicyName="members",
            PolicyDocument=document(allow("sts:AssumeRole", f"arn:aws:iam::*:role/{ROLE}")),
        )


def _bounded(account: Account) -> None:
    """Where engineers try policies: what they make is under a boundary, which they cannot edit."""
    client = account.client("iam")
    with account.ago(150):
        boundary = client.create_policy(
            PolicyName="sandbox-boundary",
            PolicyDocument=document(allow(["s3:*", "dynamodb:*", "logs:*"])),
            Description="The most that a role of the sandbox may ever do",
        )["Policy"]["Arn"]
        client.create_role(
            RoleName="sandbox-engineer",
            AssumeRolePolicyDocument=trust({"AWS": account.arn("iam", "root")}),
        )
        bounded = {"StringEquals": {"iam:PermissionsBoundary": boundary}}
        client.put_role_policy(
            RoleName="sandbox-engineer",
            PolicyName="try-policies",
            PolicyDocument=document(
                allow(
                    ["iam:CreateRole", "iam:PutRolePolicy"],
                    account.arn("iam", "role/try/*"),
                    bounded,
                )
            ),
        )
