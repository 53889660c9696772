"""SG.4: security groups that let the whole Internet reach what it should not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.addresses import (
    Network,
    PrefixLists,
    is_world,
    share_of_internet,
    sources,
)
from awsbasics.recommendations.evidence.group_owners import group_label
from awsbasics.recommendations.evidence.ports import ALL_PORTS, Service, opened, ports_text
from awsbasics.recommendations.evidence.rows import SHOWN, from_json, listed, rows, shown

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

Ranges = tuple[Network, ...]


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


def _judge(group: Any, rules: list[tuple[Any, Ranges | None]], attached: int) -> Iterator[Result]:
    place = (group.account_id, group.arn or group.id, group.region)
    read = [(rule, ranges) for rule, ranges in rules if ranges is not None]
    alone = [(rule, ranges) for rule, ranges in read if is_world(ranges) and opened(rule)]
    seen = {"interfaces_seen": attached, "vpc_id": group.vpc_id}
    for rule, ranges in alone:
        title = f"{group_label(group)} opens {_what(opened(rule))} to {_whom(ranges)}."
        evidence = {**_rule_facts(rule, ranges), **seen}
        yield fail(*place, key=rule.id, title=title, facts=evidence, table=TABLE)
    parts = [pair for pair in read if pair[0].id not in {rule.id for rule, _ in alone}]
    together = _together(parts, {service for rule, _ in alone for service in opened(rule)})
    if together:
        whom = _whom(_all_ranges(parts))
        title = f"{group_label(group)} opens {_what(together)} to {whom}, by several rules."
        evidence = {"rules": _facts_of(parts, together), **seen}
        yield fail(*place, key=SPLIT, title=title, facts=evidence, table=TABLE)
    unread = [rule for rule, ranges in rules if ranges is None and opened(rule)]
    if unread:
        yield _unread_lists(group, unread)
    elif not alone and not together:
        yield ok(*place)


def _unread_lists(group: Any, rules: list[Any]) -> Result:
    names = listed(shown(rule.prefix_list_id for rule in rules))
    title = f"{group_label(group)}: the prefix lists {names} were not read."
    place = (group.account_id, title, group.arn or group.id, group.region)
    return unknown(*place, key="prefix_list", table="ec2_prefix_lists")


def _together(parts: list[tuple[Any, Ranges]], reported: set[Service]) -> tuple[Service, ...]:
    """Services that no rule opens to the world by itself, but several do together."""
    if ALL_PORTS in reported or not is_world(_all_ranges(parts)):
        return ()
    by_service: dict[Service, Ranges] = defaultdict(tuple)
    for rule, ranges in parts:
        for service in opened(rule):
            by_service[service] += ranges
    everything = by_service.pop(ALL_PORTS, ())
    if is_world(everything):
        return (ALL_PORTS,)
    found = (service for service, ranges in by_service.items() if is_world(ranges + everything))
    return tuple(service for service in found if service not in reported)


def _all_ranges(parts: list[tuple[Any, Ranges]]) -> Ranges:
    return tuple(each for _, ranges in parts for each in ranges)


def _facts_of(
    parts: list[tuple[Any, Ranges]], services: tuple[Service, ...]
) -> list[dict[str, Any]]:
    """The rules that have a part in opening services."""
    wanted = {*services, ALL_PORTS}
    return [_rule_facts(*pair) for pair in parts if wanted.intersection(opened(pair[0]))][:SHOWN]


def _rule_facts(rule: Any, ranges: Ranges) -> dict[str, Any]:
    return {
        "rule": rule.id,
        "ports": ports_text(rule),
        "sources": shown(str(each) for each in ranges),
        "prefix_list": rule.prefix_list_id,
        "description": rule.description,
    }


def _what(services: Iterable[Service]) -> str:
    return listed(shown(str(each) if each is not ALL_PORTS else each.name for each in services))


def _whom(ranges: Ranges) -> str:
    return (
        "the whole Internet" if share_of_internet(ranges) == 1 else "half of the Internet or more"
    )
