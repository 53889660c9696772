"""VPC.2 and VPC.7: where the Internet comes in, against what was decided."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, ask, fail, ok
from awsbasics.recommendations.evidence.rows import counted, rows, shown
from awsbasics.recommendations.evidence.vpc_list import Vpc, vpcs

if TYPE_CHECKING:
    from awsbasics.facts import Facts

QUESTION = "VPC.2"


def entrances_as_decided(facts: "Facts") -> Iterator[Result]:
    """VPC.2: the answer compared with internet gateways, public subnets and what is exposed."""
    answer = facts.answer(QUESTION)
    if answer is None or answer.choice not in ("dmz", "per_application"):
        return
    used = [vpc for vpc in vpcs(facts).values() if not vpc.is_untouched]
    if answer.choice == "dmz" and not any(vpc.is_dmz for vpc in used):
        if any(vpc.gateways for vpc in used):
            title = "Which VPCs are the DMZ? Name them under dmz_vpcs in the engagement file."
            yield ask(facts.home_account_id, title, key="dmz_vpcs", table="ec2_vpcs")
        return
    for vpc in used:
        yield _beside_the_dmz(vpc) if answer.choice == "dmz" else _no_dmz(vpc)


def public_addresses(facts: "Facts") -> Iterator[Result]:
    """VPC.7: one result per VPC: only subnets of the DMZ give addresses to whatever starts there.

    Where each application publishes itself by decision, it is still worth a look: what is
    published needs no address of its own, its load balancer has one.
    """
    answer = facts.answer(QUESTION)
    decided = answer is not None and answer.choice == "per_application"
    found = vpcs(facts)
    giving: dict[str, set[str]] = {}
    frame = facts.frame("ec2_subnets")
    for subnet in rows(frame, "account_id", "id", "vpc_id", "map_public_ip", "owner_id"):
        if subnet.map_public_ip and subnet.vpc_id in found:
            giving.setdefault(subnet.vpc_id, set()).add(subnet.id)
    for vpc in found.values():
        subnets = giving.get(vpc.id, set())
        if vpc.is_dmz or vpc.is_untouched or not subnets:
            yield ok(*vpc.place)
            continue
        open_ = subnets & set(vpc.public_subnets)
        number = counted(len(subnets), "subnet gives", "subnets give")
        title = f"{number} public addresses to all that starts in VPC {vpc.label}."
        seen = {
            "subnets": shown(subnets),
            "with_route_to_the_internet": shown(open_),
            "interfaces": len(vpc.interfaces),
        }
        severity = "medium" if open_ and not decided else "low"
        more: dict[str, Any] = {"severity": severity, "facts": seen, "table": "ec2_subnets"}
        yield fail(*vpc.place, title=title, **more)


def _beside_the_dmz(vpc: Vpc) -> Result:
    """A VPC that is reached, or could be, though the answer says that only the DMZ is."""
    if vpc.is_dmz or not (vpc.exposed or vpc.gateways):
        return ok(*vpc.place)
    if vpc.exposed:
        number = counted(len(vpc.exposed), "thing", "things")
        what, severity = f"the Internet reaches {number} in VPC {vpc.label}", "high"
    else:
        what, severity = f"VPC {vpc.label} has an internet gateway of its own", "medium"
    title = f"The answer is that only the DMZ is reached from the Internet, but {what}."
    seen = {
        "internet_gateways": shown(vpc.gateways),
        "public_subnets": shown(vpc.public_subnets),
        "exposed": shown(vpc.exposed),
    }
    more: dict[str, Any] = {"facts": seen, "table": "ec2_internet_gateways", "key": "beside_dmz"}
    return fail(*vpc.place, title=title, severity=severity, **more)


def _no_dmz(vpc: Vpc) -> Result:
    """A DMZ where the answer says that there is none."""
    if not vpc.is_dmz:
        return ok(*vpc.place)
    title = f"The answer is that there is no DMZ, but VPC {vpc.label} is called one."
    more: dict[str, Any] = {"severity": "medium", "key": "called_dmz", "table": "ec2_vpcs"}
    return fail(*vpc.place, title=title, facts={"exposed": shown(vpc.exposed)}, **more)
