"""Privilege escalation paths, declared: which actions, on what, to become whom.

Facts (ids, names, required actions, services that a passed role trusts) are pathfinding.cloud's,
in data/privilege_escalation_paths.json; here stands what each means: what its actions must be
allowed on, and who is gained. Paths of our own are `awsbasics-001` and on, with their sources.
A new path is a new declaration.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class On(StrEnum):
    """What an action must be allowed on."""

    ANY = "any"  # something that the caller makes, or picks
    SELF = "self"
    TARGET = "target"  # the role or user to be gained
    PASSED = "passed"  # the role to be gained, handed to a service
    GROUP = "group"  # a group: the caller's own, or the one to join
    POLICY = "policy"  # a customer managed policy attached to the target
    BOUNDARY = "boundary"  # the caller's boundary policy
    RESOURCE = "resource"  # something that exists and carries the role
    PROVIDER = "provider"  # the identity provider that the role trusts
    ASSUME = "assume"  # the target role, whose trust policy must agree


class Gain(StrEnum):
    """Who is gained."""

    SELF = "self"  # the caller himself, with any permission
    UNBOUND = "unbound"  # the caller himself, without his boundary
    GROUP = "group"  # what a group may
    ROLE = "role"  # another role of the account
    CHANGED_ROLE = "changed_role"  # another role, given any permission first
    USER = "user"
    CHANGED_USER = "changed_user"
    PASSED = "passed"  # a role that a service takes up
    CARRIED = "carried"  # the role of something that exists
    FEDERATED = "federated"  # a role that trusts an identity provider
    MEMBER = "member"  # the root user of a member account
    CENTER = "center"  # any account that Identity Center reaches


@dataclass(frozen=True, slots=True)
class Need:
    """An action, and what it must be allowed on."""

    action: str
    on: On


@dataclass(frozen=True, slots=True)
class Path:
    """One way up.

    `only` is the kind of principal that it is for, if not both. `services`: one of them must be
    trusted by the role. `table` is where the resources that carry the role, or must be there,
    are found; `exists` says in words what must exist and no table can tell.
    """

    id: str
    name: str
    gain: Gain
    needs: tuple[Need, ...]
    source: str
    only: str = ""
    services: tuple[str, ...] = ()
    table: str = ""
    exists: str = ""

    @property
    def actions(self) -> frozenset[str]:
        """The actions that the caller's own policies must allow, in small letters."""
        return frozenset(need.action.lower() for need in self.needs if need.on is not On.ASSUME)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the facts of a path mean; `on` are the actions that differ from the gain's default."""

    gain: Gain
    on: Mapping[str, On]
    only: str = ""
    services: tuple[str, ...] = ()
    table: str = ""
    exists: str = ""


_DEFAULT_ON: Mapping[Gain, On] = {
    Gain.SELF: On.SELF,
    Gain.UNBOUND: On.SELF,
    Gain.GROUP: On.GROUP,
    Gain.ROLE: On.TARGET,
    Gain.CHANGED_ROLE: On.TARGET,
    Gain.USER: On.TARGET,
    Gain.CHANGED_USER: On.TARGET,
    Gain.PASSED: On.ANY,
    Gain.CARRIED: On.RESOURCE,
    Gain.FEDERATED: On.PROVIDER,
    Gain.MEMBER: On.TARGET,
    Gain.CENTER: On.ANY,
}
_ALWAYS_ON: Mapping[str, On] = {
    "iam:PassRole": On.PASSED,
    "sts:AssumeRole": On.ASSUME,
    "iam:CreatePolicyVersion": On.POLICY,
    "iam:SetDefaultPolicyVersion": On.POLICY,
    "iam:AttachGroupPolicy": On.GROUP,
    "iam:PutGroupPolicy": On.GROUP,
    "ec2:DescribeInstances": On.ANY,
    "ec2:CreateTags": On.ANY,
    "sagemaker:CreateNotebookInstanceLifecycleConfig": On.ANY,
}


def _passed(table: str = "", exists: str = "", service: str = "") -> _Shape:
    return _Shape(
        Gain.PASSED, {}, services=(service,) if service else (), table=table, exists=exists
    )


