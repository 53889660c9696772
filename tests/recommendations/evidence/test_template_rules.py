"""SG.3: live security group rules against the templates of all stacks."""

import json
from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import Answer
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

STACK = f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/billing-dev/1"
OTHER = f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/ledger-dev/2"
WEB = f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:security-group/sg-web"
DATABASE = f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:security-group/sg-database"
PLACE = {"region": REGION}
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
TEMPLATE: dict[str, Any] = {
    "Parameters": {"Office": {"Type": "String"}},
    "Resources": {
        "Web": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "VpcId": "vpc-1",
                "SecurityGroupIngress": [
                    {**HTTPS, "CidrIp": "0.0.0.0/0"},
                    {**HTTPS, "CidrIpv6": "::/0"},
                ],
            },
        },
        "Database": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "VpcId": "vpc-1",
                "SecurityGroupEgress": [{**HTTPS, "DestinationPrefixListId": "pl-1"}],
            },
        },
        "FromWeb": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "Properties": {
                "GroupId": {"Fn::GetAtt": ["Database", "GroupId"]},
                "IpProtocol": "6",
                "FromPort": "5432",
                "ToPort": "5432",
                "SourceSecurityGroupId": {"Ref": "Web"},
            },
        },
    },
}


def stack(arn: str, template: Any, **physical_ids: str) -> dict[str, list[dict[str, Any]]]:
    name = arn.split("/")[1]
    own = {**PLACE, "stack_id": arn, "stack_name": name}
    resources = template["Resources"]
    return {
        "cloudformation_stacks": [
            {**PLACE, "id": arn, "arn": arn, "name": name, "status": "CREATE_COMPLETE"}
        ],
        "cloudformation_templates": [{**own, "body": json.dumps(template)}],
        "cloudformation_stack_resources": [
            {
                **own,
                "logical_id": logical_id,
                "physical_id": physical_id,
                "type": resources[logical_id]["Type"],
                "status": "CREATE_COMPLETE",
            }
            for logical_id, physical_id in physical_ids.items()
        ],
    }


def rule(id_: str, group_id: str, **more: Any) -> dict[str, Any]:
    ports = {"protocol": "tcp", "from_port": 443, "to_port": 443}
    return {**PLACE, "id": id_, "group_id": group_id, "is_egress": False, **ports, **more}


def outbound(id_: str, group_id: str, **more: Any) -> dict[str, Any]:
    everything = {"protocol": "-1", "from_port": -1, "to_port": -1}
    return rule(id_, group_id, is_egress=True, **{**everything, **more})


POSTGRES = {"from_port": 5432, "to_port": 5432}
FROM_WEB = rule("sgr-4", "sg-database", referenced_group_id="sg-web", **POSTGRES)


def rows(*more: dict[str, Any], without: str = "", template: Any = TEMPLATE) -> dict[str, Any]:
    """Two groups whose rules are those of their stack, and some more rules."""
    live = [
        rule("sgr-1", "sg-web", cidr_ipv4="0.0.0.0/0"),
        rule("sgr-2", "sg-web", cidr_ipv6="::/0"),
        outbound("sgr-3", "sg-web", cidr_ipv4="0.0.0.0/0"),
        FROM_WEB,
        outbound(
            "sgr-5",
            "sg-database",
            prefix_list_id="pl-1",
            protocol="tcp",
            from_port=443,
            to_port=443,
        ),
        *more,
    ]
    ids = {"Web": "sg-web", "Database": "sg-database", "FromWeb": "sgr-4"}
    return {
        **stack(STACK, template, **ids),
        "ec2_security_groups": [
            {**PLACE, "id": "sg-web", "name": "web", "arn": WEB},
            {**PLACE, "id": "sg-database", "name": "database", "arn": DATABASE},
        ],
        "ec2_security_group_rules": [each for each in live if each["id"] != without],
    }


