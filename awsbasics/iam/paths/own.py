"""Paths of our own, with the pages that say that they work."""

from dataclasses import dataclass

from awsbasics.iam.paths.declaration import Gain, On
from awsbasics.iam.paths.published import FUNCTION, PROJECT
from awsbasics.iam.paths.shape import Shape, passed

_DOCS = "https://docs.aws.amazon.com"
_IAM_API = f"{_DOCS}/IAM/latest/APIReference"
_SSO_API = f"{_DOCS}/singlesignon/latest/APIReference"


@dataclass(frozen=True, slots=True)
class Own:
    """A path of our own: its shape, the actions, and the page that says they do this."""

    name: str
    shape: Shape
    actions: tuple[str, ...]
    source: str


_SELF_USER = Shape(Gain.UNBOUND, {}, only="user")
_SELF_ROLE = Shape(Gain.UNBOUND, {}, only="role")
_PERMISSION_SET = Shape(Gain.CENTER, {}, exists="a permission set that somebody can use")

OWN: tuple[Own, ...] = (
    Own(
        "an older version of a policy of one's own",
        Shape(Gain.SELF, {}, exists="an older version of the policy that allows more"),
        ("iam:SetDefaultPolicyVersion",),
        f"{_IAM_API}/API_SetDefaultPolicyVersion.html",
    ),
    Own(
        "removing one's boundary (user)",
        _SELF_USER,
        ("iam:DeleteUserPermissionsBoundary",),
        f"{_IAM_API}/API_DeleteUserPermissionsBoundary.html",
    ),
    Own(
        "removing one's boundary (role)",
        _SELF_ROLE,
        ("iam:DeleteRolePermissionsBoundary",),
        f"{_IAM_API}/API_DeleteRolePermissionsBoundary.html",
    ),
    Own(
        "replacing one's boundary (user)",
        _SELF_USER,
        ("iam:PutUserPermissionsBoundary",),
        f"{_IAM_API}/API_PutUserPermissionsBoundary.html",
    ),
    Own(
        "replacing one's boundary (role)",
        _SELF_ROLE,
        ("iam:PutRolePermissionsBoundary",),
        f"{_IAM_API}/API_PutRolePermissionsBoundary.html",
    ),
    Own(
        "rewriting the policy that is one's boundary",
        Shape(Gain.UNBOUND, {"iam:CreatePolicyVersion": On.BOUNDARY}),
        ("iam:CreatePolicyVersion",),
        f"{_DOCS}/IAM/latest/UserGuide/access_policies_boundaries.html",
    ),
    Own(
        "a root session in a member account",
        Shape(Gain.MEMBER, {}),
        ("sts:AssumeRoot",),
        f"{_DOCS}/STS/latest/APIReference/API_AssumeRoot.html",
    ),
    Own(
        "assigning a permission set",
        _PERMISSION_SET,
        ("sso:CreateAccountAssignment",),
        f"{_SSO_API}/API_CreateAccountAssignment.html",
    ),
    Own(
        "a policy in a permission set",
        _PERMISSION_SET,
        ("sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet"),
        f"{_SSO_API}/API_PutInlinePolicyToPermissionSet.html",
    ),
    Own(
        "a managed policy on a permission set",
        _PERMISSION_SET,
        ("sso:AttachManagedPolicyToPermissionSet", "sso:ProvisionPermissionSet"),
        f"{_SSO_API}/API_AttachManagedPolicyToPermissionSet.html",
    ),
    Own(
        "another identity provider's metadata (SAML)",
        Shape(Gain.FEDERATED, {}, only="saml-provider"),
        ("iam:UpdateSAMLProvider",),
        f"{_IAM_API}/API_UpdateSAMLProvider.html",
    ),
    Own(
        "another certificate of an identity provider (OIDC)",
        Shape(
            Gain.FEDERATED,
            {},
            only="oidc-provider",
            exists="control over the provider's address",
        ),
        ("iam:UpdateOpenIDConnectProviderThumbprint",),
        f"{_IAM_API}/API_UpdateOpenIDConnectProviderThumbprint.html",
    ),
    Own(
        "another audience of an identity provider (OIDC)",
        Shape(Gain.FEDERATED, {}, only="oidc-provider", exists="a token of the provider that fits"),
        ("iam:AddClientIDToOpenIDConnectProvider",),
        f"{_IAM_API}/API_AddClientIDToOpenIDConnectProvider.html",
    ),
    Own(
        "an automation that works as a role",
        passed(service="ssm.amazonaws.com"),
        ("iam:PassRole", "ssm:StartAutomationExecution"),
        f"{_DOCS}/systems-manager/latest/APIReference/API_StartAutomationExecution.html",
    ),
    Own(
        "another instance profile for an instance",
        passed("ec2_instances", "an instance to enter", "ec2.amazonaws.com"),
        ("iam:PassRole", "ec2:ReplaceIamInstanceProfileAssociation"),
        f"{_DOCS}/AWSEC2/latest/APIReference/API_ReplaceIamInstanceProfileAssociation.html",
    ),
    Own(
        "an instance profile for an instance without one",
        passed("ec2_instances", "an instance to enter", "ec2.amazonaws.com"),
        ("iam:PassRole", "ec2:AssociateIamInstanceProfile"),
        f"{_DOCS}/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html",
    ),
    Own(
        "another role in an instance profile",
        passed("ec2_instances", "an instance to enter", "ec2.amazonaws.com"),
        ("iam:PassRole", "iam:RemoveRoleFromInstanceProfile", "iam:AddRoleToInstanceProfile"),
        f"{_IAM_API}/API_AddRoleToInstanceProfile.html",
    ),
    Own(
        "a state machine that works as a role",
        passed(service="states.amazonaws.com"),
        ("iam:PassRole", "states:CreateStateMachine", "states:StartExecution"),
        f"{_DOCS}/step-functions/latest/apireference/API_CreateStateMachine.html",
    ),
    Own(
        "a schedule that calls any API as a role",
        passed(service="scheduler.amazonaws.com"),
        ("iam:PassRole", "scheduler:CreateSchedule"),
        f"{_DOCS}/scheduler/latest/UserGuide/managing-targets-universal.html",
    ),
    Own(
        "another build specification for a project",
        PROJECT,
        ("codebuild:UpdateProject", "codebuild:StartBuild"),
        f"{_DOCS}/codebuild/latest/APIReference/API_UpdateProject.html",
    ),
    Own(
        "other libraries or settings for a function",
        FUNCTION,
        ("lambda:UpdateFunctionConfiguration",),
        f"{_DOCS}/lambda/latest/api/API_UpdateFunctionConfiguration.html",
    ),
)
