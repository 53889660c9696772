"""Inbound rules by which developers come: from single public addresses, or from VPN ranges."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.evidence.addresses import (
    Network,
    PrefixLists,
    is_single_public,
    is_within,
    network,
    sources,
)
from awsbasics.recommendations.evidence.open_groups import inbound_address_rules

if TYPE_CHECKING:
    from awsbasics.facts import Facts


def personal_rules(facts: "Facts") -> Iterator[tuple[Any, tuple[Network, ...] | None]]:
    """Each such rule with those of its ranges; None for these where its prefix list was not read.

    The VPN ranges are the engagement file's `vpn_ranges`.
    """
    lists = PrefixLists(facts)
    vpn = tuple(network(text) for text in facts.engagement.vpn_ranges)
    for rule in inbound_address_rules(facts):
        ranges = sources(rule, lists)
        if ranges is None:
            yield rule, None
            continue
        personal = tuple(each for each in ranges if is_single_public(each) or is_within(each, vpn))
        if personal:
            yield rule, personal
