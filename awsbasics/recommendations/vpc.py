"""R09: a VPC policy."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    fail,
    ok,
)
from awsbasics.recommendations.evidence.application_vpcs import MAP_TABLES, vpcs_as_decided
from awsbasics.recommendations.evidence.connections import CONNECTION_TABLES, connections
from awsbasics.recommendations.evidence.internet_entrances import (
    entrances_as_decided,
    public_addresses,
)
from awsbasics.recommendations.evidence.open_networks import ACLS, BLOCK, open_networks
from awsbasics.recommendations.evidence.rows import SHOWN, counted, rows, shown
from awsbasics.recommendations.evidence.vpc_list import LIVE_TABLES

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# Records of rejected traffic are what CIS and FSBP EC2.6 ask for; ALL holds them too.
SUFFICIENT_TRAFFIC = frozenset({"ALL", "REJECT"})


def default_vpcs(facts: "Facts") -> Iterator[Result]:
    """VPC.3: default VPCs are gone or empty; the empty ones are counted, not listed."""
    living = _interfaces_by_vpc(facts)
    frame = facts.frame("ec2_vpcs")
    for vpc in rows(frame, "account_id", "region", "id", "arn", "is_default"):
        if not vpc.is_default:
            continue
        interfaces = living.get(vpc.id, [])
        place = (vpc.account_id, vpc.arn or vpc.id, vpc.region)
        if not interfaces:
            yield ok(*place)
            continue
        number = counted(len(interfaces), "network interface", "network interfaces")
        title = f"The default VPC {vpc.id} is in use: it has {number}."
        seen = {"interfaces": shown(_label(interface) for interface in interfaces)}
        yield fail(*place, title=title, facts=seen, table="ec2_network_interfaces")


def flow_logs(facts: "Facts") -> Iterator[Result]:
    """VPC.4: each VPC that has interfaces records its traffic, whole or subnet by subnet."""
    living = _interfaces_by_vpc(facts)
    logs = _flow_logs_by_resource(facts)
    frame = facts.frame("ec2_vpcs")
    for vpc in rows(frame, "account_id", "region", "id", "arn", "owner_id"):
        interfaces = living.get(vpc.id, [])
        shared = vpc.owner_id not in (None, vpc.account_id)
        if not interfaces or shared:  # a shared VPC's log is its owner's affair
            continue
        place = (vpc.account_id, vpc.arn or vpc.id, vpc.region)
        silent = [each for each in interfaces if not _recorded(logs, vpc.id, each)]
        if not silent:
            yield ok(*place)
            continue
        known = [log for id_ in (vpc.id, *_parts(interfaces)) for log in logs.get(id_, ())][:SHOWN]
        seen = {
            "interfaces": len(interfaces),
            "without_record": len(silent),
            "flow_logs": [_describe(log) for log in known],
        }
        title = f"The traffic of VPC {vpc.id} is not recorded{_because(known)}."
        yield fail(*place, title=title, facts=seen, table="ec2_flow_logs")


def _interfaces_by_vpc(facts: "Facts") -> dict[str, list[Any]]:
    """Interfaces of all accounts: those in a shared VPC are seen in their own account only."""
    frame = facts.frame("ec2_network_interfaces")
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows(frame, "id", "vpc_id", "subnet_id", "interface_type", "instance_id"):
        if row.vpc_id:
            found[row.vpc_id].append(row)
    return found


def _flow_logs_by_resource(facts: "Facts") -> dict[str, list[Any]]:
    frame = facts.frame("ec2_flow_logs")
    found: dict[str, list[Any]] = defaultdict(list)
    for log in rows(frame, "id", "resource_id", "status", "deliver_status", "traffic_type"):
        found[log.resource_id].append(log)
    return found


def _recorded(logs: dict[str, list[Any]], vpc_id: str, interface: Any) -> bool:
    places = (vpc_id, interface.subnet_id, interface.id)
    return any(_works(log) for place in places for log in logs.get(place, ()))


def _works(log: Any) -> bool:
    delivers = log.status == "ACTIVE" and log.deliver_status != "FAILED"
    return delivers and log.traffic_type in SUFFICIENT_TRAFFIC


def _because(logs: list[Any]) -> str:
    """Why the flow logs that exist do not do, or nothing."""
    if any(log.deliver_status == "FAILED" for log in logs):
        return ": a flow log exists but cannot deliver"
    if any(log.traffic_type not in SUFFICIENT_TRAFFIC for log in logs):
        return ": a flow log exists but leaves out rejected traffic"
    return ": its flow logs leave out some interfaces" if logs else ""


def _parts(interfaces: list[Any]) -> list[str]:
    """Ids of the interfaces and of their subnets, each once."""
    ids = (id_ for each in interfaces for id_ in (each.subnet_id, each.id) if id_)
    return list(dict.fromkeys(ids))


def _describe(log: Any) -> dict[str, Any]:
    fields = ("id", "resource_id", "status", "deliver_status", "traffic_type")
    return {name: getattr(log, name) for name in fields}


def _label(interface: Any) -> str:
    what = interface.instance_id or interface.interface_type or "interface"
    return f"{interface.id} ({what})"


DEFAULT_VPC_FIX = """\
1. Find out what the interfaces belong to: the evidence names instances where there are any.
    aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=VPC
