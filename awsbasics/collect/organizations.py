"""The organization: its accounts, units, policies and delegated administrators.

Asked in the management account (or a delegated administrator). An account outside any
organization has none of this, and that is known: the tables are then empty.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, answered, tags_object
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

NO_ORGANIZATION = ("AWSOrganizationsNotInUseException",)
AUTHORIZATION_TYPES = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")
# What AWS answers for a type of policy that a partition does not know; that is no type enabled.
TYPE_UNKNOWN = ("InvalidInputException", "UnsupportedAPIEndpointException")

ACCOUNT_STATE_TEXT = "PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE or CLOSED."


def _parents(call: Caller) -> Iterator[Item]:
    """The roots and all units: id, arn, name, parent_id, path (names joined by `/`)."""
    level: list[Item] = [
        {"id": root["Id"], "path": "", "root": True}
        for root in call.items("organizations", "ListRoots", "Roots")
    ]
    while level:
        yield from level
        level = [
            unit for units in call.map(lambda parent: _units(call, parent), level) for unit in units
        ]


def _units(call: Caller, parent: Item) -> list[Item]:
    operation, path = "ListOrganizationalUnitsForParent", "OrganizationalUnits"
    found = call.items("organizations", operation, path, ParentId=parent["id"])
    return [
        {
            "id": unit["Id"],
            "arn": unit["Arn"],
            "name": unit["Name"],
            "parent_id": parent["id"],
            "path": f"{parent['path']}/{unit['Name']}".removeprefix("/"),
        }
        for unit in found
    ]


def _ous(call: Caller) -> Iterator[Item]:
    return (parent for parent in _parents(call) if "root" not in parent)


def _accounts(call: Caller) -> Iterator[Item]:
    organization = call.items("organizations", "DescribeOrganization", "Organization")[0]
    accounts = call.items("organizations", "ListAccounts", "Accounts")
    parents = {parent["id"]: parent for parent in _parents(call)}
    parent_ids = {account["Id"]: _last_in_path(account) for account in accounts}
    if not set(parent_ids.values()) <= set(parents):
        parent_ids |= _parent_ids_by_listing(call, parents)
    for account in accounts:
        parent = parents.get(parent_ids[account["Id"]], {})
        yield {
            **account,
            # `Status` was retired in September 2026; older partitions answer nothing else.
            "status": account.get("State") or account.get("Status"),
            "parent_id": parent.get("id"),
            "ou_path": parent.get("path"),
            "is_management": account["Id"] == organization["MasterAccountId"],
        }


def _last_in_path(account: Item) -> str:
    """The unit or root that an account lies in, from `o-…/r-…/ou-…/<account>/`, if AWS says it."""
    path = next(iter(account.get("Paths") or ()), "")
    inside = [part for part in path.split("/") if part.startswith(("r-", "ou-"))]
    return inside[-1] if inside else ""


def _parent_ids_by_listing(call: Caller, parents: Iterable[str]) -> dict[str, str]:
    """The unit or root of each account, asked from above: fewer calls than one an account."""
    operation, path, ids = "ListAccountsForParent", "Accounts[].Id", list(parents)
    found = call.map(
        lambda parent: call.items("organizations", operation, path, ParentId=parent), ids
    )
    return {
        account: parent for parent, accounts in zip(ids, found, strict=True) for account in accounts
    }


def _account_tags(call: Caller, account: Item) -> Mapping[str, Answer]:
    answer = call.listed("organizations", "ListTagsForResource", "Tags", ResourceId=account["Id"])
    return {"tags": Answer("ok", tags_object(answer.value)) if answer.status == "ok" else answer}


def _policies(call: Caller) -> list[Item]:
    """The policies of all types that are enabled at a root, and of those that authorize."""
    roots = call.items("organizations", "ListRoots", "Roots")
    enabled = {
        kind["Type"]
        for root in roots
        for kind in root.get("PolicyTypes", ())
        if kind.get("Status") == "ENABLED"
    }
    kinds = sorted({*enabled, *AUTHORIZATION_TYPES})
    found = call.map(
        lambda kind: _policies_of_type(call, kind, optional=kind not in enabled), kinds
    )
    return [policy for policies in found for policy in policies]


def _policies_of_type(call: Caller, kind: str, *, optional: bool) -> list[Item]:
    if optional:
        answer = call.listed(
            "organizations", "ListPolicies", "Policies", absent=TYPE_UNKNOWN, Filter=kind
        )
        if answer.status == "absent":
            return []
    policies: list[Item] = call.items("organizations", "ListPolicies", "Policies", Filter=kind)
    return policies


def _policy_content(call: Caller, policy: Item) -> Mapping[str, Answer]:
    path = "Policy.Content"
    return {"content": call.answer("organizations", "DescribePolicy", path, PolicyId=policy["Id"])}


def _policy_targets(call: Caller) -> Iterable[Item]:
    found = call.map(lambda policy: _targets_of(call, policy), _policies(call))
    return [target for targets in found for target in targets]


def _targets_of(call: Caller, policy: Item) -> list[Item]:
    operation = "ListTargetsForPolicy"
    answer = call.listed("organizations", operation, "Targets", PolicyId=policy["Id"])
    if answer.status != "ok":
        call.note(answer, operation)
    return [{**target, "policy_id": policy["Id"]} for target in answer.value or ()]


def _delegated_administrators(call: Caller) -> list[Item]:
    operation, path = "ListDelegatedAdministrators", "DelegatedAdministrators"
    found: list[dict[str, Any]] = call.items("organizations", operation, path)
    return [
        {**admin, "status": admin.get("State") or admin.get("Status"), "services": services}
        for admin, services in zip(
            found, call.map(lambda admin: _delegated_services(call, admin), found), strict=True
        )
    ]


def _delegated_services(call: Caller, admin: Item) -> Answer:
    operation, path = "ListDelegatedServicesForAccount", "DelegatedServices[].ServicePrincipal"
    return call.listed("organizations", operation, path, AccountId=admin["Id"])


def _follow_up(operation: str, per: str = "row") -> FollowUp:
    return FollowUp(service="organizations", operation=operation, per=per)


TABLES = (
    Table(
        name="organizations_organization",
        description="The organization that the account belongs to; no row where there is none.",
        service="organizations",
        operation="DescribeOrganization",
        path="Organization",
        scope="organization",
        absent_codes=NO_ORGANIZATION,
        columns=(
            Column("id", "string", "Id", "AWS's id of the organization, o-…"),
            Column("arn", "string", "Arn", "ARN of the organization."),
            Column(
                "management_account_id",
                "string",
                "MasterAccountId",
                "The management account, which no SCP binds.",
            ),
            Column(
                "feature_set",
                "string",
                "FeatureSet",
                "ALL, or CONSOLIDATED_BILLING, which has no policies.",
            ),
        ),
    ),
    Table(
        name="organizations_roots",
        description="The organization's roots, with the policy types that are enabled there.",
        service="organizations",
        operation="ListRoots",
        path="Roots",
        scope="organization",
        absent_codes=NO_ORGANIZATION,
        columns=(
            Column("id", "string", "Id", "AWS's id of the root, r-…"),
            Column("arn", "string", "Arn", "ARN of the root."),
            Column("name", "string", "Name", "Name of the root."),
            Column(
                "policy_types",
                "json",
                "PolicyTypes",
                "List of {Type, Status}; ENABLED, PENDING_ENABLE or PENDING_DISABLE.",
            ),
        ),
    ),
    Table(
        name="organizations_ous",
        description="Organizational units, at every depth.",
        service="organizations",
        operation="ListRoots",
        path="Roots",
        scope="organization",
        absent_codes=NO_ORGANIZATION,
        gather=_ous,
        follow_ups=(_follow_up("ListOrganizationalUnitsForParent", "root or unit"),),
        columns=(
            Column("id", "string", "", "AWS's id of the unit, ou-…"),
            Column("arn", "string", "", "ARN of the unit."),
            Column("name", "string", "", "Name of the unit."),
            Column("parent_id", "string", "", "The unit or root that it lies in."),
            Column("path", "string", "", "Names from below the root, as in `Workloads/Prod`."),
        ),
    ),
    Table(
        name="organizations_accounts",
        description="Every account of the organization, suspended ones included.",
        service="organizations",
        operation="DescribeOrganization",
        path="Organization",
        scope="organization",
        absent_codes=NO_ORGANIZATION,
        gather=_accounts,
        each=_account_tags,
        follow_ups=(
            _follow_up("ListRoots", "once"),
            _follow_up("ListOrganizationalUnitsForParent", "root or unit"),
            _follow_up("ListAccounts", "once"),
            _follow_up("ListAccountsForParent", "root or unit, where AWS gives no paths"),
            _follow_up("ListTagsForResource"),
        ),
        columns=(
            Column("id", "string", "Id", "The account's 12 digits."),
            Column("arn", "string", "Arn", "ARN of the account in its organization."),
            Column("name", "string", "Name", "Name of the account."),
            Column("email", "string", "Email", "Address of the root user."),
            Column("status", "string", "", ACCOUNT_STATE_TEXT),
            Column("joined_at", "timestamp", "JoinedTimestamp", "When it joined."),
            Column("joined_method", "string", "JoinedMethod", "INVITED or CREATED."),
            Column("parent_id", "string", "", "The unit or root that it lies in."),
            Column("ou_path", "string", "", "Path of its unit; empty directly under the root."),
            Column("is_management", "bool", "", "Whether it is the management account."),
            Column("tags", "json", "", TAGS_COLUMN_TEXT, follow_up=True),
        ),
    ),
    Table(
        name="organizations_policies",
        description="Policies of every type that is enabled, attached or not, AWS's own included.",
        service="organizations",
        operation="ListRoots",
        path="Roots",
        scope="organization",
        absent_codes=NO_ORGANIZATION,
        gather=_policies,
        each=_policy_content,
        follow_ups=(
            _follow_up("ListPolicies", "policy type"),
            _follow_up("DescribePolicy"),
        ),
        columns=(
            Column("id", "string", "Id", "AWS's id of the policy, p-…"),
            Column("arn", "string", "Arn", "ARN of the policy."),
            Column("name", "string", "Name", "Name of the policy."),
            Column("description", "string", "Description", "What its author says of it."),
            Column("type", "string", "Type", "SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY, …"),
            Column("aws_managed", "bool", "AwsManaged", "Whether AWS made it (FullAWSAccess)."),
            Column("content", "json", "", "The policy document.", follow_up=True),
        ),
    ),
    Table(
        name="organizations_policy_targets",
        description="What each policy is attached to; inherited policies are not repeated.",
        service="organizations",
        operation="ListRoots",
        path="Roots",
        scope="organization",
        absent_codes=NO_ORGANIZATION,
        gather=_policy_targets,
        follow_ups=(
            _follow_up("ListPolicies", "policy type"),
            _follow_up("ListTargetsForPolicy", "organizations_policies"),
        ),
        columns=(
            Column("policy_id", "string", "", "The policy's id."),
            Column("target_id", "string", "TargetId", "Id of the root, unit or account."),
            Column("target_arn", "string", "Arn", "ARN of the root, unit or account."),
            Column("target_name", "string", "Name", "Name of the root, unit or account."),
            Column("target_type", "string", "Type", "ROOT, ORGANIZATIONAL_UNIT or ACCOUNT."),
        ),
    ),
    Table(
        name="organizations_delegated_administrators",
        description="Member accounts that administer a service for the whole organization.",
        service="organizations",
        operation="ListDelegatedAdministrators",
        path="DelegatedAdministrators",
        scope="organization",
        absent_codes=NO_ORGANIZATION,
        gather=_delegated_administrators,
        each=answered("services"),
        follow_ups=(_follow_up("ListDelegatedServicesForAccount"),),
        columns=(
            Column("id", "string", "Id", "The account's 12 digits."),
            Column("arn", "string", "Arn", "ARN of the account in its organization."),
            Column("name", "string", "Name", "Name of the account."),
            Column("status", "string", "", ACCOUNT_STATE_TEXT),
            Column(
                "delegated_at", "timestamp", "DelegationEnabledDate", "When it was first delegated."
            ),
            Column(
                "services",
                "json",
                "",
                "List of the service principals that it administers.",
                follow_up=True,
            ),
        ),
    ),
)
