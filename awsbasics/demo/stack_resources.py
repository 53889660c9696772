"""The CloudFormation resource types that moto's stacks lack or make incompletely.

What is wrong with moto's own:

    AWS::EC2::SecurityGroup            drops IPv6, prefix lists, descriptions, egress
    AWS::EC2::SecurityGroupIngress     the same, and it has no physical id
    AWS::EC2::SecurityGroupEgress      not known
    AWS::EC2::Instance                 ignores security group ids, as does NetworkInterface
    AWS::IAM::Role                     drops ManagedPolicyArns, chokes on Policies
    AWS::IAM::RolePolicy, Group        not known
    AWS::SecretsManager::Secret        not known, nor is RotationSchedule

Each is made by moto's own backends, as its API would make it. Stacks can be created, not
changed: that is all the demo needs.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random
from moto.secretsmanager.models import secretsmanager_backends
from moto.utilities.utils import get_partition

from awsbasics.demo.answers_workload import rotate
from awsbasics.demo.setting import CANARY

Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Order:
    """What a stack wants made: the resource's name, its properties, where, and for whom."""

    name: str
    properties: Properties
    account_id: str
    region: str
    stack_id: str
    logical_id: str

    @property
    def iam(self) -> Any:
        """moto's IAM of the account."""
        return iam_backends[self.account_id][get_partition(self.region)]

    @property
    def ec2(self) -> Any:
        """moto's EC2 of the account and region."""
        return ec2_backends[self.account_id][self.region]

    @property
    def secrets(self) -> Any:
        """moto's Secrets Manager of the account and region."""
        return secretsmanager_backends[self.account_id][self.region]

    @property
    def tags(self) -> list[dict[str, str]]:
        """The template's tags and CloudFormation's own."""
        system = {
            "aws:cloudformation:stack-name": self.stack_id.split("/")[1],
            "aws:cloudformation:stack-id": self.stack_id,
            "aws:cloudformation:logical-id": self.logical_id,
        }
        own: list[dict[str, str]] = self.properties.get("Tags", [])
        return own + [{"Key": key, "Value": value} for key, value in system.items()]


class Made:
    """A resource as moto's parser keeps it for its stack: its physical id and its attributes."""

    def __init__(self, physical_resource_id: str, **attributes: str) -> None:
        self.physical_resource_id = physical_resource_id
        self.attributes = attributes

    def is_created(self) -> bool:
        """Whether the stack may go on: at once."""
        return True

    def get_cfn_attribute(self, name: str) -> str:
        """What `Fn::GetAtt` gives."""
        return self.attributes[name]


def security_group(order: Order) -> Any:
    """A group with all its rules."""
    group = order.ec2.create_security_group(
        order.name, order.properties["GroupDescription"], vpc_id=order.properties.get("VpcId")
    )
    for tag in order.properties.get("Tags", []):
        group.add_tag(tag["Key"], tag["Value"])
    for direction in ("ingress", "egress"):
        for rule in order.properties.get(f"SecurityGroup{direction.title()}", []):
            authorize(order, group.id, rule, direction)
    return group


def ingress_rule(order: Order) -> Any:
    """An inbound rule that stands alone."""
    return Made(authorize(order, order.properties["GroupId"], order.properties, "ingress"))


def egress_rule(order: Order) -> Any:
    """An outbound rule that stands alone."""
    return Made(authorize(order, order.properties["GroupId"], order.properties, "egress"))


def authorize(order: Order, group_id: str, rule: Properties, direction: str) -> str:
    """Add one rule of a template to a group; gives the rule's id."""
    other = rule.get("SourceSecurityGroupId") or rule.get("DestinationSecurityGroupId")
    prefix = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
    method = getattr(order.ec2, f"authorize_security_group_{direction}")
    added, _ = method(
        group_id,
        str(rule["IpProtocol"]),
        rule.get("FromPort"),
        rule.get("ToPort"),
        ip_ranges=[{key: rule[key]} for key in ("CidrIp", "CidrIpv6") if key in rule],
        source_groups=[{"GroupId": other, "UserId": order.account_id}] if other else [],
        prefix_list_ids=[{"PrefixListId": prefix}] if prefix else [],
    )
    if "Description" in rule:
        added[0].ip_range = {**added[0].ip_range, "Description": rule["Description"]}
    return str(added[0].id)


def instance(order: Order) -> Any:
    """A server with its groups and its instance profile."""
    properties = order.properties
    reservation = order.ec2.run_instances(
        properties["ImageId"],
        1,
        None,
        [],
        security_group_ids=list(properties.get("SecurityGroupIds", [])),
        instance_type=properties["InstanceType"],
        is_instance_type_default=False,
        subnet_id=properties["SubnetId"],
        region_name=order.region,
    )
    made = reservation.instances[0]
    for tag in properties.get("Tags", []):
        made.add_tag(tag["Key"], tag["Value"])
    if "IamInstanceProfile" in properties:
        order.ec2.associate_iam_instance_profile(
            made.id, iam_instance_profile_name=properties["IamInstanceProfile"]
        )
    return made


