"""Live security group rules, and whether a rule of a template can have become one of them."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from awsbasics.cloudformation.compare import text_could_be
from awsbasics.cloudformation.security_groups import Rule
from awsbasics.cloudformation.values import Open, as_text, options
from awsbasics.recommendations.evidence.addresses import (
    PrefixLists,
    is_single_public,
    is_within,
    network,
    sources,
)
from awsbasics.recommendations.evidence.rows import rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

GROUPS = "ec2_security_groups"
RULES = "ec2_security_group_rules"

EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
# Kubernetes' controllers put rules for their load balancers into groups of nodes; so do they
# describe them (AWS Load Balancer Controller, and the controller that comes with Kubernetes).
CONTROLLERS = ("elbv2.k8s.aws/", "kubernetes.io/rule/")
# What DEV.1 may answer, and whether single addresses or only VPN ranges come of it.
SINGLE_ADDRESSES = {"rules_by_policy": True, "vpn_range": False}

_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
_LAST = {"tcp": 65535, "udp": 65535}
_WITH_PORTS = frozenset(_PROTOCOLS.values()) - {"-1"}
_PEERS = {
    "cidr_ipv4": ("CidrIp",),
    "cidr_ipv6": ("CidrIpv6",),
    "prefix_list_id": ("SourcePrefixListId", "DestinationPrefixListId"),
    "referenced_group_id": (
        "SourceSecurityGroupId",
        "SourceSecurityGroupName",
        "DestinationSecurityGroupId",
    ),
}
_COLUMNS = (
    "account_id",
    "region",
    "id",
    "group_id",
    "is_egress",
    "protocol",
    "from_port",
    "to_port",
    *_PEERS,
    "description",
)


class LiveGroups:
    """The security groups and rules of all accounts."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._lists = PrefixLists(facts)
        self._vpn = tuple(network(text) for text in facts.engagement.vpn_ranges)
        self._by_id: dict[tuple[str, str, str], Any] = {}
        self._by_name: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        self._rules: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        frame = facts.frame(GROUPS)
        for group in rows(frame, "account_id", "region", "id", "name", "arn"):
            self._by_id[group.account_id, group.region, group.id] = group
            self._by_name[group.account_id, group.region, group.name].append(group)
        for rule in rows(facts.frame(RULES), *_COLUMNS):
            self._rules[rule.account_id, rule.region, rule.group_id].append(rule)

    def group(self, account_id: str, region: str, physical_id: str) -> Any | None:
        """The group that CloudFormation knows by its id or, without a VpcId, by its name."""
        found = self._by_id.get((account_id, region, physical_id))
        named = self._by_name.get((account_id, region, physical_id), [])
        return found or (named[0] if len(named) == 1 else None)

    def rules(self, group: Any) -> list[Any]:
        """The rules of a group."""
        return self._rules.get((group.account_id, group.region, group.id), [])

    def names(self, rule: Any) -> tuple[str, ...]:
        """What a template may call the group that a rule refers to: its id, or its name."""
        group = self._by_id.get((rule.account_id, rule.region, rule.referenced_group_id))
        names = (rule.referenced_group_id, None if group is None else group.name)
        return tuple(name for name in names if name)

    def is_for_developers(self, rule: Any) -> bool:
        """Whether it lets in a developer in development, by the method that DEV.1 answers."""
        answer = self._facts.answer("DEV.1")
        if rule.is_egress or answer is None or answer.choice not in SINGLE_ADDRESSES:
            return False
        if self._facts.ownership.environment(rule.account_id).value != "development":
            return False
        single = SINGLE_ADDRESSES[answer.choice]
        ranges = sources(rule, self._lists)
        return bool(ranges) and all(
            is_within(each, self._vpn) or (single and is_single_public(each))
            for each in ranges or ()
        )


def could_become(rule: Rule, live: Any, groups: LiveGroups) -> bool:
    """Whether a rule of a template can be a live one; what is open fits anything."""
    said = rule.properties or {}
    return (
        rule.is_egress == bool(live.is_egress)
        and any(_protocol_fits(form, live) for form in options(said.get("IpProtocol")))
        and _ports_fit(rule, live)
        and _peer_fits(rule, live, groups)
    )


def names_a_peer(rule: Rule) -> bool:
    """Whether it has a source or destination: without one CloudFormation makes no rule."""
    said = rule.properties or {}
    return any(said.get(key) is not None for keys in _PEERS.values() for key in keys)


def is_default_egress(live: Any) -> bool:
    """Whether it is one of the two outbound rules that EC2 gives to a new group."""
    peer = live.cidr_ipv4 or live.cidr_ipv6
    return bool(live.is_egress) and live.protocol == "-1" and peer in EVERYWHERE


def is_a_controllers(live: Any) -> bool:
    """Whether a controller of Kubernetes made it and looks after it."""
    return (live.description or "").startswith(CONTROLLERS)


def peer_text(live: Any) -> str:
    """The source or destination of a live rule: a range, a prefix list or a group."""
    return next((str(value) for name in _PEERS if (value := getattr(live, name))), "nobody")


def template_text(rule: Rule) -> str:
    """A template's rule for people: way, protocol, ports, source or destination."""
    said = rule.properties or {}
    peers = (said.get(key) for keys in _PEERS.values() for key in keys)
    peer = next((_text(each) for each in peers if each is not None), "nobody")
    protocol = _text(said.get("IpProtocol"))
    ports = [_text(said[key]) for key in ("FromPort", "ToPort") if said.get(key) is not None]
    between = f" {'-'.join(dict.fromkeys(ports))}" if ports and protocol != "-1" else ""
    way = "outbound to" if rule.is_egress else "inbound from"
    return f"{way} {peer}, {'all' if protocol == '-1' else protocol}{between}"


def _text(value: Any) -> str:
    """A value for people, all forms of it where a condition decides."""
    return " or ".join(as_text(form) for form in options(value))


def _protocol(text: str) -> str:
    return _PROTOCOLS.get(text.lower(), text.lower())


def _protocol_fits(form: Any, live: Any) -> bool:
    if isinstance(form, Open):
        return True
    return _protocol(as_text(form)) == _protocol(as_text(live.protocol))


def _ports_fit(rule: Rule, live: Any) -> bool:
    """Ports matter to TCP, UDP and ICMP only; left out, or -1, they are all."""
    protocol = _protocol(as_text(live.protocol))
    if protocol not in _WITH_PORTS:
        return True
    last = _LAST.get(protocol, -1)
    first = -1 if protocol.startswith("icmp") else 0
    said = rule.properties or {}
    return _port_fits(said.get("FromPort"), live.from_port, first) and _port_fits(
        said.get("ToPort"), live.to_port, last
    )


def _port_fits(value: Any, live: Any, whole: int) -> bool:
    there = str(whole if live is None or live < 0 else int(live))
    forms = options(value) or (None,)
    return any(
        text_could_be(str(whole) if form is None or as_text(form) == "-1" else form, there)
        for form in forms
    )


def _peer_fits(rule: Rule, live: Any, groups: LiveGroups) -> bool:
    for column, keys in _PEERS.items():
        value = getattr(live, column)
        if value is None:
            continue
        names = groups.names(live) if column == "referenced_group_id" else (value,)
        forms = [form for key in keys for form in options((rule.properties or {}).get(key))]
        return any(_same(form, name) for form in forms if form is not None for name in names)
    return False


def _same(form: Any, live: str) -> bool:
    """Whether a text can have become a live one; ranges as EC2 writes them."""
    if isinstance(form, str) and "/" in form:
        try:
            return network(form) == network(live)
        except ValueError:
            return form == live
    return text_could_be(form, live)
