"""VPCs, once each at their owner: what lives in them, and where the Internet reaches them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.evidence.rows import from_json, rows, texts_in

if TYPE_CHECKING:
    from awsbasics.facts import Facts

LIVE_TABLES = (
    "ec2_vpcs",
    "ec2_subnets",
    "ec2_internet_gateways",
    "ec2_route_tables",
    "ec2_network_interfaces",
    "elbv2_load_balancers",
    "elb_load_balancers",
)
INTERNET_FACING = "internet-facing"
NAT = "nat_gateway"


@dataclass(slots=True)
class Vpc:
    """One VPC: `interfaces` are rows of all accounts, `exposed` names what the Internet reaches."""

    account_id: str
    region: str
    id: str
    arn: str
    name: str
    is_default: bool
    is_dmz: bool
    cidr_blocks: tuple[str, ...]
    interfaces: list[Any] = field(default_factory=list)
    gateways: list[str] = field(default_factory=list)
    public_subnets: list[str] = field(default_factory=list)
    exposed: list[str] = field(default_factory=list)

    @property
    def place(self) -> tuple[str, str, str]:
        """Where its findings belong: account, resource, region."""
        return self.account_id, self.arn or self.id, self.region

    @property
    def label(self) -> str:
        """Its name with its id, or the id alone."""
        return f"{self.name} ({self.id})" if self.name else self.id

    @property
    def is_untouched(self) -> bool:
        """Whether it is a default VPC as AWS made it, with nothing in it."""
        return self.is_default and not self.interfaces


def vpcs(facts: "Facts") -> Mapping[str, Vpc]:
    """The VPCs by id, each at the account that owns it."""
    found: dict[str, Vpc] = {}
    columns = ("account_id", "region", "id", "arn", "cidr_block", "cidr_blocks", "is_default")
    for row in rows(facts.frame("ec2_vpcs"), *columns, "owner_id", "tags"):
        if row.owner_id not in (None, row.account_id):
            continue  # shared with the account: its owner decides
        tags = from_json(row.tags)
        name = str(tags.get("Name", "")) if isinstance(tags, dict) else ""
        ranges = texts_in(row.cidr_blocks) or tuple(filter(None, (row.cidr_block,)))
        found[row.id] = Vpc(
            account_id=row.account_id,
            region=row.region,
            id=row.id,
            arn=row.arn,
            name=name,
            is_default=bool(row.is_default),
            is_dmz=facts.engagement.is_dmz(row.id, name),
            cidr_blocks=ranges,
        )
    _add_interfaces(facts, found)
    _add_gateways(facts, found)
    _add_load_balancers(facts, found)
    return found


def routes(row: Any) -> Iterator[dict[str, Any]]:
    """The routes of a route table that work."""
    for route in from_json(row.routes) or ():
        if isinstance(route, dict) and route.get("State", "active") == "active":
            yield route


def _add_interfaces(facts: "Facts", found: Mapping[str, Vpc]) -> None:
    names = ("account_id", "id", "vpc_id", "interface_type", "public_ip", "instance_id", "tags")
    for row in rows(facts.frame("ec2_network_interfaces"), *names, "region"):
        if row.vpc_id in found:
            vpc = found[row.vpc_id]
            vpc.interfaces.append(row)
            if row.public_ip and row.interface_type != NAT:
                vpc.exposed.append(f"{row.instance_id or row.id} ({row.public_ip})")


def _add_gateways(facts: "Facts", found: Mapping[str, Vpc]) -> None:
    for row in rows(facts.frame("ec2_internet_gateways"), "id", "vpc_ids"):
        for vpc_id in texts_in(row.vpc_ids):
            if vpc_id in found:
                found[vpc_id].gateways.append(row.id)
    by_subnet, by_vpc = _open_tables(facts)
    seen = set()
    for subnet in rows(facts.frame("ec2_subnets"), "id", "vpc_id"):
        is_public = by_subnet.get(subnet.id, by_vpc.get(subnet.vpc_id, False))
        if is_public and subnet.vpc_id in found and subnet.id not in seen:
            seen.add(subnet.id)
            found[subnet.vpc_id].public_subnets.append(subnet.id)


def _open_tables(facts: "Facts") -> tuple[dict[str, bool], dict[str, bool]]:
    """Whether a route table leads to an internet gateway: by subnet, and main ones by VPC."""
    by_subnet: dict[str, bool] = {}
    by_vpc: dict[str, bool] = defaultdict(bool)
    frame = facts.frame("ec2_route_tables")
    for row in rows(frame, "vpc_id", "is_main", "subnet_ids", "routes"):
        leads = any(str(route.get("GatewayId", "")).startswith("igw-") for route in routes(row))
        by_subnet |= dict.fromkeys(texts_in(row.subnet_ids), leads)
        if row.is_main:
            by_vpc[row.vpc_id] = leads
    return by_subnet, by_vpc


def _add_load_balancers(facts: "Facts", found: Mapping[str, Vpc]) -> None:
    for table in ("elbv2_load_balancers", "elb_load_balancers"):
        for row in rows(facts.frame(table), "name", "scheme", "vpc_id"):
            if row.scheme == INTERNET_FACING and row.vpc_id in found:
                found[row.vpc_id].exposed.append(f"load balancer {row.name}")
