"""SG.5: applications of one VPC reach each other by group reference, not by address."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.addresses import PRIVATE, is_within, network
from awsbasics.recommendations.evidence.group_owners import (
    INTERFACES,
    Place,
    application_of_interface,
    group_label,
)
from awsbasics.recommendations.evidence.open_groups import TABLE, inbound_address_rules
from awsbasics.recommendations.evidence.ports import ports_text
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Neighbours = list[tuple[int, str]]  # private address and application, sorted


def by_group_reference(facts: "Facts") -> Iterator[Result]:
    """SG.5: one result per rule for a private range, in a group that one application has.

    It fails where other applications of the same VPC have addresses in the range: there a
    reference to their groups would let in them and nobody else.
    """
    applications, neighbours = _living(facts)
    columns = ("account_id", "region", "id", "arn", "name", "vpc_id")
    groups = {
        (row.account_id, row.region, row.id): row
        for row in rows(facts.frame("ec2_security_groups"), *columns)
    }
    known: dict[tuple[str, str], frozenset[str]] = {}
    for rule in inbound_address_rules(facts):
        place = (rule.account_id, rule.region, rule.group_id)
        group, own = groups.get(place), applications.get(place, set())
        if group is None or len(own) != 1 or not rule.cidr_ipv4:
            continue
        key = (group.vpc_id, rule.cidr_ipv4)
        if key not in known:
            known[key] = _within(neighbours.get(group.vpc_id, []), rule.cidr_ipv4)
        yield _judged(group, rule, own, known[key])


def _judged(group: Any, rule: Any, own: set[str], found: frozenset[str]) -> Result:
    where = (group.account_id, group.arn or group.id, group.region)
    others = found - own
    if not others:
        return ok(*where)
    title = (
        f"{group_label(group)} lets in {listed(shown(others))} by the address"
        f" range {rule.cidr_ipv4}, not by their groups."
    )
    seen = {"rule": rule.id, "ports": ports_text(rule), "description": rule.description}
    more: dict[str, Any] = {"facts": seen, "table": TABLE, "application": next(iter(own))}
    return fail(*where, key=rule.id, title=title, **more)


def _within(neighbours: Neighbours, cidr: str) -> frozenset[str]:
    """The applications with an address in a private range."""
    try:
        one = network(cidr)
    except ValueError:
        return frozenset()
    if not isinstance(one, IPv4Network) or not is_within(one, PRIVATE):
        return frozenset()
    first = bisect_left(neighbours, (int(one.network_address), ""))
    last = bisect_right(neighbours, (int(one.broadcast_address) + 1, ""))
    return frozenset(application for _, application in neighbours[first:last])


def _living(facts: "Facts") -> tuple[Mapping[Place, set[str]], Mapping[str, Neighbours]]:
    """The applications of each group, and the addresses of applications by VPC."""
    applications: dict[Place, set[str]] = defaultdict(set)
    neighbours: dict[str, Neighbours] = defaultdict(list)
    names = ("account_id", "region", "id", "vpc_id", "group_ids", "instance_id", "private_ip")
    for row in rows(facts.frame(INTERFACES), *names, "tags"):
        application = application_of_interface(facts, row)
        if application is None:
            continue
        for group_id in from_json(row.group_ids) or ():
            applications[row.account_id, row.region, group_id].add(application)
        try:
            neighbours[row.vpc_id].append((int(IPv4Address(row.private_ip)), application))
        except ValueError:
            continue  # none, or an interface of IPv6 alone
    for own in neighbours.values():
        own.sort()
    return applications, neighbours
