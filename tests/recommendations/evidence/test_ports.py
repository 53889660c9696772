"""What a rule's protocol and ports open."""

from typing import NamedTuple

import pytest

from awsbasics.recommendations.evidence.ports import ALL_PORTS, opened, ports_text


class Rule(NamedTuple):
    protocol: str
    from_port: int | None = None
    to_port: int | None = None


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (Rule("tcp", 22, 22), {"SSH"}),
        (Rule("6", 22, 22), {"SSH"}),
        (Rule("tcp", 20, 25), {"FTP", "SSH", "Telnet"}),
        (Rule("tcp", 3389, 3389), {"RDP"}),
        (Rule("udp", 3389, 3389), {"RDP"}),
        (Rule("tcp", 5432, 5432), {"PostgreSQL"}),
        (Rule("tcp", 138, 445), {"NetBIOS", "SMB"}),
        (Rule("tcp", 9200, 9300), {"OpenSearch"}),
        (Rule("tcp", 27018, 27018), {"MongoDB"}),
        (Rule("udp", 11211, 11211), {"Memcached"}),
    ],
)
def test_these_open_services(rule: Rule, names: set[str]) -> None:
    assert {service.name for service in opened(rule)} == names


@pytest.mark.parametrize(
    "rule",
    [
        Rule("tcp", 80, 80),
        Rule("tcp", 443, 443),
        Rule("tcp", 8443, 8443),
        Rule("udp", 22, 22),
        Rule("icmp", -1, -1),
        Rule("icmp", 22, 22),  # an ICMP type, no port
        Rule("icmpv6", -1, -1),
        Rule("58", -1, -1),
        Rule("50"),
    ],
)
def test_these_open_none(rule: Rule) -> None:
    assert opened(rule) == ()


@pytest.mark.parametrize(
    "rule",
    [
        Rule("-1"),
        Rule("-1", -1, -1),
        Rule("tcp", 0, 65535),
        Rule("tcp", 1, 65535),
        Rule("17", -1, -1),
        Rule("tcp"),
    ],
)
def test_these_open_all_ports(rule: Rule) -> None:
    assert opened(rule) == (ALL_PORTS,)


def test_ports_are_shown_as_people_write_them() -> None:
    rules = [Rule("tcp", 22, 22), Rule("17", 1000, 2000), Rule("-1")]
    assert [ports_text(rule) for rule in rules] == ["tcp 22", "udp 1000-2000", "all"]
