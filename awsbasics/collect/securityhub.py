"""Security Hub: whether it is on, and whether new accounts get it (REV.5, REV.8)."""

from collections.abc import Iterator, Mapping

from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

# What it answers where it is off, and for the organization's settings where another account
# administers it.
OFF = ("InvalidAccessException", "ResourceNotFoundException")


def _hubs(call: Caller) -> Iterator[Item]:
    """The hub is the whole answer; its ARN is in every whole one."""
    for _ in call.items("securityhub", "DescribeHub", "HubArn"):
        yield from call.items("securityhub", "DescribeHub", "")


def _organization(call: Caller, hub: Item) -> Mapping[str, Answer]:
    del hub
    found = call.answer(
        "securityhub",
        "DescribeOrganizationConfiguration",
        absent=OFF,
    )
    return {
        "organization_auto_enable": found.at("AutoEnable"),
        "organization_auto_enable_standards": found.at("AutoEnableStandards"),
        "organization_configuration": found.at("OrganizationConfiguration"),
    }


TABLES = (
    Table(
        name="securityhub_hubs",
        description="Security Hub in the region; no row where it is off.",
        service="securityhub",
        operation="DescribeHub",
        path="HubArn",
        absent_codes=OFF,
        gather=_hubs,
        each=_organization,
        follow_ups=(
            FollowUp(service="securityhub", operation="DescribeOrganizationConfiguration"),
        ),
        columns=(
            Column("arn", "string", "HubArn", "ARN of the hub."),
            Column("created", "timestamp", "SubscribedAt", "When it was switched on."),
            Column(
                "auto_enable_controls",
                "bool",
                "AutoEnableControls",
                "Whether new controls are switched on.",
            ),
            Column(
                "organization_auto_enable",
                "bool",
                "",
                "Whether new accounts get it; absent where the account does not administer it.",
                follow_up=True,
            ),
            Column(
                "organization_auto_enable_standards",
                "string",
                "",
                "Whether they get its standards: DEFAULT or NONE.",
                follow_up=True,
            ),
            Column(
                "organization_configuration",
                "json",
                "",
                "{ConfigurationType, Status}: CENTRAL where policies configure all accounts.",
                follow_up=True,
            ),
        ),
    ),
)
