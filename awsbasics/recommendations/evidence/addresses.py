"""Address ranges of security group rules: how wide they are, and whether a person is behind one."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import (
    IPv4Network,
    IPv6Network,
    collapse_addresses,
    ip_network,
)
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.evidence.rows import from_json, rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Network = IPv4Network | IPv6Network

AWS_OWNER = "AWS"

# All addresses that the Internet routes: IANA gives out IPv6 from 2000::/3 only.
INTERNET_IPV4 = IPv4Network("0.0.0.0/0")
INTERNET_IPV6 = IPv6Network("2000::/3")

# Ranges that nobody reaches from the Internet (RFC 1918, 6598, 3927, 4193, 4291 and 1122).
# `is_global` will not do: it also takes the documentation ranges for private.
PRIVATE = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
            "::/127",
            "fc00::/7",
            "fe80::/10",
            "ff00::/8",
        ),
    )
)


class PrefixLists:
    """The entries of prefix lists, by region: an id means a list in one region."""

    def __init__(self, facts: "Facts") -> None:
        frame = facts.frame("ec2_prefix_lists")
        names = ("account_id", "region", "id", "owner_id", "entries", "entries_status")
        self._lists = {(row.account_id, row.region, row.id): row for row in rows(frame, *names)}

    def entries(self, rule: Any) -> tuple[str, ...] | None:
        """The ranges of the list that a rule names; None where they were not read.

        Lists of AWS are its services' own addresses, never the world: they count as empty.
        """
        found = self._lists.get((rule.account_id, rule.region, rule.prefix_list_id))
        if found is None:
            return None
        if found.owner_id == AWS_OWNER:
            return ()
        return tuple(from_json(found.entries) or ()) if found.entries_status == "ok" else None


def sources(rule: Any, lists: PrefixLists) -> tuple[Network, ...] | None:
    """The ranges that a rule lets in; empty for another group, None where they were not read."""
    if rule.prefix_list_id is not None:
        entries = lists.entries(rule)
        return None if entries is None else tuple(network(entry) for entry in entries)
    return tuple(network(cidr) for cidr in (rule.cidr_ipv4, rule.cidr_ipv6) if cidr is not None)


@lru_cache(maxsize=65536)
def network(cidr: str) -> Network:
    """A range from its text; bits beyond the prefix are forgiven, as EC2 forgives them."""
    return ip_network(cidr, strict=False)


def is_world(networks: tuple[Network, ...]) -> bool:
    """Whether ranges together take in half of the Internet or more.

    That is what 0.0.0.0/0 is, and what it stays when it is written as several ranges.
    """
    return share_of_internet(networks) >= 0.5


@lru_cache(maxsize=65536)
def share_of_internet(networks: tuple[Network, ...]) -> float:
    """The share (0 to 1) of IPv4 or of IPv6, whichever is larger; below half it may be 0."""
    four = [each for each in networks if isinstance(each, IPv4Network)]
    six = [each for each in networks if isinstance(each, IPv6Network)]
    return max(_share(four, INTERNET_IPV4), _share(six, INTERNET_IPV6))


def is_single_public(one: Network) -> bool:
    """Whether a range is one address that the Internet reaches: somebody's own, most likely."""
    return one.num_addresses == 1 and not _within(one, PRIVATE)


def is_within(one: Network, ranges: Sequence[Network]) -> bool:
    """Whether a range lies inside one of several."""
    return _within(one, ranges)


def _within(one: Network, ranges: Iterable[Network]) -> bool:
    return any(_inside(one, other) for other in ranges)


def _inside(one: Network, other: Network) -> bool:
    if isinstance(one, IPv4Network):
        return isinstance(other, IPv4Network) and one.subnet_of(other)
    return isinstance(other, IPv6Network) and one.subnet_of(other)


def _share(networks: Sequence[Any], internet: Any) -> float:
    """The share of the Internet that ranges of its family take in, overlaps counted once."""
    if 2 * sum(each.num_addresses for each in networks) < internet.num_addresses:
        return 0.0  # most groups: not even without looking for overlaps
    parts = [internet if internet.subnet_of(each) else each for each in networks]
    inside = collapse_addresses(each for each in parts if each.subnet_of(internet))
    return float(sum(each.num_addresses for each in inside) / internet.num_addresses)