def together(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    return {**first, **{table: [*first[table], *more] for table, more in second.items()}}


def test_rules_that_the_templates_name_meet_sg_3() -> None:
    found = results("SG.3", rows())
    assert [(each.status, each.resource) for each in found] == [("ok", WEB), ("ok", DATABASE)]


@pytest.mark.parametrize(
    ("added", "severity"),
    [
        (rule("sgr-9", "sg-web", cidr_ipv4="10.0.0.0/8"), None),
        (rule("sgr-9", "sg-web", cidr_ipv4="0.0.0.0/0", protocol="udp"), None),
        (rule("sgr-9", "sg-web", referenced_group_id="sg-database"), None),
        (rule("sgr-9", "sg-web", prefix_list_id="pl-1"), None),
        (outbound("sgr-9", "sg-web", cidr_ipv4="10.0.0.0/8"), "medium"),
    ],
)
def test_a_rule_added_by_hand_fails(added: dict[str, Any], severity: str | None) -> None:
    [found] = failures("SG.3", rows(added))
    assert (found.resource, found.key, found.severity) == (WEB, "sgr-9", severity)
    assert "no template names" in found.title


def test_where_a_template_names_outbound_rules_the_default_one_is_by_hand() -> None:
    [found] = failures("SG.3", rows(outbound("sgr-9", "sg-database", cidr_ipv4="0.0.0.0/0")))
    assert (found.resource, found.key) == (DATABASE, "sgr-9")


def test_a_rule_of_the_template_that_is_gone_fails() -> None:
    [found] = failures("SG.3", rows(without="sgr-2"))
    assert found.severity == "medium"
    assert found.key == "missing/Web/inbound from ::/0, tcp 443"


def test_the_default_outbound_rule_may_be_gone() -> None:
    assert failures("SG.3", rows(without="sgr-3")) == []


def test_a_stacks_rule_that_was_edited_by_hand_fails_on_both_sides() -> None:
    changed = rows(without="sgr-4")
    changed["ec2_security_group_rules"].append({**FROM_WEB, "from_port": 0, "to_port": 65535})
    [added, missing] = failures("SG.3", changed)
    assert (added.key, "is not what its template says" in added.title) == ("sgr-4", True)
    assert missing.key.startswith("missing/FromWeb")


def test_a_rule_from_another_stack_counts() -> None:
    extra = {
        "Resources": {
            "Ingress": {
                "Type": "AWS::EC2::SecurityGroupIngress",
                "Properties": {
                    "GroupId": {"Fn::ImportValue": "billing-database"},
                    **HTTPS,
                    "CidrIp": "10.1.0.0/16",
                },
            }
        }
    }
    added = rows(rule("sgr-9", "sg-database", cidr_ipv4="10.1.0.0/16"))
    assert len(failures("SG.3", added)) == 1
    assert failures("SG.3", together(added, stack(OTHER, extra, Ingress="sgr-9"))) == []
    assert failures("SG.3", together(added, stack(OTHER, extra, Ingress="ledger-Ingress-1"))) == []


def test_a_parameter_may_be_any_range_but_only_one() -> None:
    template = json.loads(json.dumps(TEMPLATE))
    inside = template["Resources"]["Web"]["Properties"]["SecurityGroupIngress"]
    inside.append({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": {"Ref": "Office"}})
    ssh = {"from_port": 22, "to_port": 22}
    first = rule("sgr-8", "sg-web", cidr_ipv4="198.51.100.0/24", **ssh)
    second = rule("sgr-9", "sg-web", cidr_ipv4="203.0.113.0/24", **ssh)
    assert failures("SG.3", rows(first, template=template)) == []
    assert [each.key for each in failures("SG.3", rows(first, second, template=template))] == [
        "sgr-9"
    ]
    assert len(failures("SG.3", rows(first))) == 1


def test_a_list_of_rules_that_cannot_be_told_may_be_any() -> None:
    template = json.loads(json.dumps(TEMPLATE))
    template["Resources"]["Web"]["Properties"]["SecurityGroupIngress"] = {
        "Fn::Transform": {"Name": "Rules"}
    }
    assert failures("SG.3", rows(rule("sgr-9", "sg-web", cidr_ipv4="10.0.0.0/8"))) != []
    added = rows(rule("sgr-9", "sg-web", cidr_ipv4="10.0.0.0/8"), template=template)
    assert failures("SG.3", added) == []


def test_ranges_are_the_same_however_they_are_written() -> None:
    template = json.loads(json.dumps(TEMPLATE))
    inside = template["Resources"]["Web"]["Properties"]["SecurityGroupIngress"]
    inside[1]["CidrIpv6"] = "0:0:0::/0"
    inside[0]["CidrIp"] = {"Fn::If": ["Wide", "0.0.0.0/0", "10.0.0.0/8"]}
    assert statuses(results("SG.3", rows(template=template))) == ["ok", "ok"]


@pytest.mark.parametrize(
    ("choice", "source", "passes"),
    [
        ("rules_by_policy", "203.0.113.7/32", True),
        ("rules_by_policy", "10.9.0.0/24", True),
        ("rules_by_policy", "203.0.113.0/24", False),
        ("vpn_range", "10.9.0.0/24", True),
        ("vpn_range", "203.0.113.7/32", False),
        ("session_manager", "10.9.0.0/24", False),
    ],
)
def test_developers_rules_pass_where_the_answered_method_allows_them(
    choice: str, source: str, passes: bool
) -> None:
    answered = engagement(answers={"DEV.1": Answer(choice=choice)}, vpn_ranges=("10.9.0.0/16",))
    added = rows(rule("sgr-9", "sg-web", cidr_ipv4=source))
    assert (failures("SG.3", added, engagement=answered) == []) is passes
    assert failures("SG.3", added) != []


def test_developers_rules_do_not_pass_in_production() -> None:
    answered = engagement(answers={"DEV.1": Answer(choice="rules_by_policy")})
    added = rows(rule("sgr-9", "sg-web", cidr_ipv4="203.0.113.7/32"))
    moved = json.loads(json.dumps(added).replace(DEVELOPMENT, PRODUCTION))
    for table in moved.values():
        for row in table:
            row["account_id"] = PRODUCTION
    assert [each.account_id for each in failures("SG.3", moved, engagement=answered)] == [
        PRODUCTION
    ]


def test_rules_that_kubernetes_looks_after_are_no_ones_hand() -> None:
    own = "elbv2.k8s.aws/targetGroupBinding=shared"
    added = rule("sgr-9", "sg-web", cidr_ipv4="10.0.0.0/8", description=own)
    assert failures("SG.3", rows(added)) == []


def test_groups_that_no_stack_owns_are_not_judged_here() -> None:
    own = rows()
    own["cloudformation_stack_resources"] = []
    assert results("SG.3", own) == []


def test_a_template_that_was_not_read_makes_its_groups_unknown(tmp_path: Path) -> None:
    own = rows()
    own["cloudformation_templates"] = []
    assert statuses(results("SG.3", own)) == ["unknown"]
    denied = ("cloudformation_templates", DEVELOPMENT, REGION)
    found = judged("SG.3", tmp_path, own, denied)
    assert {each.status for each in found} == {"unknown"}


def test_another_stack_that_may_have_made_the_rule_makes_it_unknown() -> None:
    extra = {"Resources": {"In": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {}}}}
    more = stack(OTHER, extra, In="ledger-In-1")
    more["cloudformation_templates"] = []
    added = together(rows(rule("sgr-9", "sg-web", cidr_ipv4="10.0.0.0/8")), more)
    assert statuses(results("SG.3", added)) == ["unknown", "ok"]
    known = stack(OTHER, extra, In="sgr-9")
    known["cloudformation_templates"] = []
    added = together(rows(rule("sgr-9", "sg-web", cidr_ipv4="10.0.0.0/8")), known)
    assert statuses(results("SG.3", added)) == ["ok", "ok"]
