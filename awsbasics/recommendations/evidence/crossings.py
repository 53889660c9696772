"""SEP.6: what leads from sandbox or development into production, and production's data there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from awsbasics.recommendations.base import Result, not_applicable, unknown
from awsbasics.recommendations.evidence.crossing_data import COPIES, data_crossings
from awsbasics.recommendations.evidence.crossing_networks import network_crossings
from awsbasics.recommendations.evidence.crossing_policies import KINDS, policy_crossings
from awsbasics.recommendations.evidence.crossing_roles import role_crossings
from awsbasics.recommendations.evidence.crossing_shares import share_crossings
from awsbasics.recommendations.evidence.principals import IAM_TABLES
from awsbasics.recommendations.evidence.rows import counted, shown
from awsbasics.recommendations.evidence.sides import sides

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLES = (
    "organizations_accounts",
    *IAM_TABLES,
    "ec2_vpc_peering_connections",
    "ec2_transit_gateways",
    "ec2_transit_gateway_attachments",
    "ram_resource_shares",
    "ram_resource_share_associations",
    *(kind.table for kind in KINDS),
    *(table for table, *_ in COPIES),
)


def crossings(facts: "Facts") -> Iterator[Result]:
    """SEP.6: roles, networks, shares, policies and copies of data, each where it is open.

    Roles count over third accounts too, everything else where it leads straight over. An account
    without an environment may be on either side.
    """
    both = sides(facts)
    if both.unclassified:
        number = counted(len(both.unclassified), "account has", "accounts have")
        title = f"{number} no environment: whether one leads into production is not known."
        seen = {"accounts": shown(each.label for each in both.unclassified)}
        home = facts.home_account_id
        yield unknown(home, title, key="unclassified", facts=seen, table="organizations_accounts")
    if not both.production or not both.lower:
        title = "There is no production account beside a sandbox or development account."
        yield not_applicable(facts.home_account_id, title)
        return
    for each in (
        role_crossings,
        network_crossings,
        share_crossings,
        policy_crossings,
        data_crossings,
    ):
        yield from each(facts, both)
