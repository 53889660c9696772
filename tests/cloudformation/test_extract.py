"""Policies and principals of a template."""

import json
from typing import Any

import pytest

from awsbasics.cloudformation.extract import PLACES, Policy, policies, principals
from awsbasics.cloudformation.load import load_template
from awsbasics.cloudformation.resolve import Context, resolve
from awsbasics.cloudformation.values import Open

TEMPLATE = load_template("""
Parameters: {Who: {Type: String}}
Conditions: {Wide: !Equals [!Ref Who, x]}
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument: {Statement: {Effect: Allow}}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/ReadOnlyAccess
        - !Ref Shared
        - !If [Wide, arn:aws:iam::aws:policy/PowerUserAccess, !Ref "AWS::NoValue"]
      PermissionsBoundary: !Ref Shared
      Policies:
        - {PolicyName: one, PolicyDocument: {Statement: []}}
        - !If [Wide, {PolicyName: two, PolicyDocument: {Statement: [x]}}, !Ref "AWS::NoValue"]
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: shared
      PolicyDocument: '{"Statement": []}'
      Roles: [!Ref App]
  Extra:
    Type: AWS::IAM::RolePolicy
    Properties: {PolicyName: extra, RoleName: !Ref App, PolicyDocument: {Statement: []}}
  Queue:
    Type: AWS::SQS::QueuePolicy
    Properties: {PolicyDocument: !If [Wide, {Statement: [a]}, {Statement: [b]}], Queues: [q]}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {ResourcePolicy: {PolicyDocument: {Statement: [t]}}}
""")
HERE = Context(account_id="000000000012", partition="aws")


def found(logical_id: str, template: dict[str, Any] = TEMPLATE) -> list[Policy]:
    return [one for one in policies(resolve(template, HERE)) if one.logical_id == logical_id]


def test_a_roles_trust_and_inline_policies_are_found_with_their_place() -> None:
    trust, one, two = found("App")
    assert (trust.use, trust.path[-1]) == ("trust", "AssumeRolePolicyDocument")
    assert (one.use, one.name, one.path[3:]) == (
        "identity",
        "one",
        ("Policies", 0, "PolicyDocument"),
    )
    assert (two.name, two.path[4]) == ("two", 1)


def test_a_policy_knows_whom_it_is_attached_to() -> None:
    assert [one.holders for one in found("Shared")] == [(("Roles", "app"),)]
    assert [one.holders for one in found("Extra")] == [(("Roles", "app"),)]


def test_a_policy_written_as_text_is_read() -> None:
    assert [one.document for one in found("Shared")] == [{"Statement": []}]


def test_each_form_of_a_policy_that_depends_on_a_condition_is_one() -> None:
    assert [one.document for one in found("Queue")] == [{"Statement": ["a"]}, {"Statement": ["b"]}]


def test_a_policy_deeper_in_the_properties_is_found() -> None:
    (policy,) = found("Table")
    assert (policy.use, policy.document) == ("resource", {"Statement": ["t"]})


def test_a_role_says_what_is_attached_to_it_and_its_boundary() -> None:
    (role,) = principals(resolve(TEMPLATE, HERE))
    shared = "arn:aws:iam::000000000012:policy/shared"
    assert role.name == "app"
    assert role.boundary == shared
    assert role.managed_policy_arns == (
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        shared,
        "arn:aws:iam::aws:policy/PowerUserAccess",
    )


def test_a_document_that_is_not_known_is_told() -> None:
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {"B": {"Type": "AWS::S3::BucketPolicy", "Properties": {
            "PolicyDocument": {"Ref": "P"}}}},
    }  # fmt: skip
    (policy,) = found("B", template)
    assert isinstance(policy.document, Open)


@pytest.mark.parametrize("kind", sorted(PLACES))
@pytest.mark.parametrize("value", [None, 1, "x", [], {}, [1, {"PolicyDocument": [1]}], "[" * 9999])
def test_nothing_in_the_place_of_a_policy_raises(kind: str, value: Any) -> None:
    names = {place.key.split(".")[0] for place in PLACES[kind]}
    keys = [*names, "Policies", "Roles", "ManagedPolicyArns", "PolicyName"]
    template = {"Resources": {"A": {"Type": kind, "Properties": dict.fromkeys(keys, value)}}}
    stack = resolve(template)
    assert len(json.dumps([str(one) for one in policies(stack)])) > 0
    assert len(list(principals(stack))) == (kind == "AWS::IAM::Role")
