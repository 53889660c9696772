"""Ports that have no business being open to the world, and what a rule opens of them.

The list follows AWS Foundational Security Best Practices EC2.13, EC2.14 and EC2.19 and the CIS
benchmark's administration ports, and adds file services and databases that they leave out.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

Category = Literal["administrative", "file sharing", "database", "all ports"]

TCP, UDP = frozenset({"tcp"}), frozenset({"udp"})
BOTH = TCP | UDP

# Security group rules name protocols, or number them (IANA).
PROTOCOLS = {"6": "tcp", "17": "udp"}
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Service:
    """A service that listens on a port or a short range of ports."""

    name: str
    category: Category
    first: int
    last: int
    protocols: frozenset[str] = TCP

    def __str__(self) -> str:
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.name} ({ports})"


ALL_PORTS = Service("all ports", "all ports", 0, LAST_PORT, BOTH)

SERVICES = (
    Service("SSH", "administrative", 22, 22),
    Service("Telnet", "administrative", 23, 23),
    Service("Windows RPC", "administrative", 135, 135),
    Service("Docker", "administrative", 2375, 2376),
    Service("RDP", "administrative", 3389, 3389, BOTH),
    Service("VNC", "administrative", 5900, 5900),
    Service("WinRM", "administrative", 5985, 5986),
    Service("kubelet", "administrative", 10250, 10250),
    Service("FTP", "file sharing", 20, 21),
    Service("TFTP", "file sharing", 69, 69, UDP),
    Service("rpcbind", "file sharing", 111, 111, BOTH),
    Service("NetBIOS", "file sharing", 137, 139, BOTH),
    Service("SMB", "file sharing", 445, 445, BOTH),
    Service("rsync", "file sharing", 873, 873),
    Service("NFS", "file sharing", 2049, 2049, BOTH),
    Service("SQL Server", "database", 1433, 1434, BOTH),
    Service("Oracle", "database", 1521, 1521),
    Service("Oracle", "database", 2483, 2484),
    Service("MySQL", "database", 3306, 3306),
    Service("PostgreSQL", "database", 5432, 5432),
    Service("Redshift", "database", 5439, 5439),
    Service("CouchDB", "database", 5984, 5984),
    Service("Redis", "database", 6379, 6379),
    Service("Neptune", "database", 8182, 8182),
    Service("Cassandra", "database", 9042, 9042),
    Service("Cassandra", "database", 9142, 9142),
    Service("OpenSearch", "database", 9200, 9200),
    Service("OpenSearch", "database", 9300, 9300),
    Service("Memcached", "database", 11211, 11211, BOTH),
    Service("MongoDB", "database", 27017, 27019),
    Service("Db2", "database", 50000, 50000),
)


def opened(rule: Any) -> tuple[Service, ...]:
    """The services that a rule opens: `ALL_PORTS` alone where it opens every port.

    `rule` has `protocol`, `from_port` and `to_port` as EC2 gives them. Protocols without
    ports, such as ICMP, open none.
    """
    return _opened(PROTOCOLS.get(rule.protocol, rule.protocol), *_range(rule))


@lru_cache(maxsize=65536)
def _opened(protocol: str, first: int, last: int) -> tuple[Service, ...]:
    if protocol == "-1":
        return (ALL_PORTS,)
    if protocol not in BOTH:
        return ()
    if first <= 1 and last >= LAST_PORT:
        return (ALL_PORTS,)
    return tuple(
        service
        for service in SERVICES
        if protocol in service.protocols and service.first <= last and first <= service.last
    )


def ports_text(rule: Any) -> str:
    """A rule's protocol and ports for evidence: `tcp 22`, `udp 1000-2000`, `all`."""
    protocol = PROTOCOLS.get(rule.protocol, rule.protocol)
    if protocol == "-1":
        return "all"
    first, last = _range(rule)
    return f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}"


def _range(rule: Any) -> tuple[int, int]:
    """First and last port; EC2 leaves both out, or gives -1, where a rule takes all of them."""
    if rule.from_port is None or rule.from_port < 0:
        return 0, LAST_PORT
    return int(rule.from_port), int(rule.from_port if rule.to_port is None else rule.to_port)
