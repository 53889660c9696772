"""IAM's users, groups, roles and what they may do, from one bulk call for each account.

`GetAccountAuthorizationDetails` is asked once; every table here takes its part of it.
What it lacks comes from `ListRoles` (session length, description). The documents of AWS's
managed policies are in `awsbasics.collect.iam_policies`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, account_of, answered, with_tags
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table, dig

OPERATION = "GetAccountAuthorizationDetails"
# The tables that share the call must ask with the same parameters, or it is made again.
PARAMETERS: Mapping[str, Any] = {
    "Filter": ["User", "Role", "Group", "LocalManagedPolicy"],
    "MaxItems": 1000,
}

PRINCIPAL_LISTS = (
    ("user", "UserDetailList", "UserPolicyList"),
    ("group", "GroupDetailList", "GroupPolicyList"),
    ("role", "RoleDetailList", "RolePolicyList"),
)

ARN = Column("arn", "string", "Arn", "Its Amazon Resource Name.")
PATH = Column("path", "string", "Path", "IAM path, `/` by default.")
CREATED = Column("created", "timestamp", "CreateDate", "When it was made.")
TAGS = Column("tags", "json", "", TAGS_COLUMN_TEXT)
BOUNDARY = Column(
    "boundary_arn",
    "string",
    "PermissionsBoundary.PermissionsBoundaryArn",
    "The managed policy that is its permissions boundary, if it has one.",
)
PRINCIPAL_COLUMNS = (
    Column("principal_arn", "string", "", "The user, group or role that holds the policy."),
    Column("principal_type", "string", "", "user, group or role."),
)


def authorization_details(call: Caller, path: str) -> list[Any]:
    """A part of the account's authorization details; one call serves all parts."""
    return call.items("iam", OPERATION, path, **PARAMETERS)


def principals(call: Caller) -> Iterator[tuple[str, Item, str]]:
    """Every user, group and role: its kind, its details, and the key of its inline policies."""
    for kind, path, inline in PRINCIPAL_LISTS:
        for principal in authorization_details(call, path):
            yield kind, principal, inline


def _group_members(call: Caller) -> Iterator[Item]:
    groups = {
        group["GroupName"]: group["Arn"] for group in authorization_details(call, "GroupDetailList")
    }
    for user in authorization_details(call, "UserDetailList"):
        for name in user.get("GroupList") or ():
            arn = groups.get(name) or _group_arn(user["Arn"], name)
            yield {"group_arn": arn, "user_arn": user["Arn"]}


def _group_arn(user_arn: str, name: str) -> str:
    """The ARN of a group that was made between two pages, or that an export leaves out."""
    return f"{user_arn.partition(':user/')[0]}:group/{name}"


def _roles(call: Caller) -> Iterator[Item]:
    listed = call.listed("iam", "ListRoles", "Roles", MaxItems=1000)
    by_arn = {role["Arn"]: role for role in listed.value or ()}
    for role in authorization_details(call, "RoleDetailList"):
        known = Answer("ok", by_arn.get(role["Arn"], {})) if listed.status == "ok" else listed
        for item in with_tags(role):
            yield {
                **item,
                "max_session_duration": known.at("MaxSessionDuration"),
                "description": known.at("Description"),
            }


def _attachments(call: Caller) -> Iterator[Item]:
    for kind, principal, _ in principals(call):
        for policy in principal.get("AttachedManagedPolicies") or ():
            yield {
                "principal_arn": principal["Arn"],
                "principal_type": kind,
                "policy_arn": policy["PolicyArn"],
                "aws_managed": account_of(policy["PolicyArn"]) == "aws",
            }


def _inline_policies(call: Caller) -> Iterator[Item]:
    for kind, principal, inline in principals(call):
        for policy in principal.get(inline) or ():
            yield {**policy, "principal_arn": principal["Arn"], "principal_type": kind}


def _instance_profiles(call: Caller) -> Iterable[Item]:
    profiles = authorization_details(call, "RoleDetailList[].InstanceProfileList[]")
    by_arn = {profile["Arn"]: profile for profile in profiles}
    return [{**profile, "role_arns": dig(profile, "Roles[].Arn")} for profile in by_arn.values()]


