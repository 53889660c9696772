"""Security groups, their rules one by one, and the prefix lists that rules refer to."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.ec2_network import ARN, OWNER, PAGE, TAGS, described
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

PREFIX_LIST_PAGE: Mapping[str, Any] = {"MaxResults": 100}


def _entries(call: Caller, prefix_list: Item) -> Mapping[str, Answer]:
    """The ranges of a list that a customer made; AWS's lists hold addresses of its services."""
    if prefix_list.get("OwnerId") == "AWS":
        return {"entries": Answer("absent")}
    operation, path = "GetManagedPrefixListEntries", "Entries[].Cidr"
    list_id = prefix_list["PrefixListId"]
    return {
        "entries": call.listed("ec2", operation, path, PrefixListId=list_id, **PREFIX_LIST_PAGE)
    }


TABLES = (
    Table(
        name="ec2_security_groups",
        description="Security groups; their rules are in `ec2_security_group_rules`.",
        service="ec2",
        operation="DescribeSecurityGroups",
        path="SecurityGroups",
        parameters=PAGE,
        gather=described(
            "DescribeSecurityGroups",
            "SecurityGroups",
            lambda group: f"security-group/{group['GroupId']}",
        ),
        columns=(
            Column("id", "string", "GroupId", "AWS's id of the group, sg-…"),
            ARN,
            Column("name", "string", "GroupName", "Name of the group; `default` is AWS's."),
            Column("vpc_id", "string", "VpcId", "The VPC that it belongs to."),
            Column("description", "string", "Description", "What its author says of it."),
            OWNER,
            TAGS,
        ),
    ),
    Table(
        name="ec2_security_group_rules",
        description="Rules of security groups; each has exactly one source or destination.",
        service="ec2",
        operation="DescribeSecurityGroupRules",
        path="SecurityGroupRules",
        parameters=PAGE,
        gather=described(
            "DescribeSecurityGroupRules",
            "SecurityGroupRules",
            lambda rule: f"security-group-rule/{rule['SecurityGroupRuleId']}",
        ),
        columns=(
            Column("id", "string", "SecurityGroupRuleId", "AWS's id of the rule, sgr-…"),
            ARN,
            Column("group_id", "string", "GroupId", "The group that the rule is part of."),
            Column("group_owner_id", "string", "GroupOwnerId", "The account that owns the group."),
            Column("is_egress", "bool", "IsEgress", "Whether it lets traffic out, not in."),
            Column("protocol", "string", "IpProtocol", "tcp, udp, icmp, a number, or -1 for all."),
            Column("from_port", "int", "FromPort", "First port, or ICMP type; -1 for all."),
            Column("to_port", "int", "ToPort", "Last port, or ICMP code; -1 for all."),
            Column("cidr_ipv4", "string", "CidrIpv4", "The IPv4 range, if it is one."),
            Column("cidr_ipv6", "string", "CidrIpv6", "The IPv6 range, if it is one."),
            Column("prefix_list_id", "string", "PrefixListId", "The prefix list, if it is one."),
            Column(
                "referenced_group_id",
                "string",
                "ReferencedGroupInfo.GroupId",
                "The security group, if it is one.",
            ),
            Column(
                "referenced_group_user_id",
                "string",
                "ReferencedGroupInfo.UserId",
                "The account of that group, if AWS says it.",
            ),
            Column("description", "string", "Description", "What its author says of it."),
            TAGS,
        ),
    ),
    Table(
        name="ec2_prefix_lists",
        description="Managed prefix lists, with the ranges of those that customers made.",
        service="ec2",
        operation="DescribeManagedPrefixLists",
        path="PrefixLists",
        parameters=PREFIX_LIST_PAGE,
        gather=described(
            "DescribeManagedPrefixLists",
            "PrefixLists",
            lambda prefix_list: f"prefix-list/{prefix_list['PrefixListId']}",
            PREFIX_LIST_PAGE,
        ),
        each=_entries,
        follow_ups=(
            FollowUp(
                service="ec2",
                operation="GetManagedPrefixListEntries",
                per="prefix list of a customer",
            ),
        ),
        columns=(
            Column("id", "string", "PrefixListId", "AWS's id of the list, pl-…"),
            Column("arn", "string", "PrefixListArn", "ARN of the list."),
            Column("name", "string", "PrefixListName", "Name of the list."),
            Column("owner_id", "string", "OwnerId", "Who made it: an account, or `AWS`."),
            Column(
                "entries",
                "json",
                "",
                "List of its ranges; absent for AWS's lists, which are not asked for.",
                follow_up=True,
            ),
            TAGS,
        ),
    ),
)
