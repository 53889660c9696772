"""What a template defines that permissions come from: policies, trust, boundaries, principals.

Where each type keeps its policies is on the type's page under
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from awsbasics.cloudformation.resolve import Resource, Stack
from awsbasics.cloudformation.values import Open, options

Use = Literal["identity", "trust", "resource", "guard rail"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document of a template.

    `path` leads to it in the template, in the long form. `document` is a dict, or Open where
    it cannot be told. `holders` are the principals that it is attached to there: the property
    that names them (`Roles`, `Users`, `Groups`) and their name, which may be open.
    """

    logical_id: str
    use: Use
    path: Path
    name: Any
    document: Any
    holders: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Principal:
    """A role, user or group that a template makes, and what is attached to it by ARN.

    `boundary` is None where the template sets none.
    """

    logical_id: str
    type: str
    name: Any
    managed_policy_arns: tuple[Any, ...]
    boundary: Any


@dataclass(frozen=True, slots=True)
class _Place:
    """A property that holds a policy."""

    key: str
    use: Use = "resource"
    holders: tuple[str, ...] = ()


_ATTACHED = ("Roles", "Users", "Groups")
_SEVERAL = {"RoleName": "Roles", "UserName": "Users", "GroupName": "Groups"}
PRINCIPAL_TYPES = {
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::Group": "GroupName",
}
PLACES: Mapping[str, tuple[_Place, ...]] = {
    "AWS::ApiGateway::RestApi": (_Place("Policy"),),
    "AWS::Backup::BackupVault": (_Place("AccessPolicy"),),
    "AWS::CodeArtifact::Domain": (_Place("PermissionsPolicyDocument"),),
    "AWS::CodeArtifact::Repository": (_Place("PermissionsPolicyDocument"),),
    "AWS::DynamoDB::Table": (_Place("ResourcePolicy.PolicyDocument"),),
    "AWS::EC2::VPCEndpoint": (_Place("PolicyDocument"),),
    "AWS::ECR::Repository": (_Place("RepositoryPolicyText"),),
    "AWS::EFS::FileSystem": (_Place("FileSystemPolicy"),),
    "AWS::Elasticsearch::Domain": (_Place("AccessPolicies"),),
    "AWS::IAM::GroupPolicy": (_Place("PolicyDocument", "identity", ("GroupName",)),),
    "AWS::IAM::ManagedPolicy": (_Place("PolicyDocument", "identity", _ATTACHED),),
    "AWS::IAM::Policy": (_Place("PolicyDocument", "identity", _ATTACHED),),
    "AWS::IAM::Role": (_Place("AssumeRolePolicyDocument", "trust"),),
    "AWS::IAM::RolePolicy": (_Place("PolicyDocument", "identity", ("RoleName",)),),
    "AWS::IAM::UserPolicy": (_Place("PolicyDocument", "identity", ("UserName",)),),
    "AWS::KMS::Key": (_Place("KeyPolicy"),),
    "AWS::KMS::ReplicaKey": (_Place("KeyPolicy"),),
    "AWS::Kinesis::ResourcePolicy": (_Place("ResourcePolicy"),),
    "AWS::Logs::ResourcePolicy": (_Place("PolicyDocument"),),
    "AWS::OpenSearchService::Domain": (_Place("AccessPolicies"),),
    "AWS::Organizations::Policy": (_Place("Content", "guard rail"),),
    "AWS::Organizations::ResourcePolicy": (_Place("Content"),),
    "AWS::S3::AccessPoint": (_Place("Policy"),),
    "AWS::S3::BucketPolicy": (_Place("PolicyDocument"),),
    "AWS::SNS::TopicInlinePolicy": (_Place("PolicyDocument"),),
    "AWS::SNS::TopicPolicy": (_Place("PolicyDocument"),),
    "AWS::SQS::QueueInlinePolicy": (_Place("PolicyDocument"),),
    "AWS::SQS::QueuePolicy": (_Place("PolicyDocument"),),
    "AWS::SSO::PermissionSet": (_Place("InlinePolicy", "identity"),),
    "AWS::SecretsManager::ResourcePolicy": (_Place("ResourcePolicy"),),
}
_NAMES = ("PolicyName", "ManagedPolicyName", "Name")


def policies(stack: Stack) -> Iterator[Policy]:
    """The policy documents of a stack's resources, each form of one that depends on a condition."""
    for resource in stack.resources.values():
        for place in PLACES.get(resource.type, ()):
            yield from _at(resource, place)
        if resource.type in PRINCIPAL_TYPES:
            yield from _inline(resource)


def principals(stack: Stack) -> Iterator[Principal]:
    """The roles, users and groups of a stack."""
    for resource in stack.resources.values():
        name = PRINCIPAL_TYPES.get(resource.type)
        if name is not None:
            yield Principal(
                logical_id=resource.logical_id,
                type=resource.type,
                name=resource.properties.get(name),
                managed_policy_arns=tuple(items(resource.properties.get("ManagedPolicyArns"))),
                boundary=resource.properties.get("PermissionsBoundary"),
            )


def items(value: Any) -> Iterator[Any]:
    """The items of a list, or the one value in place of it, in every form that it can have."""
    for form in options(value):
        if isinstance(form, list):
            for item in form:
                yield from options(item)
        elif form is not None:
            yield form


def document(value: Any) -> Any:
    """A policy document with JSON in a text read; what is open, or no JSON, as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _at(resource: Resource, place: _Place) -> Iterator[Policy]:
    path: Path = ("Resources", resource.logical_id, "Properties", *place.key.split("."))
    value: Any = resource.properties
    for key in place.key.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    holders = tuple(
        (_SEVERAL.get(key, key), holder)
        for key in place.holders
        for holder in items(resource.properties.get(key))
    )
    name = next((resource.properties[n] for n in _NAMES if n in resource.properties), None)
    for form in options(value):
        if form is not None:
            yield Policy(resource.logical_id, place.use, path, name, document(form), holders)


def _inline(resource: Resource) -> Iterator[Policy]:
    path: Path = ("Resources", resource.logical_id, "Properties", "Policies")
    for place, policy in _numbered(resource.properties.get("Policies")):
        if isinstance(policy, Open):
            yield Policy(resource.logical_id, "identity", (*path, place), None, policy)
        elif isinstance(policy, dict):
            name = policy.get("PolicyName")
            inner: Path = (*path, place, "PolicyDocument")
            for form in options(policy.get("PolicyDocument")):
                yield Policy(resource.logical_id, "identity", inner, name, document(form))


def _numbered(value: Any) -> Iterator[tuple[int, Any]]:
    """Items with their place; items of an open list, or of a list by condition, have place 0."""
    for form in options(value):
        if isinstance(form, list):
            for place, item in enumerate(form):
                yield from ((place, one) for one in options(item))
        elif isinstance(form, Open | dict):
            yield 0, form
