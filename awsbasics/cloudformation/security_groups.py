"""The rules of security groups that a template defines: in the groups, and resources of their own.

Source: the template reference, pages `AWS::EC2::SecurityGroup`, `AWS::EC2::SecurityGroupIngress`
and `AWS::EC2::SecurityGroupEgress`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from awsbasics.cloudformation.loops import MACRO
from awsbasics.cloudformation.resolve import Resource, Stack
from awsbasics.cloudformation.values import NO_VALUE, Either, Open, forms, options

GROUP = "AWS::EC2::SecurityGroup"
INGRESS = "AWS::EC2::SecurityGroupIngress"
EGRESS = "AWS::EC2::SecurityGroupEgress"
ALONE = frozenset({INGRESS, EGRESS})
_INSIDE = {"SecurityGroupIngress": False, "SecurityGroupEgress": True}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; of a part that cannot be told, `properties` are None: it may be any rules.

    `group` is the value that names the group (an id, a name, or open), None for the group whose
    resource `logical_id` is. `surely` says that the stack makes it in any case.
    """

    logical_id: str
    group: Any
    is_egress: bool
    properties: Mapping[str, Any] | None
    surely: bool


def rules(stack: Stack) -> Iterator[Rule]:
    """Every rule of a stack, in the order of its template."""
    for resource in stack.resources.values():
        if resource.type == GROUP:
            for key, is_egress in _INSIDE.items():
                yield from _inside(resource, key, is_egress=is_egress)
        elif resource.type in ALONE:
            yield _alone(resource)


def has_default_egress(resource: Resource) -> bool:
    """Whether EC2 may have added its own outbound rules to a group, to everywhere.

    It does so where the group names none ("if you do not add egress rules, we add egress rules
    that allow all outbound IPv4 and IPv6 traffic").
    """
    value = resource.properties.get("SecurityGroupEgress", NO_VALUE)
    return MACRO in resource.properties or any(
        form in ([], None) or form is NO_VALUE or isinstance(form, Open) for form in forms(value)
    )


def _inside(resource: Resource, key: str, *, is_egress: bool) -> Iterator[Rule]:
    value = resource.properties.get(key)
    if MACRO in resource.properties:
        yield Rule(resource.logical_id, None, is_egress, None, surely=False)
    surely = resource.condition is True and not isinstance(value, Either)
    for form in options(value):
        for item in form if isinstance(form, list) else [form]:
            for one in options(item):
                known = one if isinstance(one, dict) and MACRO not in one else None
                if one is not None:
                    certain = surely and known is not None and not isinstance(item, Either)
                    yield Rule(resource.logical_id, None, is_egress, known, surely=certain)


def _alone(resource: Resource) -> Rule:
    properties = resource.properties
    known = MACRO not in properties
    return Rule(
        logical_id=resource.logical_id,
        group=properties.get("GroupId", properties.get("GroupName")),
        is_egress=resource.type == EGRESS,
        properties=properties if known else None,
        surely=known and resource.condition is True,
    )
