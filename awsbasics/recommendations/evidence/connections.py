"""VPC.5: what peerings and transit gateways connect, how widely, and whether ranges overlap.

That a sandbox or development reaches production is SEP.6's; this looks at all connections.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.accounts import WORKLOAD_ENVIRONMENTS
from awsbasics.recommendations.evidence.addresses import Network, is_within, network
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, shown
from awsbasics.recommendations.evidence.vpc_list import routes

if TYPE_CHECKING:
    from awsbasics.facts import Facts

PEERINGS = "ec2_vpc_peering_connections"
ATTACHMENTS = "ec2_transit_gateway_attachments"
ROUTES = "ec2_route_tables"
CONNECTION_TABLES = (PEERINGS, ATTACHMENTS, "ec2_transit_gateways", ROUTES, "ec2_vpcs")
_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock")


class End(NamedTuple):
    """One end of a peering."""

    account_id: str
    region: str
    vpc_id: str
    ranges: tuple[Network, ...]


def connections(facts: "Facts") -> Iterator[Result]:
    """VPC.5: one result or more per peering and per transit gateway."""
    ranges = _ranges(facts)
    yield from _peerings(facts, ranges)
    yield from _transit_gateways(facts, ranges)


def _ranges(facts: "Facts") -> Mapping[str, tuple[Network, ...]]:
    found = {}
    for vpc in rows(facts.frame("ec2_vpcs"), "id", "cidr_block", "cidr_blocks"):
        found[vpc.id] = _networks(from_json(vpc.cidr_blocks) or [vpc.cidr_block])
    return found


def _peerings(facts: "Facts", ranges: Mapping[str, tuple[Network, ...]]) -> Iterator[Result]:
    """Each peering once, at its requester where that was gathered."""
    leading = _routes_by_peering(facts)
    found: dict[str, list[Any]] = defaultdict(list)
    columns = ("account_id", "region", "id", "arn", "status")
    sides = tuple(
        f"{side}_{part}"
        for side in ("requester", "accepter")
        for part in ("account_id", "region", "vpc_id", "cidr_blocks")
    )
    for row in rows(facts.frame(PEERINGS), *columns, *sides):
        if row.status == "active":
            found[row.id].append(row)
    for id_, seen in found.items():
        row = next((each for each in seen if each.account_id == each.requester_account_id), seen[0])
        ends = (_end(row, "requester", ranges), _end(row, "accepter", ranges))
        yield from _peering(facts, row, ends, leading.get(id_, []))


def _end(row: Any, side: str, ranges: Mapping[str, tuple[Network, ...]]) -> End:
    account, region, vpc_id, blocks = (
        getattr(row, f"{side}_{part}") for part in ("account_id", "region", "vpc_id", "cidr_blocks")
    )
    return End(account, region, vpc_id, _networks(from_json(blocks)) or ranges.get(vpc_id, ()))


def _peering(
    facts: "Facts", row: Any, ends: tuple[End, End], leading: list[tuple[str, Network]]
) -> Iterator[Result]:
    place = (row.account_id, row.arn or row.id, row.region)
    seen: dict[str, Any] = {
        "requester": f"{ends[0].vpc_id} in {ends[0].account_id}",
        "accepter": f"{ends[1].vpc_id} in {ends[1].account_id}",
        "routes": shown(f"{vpc_id}: {destination}" for vpc_id, destination in leading),
    }
    problems = [*_who_is_connected(facts, ends), *_wide_routes(ends, leading)]
    for key, what, severity in problems:
        title = f"Peering {row.id} {what}."
        table = ROUTES if key == "routes" else PEERINGS
        yield fail(*place, key=key, title=title, severity=severity, facts=seen, table=table)
    if not problems:
        yield ok(*place)


def _who_is_connected(facts: "Facts", ends: tuple[End, End]) -> Iterator[tuple[str, str, str]]:
    """An end outside the organization, or in another environment."""
    known = set(facts.ownership.accounts["account_id"]) | set(facts.engagement.trusted_accounts)
    outside = sorted({end.account_id for end in ends if end.account_id} - known)
    if outside:
        yield "outside", f"leads to account {listed(outside)}, which is not known", "high"
    environments = _workloads(facts, (end.account_id for end in ends))
    if len(environments) > 1:
        yield "environments", f"connects {listed(environments)}", "medium"


def _wide_routes(
    ends: tuple[End, End], leading: list[tuple[str, Network]]
) -> Iterator[tuple[str, str, str]]:
    """Routes over a peering that take in all of the VPC at its other end, or more."""
    by_vpc = {ends[0].vpc_id: ends[1], ends[1].vpc_id: ends[0]}
    wider, whole = False, False
    for vpc_id, destination in leading:
        other = by_vpc.get(vpc_id)
        if other is None or not other.ranges:
            continue
        wider = wider or not is_within(destination, other.ranges)
        whole = whole or any(is_within(each, (destination,)) for each in other.ranges)
    if wider:
        yield "routes", "has routes for more than the ranges of its VPCs", "medium"
    elif whole:
        yield "routes", "has routes for all of a VPC, not only for what is needed", "low"


def _routes_by_peering(facts: "Facts") -> Mapping[str, list[tuple[str, Network]]]:
    """The VPC and the destination of each route that leads over a peering."""
    found: dict[str, list[tuple[str, Network]]] = defaultdict(list)
    for row in rows(facts.frame(ROUTES), "vpc_id", "routes"):
        for route in routes(row):
            peering = route.get("VpcPeeringConnectionId")
            for name in _DESTINATIONS if isinstance(peering, str) else ():
                for destination in _networks([route.get(name)]):
                    found[str(peering)].append((row.vpc_id, destination))
    return found


def _transit_gateways(
    facts: "Facts", ranges: Mapping[str, tuple[Network, ...]]
) -> Iterator[Result]:
    """Each transit gateway at its owner, who sees all that is attached."""
    attached: dict[str, list[Any]] = defaultdict(list)
    columns = ("account_id", "transit_gateway_id", "transit_gateway_owner_id", "resource_type")
    more = ("resource_id", "resource_owner_id", "state", "route_table_id")
    for row in rows(facts.frame(ATTACHMENTS), *columns, *more):
        own = row.account_id == row.transit_gateway_owner_id
        if own and row.resource_type == "vpc" and row.state == "available":
            attached[row.transit_gateway_id].append(row)
    gateways = rows(
        facts.frame("ec2_transit_gateways"), "account_id", "region", "id", "arn", "owner_id"
    )
    for gateway in gateways:
        if gateway.owner_id == gateway.account_id:
            yield from _transit_gateway(facts, gateway, attached.get(gateway.id, []), ranges)


def _transit_gateway(
    facts: "Facts", gateway: Any, attached: list[Any], ranges: Mapping[str, tuple[Network, ...]]
) -> Iterator[Result]:
    place = (gateway.account_id, gateway.arn or gateway.id, gateway.region)
    sound = True
    by_table: dict[str, list[Any]] = defaultdict(list)
    for row in attached:
        by_table[row.route_table_id or ""].append(row)
    for table, members in sorted(by_table.items()):
        found = _workloads(facts, (row.resource_owner_id for row in members))
        if table and len(found) > 1:
            sound = False
            title = f"Route table {table} of transit gateway {gateway.id} connects {listed(found)}."
            seen = {"vpcs": shown(row.resource_id for row in members), "environments": found}
            more: dict[str, Any] = {"facts": seen, "table": ATTACHMENTS}
            yield fail(*place, key=f"environments/{table}", title=title, **more)
    overlaps = overlapping({row.resource_id: ranges.get(row.resource_id, ()) for row in attached})
    if overlaps:
        sound = False
        title = f"Ranges of VPCs on transit gateway {gateway.id} overlap: routes are ambiguous."
        seen = {"overlaps": shown(f"{a} and {b}" for a, b in overlaps)}
        yield fail(*place, key="overlap", title=title, facts=seen, table="ec2_vpcs", severity="low")
    if sound:
        yield ok(*place)


def overlapping(ranges: Mapping[str, Iterable[Network]]) -> list[tuple[str, str]]:
    """Pairs of names whose ranges overlap; of several, each with the one that it lies in.

    Ranges are CIDR blocks: two overlap only where one holds the other. Sorted by where they
    begin, the wider first, each lies in the last one that has not ended.
    """
    found = set()
    every = [
        (each.version, int(each.network_address), -each.num_addresses, name, each)
        for name, own in ranges.items()
        for each in own
    ]
    holding: list[tuple[str, Network]] = []
    for _, _, _, name, each in sorted(every, key=lambda item: item[:4]):
        while holding and not is_within(each, (holding[-1][1],)):
            holding.pop()
        if holding and holding[-1][0] != name:
            first, second = sorted((holding[-1][0], name))
            found.add((first, second))
        holding.append((name, each))
    return sorted(found)


def _workloads(facts: "Facts", accounts: Iterable[str | None]) -> list[str]:
    """The environments of accounts in which applications run; networks and tools left out."""
    found = {facts.ownership.environment(account).value for account in accounts if account}
    return sorted(str(each) for each in found & WORKLOAD_ENVIRONMENTS)


def _networks(values: Any) -> tuple[Network, ...]:
    """Ranges from texts; what is no range is left out."""
    found = []
    for value in values or ():
        try:
            found.append(network(value))
        except (ValueError, TypeError):
            continue
    return tuple(found)