2. Move it to a VPC made for the application, by the application's stack.
3. When nothing is left, delete the default VPC in the console under VPC, Your VPCs, Actions,
Delete VPC. `aws ec2 create-default-vpc` brings it back if it should ever be missed.
To verify: the same command lists no interface."""

FLOW_LOGS_FIX = """\
1. Make a flow log for the VPC, in the stack that makes the VPC:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceType: VPC
      ResourceId: !Ref Vpc
      TrafficType: ALL
      LogDestinationType: s3
      LogDestination: arn of a bucket in the log archive account
2. Where one exists but cannot deliver, read why and mend the role or the bucket policy:
    aws ec2 describe-flow-logs --filter Name=resource-id,Values=VPC
To verify: the same command shows FlowLogStatus ACTIVE and DeliverLogsStatus SUCCESS."""

DECIDE_VPCS_FIX = """\
1. Decide whether each application, each environment, or a shared network gets a VPC, and write
down why, and how exceptions are made.
2. Where the networks differ from the decision, make the VPC that is missing in the application's
stack, move the application into its subnets when it is next deployed, and delete what is left:
    aws ec2 describe-network-interfaces --filters Name=vpc-id,Values=VPC
3. Or change the decision, and answer the question anew.
To verify: the map of applications and VPCs in this report fits the decision."""

DECIDE_DMZ_FIX = """\
1. Decide where the Internet may come in: one DMZ VPC, or each application's public subnets; and
write it down. Name the DMZ's VPCs under dmz_vpcs in the engagement file.
2. Move load balancers and addresses that the Internet reaches into the DMZ, and let them lead to
the applications over a peering, a transit gateway or PrivateLink.
3. Detach the internet gateways that are left:
    aws ec2 detach-internet-gateway --internet-gateway-id GATEWAY --vpc-id VPC
To verify: `aws ec2 describe-internet-gateways` lists gateways of the DMZ only."""

CONNECTIONS_FIX = """\
1. Find out who uses the connection: the flow logs of both VPCs name the addresses.
2. Delete a peering that nobody uses, or that leads where it should not:
    aws ec2 delete-vpc-peering-connection --vpc-peering-connection-id PEERING
3. Narrow the routes to the subnets that are needed, in the stack that makes them:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.2.16.0/24,
      VpcPeeringConnectionId: !Ref Peering}
4. Give each environment a route table of its own on the transit gateway, associate the
attachments with it, and let it learn the routes of shared services only.
5. Give VPCs that are to be connected ranges of their own, from IPAM or a list.
To verify:
    aws ec2 search-transit-gateway-routes --transit-gateway-route-table-id TABLE \\
        --filters Name=state,Values=active
It lists no route to another environment."""

OPEN_NETWORKS_FIX = """\
1. Where no VPC of a region needs the Internet, block it for the whole account, best by a
declarative policy of the organization:
    aws ec2 modify-vpc-block-public-access-options \\
        --internet-gateway-block-mode block-bidirectional
2. Where some do, exclude their VPCs or subnets first:
    aws ec2 create-vpc-block-public-access-exclusion --vpc-id VPC \\
        --internet-gateway-exclusion-mode allow-bidirectional
3. In network ACLs, deny ports 22 and 3389 from 0.0.0.0/0 and ::/0 before the rule that allows all.
To verify:
    aws ec2 describe-vpc-block-public-access-options
