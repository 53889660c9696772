"""SEP.6: networks of production that meet those of a sandbox or of development."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.rows import rows, shown
from awsbasics.recommendations.evidence.sides import Sides

if TYPE_CHECKING:
    from awsbasics.facts import Facts

_PARTS = ("account_id", "region", "vpc_id")
PEERINGS = "ec2_vpc_peering_connections"
GATEWAYS = "ec2_transit_gateways"
ATTACHMENTS = "ec2_transit_gateway_attachments"


class Gateway(NamedTuple):
    """A transit gateway: the route tables of each attached account (None: not known).

    `guests` are the accounts that see it without being its owner: it is shared with them.
    """

    id: str
    region: str
    owner_id: str
    accepts_all: bool
    guests: frozenset[str]
    tables: Mapping[str, frozenset[str | None]]

    @property
    def users(self) -> frozenset[str]:
        """Its owner, and whose networks are attached."""
        return frozenset({self.owner_id, *self.tables})


def network_crossings(facts: "Facts", sides: Sides) -> Iterator[Result]:
    """One result per peering of production, per transit gateway that it uses, and account."""
    yield from _peerings(facts, sides)
    for gateway in _gateways(facts):
        for account in sorted(gateway.users & sides.production.keys()):
            yield from _gateway(sides, gateway, account)


def _peerings(facts: "Facts", sides: Sides) -> Iterator[Result]:
    """Both sides see a peering: it is production's finding, once."""
    ends = [f"{end}_{part}" for end in ("requester", "accepter") for part in _PARTS]
    seen: set[str] = set()
    for row in rows(facts.frame(PEERINGS), "id", "arn", "status", *ends):
        if row.status != "active" or row.id in seen:
            continue
        seen.add(row.id)
        first = (row.requester_account_id, row.requester_region, row.requester_vpc_id)
        second = (row.accepter_account_id, row.accepter_region, row.accepter_vpc_id)
        for (account, region, vpc), (other, _, other_vpc) in ((first, second), (second, first)):
            if account not in sides.production:
                continue
            if other not in sides.lower:
                yield ok(account, row.id, region or "global")
                continue
            title = (
                f"VPC {vpc} of production is peered with VPC {other_vpc} of {sides.label(other)}."
            )
            about = {"vpc": vpc, "other_vpc": other_vpc, "other_account": other}
            yield fail(
                account,
                row.id,
                region or "global",
                key="peering",
                title=title,
                facts=about,
                severity="high",
                table=PEERINGS,
            )


def _gateways(facts: "Facts") -> list[Gateway]:
    """Every gateway once: several accounts see it, its owner's view says the most."""
    tables = _tables(facts)
    columns = ("account_id", "region", "id", "owner_id", "auto_accept_shared_attachments", "state")
    found: dict[str, Gateway] = {}
    for row in rows(facts.frame(GATEWAYS), *columns):
        if row.state == "deleted":
            continue
        known = found.get(row.id)
        viewers = (known.guests if known else frozenset()) | {row.account_id}
        found[row.id] = Gateway(
            id=row.id,
            region=row.region,
            owner_id=row.owner_id or "",
            accepts_all=row.auto_accept_shared_attachments == "enable",
            guests=viewers - {row.owner_id},
            tables=tables.get(row.id, {}),
        )
    return list(found.values())


def _tables(facts: "Facts") -> Mapping[str, Mapping[str, frozenset[str | None]]]:
    """The route tables that each account's attachments are associated with, by gateway."""
    columns = ("id", "transit_gateway_id", "resource_owner_id", "state", "route_table_id")
    attachments: dict[str, Any] = {}
    for row in rows(facts.frame(ATTACHMENTS), *columns):
        known = attachments.get(row.id)
        if row.state == "available" and (known is None or known.route_table_id is None):
            attachments[row.id] = row
    found: dict[str, dict[str, frozenset[str | None]]] = defaultdict(dict)
    for each in attachments.values():
        if each.resource_owner_id:
            of_gateway = found[each.transit_gateway_id]
            known = of_gateway.get(each.resource_owner_id, frozenset())
            of_gateway[each.resource_owner_id] = known | {each.route_table_id}
    return found


def _gateway(sides: Sides, gateway: Gateway, account: str) -> Iterator[Result]:
    own = gateway.tables.get(account, frozenset())
    others = {a: tables for a, tables in gateway.tables.items() if a in sides.lower}
    met = [a for a, tables in others.items() if (own & tables) - {None}]
    place = (account, gateway.id, gateway.region)
    if own and met:
        title = f"Transit gateway {gateway.id} joins production with {sides.named(met)}."
        seen = {"from": shown(met), "route_tables": sorted(t for t in own if t)}
        more: dict[str, Any] = {"facts": seen, "severity": "high", "table": ATTACHMENTS}
        yield fail(*place, key="transit_gateway", title=title, **more)
    elif own and others:
        # Association is where a network's traffic is looked up; where that leads is not gathered.
        title = (
            f"Transit gateway {gateway.id} serves production and {sides.named(others)} by route"
            " tables of their own: whether these lead to each other is not gathered."
        )
        more = {"key": "transit_gateway", "facts": {"from": shown(others)}, "table": ATTACHMENTS}
        yield unknown(account, title, gateway.id, gateway.region, **more)
    else:
        yield ok(*place)
    may = gateway.guests & sides.lower.keys()
    if gateway.accepts_all and may:
        title = f"Transit gateway {gateway.id} of production lets {sides.named(may)} in unasked."
        more = {"facts": {"from": shown(may)}, "severity": "high", "table": GATEWAYS}
        yield fail(*place, key="auto_accept", title=title, **more)
