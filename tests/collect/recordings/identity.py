"""Recorded answers about accounts, organizations and IAM."""

from typing import Any

from tests.collect.fake_caller import ACCOUNT, WHEN

IAM = f"arn:aws:iam::{ACCOUNT}"
ORGANIZATION = "arn:aws:organizations::123456789012:resourcepolicy/o-example/rp-1"
DELEGATION = '{"Version": "2012-10-17", "Statement": []}'

MADE = ("2026-01-02T03:04:05+00:00", "2025-06-01T00:00:00+00:00")
REPORT_HEADER = ",".join(
    (
        "user,arn",
        *(
            f"access_key_{n}_{name}"
            for n in (1, 2)
            for name in (
                "last_rotated",
                "last_used_date",
                "last_used_region",
                "last_used_service",
            )
        ),
    )
)
ROOT_ROW = f"<root_account>,{IAM}:root,{MADE[0]},N/A,N/A,N/A,N/A,N/A,N/A,N/A"
KIM_ROW = f"kim,{IAM}:user/kim,{MADE[0]},{MADE[0]},us-east-1,s3,{MADE[1]},N/A,N/A,N/A"
SAM_ROW = f"sam,{IAM}:user/sam,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A"


def credential_report(*rows: str) -> dict[str, Any]:
    """A report of these users' keys."""
    content = "\n".join((REPORT_HEADER, *rows)).encode()
    return {"Content": content, "ReportFormat": "text/csv", "GeneratedTime": WHEN}


def key(key_id: str, made: Any = WHEN) -> dict[str, Any]:
    """A key as `ListAccessKeys` gives it."""
    return {"UserName": "kim", "AccessKeyId": key_id, "Status": "Active", "CreateDate": made}


def details(*roles: str, path: str = "/") -> dict[str, Any]:
    """Authorization details with these roles."""
    made = [
        {
            "Path": path,
            "RoleName": role,
            "RoleId": "AROA",
            "Arn": f"{IAM}:role{path}{role}",
            "CreateDate": WHEN,
        }
        for role in roles
    ]
    return {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": made,
        "Policies": [],
        "IsTruncated": False,
    }


USED = {
    "ServiceName": "Amazon S3",
    "ServiceNamespace": "s3",
    "LastAuthenticated": WHEN,
    "LastAuthenticatedRegion": "eu-west-1",
    "TotalAuthenticatedEntities": 1,
}

RECORDED: dict[str, dict[str, Any]] = {
    "organizations_service_access": {
        "ListAWSServiceAccessForOrganization": {
            "EnabledServicePrincipals": [
                {"ServicePrincipal": "guardduty.amazonaws.com", "DateEnabled": WHEN}
            ]
        }
    },
    "organizations_resource_policy": {
        "DescribeResourcePolicy": {
            "ResourcePolicy": {
                "ResourcePolicySummary": {"Id": "rp-1", "Arn": ORGANIZATION},
                "Content": DELEGATION,
            }
        }
    },
    "iam_organizations_features": {
        "ListOrganizationsFeatures": {
            "OrganizationId": "o-example",
            "EnabledFeatures": ["RootSessions", "RootCredentialsManagement"],
        }
    },
    "account_alternate_contacts": {
        "GetAlternateContact": {
            "AlternateContact": {
                "Name": "Security team",
                "Title": "On call",
                "EmailAddress": "security@example.com",
                "PhoneNumber": "+44 20 7946 0000",
                "AlternateContactType": "SECURITY",
            }
        }
    },
    "iam_access_keys": {
        "GenerateCredentialReport": {"State": "COMPLETE"},
        "GetCredentialReport": credential_report(ROOT_ROW, KIM_ROW, SAM_ROW),
        "ListAccessKeys": {
            "AccessKeyMetadata": [
                key("AKIA-EXAMPLE-KEY-1"),
                key("AKIA-EXAMPLE-KEY-3", WHEN.replace(year=2027)),
            ],
            "IsTruncated": False,
        },
        "GetAccessKeyLastUsed": {
            "UserName": "kim",
            "AccessKeyLastUsed": {
                "LastUsedDate": WHEN,
                "ServiceName": "sts",
                "Region": "eu-west-1",
            },
        },
    },
    "iam_oidc_providers": {
        "ListOpenIDConnectProviders": {
            "OpenIDConnectProviderList": [
                {"Arn": f"{IAM}:oidc-provider/token.actions.githubusercontent.com"}
            ]
        },
        "GetOpenIDConnectProvider": {
            "Url": "token.actions.githubusercontent.com",
            "ClientIDList": ["sts.amazonaws.com"],
            "ThumbprintList": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
            "CreateDate": WHEN,
            "Tags": [{"Key": "team", "Value": "platform"}],
        },
    },
    "iam_saml_providers": {
        "ListSAMLProviders": {
            "SAMLProviderList": [
                {"Arn": f"{IAM}:saml-provider/login", "ValidUntil": WHEN, "CreateDate": WHEN}
            ]
        }
    },
    "iam_service_last_accessed": {
        "GetAccountAuthorizationDetails": details("app"),
        "GenerateServiceLastAccessedDetails": {"JobId": "1" * 36},
        "GetServiceLastAccessedDetails": {
            "JobStatus": "COMPLETED",
            "JobCreationDate": WHEN,
            "JobCompletionDate": WHEN,
            "ServicesLastAccessed": [
                USED,
                {"ServiceName": "Amazon SQS", "ServiceNamespace": "sqs"},
            ],
            "IsTruncated": False,
        },
    },
}