InternetGatewayBlockMode is not off."""

PUBLIC_ADDRESSES_FIX = """\
1. Find out what in the subnet needs an address of its own: most things need a load balancer in
front, or a NAT gateway to go out.
2. Stop giving addresses to all that starts there, in the stack (MapPublicIpOnLaunch: false) or by
    aws ec2 modify-subnet-attribute --subnet-id SUBNET --no-map-public-ip-on-launch
3. Name the VPCs where it is on purpose under dmz_vpcs in the engagement file.
To verify:
    aws ec2 describe-subnets --filters Name=map-public-ip-on-launch,Values=true
It lists subnets of the DMZ only."""

VPC_PER_APPLICATION = Question(
    "Does each application get its own VPC?",
    (
        Choice("per_application", "Yes, each application has its own VPC", "pass"),
        Choice(
            "per_environment", "Applications of one environment share a VPC, on purpose", "pass"
        ),
        Choice("shared_network", "A network team shares subnets of central VPCs", "pass"),
        Choice("no_rule", "There is no rule", "fail"),
    ),
)

DMZ = Question(
    "Is there an intentional DMZ VPC, the only one that the Internet reaches?",
    (
        Choice("dmz", "Yes, and applications have their own VPCs behind it", "pass"),
        Choice("per_application", "No: each application publishes itself, by a rule", "pass"),
        Choice("no_rule", "There is no rule", "fail"),
    ),
)

FLOWS_DOCUMENTED = Question(
    "Are the network flows between applications documented?",
    (
        Choice("all", "All of them", "pass"),
        Choice("some", "Some of them", "fail"),
        Choice("none", "None", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R09",
    prefix="VPC",
    slug="vpc",
    title="Have a VPC policy",
    summary=(
        "Decide whether each application gets its own VPC and where the Internet comes in, then"
        " hold the networks to it."
    ),
    checks=(
        Check(
            id="VPC.1",
            title="It is decided which applications share a VPC, and the networks follow",
            severity="medium",
            tables=MAP_TABLES,
            absence=(),
            run=vpcs_as_decided,
            question=VPC_PER_APPLICATION,
            remediation=DECIDE_VPCS_FIX,
        ),
        Check(
            id="VPC.2",
            title="It is decided where the Internet comes in, and the networks follow",
            severity="high",
            tables=LIVE_TABLES,
            absence=(),
            run=entrances_as_decided,
            question=DMZ,
            remediation=DECIDE_DMZ_FIX,
        ),
        Check(
            id="VPC.3",
            title="Default VPCs are gone or empty",
            severity="low",
            tables=("ec2_vpcs", "ec2_network_interfaces"),
            absence=(),
            run=default_vpcs,
            remediation=DEFAULT_VPC_FIX,
        ),
        Check(
            id="VPC.4",
            title="Flow logs record the traffic of each VPC in use",
            severity="medium",
            tables=("ec2_vpcs", "ec2_network_interfaces", "ec2_flow_logs"),
            absence=("ec2_flow_logs",),
            run=flow_logs,
            remediation=FLOW_LOGS_FIX,
        ),
        Check(
            id="VPC.5",
            title="Connections between networks are narrow and stay within an environment",
            severity="medium",
            tables=CONNECTION_TABLES,
            absence=(),
            run=connections,
            remediation=CONNECTIONS_FIX,
        ),
        Check(
            id="VPC.6",
            title="VPC block public access is on and network ACLs are not left open",
            severity="low",
            tables=(*LIVE_TABLES, BLOCK, ACLS),
            absence=(BLOCK,),
            run=open_networks,
            remediation=OPEN_NETWORKS_FIX,
        ),
        Check(
            id="VPC.7",
            title="Only subnets of the DMZ give out public addresses",
            severity="medium",
            tables=LIVE_TABLES,
            absence=(),
            run=public_addresses,
            remediation=PUBLIC_ADDRESSES_FIX,
        ),
        Check(
            id="VPC.A",
            title="Network flows are documented",
            severity="low",
            question=FLOWS_DOCUMENTED,
            remediation=(
                "1. List for each application who calls it, on which port, and what it calls; "
                "keep the list with its template.\n"
                "To verify: the security groups' rules and the list say the same."
            ),
        ),
    ),
)
