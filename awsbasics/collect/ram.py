"""Resource Access Manager: what accounts share with each other (SEP.6, SCP.2, SCP.6)."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, any_tags
from awsbasics.collect.table import Caller, Column, FollowUp, Item, Table

OWNERS = {"own": "SELF", "received": "OTHER-ACCOUNTS"}
KINDS = ("PRINCIPAL", "RESOURCE")
PAGE: Mapping[str, Any] = {"maxResults": 500}
OWN: Mapping[str, Any] = {"resourceOwner": "SELF", **PAGE}
PRINCIPALS: Mapping[str, Any] = {"associationType": "PRINCIPAL", **PAGE}


def _shares(call: Caller) -> Iterator[Item]:
    operation, path = "GetResourceShares", "resourceShares"
    for sharing, owner in OWNERS.items():
        for share in call.items("ram", operation, path, resourceOwner=owner, **PAGE):
            yield {**share, "sharing": sharing, "tags": any_tags(share.get("tags"))}


def _associations(call: Caller) -> Iterator[Item]:
    operation, path = "GetResourceShareAssociations", "resourceShareAssociations"
    for kind in KINDS:
        yield from call.items("ram", operation, path, associationType=kind, **PAGE)


TABLES = (
    Table(
        name="ram_resource_shares",
        description="Shares that the account owns, and those that it received.",
        service="ram",
        operation="GetResourceShares",
        path="resourceShares",
        parameters=OWN,
        gather=_shares,
        follow_ups=(FollowUp(service="ram", operation="GetResourceShares", per="owner"),),
        columns=(
            Column("arn", "string", "resourceShareArn", "ARN of the share."),
            Column("name", "string", "name", "Name of the share."),
            Column("sharing", "string", "", "own, or received from another account."),
            Column("owner_id", "string", "owningAccountId", "The account that owns it."),
            Column("status", "string", "status", "ACTIVE, PENDING, DELETED, …"),
            Column(
                "allow_external_principals",
                "bool",
                "allowExternalPrincipals",
                "Whether it may go outside the organization.",
            ),
            Column("created", "timestamp", "creationTime", "When it was made."),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
    Table(
        name="ram_resource_share_associations",
        description="What is in the account's own shares, and whom they are with.",
        service="ram",
        operation="GetResourceShareAssociations",
        path="resourceShareAssociations",
        parameters=PRINCIPALS,
        gather=_associations,
        follow_ups=(
            FollowUp(
                service="ram",
                operation="GetResourceShareAssociations",
                per="kind of association",
            ),
        ),
        columns=(
            Column("share_arn", "string", "resourceShareArn", "The share."),
            Column("type", "string", "associationType", "PRINCIPAL or RESOURCE."),
            Column(
                "associated_entity",
                "string",
                "associatedEntity",
                "The resource's ARN; or the account, or the ARN of an OU, organization or role.",
            ),
            Column("status", "string", "status", "ASSOCIATED, DISASSOCIATED, …"),
            Column("external", "bool", "external", "Whether it is outside the organization."),
            Column("created", "timestamp", "creationTime", "When it was made."),
        ),
    ),
)
