from collections.abc import Callable
from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.setting import ACCOUNT_IDS, REGIONS

InAccount = Callable[[str], Account]


def inbound(account: Account, group: str) -> list[dict[str, Any]]:
    rules = account.client("ec2").describe_security_group_rules()["SecurityGroupRules"]
    wanted = group_id(account, group)
    return [rule for rule in rules if rule["GroupId"] == wanted and not rule["IsEgress"]]


def group_id(account: Account, name: str) -> str:
    groups = account.client("ec2").describe_security_groups()["SecurityGroups"]
    return str(next(each["GroupId"] for each in groups if each["GroupName"] == name))


def interfaces(account: Account, key: str, value: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = account.client("ec2").describe_network_interfaces(
        Filters=[{"Name": key, "Values": [value]}]
    )["NetworkInterfaces"]
    return found


def default_vpcs(account: Account, region: str) -> list[str]:
    vpcs = account.client("ec2", region).describe_vpcs()["Vpcs"]
    return [vpc["VpcId"] for vpc in vpcs if vpc["IsDefault"]]


def test_default_vpcs_are_gone_in_some_accounts_and_used_in_one(in_account: InAccount) -> None:
    without = {
        name
        for name in ACCOUNT_IDS
        if not any(default_vpcs(in_account(name), region) for region in REGIONS)
    }
    assert without == {"security", "log-archive", "billing-production"}
    development = in_account("development")
    vpc = default_vpcs(development, "us-east-1")[0]
    assert len(interfaces(development, "vpc-id", vpc)) == 1


def test_a_vpc_with_interfaces_logs_its_flows_and_another_does_not(in_account: InAccount) -> None:
    seen = {}
    for name in ("billing-production", "ledger-production"):
        account = in_account(name)
        used = {
            each["VpcId"]
            for each in account.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
        }
        logs = account.client("ec2").describe_flow_logs()["FlowLogs"]
        logged = {each["ResourceId"] for each in logs if each["FlowLogStatus"] == "ACTIVE"}
        assert used
        seen[name] = used <= logged
    assert seen == {"billing-production": True, "ledger-production": False}


def test_one_group_serves_two_applications(in_account: InAccount) -> None:
    account = in_account("test")
    attached = interfaces(account, "group-id", group_id(account, "shared-backend"))
    ids = [each["Attachment"]["InstanceId"] for each in attached]
    reservations = account.client("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    tags = [
        {tag["Key"]: tag["Value"] for tag in each["Instances"][0]["Tags"]} for each in reservations
    ]
    assert {each["application"] for each in tags} == {"billing", "ledger"}


def test_the_world_comes_in_by_every_way_that_is_looked_for(in_account: InAccount) -> None:
    account = in_account("ledger-production")
    ssh = inbound(account, "launch-wizard-1")
    assert [(rule["FromPort"], rule["CidrIpv4"]) for rule in ssh] == [(22, "0.0.0.0/0")]
    rules = inbound(account, "debug")
    sources = {
        (rule["FromPort"], rule.get("CidrIpv4") or rule.get("CidrIpv6") or "prefix list")
        for rule in rules
    }
    assert sources == {
        (3306, "::/0"),
        (5432, "0.0.0.0/1"),
        (5432, "128.0.0.0/1"),
        (-1, "0.0.0.0/0"),
        (3389, "prefix list"),
    }
    prefix_list = next(rule["PrefixListId"] for rule in rules if "PrefixListId" in rule)
    entries = account.client("ec2").get_managed_prefix_list_entries(PrefixListId=prefix_list)
    assert "0.0.0.0/0" in {entry["Cidr"] for entry in entries["Entries"]}


def test_developers_come_in_where_they_may_and_where_they_may_not(in_account: InAccount) -> None:
    seen = {
        (name, rule["CidrIpv4"])
        for name, group in (
            ("development", "ledger-dev-app"),
            ("ledger-production", "ledger-prod-app"),
            ("billing-production", "billing-prod-app"),
        )
        for rule in inbound(in_account(name), group)
        if rule.get("CidrIpv4") in ("203.0.113.7/32", "198.51.100.0/24")
    }
    assert seen == {
        ("development", "203.0.113.7/32"),
        ("development", "198.51.100.0/24"),
        ("ledger-production", "203.0.113.7/32"),
        ("billing-production", "198.51.100.0/24"),
    }
