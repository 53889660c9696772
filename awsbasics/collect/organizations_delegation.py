"""Powers that the organization hands on: to AWS's services, by its resource policy, over roots.

ORG.8 and ORG.10 ask to whom; ORG.5 asks whether members' root users are managed centrally.
"""

from collections.abc import Iterator

from awsbasics.collect.organizations import NO_ORGANIZATION
from awsbasics.collect.table import Caller, Column, Item, Table

# What IAM answers where nobody switched central root access on, or where it cannot be.
NO_FEATURES = (
    "ServiceAccessNotEnabledException",
    "OrganizationNotFoundException",
    "OrganizationNotInAllFeaturesModeException",
)


def _features(call: Caller) -> Iterator[Item]:
    """One row; the id is asked for first, since a whole answer always has it."""
    operation = "ListOrganizationsFeatures"
    for organization_id in call.items("iam", operation, "OrganizationId"):
        enabled = call.items("iam", operation, "EnabledFeatures")
        yield {"organization_id": organization_id, "enabled_features": sorted(enabled)}


TABLES = (
    Table(
        name="organizations_service_access",
        description="AWS's services that may act in all accounts of the organization.",
        service="organizations",
        operation="ListAWSServiceAccessForOrganization",
        path="EnabledServicePrincipals",
        scope="organization",
        absent_codes=NO_ORGANIZATION,
        columns=(
            Column(
                "service_principal",
                "string",
                "ServicePrincipal",
                "The service, as in `guardduty.amazonaws.com`.",
            ),
            Column("enabled_at", "timestamp", "DateEnabled", "When it was let in."),
        ),
    ),
    Table(
        name="organizations_resource_policy",
        description="The policy that delegates the organization's own API; no row without one.",
        service="organizations",
        operation="DescribeResourcePolicy",
        path="ResourcePolicy",
        scope="organization",
        absent_codes=(*NO_ORGANIZATION, "ResourcePolicyNotFoundException"),
        columns=(
            Column("id", "string", "ResourcePolicySummary.Id", "AWS's id of the policy, rp-…"),
            Column("arn", "string", "ResourcePolicySummary.Arn", "ARN of the policy."),
            Column("content", "json", "Content", "The policy document."),
        ),
    ),
    Table(
        name="iam_organizations_features",
        description="Central management of members' root users; no row where it is off.",
        service="iam",
        operation="ListOrganizationsFeatures",
        path="EnabledFeatures",
        scope="organization",
        absent_codes=NO_FEATURES,
        gather=_features,
        columns=(
            Column("organization_id", "string", "", "AWS's id of the organization, o-…"),
            Column(
                "enabled_features",
                "json",
                "",
                "List of RootCredentialsManagement (root credentials can be removed) and "
                "RootSessions (short sessions as root).",
            ),
        ),
    ),
)
