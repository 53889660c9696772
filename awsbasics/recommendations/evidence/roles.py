"""Which IAM roles checks leave alone, by the global exemptions."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsbasics.engagement import Engagement

# Nobody can change these: AWS writes them for a service, or for a permission set, which is
# judged instead (IAM user guide, "Service-linked roles"; Identity Center user guide).
AWS_PATHS = ("/aws-service-role/", "/aws-reserved/sso.amazonaws.com/")

# Organizations makes it in every account that it creates; ORG.6 judges it.
ORGANIZATION_ROLE = "OrganizationAccountAccessRole"


def is_aws_own(role: Any) -> bool:
    """Whether AWS writes the role (a row with `path`): service-linked, or SSO-reserved."""
    return (role.path or "/").startswith(AWS_PATHS)


def is_exempt(role: Any, engagement: "Engagement") -> bool:
    """Whether checks on roles leave it (a row with `name` and `path`) alone."""
    path = role.path or "/"
    return (
        is_aws_own(role)
        or role.name == ORGANIZATION_ROLE
        or engagement.roles.is_provisioning(role.name, path)
    )
