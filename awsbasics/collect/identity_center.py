"""IAM Identity Center: its instance, permission sets, and who is assigned what where.

An organization's instance lives in one region, which need not be among those gathered, so
it is searched for in every region that is on, once in a whole gather. All calls about it go
to that region; the rows' region is `global`, since permission sets reach every region.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, Unread, tags_object
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

SERVICE = "sso-admin"
PAGE: Mapping[str, Any] = {"MaxResults": 100}
ALL_REGIONS: Mapping[str, Any] = {"AllRegions": True}
SEARCH = (FollowUp(service="ec2", operation="DescribeRegions", per="once"),)


def instances(call: Caller) -> list[Item]:
    """The instances that the account administers, each with its `home_region`.

    Where none is found, regions that could not be searched make the table partial.
    """
    try:
        found = call.shared((SERVICE, "instances", call.account_id), lambda: _search(call))
    except Unread as unread:
        found = []
        for answer in unread.value:
            call.note(answer, "ListInstances")
    own = [instance for instance in found if instance.get("OwnerAccountId") == call.account_id]
    return own or found  # a delegated administrator sees the management account's instance


def _search(call: Caller) -> list[Item]:
    """The first region's instances; Unread if none is found and a region did not answer."""
    described = call.listed("ec2", "DescribeRegions", "Regions", **ALL_REGIONS)
    unread = [] if described.status == "ok" else [described]
    switched_on = [
        region["RegionName"]
        for region in described.value or ()
        if region.get("OptInStatus") != "not-opted-in"
    ]
    for region in dict.fromkeys((call.region, *call.regions, *switched_on)):
        answer = call.listed(SERVICE, "ListInstances", "Instances", region=region)
        if answer.value:
            return [_at_home(instance, region) for instance in answer.value]
        if answer.status != "ok":
            unread.append(answer)
    if unread:
        raise Unread(unread, call.account_id)
    return []


def _at_home(instance: Item, region: str) -> Item:
    """An instance with the region that administers it; it may be replicated to others."""
    return {**instance, "home_region": instance.get("PrimaryRegion") or region}


def _permission_set_arns(call: Caller) -> list[tuple[Item, str]]:
    return [
        (instance, arn)
        for instance in instances(call)
        for arn in call.items(
            SERVICE, "ListPermissionSets", "PermissionSets", **_of(instance), **PAGE
        )
    ]


def _of(instance: Item) -> dict[str, Any]:
    return {"region": instance["home_region"], "InstanceArn": instance["InstanceArn"]}


def _permission_sets(call: Caller) -> list[Item]:
    return call.map(lambda pair: _permission_set(call, *pair), _permission_set_arns(call))


def _permission_set(call: Caller, instance: Item, arn: str) -> Item:
    operation = "DescribePermissionSet"
    answer = call.answer(SERVICE, operation, "PermissionSet", PermissionSetArn=arn, **_of(instance))
    if answer.status != "ok":
        call.note(answer, operation)
    return {**(answer.value or {}), "arn": arn, "instance": instance}


def _policies_of(call: Caller, item: Item) -> Mapping[str, Answer]:
    where = {**_of(item["instance"]), "PermissionSetArn": item["arn"]}
    managed = "AttachedManagedPolicies[].Arn"
    return {
        "inline_policy": _unless_empty(
            call.answer(SERVICE, "GetInlinePolicyForPermissionSet", "InlinePolicy", **where)
        ),
        "managed_policies": call.listed(
            SERVICE, "ListManagedPoliciesInPermissionSet", managed, **where, **PAGE
        ),
        "customer_managed_policies": call.listed(
            SERVICE,
            "ListCustomerManagedPolicyReferencesInPermissionSet",
            "CustomerManagedPolicyReferences",
            **where,
            **PAGE,
        ),
        "permissions_boundary": call.answer(
            SERVICE,
            "GetPermissionsBoundaryForPermissionSet",
            "PermissionsBoundary",
            absent=("ResourceNotFoundException",),
            **where,
        ),
        "tags": _tags_of(call, item),
    }


def _unless_empty(answer: Answer) -> Answer:
    """AWS answers an empty text where there is no inline policy."""
    return Answer("absent") if answer.status == "ok" and not answer.value else answer


def _tags_of(call: Caller, item: Item) -> Answer:
    operation = "ListTagsForResource"
    answer = call.listed(
        SERVICE, operation, "Tags", ResourceArn=item["arn"], **_of(item["instance"])
    )
    return Answer("ok", tags_object(answer.value)) if answer.status == "ok" else answer


def _assignments(call: Caller) -> Iterator[Item]:
    sets = _permission_set_arns(call)
    places = call.map(lambda pair: _accounts_of(call, *pair), sets)
    pairs = [
        (instance, arn, account_id)
        for (instance, arn), account_ids in zip(sets, places, strict=True)
        for account_id in account_ids
    ]
    for found in call.map(lambda place: _assignments_in(call, *place), pairs):
        yield from found


