"""VPC.1: which applications live in which VPC, against what was decided."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.accounts import WORKLOAD_ENVIRONMENTS
from awsbasics.recommendations.evidence.group_owners import application_of_interface
from awsbasics.recommendations.evidence.rows import listed, rows, shown
from awsbasics.recommendations.evidence.vpc_list import Vpc, vpcs

if TYPE_CHECKING:
    from awsbasics.facts import Facts

QUESTION = "VPC.1"
# What says by itself which VPC it is in; interfaces are looked at besides.
RESIDENTS = ("lambda_functions", "rds_db_instances", "elbv2_load_balancers", "eks_clusters")
MAP_TABLES = ("ec2_vpcs", "ec2_network_interfaces", "ec2_instances", *RESIDENTS)


@dataclass(slots=True)
class Residents:
    """Who lives in a VPC: applications with their accounts, and the accounts of all that lives."""

    applications: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    accounts: set[str] = field(default_factory=set)


def vpcs_as_decided(facts: "Facts") -> Iterator[Result]:
    """VPC.1: the answer compared with the map of applications and VPCs."""
    answer = facts.answer(QUESTION)
    if answer is None or answer.choice not in _JUDGED:
        return
    found = vpcs(facts)
    for vpc_id, residents in applications_by_vpc(facts, found).items():
        vpc = found[vpc_id]
        problem = _JUDGED[answer.choice](facts, vpc, residents)
        if not problem:
            yield ok(*vpc.place)
            continue
        seen = {
            "applications": shown(residents.applications),
            "accounts": shown(residents.accounts),
        }
        more: dict[str, Any] = {"facts": seen, "table": "ec2_network_interfaces"}
        yield fail(*vpc.place, key=answer.choice, title=problem, **more)


def applications_by_vpc(facts: "Facts", found: Mapping[str, Vpc]) -> Mapping[str, Residents]:
    """The applications in each VPC that something lives in, by the VPC's id."""
    living: dict[str, Residents] = defaultdict(Residents)
    for vpc in found.values():
        for interface in vpc.interfaces:
            application = application_of_interface(facts, interface)
            _note(living[vpc.id], application, interface.account_id)
    for table in RESIDENTS:
        for row in rows(facts.frame(table), "account_id", "region", "arn", "vpc_id"):
            if row.vpc_id in found:
                owner = facts.ownership.application(row.account_id, row.region, row.arn)
                _note(living[row.vpc_id], owner.value, row.account_id)
    return living


def _note(residents: Residents, application: str | None, account_id: str) -> None:
    residents.accounts.add(account_id)
    if application is not None:
        residents.applications[application].add(account_id)


def _per_application(_: "Facts", vpc: Vpc, residents: Residents) -> str:
    if len(residents.applications) < 2:
        return ""
    names = listed(shown(residents.applications))
    return f"The answer is a VPC for each application, but {names} share VPC {vpc.label}."


def _per_environment(facts: "Facts", vpc: Vpc, residents: Residents) -> str:
    mixed = _environments(facts, residents)
    if len(mixed) < 2:
        return ""
    return f"The answer is a VPC for each environment, but VPC {vpc.label} has {listed(mixed)}."


def _shared_network(facts: "Facts", vpc: Vpc, residents: Residents) -> str:
    decided = "The answer is that a network team shares subnets of central VPCs, but"
    own = [name for name, where in residents.applications.items() if vpc.account_id in where]
    if own:
        return f"{decided} VPC {vpc.label} is in the account of {listed(shown(own))} itself."
    mixed = _environments(facts, residents)
    return f"{decided} VPC {vpc.label} has {listed(mixed)}." if len(mixed) > 1 else ""


def _environments(facts: "Facts", residents: Residents) -> list[str]:
    """The environments of those who live there, tools left out."""
    found = {facts.ownership.environment(account).value for account in residents.accounts}
    return sorted(str(each) for each in found & WORKLOAD_ENVIRONMENTS)


_JUDGED = {
    "per_application": _per_application,
    "per_environment": _per_environment,
    "shared_network": _shared_network,
}
