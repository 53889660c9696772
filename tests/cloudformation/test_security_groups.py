"""The security group rules of templates."""

from typing import Any

from awsbasics.cloudformation.resolve import Context, resolve
from awsbasics.cloudformation.security_groups import has_default_egress, rules

HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}


def group(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}


def found(*, context: Context | None = None, **resources: Any) -> list[tuple[Any, ...]]:
    stack = resolve({"Resources": resources}, context)
    return [(rule.logical_id, rule.group, rule.is_egress, rule.surely) for rule in rules(stack)]


def test_rules_inside_a_group_are_the_groups() -> None:
    web = group(SecurityGroupIngress=[HTTPS], SecurityGroupEgress=HTTPS)
    assert found(Web=web) == [("Web", None, False, True), ("Web", None, True, True)]


def test_a_rule_of_its_own_names_its_group_by_the_id_that_it_has() -> None:
    alone = {
        "Type": "AWS::EC2::SecurityGroupEgress",
        "Properties": {"GroupId": {"Fn::GetAtt": ["Web", "GroupId"]}, **HTTPS},
    }
    context = Context(physical_ids={"Web": "sg-1"})
    assert found(context=context, Web=group(), Alone=alone) == [("Alone", "sg-1", True, True)]


def test_a_group_without_a_vpc_is_known_by_name_and_its_id_stays_open() -> None:
    alone = {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {"GroupId": {"Fn::GetAtt": ["Web", "GroupId"]}, **HTTPS},
    }
    [rule] = found(context=Context(physical_ids={"Web": "web"}), Web=group(), Alone=alone)
    assert str(rule[1]) == "${Web.GroupId}"


def test_a_rule_by_a_condition_is_not_sure() -> None:
    perhaps = {"Fn::If": ["Open", HTTPS, {"Ref": "AWS::NoValue"}]}
    assert found(Web=group(SecurityGroupIngress=[perhaps])) == [("Web", None, False, False)]


def test_ec2_adds_outbound_rules_only_where_a_group_names_none() -> None:
    resources = {
        "Silent": group(),
        "Empty": group(SecurityGroupEgress=[]),
        "Perhaps": group(SecurityGroupEgress={"Fn::If": ["A", [HTTPS], {"Ref": "AWS::NoValue"}]}),
        "Own": group(SecurityGroupEgress=[HTTPS]),
    }
    stack = resolve({"Resources": resources})
    assert {name: has_default_egress(one) for name, one in stack.resources.items()} == {
        "Silent": True,
        "Empty": True,
        "Perhaps": True,
        "Own": False,
    }
