"""VPC.6: VPC block public access, and network ACLs that let everything in.

Both stay as AWS made them in most accounts: they are said once per account, with the count.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.ports import ALL_PORTS, opened
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, shown
from awsbasics.recommendations.evidence.vpc_list import Vpc, vpcs

if TYPE_CHECKING:
    from awsbasics.facts import Facts

BLOCK = "ec2_block_public_access"
ACLS = "ec2_network_acls"
EVERYWHERE = {"CidrBlock": "0.0.0.0/0", "Ipv6CidrBlock": "::/0"}
WATCHED = frozenset({"SSH", "RDP"})
MOST_DIGITS = 5  # of a rule's number


def open_networks(facts: "Facts") -> Iterator[Result]:
    """VPC.6: two results per account that has VPCs in use."""
    living: dict[str, list[Vpc]] = defaultdict(list)
    for vpc in vpcs(facts).values():
        if vpc.interfaces:
            living[vpc.account_id].append(vpc)
    modes = {
        (row.account_id, row.region): row.vpc_internet_gateway_block_mode
        for row in rows(
            facts.frame(BLOCK), "account_id", "region", "vpc_internet_gateway_block_mode"
        )
    }
    acls = _acls(facts)
    for account_id, own in living.items():
        yield _blocked(account_id, own, modes)
        yield _filtered(account_id, [row for vpc in own for row in acls.get(vpc.id, ())])


def _blocked(
    account_id: str, own: list[Vpc], modes: Mapping[tuple[str, str], str | None]
) -> Result:
    """Block public access costs nothing where no VPC has an internet gateway."""
    regions = {vpc.region for vpc in own}
    off = {region for region in regions if modes.get((account_id, region)) in (None, "off")}
    if not off:
        return ok(account_id)
    closed = off - {vpc.region for vpc in own if vpc.gateways}
    title = f"VPC block public access is off in {listed(shown(off))}."
    seen = {"regions_off": shown(off), "of_them_without_internet_gateway": shown(closed)}
    more: dict[str, Any] = {"facts": seen, "table": BLOCK}
    return fail(account_id, key="block_public_access", title=title, **more)


def _filtered(account_id: str, acls: list[Any]) -> Result:
    """Whether the ACLs in use keep SSH and RDP from the whole Internet."""
    open_ = [acl for acl in acls if lets_in(from_json(acl.entries))]
    if not open_:
        return ok(account_id)
    title = (
        f"{len(open_)} of {len(acls)} network ACLs in use let the whole Internet reach"
        " SSH or RDP: only security groups stand before them."
    )
    seen = {
        "acls": shown(acl.id for acl in open_),
        "default_ones": sum(bool(acl.is_default) for acl in open_),
    }
    return fail(account_id, key="network_acls", title=title, facts=seen, table=ACLS)


def lets_in(entries: Any) -> bool:
    """Whether inbound entries let everyone reach SSH or RDP, over IPv4 or IPv6.

    Entries are tried by number, and the first that fits decides ("Network ACL rules", VPC user
    guide). The two services are those of FSBP EC2.21.
    """
    inbound = [each for each in entries or () if isinstance(each, dict) and not each.get("Egress")]
    inbound.sort(key=lambda each: str(each.get("RuleNumber")).zfill(MOST_DIGITS))
    return any(_lets_in(inbound, key, world) for key, world in EVERYWHERE.items())


def _lets_in(inbound: list[dict[str, Any]], key: str, world: str) -> bool:
    closed: set[str] = set()
    for entry in inbound:
        if entry.get(key) != world:
            continue
        names = {service.name for service in opened(_AsRule(entry))}
        found = WATCHED if ALL_PORTS.name in names else WATCHED & names
        if entry.get("RuleAction") == "deny":
            closed |= found
        elif found - closed:
            return True
    return False


class _AsRule:
    """An ACL's entry in the words of a security group's rule."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        ports = entry.get("PortRange")
        ports = ports if isinstance(ports, dict) else {}
        self.protocol = str(entry.get("Protocol"))
        self.from_port = ports.get("From")
        self.to_port = ports.get("To")


def _acls(facts: "Facts") -> Mapping[str, list[Any]]:
    """The ACLs that stand before a subnet, by VPC."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows(facts.frame(ACLS), "id", "vpc_id", "is_default", "subnet_ids", "entries"):
        if from_json(row.subnet_ids):
            found[row.vpc_id].append(row)
    return found
