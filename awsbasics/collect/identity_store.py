"""Identity Center's users, groups and memberships, as far as the recommendations need them.

People's addresses, mail and telephone numbers are left out.
"""

from collections.abc import Callable, Iterator

from awsbasics.collect.identity_center import PAGE, SEARCH, SERVICE, instances
from awsbasics.collect.table import Caller, Column, FollowUp, Item, Table

STORE = Column("identity_store_id", "string", "IdentityStoreId", "The identity store, d-…")
EXTERNAL_IDS = Column(
    "external_ids",
    "json",
    "ExternalIds",
    "List of {Issuer, Id} where an identity provider made it; null where it was made by hand.",
)
CREATED = Column("created", "timestamp", "CreatedAt", "When it was made.")


def _stored(operation: str, path: str) -> Callable[[Caller], Iterator[Item]]:
    """A `gather` for everything of one kind in the identity store."""

    def gather(call: Caller) -> Iterator[Item]:
        for instance in instances(call):
            store, region = instance["IdentityStoreId"], instance["home_region"]
            found = call.items(
                "identitystore", operation, path, region=region, IdentityStoreId=store, **PAGE
            )
            yield from ({**item, "home_region": region, "IdentityStoreId": store} for item in found)

    return gather


_groups = _stored("ListGroups", "Groups")


def _memberships(call: Caller) -> Iterator[Item]:
    for members in call.map(lambda group: _members_of(call, group), _groups(call)):
        yield from members


def _members_of(call: Caller, group: Item) -> list[Item]:
    operation = "ListGroupMemberships"
    answer = call.listed(
        "identitystore",
        operation,
        "GroupMemberships",
        region=group["home_region"],
        IdentityStoreId=group["IdentityStoreId"],
        GroupId=group["GroupId"],
        **PAGE,
    )
    if answer.status != "ok":
        call.note(answer, operation)
    members = answer.value or ()
    return [{**member, "IdentityStoreId": group["IdentityStoreId"]} for member in members]


def _follow_up(operation: str, per: str = "sso_instances") -> FollowUp:
    return FollowUp(service="identitystore", operation=operation, per=per)


TABLES = (
    Table(
        name="identitystore_users",
        description="Users of Identity Center.",
        service=SERVICE,
        operation="ListInstances",
        path="Instances",
        scope="organization",
        gather=_stored("ListUsers", "Users"),
        follow_ups=(*SEARCH, _follow_up("ListUsers")),
        columns=(
            STORE,
            Column("id", "string", "UserId", "Id of the user, which assignments name."),
            Column("user_name", "string", "UserName", "The name that they sign in with."),
            Column("display_name", "string", "DisplayName", "The name that is shown."),
            Column("status", "string", "UserStatus", "ENABLED or DISABLED; null if not said."),
            EXTERNAL_IDS,
            CREATED,
        ),
    ),
    Table(
        name="identitystore_groups",
        description="Groups of Identity Center.",
        service=SERVICE,
        operation="ListInstances",
        path="Instances",
        scope="organization",
        gather=_groups,
        follow_ups=(*SEARCH, _follow_up("ListGroups")),
        columns=(
            STORE,
            Column("id", "string", "GroupId", "Id of the group, which assignments name."),
            Column("display_name", "string", "DisplayName", "Name of the group."),
            Column("description", "string", "Description", "What its author says of it."),
            EXTERNAL_IDS,
            CREATED,
        ),
    ),
    Table(
        name="identitystore_group_members",
        description="Which users are in which groups of Identity Center.",
        service=SERVICE,
        operation="ListInstances",
        path="Instances",
        scope="organization",
        gather=_memberships,
        follow_ups=(
            *SEARCH,
            _follow_up("ListGroups"),
            _follow_up("ListGroupMemberships", "identitystore_groups"),
        ),
        columns=(
            STORE,
            Column("group_id", "string", "GroupId", "The group."),
            Column("user_id", "string", "MemberId.UserId", "The user in it."),
        ),
    ),
)
