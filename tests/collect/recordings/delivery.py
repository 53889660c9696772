"""Recorded answers about builds, deployments, secrets, parameters and shares."""

from typing import Any

from tests.collect.fake_caller import ACCOUNT, WHEN
from tests.collect.recordings.workloads import (
    POLICY,
    SECRET_ARN,
    SECRET_VALUE,
    SMALL_PAIRS,
    arn,
    role,
)

STACK = arn("cloudformation", "stack/billing-prod/1")
WEBHOOK = {
    "url": "https://api.github.com/repos/example/app/hooks/1",
    "payloadUrl": f"https://codebuild.eu-west-1.amazonaws.com/webhooks?t={SECRET_VALUE}",
    "secret": SECRET_VALUE,
    "branchFilter": "main",
    "filterGroups": [[{"type": "EVENT", "pattern": "PUSH"}]],
    "buildType": "BUILD",
}
PROJECT: dict[str, Any] = {
    "arn": arn("codebuild", "project/app"),
    "name": "app",
    "source": {
        "type": "GITHUB",
        "location": f"https://bot:{SECRET_VALUE}@github.com/example/app.git",
        "buildspec": f"version: 0.2\nenv:\n  variables:\n    PASSWORD: {SECRET_VALUE}\n",
        "auth": {"type": "CODECONNECTIONS", "resource": arn("codeconnections", "connection/1")},
    },
    "sourceVersion": "main",
    "secondarySources": [
        {
            "type": "GITHUB",
            "location": f"https://{SECRET_VALUE}@github.com/example/more.git",
            "buildspec": SECRET_VALUE,
            "sourceIdentifier": "more",
        }
    ],
    "environment": {
        "type": "LINUX_CONTAINER",
        "image": "aws/codebuild/standard:7.0",
        "computeType": "BUILD_GENERAL1_SMALL",
        "privilegedMode": True,
        "environmentVariables": [
            {"name": "NPM_TOKEN", "value": SECRET_VALUE, "type": "PLAINTEXT"},
            {"name": "DB_PASSWORD", "value": "/app/db", "type": "PARAMETER_STORE"},
            {"name": "API_KEY", "value": SECRET_ARN, "type": "SECRETS_MANAGER"},
        ],
    },
    "webhook": WEBHOOK,
    "serviceRole": role("build"),
    "projectVisibility": "PRIVATE",
    "vpcConfig": {"vpcId": "vpc-1", "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
    "created": WHEN,
    "lastModified": WHEN,
    "tags": SMALL_PAIRS,
}
SECRET = {"ARN": SECRET_ARN, "Name": "prod/billing/db"}


def stack_set(name: str, model: str) -> dict[str, Any]:
    """A stack set as `ListStackSets` gives it."""
    return {
        "StackSetId": f"{name}:1",
        "StackSetName": name,
        "Status": "ACTIVE",
        "PermissionModel": model,
        "AutoDeployment": {"Enabled": True},
        "DriftStatus": "NOT_CHECKED",
        "LastDriftCheckTimestamp": WHEN,
    }


def share(**asked: Any) -> dict[str, Any]:
    """A share of one's own, or one that another account opened."""
    owner = ACCOUNT if asked["resourceOwner"] == "SELF" else "111122223333"
    return {
        "resourceShares": [
            {
                "resourceShareArn": f"arn:aws:ram:eu-west-1:{owner}:resource-share/1",
                "name": "network",
                "owningAccountId": owner,
                "allowExternalPrincipals": True,
                "status": "ACTIVE",
                "creationTime": WHEN,
                "tags": SMALL_PAIRS,
            }
        ]
    }


def association(**asked: Any) -> dict[str, Any]:
    """A principal's or a resource's association."""
    entity = {"PRINCIPAL": "111122223333", "RESOURCE": arn("ec2", "subnet/subnet-1")}
    return {
        "resourceShareAssociations": [
            {
                "resourceShareArn": arn("ram", "resource-share/1"),
                "associationType": asked["associationType"],
                "associatedEntity": entity[asked["associationType"]],
                "status": "ASSOCIATED",
                "external": True,
                "creationTime": WHEN,
            }
        ]
    }


RECORDED: dict[str, dict[str, Any]] = {
    "cloudformation_stack_sets": {
        "ListStackSets": {
            "Summaries": [
                stack_set("baseline", "SELF_MANAGED"),
                stack_set("roles", "SERVICE_MANAGED"),
            ]
        },
        "DescribeStackSet": {
            "StackSet": {
                "StackSetName": "baseline",
                "TemplateBody": SECRET_VALUE,
                "Parameters": [{"ParameterKey": "Password", "ParameterValue": SECRET_VALUE}],
                "AdministrationRoleARN": role("AWSCloudFormationStackSetAdministrationRole"),
                "ExecutionRoleName": "AWSCloudFormationStackSetExecutionRole",
            }
        },
    },
    "cloudformation_stack_policies": {
        "DescribeStacks": {
            "Stacks": [
                {
                    "StackId": STACK,
                    "StackName": "billing-prod",
                    "StackStatus": "CREATE_COMPLETE",
                    "CreationTime": WHEN,
                }
            ]
        },
        "GetStackPolicy": {"StackPolicyBody": POLICY},
    },
    "codebuild_projects": {
        "ListProjects": {"projects": ["app"]},
        "BatchGetProjects": {"projects": [PROJECT]},
    },
    "secretsmanager_secret_versions": {
        "ListSecrets": {"SecretList": [SECRET]},
        "ListSecretVersionIds": [
            {
                "ARN": SECRET_ARN,
                "Name": "prod/billing/db",
                "Versions": [
                    {
                        "VersionId": "v2",
                        "VersionStages": ["AWSCURRENT"],
                        "CreatedDate": WHEN,
                        "LastAccessedDate": WHEN,
                    }
                ],
                "NextToken": "more",
            },
            {
                "ARN": SECRET_ARN,
                "Name": "prod/billing/db",
                "Versions": [{"VersionId": "v1", "VersionStages": ["AWSPREVIOUS"]}],
            },
        ],
    },
    "ssm_parameters": {
        "DescribeParameters": {
            "Parameters": [
                {
                    "ARN": arn("ssm", "parameter/app/db"),
                    "Name": "/app/db",
                    "Type": "SecureString",
                    "DataType": "text",
                    "KeyId": "alias/aws/ssm",
                    "Version": 3,
                    "LastModifiedDate": WHEN,
                    "Description": f"is {SECRET_VALUE} for now",
                }
            ]
        }
    },
    "ram_resource_shares": {"GetResourceShares": share},
    "ram_resource_share_associations": {"GetResourceShareAssociations": association},
}