def network_interface(order: Order) -> Any:
    """An interface with its groups."""
    return order.ec2.create_network_interface(
        order.ec2.get_subnet(order.properties["SubnetId"]),
        None,
        group_ids=list(order.properties.get("GroupSet", [])),
        description=order.properties.get("Description"),
    )


def role(order: Order) -> Any:
    """A role with its managed and inline policies."""
    properties = order.properties
    made = order.iam.create_role(
        role_name=order.name,
        assume_role_policy_document=json.dumps(properties["AssumeRolePolicyDocument"]),
        path=properties.get("Path", "/"),
        permissions_boundary=properties.get("PermissionsBoundary"),
        description=properties.get("Description", ""),
        tags=order.tags,
        max_session_duration=properties.get("MaxSessionDuration", 3600),
    )
    for policy in properties.get("Policies", []):
        made.put_policy(policy["PolicyName"], json.dumps(policy["PolicyDocument"]))
    for arn in properties.get("ManagedPolicyArns", []):
        order.iam.attach_role_policy(arn, order.name)
    return made


def role_policy(order: Order) -> Any:
    """An inline policy of a role."""
    holder, name = order.properties["RoleName"], order.properties["PolicyName"]
    order.iam.put_role_policy(holder, name, json.dumps(order.properties["PolicyDocument"]))
    return Made(f"{name}|{holder}")


def group(order: Order) -> Any:
    """A group of users with its managed and inline policies."""
    made = order.iam.create_group(order.name, order.properties.get("Path", "/"))
    for policy in order.properties.get("Policies", []):
        made.put_policy(policy["PolicyName"], json.dumps(policy["PolicyDocument"]))
    for arn in order.properties.get("ManagedPolicyArns", []):
        order.iam.attach_group_policy(arn, order.name)
    return Made(order.name, Arn=made.arn)


def secret(order: Order) -> Any:
    """A secret; its value is the canary."""
    order.secrets.create_secret(
        order.name,
        CANARY,
        None,
        order.properties.get("Description"),
        order.tags,
        order.properties.get("KmsKeyId"),
        str(mock_random.uuid4()),
        order.properties.get("ReplicaRegions", []),
        force_overwrite=False,
    )
    return Made(order.secrets.secrets[order.name].arn)


def rotation_schedule(order: Order) -> Any:
    """A secret's rotation, which runs once at the start."""
    found = order.secrets.secrets[order.properties["SecretId"]]
    rotate(found, order.properties["RotationLambdaARN"], order.properties["RotationRules"])
    return Made(f"{found.arn}|rotation")


Maker = Callable[[Order], Any]

MAKERS: dict[str, tuple[str, Maker]] = {
    "AWS::EC2::SecurityGroup": ("GroupName", security_group),
    "AWS::EC2::SecurityGroupIngress": ("", ingress_rule),
    "AWS::EC2::SecurityGroupEgress": ("", egress_rule),
    "AWS::EC2::Instance": ("", instance),
    "AWS::EC2::NetworkInterface": ("", network_interface),
    "AWS::IAM::Role": ("RoleName", role),
    "AWS::IAM::RolePolicy": ("", role_policy),
    "AWS::IAM::Group": ("GroupName", group),
    "AWS::SecretsManager::Secret": ("Name", secret),
    "AWS::SecretsManager::RotationSchedule": ("", rotation_schedule),
}
"""For each type the property that names a resource, and the function that makes one."""


@contextmanager
def in_force() -> Iterator[None]:
    """While inside, moto's stacks make these types this way."""
    models = {kind: _model(maker) for kind, (_, maker) in MAKERS.items()}
    names = {kind: name for kind, (name, _) in MAKERS.items()}
    with ExitStack() as stack:
        stack.enter_context(patch.dict(parsing.get_model_map(), models))
        stack.enter_context(patch.dict(parsing.get_name_type_map(), names))
        yield


def _model(maker: Maker) -> type:
    """A class such as moto's parser asks for a resource, around a maker."""

    def create(
        resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **of: Any
    ) -> Any:
        properties = cloudformation_json.get("Properties", {})
        place = (account_id, region_name, of["StackId"], of["LogicalId"])
        return maker(Order(resource_name, properties, *place))

    class Model:
        create_from_cloudformation_json = staticmethod(create)
        has_cfn_attr = CloudFormationModel.has_cfn_attr

    return Model
