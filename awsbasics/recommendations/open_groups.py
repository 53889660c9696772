"""SG.4: security groups that let the whole Internet reach what it should not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.addresses import Network, PrefixLists, is_world, sources
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.ports import ALL_PORTS, Service, opened, ports_text
from awsbasics.recommendations.rows import SHOWN, from_json, listed, rows, shown

if TYPE_CHECKING:
    import pandas as pd

    from awsbasics.facts import Facts

TABLE = "ec2_security_group_rules"
RULE_COLUMNS = (
    "account_id",
    "region",
    "id",
    "group_id",
    "protocol",
    "from_port",
    "to_port",
    "cidr_ipv4",
    "cidr_ipv6",
    "prefix_list_id",
    "description",
)
SPLIT = "split"


def inbound_address_rules(facts: "Facts") -> Iterator[Any]:
    """Inbound rules whose source is an address range or a prefix list."""
    frame: pd.DataFrame = facts.frame(TABLE)
    by_address = frame[["cidr_ipv4", "cidr_ipv6", "prefix_list_id"]].notna().any(axis=1)
    return rows(frame[by_address & ~frame["is_egress"].fillna(value=False)], *RULE_COLUMNS)


def open_to_the_world(facts: "Facts") -> Iterator[Result]:
    """One failure per rule that is open to the world; one for rules that are so together."""
    lists = PrefixLists(facts)
    by_group = _by_group(inbound_address_rules(facts))
    attached = attachments(facts)
    frame = facts.frame("ec2_security_groups")
    for group in rows(frame, "account_id", "region", "id", "arn", "name", "vpc_id"):
        place = (group.account_id, group.region, group.id)
        rules = [(rule, sources(rule, lists)) for rule in by_group.get(place, ())]
        yield from _judge(group, rules, attached.get(place, 0))


def attachments(facts: "Facts") -> dict[tuple[str, str, str], int]:
    """How many interfaces each group (account, region, id) is attached to."""
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    frame = facts.frame("ec2_network_interfaces")
    for row in rows(frame, "account_id", "region", "group_ids"):
        for group_id in from_json(row.group_ids) or ():
            counts[row.account_id, row.region, group_id] += 1
    return counts


def _by_group(rules: Iterable[Any]) -> dict[tuple[str, str, str], list[Any]]:
    found: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for rule in rules:
        found[rule.account_id, rule.region, rule.group_id].append(rule)
    return found


def _judge(
    group: Any, rules: list[tuple[Any, tuple[Network, ...] | None]], attached: int
) -> Iterator[Result]:
    place = (group.account_id, group.arn or group.id, group.region)
    read = [(rule, ranges) for rule, ranges in rules if ranges is not None]
    alone = [(rule, ranges) for rule, ranges in read if is_world(ranges) and opened(rule)]
    seen = {"interfaces_seen": attached, "vpc_id": group.vpc_id}
    for rule, ranges in alone:
        title = f"{_label(group)} opens {_what(opened(rule))} to the whole Internet."
        evidence = {**_rule_facts(rule, ranges), **seen}
        yield fail(*place, key=rule.id, title=title, facts=evidence, table=TABLE)
    reported = {service for rule, _ in alone for service in opened(rule)}
    together = _together(read, reported)
    if together:
        title = f"{_label(group)} opens {_what(together)} to the whole Internet, in several rules."
        evidence = {"rules": _facts_of(read, together), **seen}
        yield fail(*place, key=SPLIT, title=title, facts=evidence, table=TABLE)
    unread = [rule for rule, ranges in rules if ranges is None and opened(rule)]
    if unread:
        names = shown(rule.prefix_list_id for rule in unread)
        account, resource, region = place
        title = f"{_label(group)}: the prefix lists {listed(names)} were not read."
        yield unknown(account, title, resource, region, key="prefix_list", table="ec2_prefix_lists")
    elif not alone and not together:
        yield ok(*place)


def _together(
    read: list[tuple[Any, tuple[Network, ...]]], reported: set[Service]
) -> tuple[Service, ...]:
    """Services that no rule opens to the world by itself, but several do together."""
    if ALL_PORTS in reported or len(read) < 2 or not is_world(_all_ranges(read)):
        return ()
    ranges: dict[Service, tuple[Network, ...]] = defaultdict(tuple)
    for rule, networks in read:
        for service in opened(rule):
            ranges[service] += networks
    everything = ranges.pop(ALL_PORTS, ())
    if is_world(everything):
        return (ALL_PORTS,)
    found = (service for service, parts in ranges.items() if is_world(parts + everything))
    return tuple(service for service in found if service not in reported)


def _all_ranges(read: list[tuple[Any, tuple[Network, ...]]]) -> tuple[Network, ...]:
    return tuple(each for _, ranges in read for each in ranges)


def _facts_of(
    read: list[tuple[Any, tuple[Network, ...]]], services: tuple[Service, ...]
) -> list[dict[str, Any]]:
    """The rules that have a part in opening services."""
    wanted = {*services, ALL_PORTS}
    return [_rule_facts(*pair) for pair in read if wanted.intersection(opened(pair[0]))][:SHOWN]


def _rule_facts(rule: Any, ranges: tuple[Network, ...]) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "ports": ports_text(rule),
        "sources": shown(str(each) for each in ranges),
        "prefix_list": rule.prefix_list_id,
        "description": rule.description,
    }


def _what(services: Iterable[Service]) -> str:
    return listed(shown(str(each) if each is not ALL_PORTS else each.name for each in services))


def _label(group: Any) -> str:
    return f"Security group {group.name} ({group.id})"
