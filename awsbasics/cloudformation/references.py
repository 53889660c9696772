"""What `Ref` and `Fn::GetAtt` give: parameters, pseudo parameters, and names of resources.

A resource's name is known where the stack is deployed (its physical id) or where the template
sets it. What `Ref` gives for each type is on the type's page under
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.cloudformation.values import NO_VALUE, Either, Hole, Open, joined, open_text

if TYPE_CHECKING:
    from awsbasics.cloudformation.resolve import Resolver

_CHINA_SUFFIX = "amazonaws.com.cn"
_SUFFIX = "amazonaws.com"


class Kind(NamedTuple):
    """A type whose name a template can set: the property, its ARN, and whether `Ref` gives that.

    In `arn`, `{name}`, `{path}`, `{account}`, `{region}` and `{partition}` are filled in.
    """

    name: str
    arn: str
    ref_is_arn: bool = False
    attribute: str = "Arn"


_HERE = "{region}:{account}"
KINDS: Mapping[str, Kind] = {
    "AWS::CodeBuild::Project": Kind(
        "Name", f"arn:{{partition}}:codebuild:{_HERE}:project/{{name}}"
    ),
    "AWS::DynamoDB::Table": Kind("TableName", f"arn:{{partition}}:dynamodb:{_HERE}:table/{{name}}"),
    "AWS::ECR::Repository": Kind(
        "RepositoryName", f"arn:{{partition}}:ecr:{_HERE}:repository/{{name}}"
    ),
    "AWS::IAM::Group": Kind("GroupName", "arn:{partition}:iam::{account}:group{path}{name}"),
    "AWS::IAM::InstanceProfile": Kind(
        "InstanceProfileName", "arn:{partition}:iam::{account}:instance-profile{path}{name}"
    ),
    "AWS::IAM::ManagedPolicy": Kind(
        "ManagedPolicyName", "arn:{partition}:iam::{account}:policy{path}{name}", True, "PolicyArn"
    ),
    "AWS::IAM::Role": Kind("RoleName", "arn:{partition}:iam::{account}:role{path}{name}"),
    "AWS::IAM::User": Kind("UserName", "arn:{partition}:iam::{account}:user{path}{name}"),
    "AWS::Lambda::Function": Kind(
        "FunctionName", f"arn:{{partition}}:lambda:{_HERE}:function:{{name}}"
    ),
    "AWS::Logs::LogGroup": Kind(
        "LogGroupName", f"arn:{{partition}}:logs:{_HERE}:log-group:{{name}}:*"
    ),
    "AWS::S3::Bucket": Kind("BucketName", "arn:{partition}:s3:::{name}"),
    "AWS::SNS::Topic": Kind(
        "TopicName", f"arn:{{partition}}:sns:{_HERE}:{{name}}", True, "TopicArn"
    ),
    "AWS::SQS::Queue": Kind("QueueName", f"arn:{{partition}}:sqs:{_HERE}:{{name}}"),
    "AWS::StepFunctions::StateMachine": Kind(
        "StateMachineName", f"arn:{{partition}}:states:{_HERE}:stateMachine:{{name}}", True
    ),
}
_GROUP_IDS = frozenset({"GroupId", "Id"})
_REF_IS_NO_NAME = frozenset({"AWS::SQS::Queue"})  # it is the queue's URL


class Names:
    """What names stand for in one template."""

    def __init__(self, resources: Mapping[str, Any], resolver: "Resolver") -> None:
        self._resources = resources
        self._resolver = resolver
        self._naming: set[str] = set()

    def ref(self, name: str) -> Any:
        """The value of `Ref`."""
        if name.startswith("AWS::"):
            return self._pseudo(name)
        if name in self._resolver.parameters:
            return self._resolver.parameters.of(name)
        physical = self._resolver.context.physical_ids.get(name)
        if physical is not None:
            return physical
        kind = self._kind(name)
        if kind is not None and kind.ref_is_arn:
            return self._arn(name, kind)
        if self._type(name) in _REF_IS_NO_NAME:
            return open_text(name)
        return self._own_name(name) or open_text(name)

    def attribute(self, name: str, attribute: str) -> Any:
        """The value of `Fn::GetAtt`."""
        kind = self._kind(name)
        if kind is not None and attribute in (kind.attribute, "Arn"):
            return self._arn(name, kind)
        physical = self._resolver.context.physical_ids.get(name, "")
        if self._type(name) == "AWS::EC2::SecurityGroup" and attribute in _GROUP_IDS:
            # That of a group without a VpcId is its name.
            return physical if physical.startswith("sg-") else open_text(f"{name}.{attribute}")
        return open_text(f"{name}.{attribute}")

    def _arn(self, name: str, kind: Kind) -> str | Open:
        physical = self._resolver.context.physical_ids.get(name)
        if kind.ref_is_arn and physical is not None:
            return physical
        own = None if self._type(name) in _REF_IS_NO_NAME else physical
        own_name = own or self._own_name(name) or open_text(name)
        values = {
            "name": own_name,
            "path": self._property(name, "Path") or "/",
            "account": self._pseudo("AWS::AccountId"),
            "region": self._pseudo("AWS::Region"),
            "partition": self._pseudo("AWS::Partition"),
        }
        pieces = kind.arn.replace("{", "}").split("}")
        return joined(values[part] if turn % 2 else part for turn, part in enumerate(pieces))

    def _pseudo(self, name: str) -> Any:
        context = self._resolver.context
        known = {
            "AWS::AccountId": context.account_id,
            "AWS::Partition": context.partition,
            "AWS::Region": context.region,
            "AWS::StackId": context.stack_id,
            "AWS::StackName": context.stack_name,
            "AWS::URLSuffix": context.partition
            and (_CHINA_SUFFIX if context.partition == "aws-cn" else _SUFFIX),
        }
        return NO_VALUE if name == "AWS::NoValue" else known.get(name) or open_text(name)

    def _kind(self, name: str) -> Kind | None:
        return KINDS.get(self._type(name))

    def _type(self, name: str) -> str:
        body = self._resources.get(name)
        return str(body.get("Type", "")) if isinstance(body, dict) else ""

    def _own_name(self, name: str) -> str | Open | None:
        """The name that the template sets, if it does."""
        kind = self._kind(name)
        return None if kind is None else self._property(name, kind.name)

    def _property(self, name: str, wanted: str) -> str | Open | None:
        """A text among a resource's properties; a name made of its own name is open."""
        properties = self._resources[name].get("Properties")
        if not isinstance(properties, dict) or wanted not in properties:
            return None
        if name in self._naming:
            return open_text(name)
        self._naming.add(name)
        try:
            value = self._resolver.value(properties[wanted])
        finally:
            self._naming.discard(name)
        if value is NO_VALUE or value is None:
            return None
        if isinstance(value, Either):
            return Open((Hole(f"{name}.{wanted}"),))
        return joined([value])
