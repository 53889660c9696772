"""What nobody's stack made in the networks (VPC.3, SG.1, SG.2, SG.4, DEV.2).

VPC.3   default VPCs: gone in security, log-archive and billing-production; with an
        instance in development and sandbox; untouched elsewhere
SG.1    test: `shared-backend` on servers of both applications; development: a server in
        a default group; the others have groups of their own
SG.2    `launch-wizard-1`, `debug`, `shared-backend`, `scratch`: by hand;
        `monitoring-agents`: by Terraform, known by its tag
SG.4    ledger-production: 22 and 3306, all ports, two halves of the world, a prefix list;
        fine: 443 of billing's load balancer
DEV.2   `alice laptop` and the VPN's range in development (fine) and in production (bad)
"""

from collections.abc import Mapping
from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.applications import stack_outputs
from awsbasics.demo.setting import BACKWARDS, FORMULA, IMAGE, REGIONS, SCRIPT

IMAGE_ID = "ami-0abcdef1234567890"
WITHOUT_DEFAULT_VPCS = ("security", "log-archive", "billing-production")
VPN_RANGE = "198.51.100.0/24"
LAPTOP = "203.0.113.7/32"


def build_networks(accounts: Mapping[str, Account]) -> None:
    """Change the networks by hand, as people do."""
    for name in WITHOUT_DEFAULT_VPCS:
        for region in REGIONS:
            _delete_default_vpc(accounts[name].client("ec2", region))
    for name, age in (("development", 210), ("sandbox", 40)):
        with accounts[name].ago(age):
            _run(accounts[name], _default_subnet(accounts[name].client("ec2")), [], "build-box")
    _ledger(accounts["ledger-production"])
    _billing(accounts["billing-production"])
    _test(accounts["test"])
    _development(accounts["development"])


def _delete_default_vpc(client: Any) -> None:
    default = [{"Name": "is-default", "Values": ["true"]}]
    for vpc in client.describe_vpcs(Filters=default)["Vpcs"]:
        inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
        for subnet in client.describe_subnets(Filters=inside)["Subnets"]:
            client.delete_subnet(SubnetId=subnet["SubnetId"])
        client.delete_vpc(VpcId=vpc["VpcId"])


def _default_subnet(client: Any) -> str:
    default = [{"Name": "default-for-az", "Values": ["true"]}]
    return str(client.describe_subnets(Filters=default)["Subnets"][0]["SubnetId"])


def _run(
    account: Account, subnet: str, groups: list[str], name: str, application: str = ""
) -> None:
    tags = {"Name": name} | ({"application": application} if application else {})
    account.client("ec2").run_instances(
        ImageId=IMAGE_ID,
        InstanceType="t3.micro",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet,
        SecurityGroupIds=groups,
        TagSpecifications=_tagged("instance", tags),
    )


def _group(account: Account, vpc: str, name: str, description: str, **tags: str) -> str:
    made = account.client("ec2").create_security_group(
        GroupName=name,
        Description=description,
        VpcId=vpc,
        TagSpecifications=_tagged("security-group", tags) if tags else [],
    )
    return str(made["GroupId"])


def _tagged(kind: str, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    return [{"ResourceType": kind, "Tags": pairs}]


def _open(account: Account, group: str, port: int | None, *sources: tuple[str, str]) -> None:
    """Open a port (None: everything) to sources: (range or prefix list, description)."""
    permission: dict[str, Any] = {"IpProtocol": "-1"}
    if port is not None:
        permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    for source, description in sources:
        key, member = "IpRanges", "CidrIp"
        if source.startswith("pl-"):
            key, member = "PrefixListIds", "PrefixListId"
        elif ":" in source:
            key, member = "Ipv6Ranges", "CidrIpv6"
        permission.setdefault(key, []).append({member: source, "Description": description})
    account.client("ec2").authorize_security_group_ingress(
        GroupId=group, IpPermissions=[permission]
    )


def _ledger(account: Account) -> None:
    network = stack_outputs(account, "ledger-prod-network")
    wizard = _group(account, network["VpcId"], "launch-wizard-1", "launch-wizard-1 created by hand")
    _open(account, wizard, 22, ("0.0.0.0/0", ""))
    debug = _group(account, network["VpcId"], "debug", "Remove after the outage", note=FORMULA)
    _open(account, debug, 3306, ("::/0", "reporting tool"))
    _open(account, debug, 5432, ("0.0.0.0/1", "half"), ("128.0.0.0/1", "other half"))
    _open(account, debug, None, ("0.0.0.0/0", "desperate"))
    everywhere = account.client("ec2").create_managed_prefix_list(
        PrefixListName="partners",
        MaxEntries=5,
        AddressFamily="IPv4",
        Entries=[
            {"Cidr": "192.0.2.0/24", "Description": "a partner"},
            {"Cidr": "0.0.0.0/0", "Description": "the other partner has no fixed address"},
        ],
    )["PrefixList"]["PrefixListId"]
    _open(account, debug, 3389, (everywhere, "partners"))
    app = stack_outputs(account, "ledger-prod")["AppGroupId"]
    _open(account, app, 5432, (LAPTOP, "alice laptop"))
    with account.ago(95):
        _run(account, network["PublicSubnetId"], [wizard, debug], BACKWARDS, "ledger")


def _billing(account: Account) -> None:
    app = stack_outputs(account, "billing-prod")["AppGroupId"]
    _open(account, app, 8080, (VPN_RANGE, "vpn, for the incident"))


def _test(account: Account) -> None:
    network = stack_outputs(account, "shared-network")
    shared = _group(account, network["VpcId"], "shared-backend", "Both applications")
    _open(account, shared, 9000, ("10.30.0.0/16", "the VPC"))
    for application in ("billing", "ledger"):
        groups = [stack_outputs(account, f"{application}-test")["AppGroupId"], shared]
        _run(account, network["PrivateSubnetId"], groups, f"{application}-worker", application)
    agents = _group(account, network["VpcId"], "monitoring-agents", "Agents", ManagedBy="Terraform")
    _open(account, agents, 9100, ("10.30.0.0/16", "the VPC"))


def _development(account: Account) -> None:
    network = stack_outputs(account, "shared-network")
    app = stack_outputs(account, "ledger-dev")["AppGroupId"]
    _open(account, app, 8080, (LAPTOP, "alice laptop"), (VPN_RANGE, "vpn"))
    scratch = _group(account, network["VpcId"], "scratch", f"Try {SCRIPT}", Name=IMAGE)
    _open(account, scratch, 22, (LAPTOP, f"bob {IMAGE}"))