def _carried(service: str, table: str, exists: str) -> _Shape:
    return _Shape(Gain.CARRIED, {}, services=(service,), table=table, exists=exists)


_FUNCTION = _carried("lambda.amazonaws.com", "lambda_functions", "a function with the role")
_INSTANCE = _carried("ec2.amazonaws.com", "ec2_instances", "an instance with the role")
_PROJECT = _carried("codebuild.amazonaws.com", "codebuild_projects", "a project with the role")
_STACK = _carried("cloudformation.amazonaws.com", "cloudformation_stacks", "a stack with the role")
_NOTEBOOK = _carried(
    "sagemaker.amazonaws.com", "sagemaker_notebook_instances", "a notebook with the role"
)
_CLUSTER = _passed("ecs_clusters", "an ECS cluster")
_JOB = _passed("glue_jobs", "a Glue job")

_SHAPES: Mapping[str, _Shape] = {
    "apprunner-001": _passed(),
    "apprunner-002": _carried(
        "tasks.apprunner.amazonaws.com", "apprunner_services", "an App Runner service with the role"
    ),
    "bedrock-001": _passed(),
    "bedrock-002": _carried(
        "bedrock-agentcore.amazonaws.com", "", "a code interpreter with the role"
    ),
    "cloudformation-001": _passed(),
    "cloudformation-002": _STACK,
    "cloudformation-003": _passed(),
    "cloudformation-004": _passed(
        "cloudformation_stack_sets", "a stack set", "cloudformation.amazonaws.com"
    ),
    "cloudformation-005": _STACK,
    "codebuild-001": _passed(),
    "codebuild-002": _PROJECT,
    "codebuild-003": _PROJECT,
    "codebuild-004": _passed(),
    "datapipeline-001": _passed(),
    "ec2instanceconnect-003": _INSTANCE,
    "ec2-001": _passed(),
    "ec2-002": _INSTANCE,
    "ec2-003": _passed(),
    "ec2-004": _carried(
        "ec2.amazonaws.com", "ec2_launch_template_versions", "a launch template with the role"
    ),
    "ecs-001": _passed(),
    "ecs-002": _passed(),
    "ecs-003": _CLUSTER,
    "ecs-004": _CLUSTER,
    "ecs-005": _CLUSTER,
    "glue-001": _passed(),
    "glue-002": _carried("glue.amazonaws.com", "", "a development endpoint with the role"),
    "glue-003": _passed(),
    "glue-004": _passed(),
    "glue-005": _JOB,
    "glue-006": _JOB,
    "iam-001": _Shape(Gain.SELF, {}),
    "iam-002": _Shape(Gain.USER, {}),
    "iam-003": _Shape(Gain.USER, {}),
    "iam-004": _Shape(Gain.USER, {}),
    "iam-005": _Shape(Gain.SELF, {}, only="role"),
    "iam-006": _Shape(Gain.USER, {}),
    "iam-007": _Shape(Gain.SELF, {}, only="user"),
    "iam-008": _Shape(Gain.SELF, {}, only="user"),
    "iam-009": _Shape(Gain.SELF, {}, only="role"),
    "iam-010": _Shape(Gain.SELF, {}, only="user"),
    "iam-011": _Shape(Gain.SELF, {}, only="user"),
    "iam-012": _Shape(Gain.ROLE, {}),
    "iam-013": _Shape(Gain.GROUP, {}, only="user"),
    "iam-014": _Shape(Gain.CHANGED_ROLE, {}),
    "iam-015": _Shape(Gain.CHANGED_USER, {}),
    "iam-016": _Shape(Gain.CHANGED_ROLE, {}),
    "iam-017": _Shape(Gain.CHANGED_ROLE, {}),
    "iam-018": _Shape(Gain.CHANGED_USER, {}),
    "iam-019": _Shape(Gain.CHANGED_ROLE, {}),
    "iam-020": _Shape(Gain.CHANGED_ROLE, {}),
    "iam-021": _Shape(Gain.CHANGED_ROLE, {}),
    "lambda-001": _passed(),
    "lambda-002": _passed(),
    "lambda-003": _FUNCTION,
    "lambda-004": _FUNCTION,
    "lambda-005": _FUNCTION,
    "lambda-006": _passed(),
    "sagemaker-001": _passed(),
    "sagemaker-002": _passed(),
    "sagemaker-003": _passed(),
    "sagemaker-004": _NOTEBOOK,
    "sagemaker-005": _NOTEBOOK,
    "ssm-001": _INSTANCE,
    "ssm-002": _INSTANCE,
    "sts-001": _Shape(Gain.ROLE, {}),
}