TABLES = (
    Table(
        name="iam_users",
        description="IAM users; not the root user.",
        service="iam",
        operation=OPERATION,
        path="UserDetailList",
        parameters=PARAMETERS,
        scope="account",
        split=with_tags,
        columns=(
            ARN,
            Column("name", "string", "UserName", "Name of the user."),
            PATH,
            Column("id", "string", "UserId", "AWS's id of the user, AIDA…"),
            CREATED,
            BOUNDARY,
            TAGS,
        ),
    ),
    Table(
        name="iam_groups",
        description="IAM groups; they have no tags.",
        service="iam",
        operation=OPERATION,
        path="GroupDetailList",
        parameters=PARAMETERS,
        scope="account",
        columns=(
            ARN,
            Column("name", "string", "GroupName", "Name of the group."),
            PATH,
            Column("id", "string", "GroupId", "AWS's id of the group, AGPA…"),
            CREATED,
        ),
    ),
    Table(
        name="iam_group_members",
        description="Which users are in which groups.",
        service="iam",
        operation=OPERATION,
        path="UserDetailList",
        parameters=PARAMETERS,
        scope="account",
        gather=_group_members,
        columns=(
            Column("group_arn", "string", "", "The group."),
            Column("user_arn", "string", "", "The user in it."),
        ),
    ),
    Table(
        name="iam_roles",
        description="IAM roles, service-linked and SSO-reserved ones included.",
        service="iam",
        operation=OPERATION,
        path="RoleDetailList",
        parameters=PARAMETERS,
        scope="account",
        gather=_roles,
        each=answered("max_session_duration", "description"),
        follow_ups=(FollowUp(service="iam", operation="ListRoles", per="once"),),
        columns=(
            ARN,
            Column("name", "string", "RoleName", "Name of the role."),
            PATH,
            Column("id", "string", "RoleId", "AWS's id of the role, AROA…"),
            CREATED,
            BOUNDARY,
            TAGS,
            Column("trust_policy", "json", "AssumeRolePolicyDocument", "Who may assume the role."),
            Column(
                "last_used",
                "timestamp",
                "RoleLastUsed.LastUsedDate",
                "When it was last used, within AWS's tracking period; null if not in that time.",
            ),
            Column("last_used_region", "string", "RoleLastUsed.Region", "Where it was last used."),
            Column(
                "max_session_duration", "int", "", "Longest session, in seconds.", follow_up=True
            ),
            Column("description", "string", "", "What its author says of it.", follow_up=True),
        ),
    ),
    Table(
        name="iam_attachments",
        description="Managed policies attached to users, groups and roles.",
        service="iam",
        operation=OPERATION,
        path="UserDetailList",
        parameters=PARAMETERS,
        scope="account",
        gather=_attachments,
        columns=(
            *PRINCIPAL_COLUMNS,
            Column("policy_arn", "string", "", "The managed policy."),
            Column("aws_managed", "bool", "", "Whether AWS maintains the policy."),
        ),
    ),
    Table(
        name="iam_inline_policies",
        description="Policies embedded in users, groups and roles.",
        service="iam",
        operation=OPERATION,
        path="UserDetailList",
        parameters=PARAMETERS,
        scope="account",
        gather=_inline_policies,
        columns=(
            *PRINCIPAL_COLUMNS,
            Column("name", "string", "PolicyName", "Name of the policy in its principal."),
            Column("document", "json", "PolicyDocument", "The policy document."),
        ),
    ),
    Table(
        name="iam_instance_profiles",
        description="Instance profiles that hold a role; those without one do nothing.",
        service="iam",
        operation=OPERATION,
        path="RoleDetailList[].InstanceProfileList[]",
        parameters=PARAMETERS,
        scope="account",
        gather=_instance_profiles,
        columns=(
            ARN,
            Column("name", "string", "InstanceProfileName", "Name of the profile."),
            PATH,
            CREATED,
            Column("role_arns", "json", "", "List of the roles in it, at most one today."),
        ),
    ),
)
