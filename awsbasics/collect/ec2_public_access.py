"""What keeps a whole region of an account from the public: VPCs, snapshots, images.

VPC.6 asks for the first, SCP.2 for all: what the account allows, a policy can keep so.
"""

from collections.abc import Iterable, Mapping

from awsbasics.collect.paging import listed_by_token
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

OPTIONS = "VpcBlockPublicAccessOptions"
EXCLUSIONS = "VpcBlockPublicAccessExclusions"


def _options(call: Caller) -> Iterable[Item]:
    return call.items("ec2", f"Describe{OPTIONS}", OPTIONS)


def _states(call: Caller, options: Item) -> Mapping[str, Answer]:
    images = "ImageBlockPublicAccessState"
    return {
        "vpc_exclusions": _exclusions(call, options),
        "snapshots": call.answer("ec2", "GetSnapshotBlockPublicAccessState", "State"),
        "images": call.answer("ec2", f"Get{images}", images),
    }


def _exclusions(call: Caller, options: Item) -> Answer:
    if options.get("InternetGatewayBlockMode") == "off":  # there is nothing to be left out of
        return Answer("absent")
    operation, page = f"Describe{EXCLUSIONS}", 1000
    return listed_by_token(call, "ec2", operation, EXCLUSIONS, "NextToken", MaxResults=page)


TABLES = (
    Table(
        name="ec2_block_public_access",
        description="What the account lets nobody make public in a region; one row.",
        service="ec2",
        operation=f"Describe{OPTIONS}",
        path=OPTIONS,
        gather=_options,
        each=_states,
        follow_ups=(
            FollowUp(service="ec2", operation=f"Describe{EXCLUSIONS}", per="region that blocks"),
            FollowUp(service="ec2", operation="GetSnapshotBlockPublicAccessState", per="once"),
            FollowUp(service="ec2", operation="GetImageBlockPublicAccessState", per="once"),
        ),
        columns=(
            Column(
                "vpc_internet_gateway_block_mode",
                "string",
                "InternetGatewayBlockMode",
                "off, block-ingress or block-bidirectional.",
            ),
            Column("vpc_managed_by", "string", "ManagedBy", "account or declarative-policy."),
            Column(
                "vpc_exclusions",
                "json",
                "",
                "List of VPCs and subnets that are left out; absent where nothing is blocked.",
                follow_up=True,
            ),
            Column(
                "snapshots",
                "string",
                "",
                "unblocked, block-new-sharing or block-all-sharing.",
                follow_up=True,
            ),
            Column("images", "string", "", "unblocked or block-new-sharing.", follow_up=True),
        ),
    ),
)