def _accounts_of(call: Caller, instance: Item, arn: str) -> list[str]:
    operation = "ListAccountsForProvisionedPermissionSet"
    answer = call.listed(
        SERVICE, operation, "AccountIds", PermissionSetArn=arn, **_of(instance), **PAGE
    )
    if answer.status != "ok":
        call.note(answer, operation)
    return answer.value or []


def _assignments_in(call: Caller, instance: Item, arn: str, account_id: str) -> list[Item]:
    operation = "ListAccountAssignments"
    where = {"AccountId": account_id, "PermissionSetArn": arn, **_of(instance), **PAGE}
    answer = call.listed(SERVICE, operation, "AccountAssignments", **where)
    if answer.status != "ok":
        call.note(answer, operation)
    return [
        {**assignment, "instance_arn": instance["InstanceArn"]} for assignment in answer.value or ()
    ]


def follow_up(operation: str, per: str = "row") -> FollowUp:
    """A call to Identity Center itself."""
    return FollowUp(service=SERVICE, operation=operation, per=per)


TABLES = (
    Table(
        name="sso_instances",
        description="The instance of IAM Identity Center; no row where there is none.",
        service=SERVICE,
        operation="ListInstances",
        path="Instances",
        scope="organization",
        gather=instances,
        follow_ups=SEARCH,
        columns=(
            Column("arn", "string", "InstanceArn", "ARN of the instance."),
            Column("identity_store_id", "string", "IdentityStoreId", "Its identity store, d-…"),
            Column("owner_account_id", "string", "OwnerAccountId", "The account that owns it."),
            Column("name", "string", "Name", "Name of the instance, if it has one."),
            Column("status", "string", "Status", "ACTIVE, CREATE_IN_PROGRESS, …"),
            Column("home_region", "string", "", "The region that it lives in."),
            Column("created", "timestamp", "CreatedDate", "When it was made."),
        ),
    ),
    Table(
        name="sso_permission_sets",
        description="Permission sets and all their policies.",
        service=SERVICE,
        operation="ListInstances",
        path="Instances",
        scope="organization",
        gather=_permission_sets,
        each=_policies_of,
        follow_ups=(
            *SEARCH,
            follow_up("ListPermissionSets", "sso_instances"),
            follow_up("DescribePermissionSet"),
            follow_up("GetInlinePolicyForPermissionSet"),
            follow_up("ListManagedPoliciesInPermissionSet"),
            follow_up("ListCustomerManagedPolicyReferencesInPermissionSet"),
            follow_up("GetPermissionsBoundaryForPermissionSet"),
            follow_up("ListTagsForResource"),
        ),
        columns=(
            Column("arn", "string", "", "ARN of the permission set."),
            Column("instance_arn", "string", "instance.InstanceArn", "The instance it is in."),
            Column("name", "string", "Name", "Name, which its reserved roles carry, too."),
            Column("description", "string", "Description", "What its author says of it."),
            Column("session_duration", "string", "SessionDuration", "ISO 8601, as in PT8H."),
            Column("relay_state", "string", "RelayState", "Page that it opens in the console."),
            Column("created", "timestamp", "CreatedDate", "When it was made."),
            Column("inline_policy", "json", "", "Its inline policy document.", follow_up=True),
            Column(
                "managed_policies", "json", "", "List of ARNs of AWS's policies.", follow_up=True
            ),
            Column(
                "customer_managed_policies",
                "json",
                "",
                "List of {Name, Path}, looked up in each account.",
                follow_up=True,
            ),
            Column(
                "permissions_boundary",
                "json",
                "",
                "{ManagedPolicyArn}, or {CustomerManagedPolicyReference: {Name, Path}}.",
                follow_up=True,
            ),
            Column("tags", "json", "", TAGS_COLUMN_TEXT, follow_up=True),
        ),
    ),
    Table(
        name="sso_assignments",
        description="Which user or group has which permission set in which account.",
        service=SERVICE,
        operation="ListInstances",
        path="Instances",
        scope="organization",
        gather=_assignments,
        follow_ups=(
            *SEARCH,
            follow_up("ListPermissionSets", "sso_instances"),
            follow_up("ListAccountsForProvisionedPermissionSet", "sso_permission_sets"),
            follow_up("ListAccountAssignments", "permission set and account"),
        ),
        columns=(
            Column("instance_arn", "string", "", "The instance that the assignment is in."),
            Column("permission_set_arn", "string", "PermissionSetArn", "The permission set."),
            Column("target_account_id", "string", "AccountId", "The account it gives access to."),
            Column("principal_type", "string", "PrincipalType", "USER or GROUP."),
            Column("principal_id", "string", "PrincipalId", "Id in the identity store."),
        ),
    ),
)