_DOCS = "https://docs.aws.amazon.com"
_IAM_API = f"{_DOCS}/IAM/latest/APIReference"
_SSO_API = f"{_DOCS}/singlesignon/latest/APIReference"


@dataclass(frozen=True, slots=True)
class _Own:
    """A path of our own: its shape, the actions, and the page that says they do this."""

    name: str
    shape: _Shape
    actions: tuple[str, ...]
    source: str


_SELF_USER = _Shape(Gain.UNBOUND, {}, only="user")
_SELF_ROLE = _Shape(Gain.UNBOUND, {}, only="role")
_PERMISSION_SET = _Shape(Gain.CENTER, {}, exists="a permission set that somebody can use")

_OWN: tuple[_Own, ...] = (
    _Own(
        "an older version of a policy of one's own",
        _Shape(Gain.SELF, {}, exists="an older version of the policy that allows more"),
        ("iam:SetDefaultPolicyVersion",),
        f"{_IAM_API}/API_SetDefaultPolicyVersion.html",
    ),
    _Own(
        "removing one's boundary (user)",
        _SELF_USER,
        ("iam:DeleteUserPermissionsBoundary",),
        f"{_IAM_API}/API_DeleteUserPermissionsBoundary.html",
    ),
    _Own(
        "removing one's boundary (role)",
        _SELF_ROLE,
        ("iam:DeleteRolePermissionsBoundary",),
        f"{_IAM_API}/API_DeleteRolePermissionsBoundary.html",
    ),
    _Own(
        "replacing one's boundary (user)",
        _SELF_USER,
        ("iam:PutUserPermissionsBoundary",),
        f"{_IAM_API}/API_PutUserPermissionsBoundary.html",
    ),
    _Own(
        "replacing one's boundary (role)",
        _SELF_ROLE,
        ("iam:PutRolePermissionsBoundary",),
        f"{_IAM_API}/API_PutRolePermissionsBoundary.html",
    ),
    _Own(
        "rewriting the policy that is one's boundary",
        _Shape(Gain.UNBOUND, {"iam:CreatePolicyVersion": On.BOUNDARY}),
        ("iam:CreatePolicyVersion",),
        f"{_DOCS}/IAM/latest/UserGuide/access_policies_boundaries.html",
    ),
    _Own(
        "a root session in a member account",
        _Shape(Gain.MEMBER, {}),
        ("sts:AssumeRoot",),
        f"{_DOCS}/STS/latest/APIReference/API_AssumeRoot.html",
    ),
    _Own(
        "assigning a permission set",
        _PERMISSION_SET,
        ("sso:CreateAccountAssignment",),
        f"{_SSO_API}/API_CreateAccountAssignment.html",
    ),
    _Own(
        "a policy in a permission set",
        _PERMISSION_SET,
        ("sso:PutInlinePolicyToPermissionSet", "sso:ProvisionPermissionSet"),
        f"{_SSO_API}/API_PutInlinePolicyToPermissionSet.html",
    ),
    _Own(
        "a managed policy on a permission set",
        _PERMISSION_SET,
        ("sso:AttachManagedPolicyToPermissionSet", "sso:ProvisionPermissionSet"),
        f"{_SSO_API}/API_AttachManagedPolicyToPermissionSet.html",
    ),
    _Own(
        "another identity provider's metadata (SAML)",
        _Shape(Gain.FEDERATED, {}, only="saml-provider"),
        ("iam:UpdateSAMLProvider",),
        f"{_IAM_API}/API_UpdateSAMLProvider.html",
    ),
    _Own(
        "another certificate of an identity provider (OIDC)",
        _Shape(
            Gain.FEDERATED,
            {},
            only="oidc-provider",
            exists="control over the provider's address",
        ),
        ("iam:UpdateOpenIDConnectProviderThumbprint",),
        f"{_IAM_API}/API_UpdateOpenIDConnectProviderThumbprint.html",
    ),
    _Own(
        "another audience of an identity provider (OIDC)",
        _Shape(
            Gain.FEDERATED, {}, only="oidc-provider", exists="a token of the provider that fits"
        ),
        ("iam:AddClientIDToOpenIDConnectProvider",),
        f"{_IAM_API}/API_AddClientIDToOpenIDConnectProvider.html",
    ),
    _Own(
        "an automation that works as a role",
        _passed(service="ssm.amazonaws.com"),
        ("iam:PassRole", "ssm:StartAutomationExecution"),
        f"{_DOCS}/systems-manager/latest/APIReference/API_StartAutomationExecution.html",
    ),
    _Own(
        "another instance profile for an instance",
        _passed("ec2_instances", "an instance to enter", "ec2.amazonaws.com"),
        ("iam:PassRole", "ec2:ReplaceIamInstanceProfileAssociation"),
        f"{_DOCS}/AWSEC2/latest/APIReference/API_ReplaceIamInstanceProfileAssociation.html",
    ),
    _Own(
        "an instance profile for an instance without one",
        _passed("ec2_instances", "an instance to enter", "ec2.amazonaws.com"),
        ("iam:PassRole", "ec2:AssociateIamInstanceProfile"),
        f"{_DOCS}/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html",
    ),
    _Own(
        "another role in an instance profile",
        _passed("ec2_instances", "an instance to enter", "ec2.amazonaws.com"),
        ("iam:PassRole", "iam:RemoveRoleFromInstanceProfile", "iam:AddRoleToInstanceProfile"),
        f"{_IAM_API}/API_AddRoleToInstanceProfile.html",
    ),
    _Own(
        "a state machine that works as a role",
        _passed(service="states.amazonaws.com"),
        ("iam:PassRole", "states:CreateStateMachine", "states:StartExecution"),
        f"{_DOCS}/step-functions/latest/apireference/API_CreateStateMachine.html",
    ),
    _Own(
        "a schedule that calls any API as a role",
        _passed(service="scheduler.amazonaws.com"),
        ("iam:PassRole", "scheduler:CreateSchedule"),
        f"{_DOCS}/scheduler/latest/UserGuide/managing-targets-universal.html",
    ),
    _Own(
        "another build specification for a project",
        _PROJECT,
        ("codebuild:UpdateProject", "codebuild:StartBuild"),
        f"{_DOCS}/codebuild/latest/APIReference/API_UpdateProject.html",
    ),
    _Own(
        "other libraries or settings for a function",
        _FUNCTION,
        ("lambda:UpdateFunctionConfiguration",),
        f"{_DOCS}/lambda/latest/api/API_UpdateFunctionConfiguration.html",
    ),
)


@cache
def escalation_path_declarations() -> Mapping[str, Path]:
    """All paths by id: pathfinding.cloud's, then our own."""
    file = files("awsbasics") / "data" / "privilege_escalation_paths.json"
    facts = json.loads(file.read_text(encoding="utf-8"))
    found = [
        _path(
            each["id"],
            each["name"],
            _SHAPES[each["id"]],
            each["required"],
            each["passed_role_trusts"],
            f"https://pathfinding.cloud/paths/{each['id']}",
        )
        for each in facts["paths"]
    ]
    found += [
        _path(f"awsbasics-{number:03}", own.name, own.shape, own.actions, (), own.source)
        for number, own in enumerate(_OWN, start=1)
    ]
    return {path.id: path for path in found}


def _path(
    path_id: str,
    name: str,
    shape: _Shape,
    actions: Iterable[str],
    services: Iterable[str],
    source: str,
) -> Path:
    default = _DEFAULT_ON[shape.gain]
    needs = (
        Need(action, shape.on.get(action) or _ALWAYS_ON.get(action) or default)
        for action in actions
    )
    return Path(
        id=path_id,
        name=name,
        gain=shape.gain,
        needs=tuple(needs),
        source=source,
        only=shape.only,
        services=tuple(services) or shape.services,
        table=shape.table,
        exists=shape.exists,
    )
