"""What is left of a template when its secrets are gone."""

import json
from typing import Any

import pytest

from awsbasics.collect.secrets_filter import DROPPED, filter_template, is_credential_name

SECRET = "hunter2-planted"


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    template = {"Resources": {"Thing": {"Type": kind, "Properties": properties}}}
    left: dict[str, Any] = filter_template(template)["Resources"]["Thing"]["Properties"]
    return left


@pytest.mark.parametrize(
    "name",
    [
        "DbPassword",
        "DB_PASSWORD",
        "apiKey",
        "API_KEY",
        "api-key",
        "AuthToken",
        "SecretString",
        "PrivateKey",
        "MasterPwd",
        "clientSecret",
        "AWS_SECRET_ACCESS_KEY",
        "Credentials",
    ],
)
def test_names_of_credentials_are_known(name: str) -> None:
    assert is_credential_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_NAME",
        "DB_PASSWORD_ARN",
        "SecretId",
        "SecretArn",
        "TOKEN_IDS",
        "KmsKeyId",
        "PasswordLength",
        "RoleName",
        "token.actions.githubusercontent.com:aud",
        "secretsmanager:ResourceTag/app",
    ],
)
def test_names_that_only_point_at_credentials_and_condition_keys_are_none(name: str) -> None:
    assert not is_credential_name(name)


@pytest.mark.parametrize(
    "template",
    [
        {"Parameters": {"DbPassword": {"Type": "String", "Default": SECRET}}},
        {"Parameters": {"Db": {"NoEcho": True, "Default": SECRET}}},
        {"Parameters": {"Db": {"NoEcho": "true", "AllowedValues": [SECRET]}}},
        {"Mappings": {"Env": {"prod": {"DbPassword": SECRET}}}},
        {"Mappings": {"DbPassword": {"prod": {"value": SECRET}}}},
        {"Outputs": {"ApiKey": {"Value": SECRET}}},
        {"Metadata": {"anything": SECRET}},
        {"Globals": {"Function": {"Environment": {"Variables": {"X": SECRET}}}}},
        {"Resources": {"R": {"Type": "T", "Metadata": {"AWS::CloudFormation::Init": SECRET}}}},
        {"Resources": {"R": SECRET}},
        {"Resources": SECRET},
    ],
    ids=lambda template: json.dumps(template)[:40],
)
def test_secrets_of_every_section_are_dropped(template: dict[str, Any]) -> None:
    left = json.dumps(filter_template(template))
    assert SECRET not in left
    assert DROPPED in left


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::Lambda::Function", {"Environment": {"Variables": {"STRIPE": SECRET}}}),
        ("AWS::Lambda::Function", {"Code": {"ZipFile": f"key = '{SECRET}'"}}),
        ("AWS::EC2::Instance", {"UserData": {"Fn::Base64": f"export PW={SECRET}"}}),
        ("AWS::EC2::Instance", {"UserData": {"Fn::Base64": {"Fn::Sub": f"{SECRET} ${{A}}"}}}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": SECRET}),
        ("AWS::SecretsManager::Secret", {"SecretString": SECRET}),
        ("AWS::IAM::User", {"LoginProfile": {"Password": SECRET}}),
        ("AWS::SSM::Parameter", {"Name": "/a", "Type": "String", "Value": SECRET}),
        ("AWS::ECS::TaskDefinition", {"C": [{"Environment": [{"Name": "A", "Value": SECRET}]}]}),
        ("AWS::ECS::TaskDefinition", {"C": [{"Command": ["--key", SECRET]}]}),
        ("AWS::CodeBuild::Project", {"Source": {"BuildSpec": f"env: {SECRET}"}}),
        ("AWS::StepFunctions::StateMachine", {"DefinitionString": SECRET}),
        ("Custom::Thing", {"Whatever": {"Deep": [SECRET]}}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Fn::Join": ["", [SECRET, "x"]]}}),
        ("AWS::RDS::DBInstance", {"MasterUserPassword": {"Fn::If": ["C", SECRET, {"Ref": "P"}]}}),
        ("AWS::S3::Bucket", {"Tags": [{"Key": "api-key", "Value": SECRET}]}),
        ("AWS::IAM::Role", {"Description": f"postgres://admin:{SECRET}@db.example.com/x"}),
        ("AWS::Lambda::Function", {"FunctionName": f"x://u:{SECRET}@h"}),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_secrets_of_every_kind_of_resource_are_dropped(
    kind: str, properties: dict[str, Any]
) -> None:
    left = json.dumps(resource(kind, **properties))
    assert SECRET not in left


@pytest.mark.parametrize(
    "secret",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        "ghp_" + "a" * 36,
        "xoxb-" + "123456",
        "eyJhbGciOiJI" + ".eyJzdWIiOiIx",
    ],
    ids=["access key", "private key", "GitHub", "Slack", "JWT"],
)
def test_what_has_the_form_of_a_secret_is_dropped_even_where_literals_are_kept(secret: str) -> None:
    assert resource("AWS::IAM::Role", Description=secret) == {"Description": DROPPED}


def test_names_of_environment_variables_stay() -> None:
    left = resource("AWS::Lambda::Function", Environment={"Variables": {"STRIPE": SECRET}})
    assert left == {"Environment": {"Variables": {"STRIPE": DROPPED}}}

    left = resource("AWS::ECS::Task", Environment=[{"Name": "STRIPE", "Value": SECRET}])
    assert left == {"Environment": [{"Name": "STRIPE", "Value": DROPPED}]}


def test_references_stay_where_literals_go() -> None:
    variables = {
        "A": {"Ref": "Db"},
        "B": {"Fn::GetAtt": ["Db", "Arn"]},
        "C": "{{resolve:secretsmanager:prod/db}}",
        "D": "arn:aws:secretsmanager:eu-west-1:000000000012:secret:x",
        "E": {"Fn::Sub": "postgres://${User}:literal@${Host}/${!Not}"},
    }
    left = resource("AWS::Lambda::Function", Environment={"Variables": variables})
    assert left["Environment"]["Variables"] == {**variables, "E": {"Fn::Sub": "${User}${Host}"}}


def test_policies_are_kept_whole_also_in_resources_of_other_kinds() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Condition": {
            "StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "secretsmanager:ResourceTag/app": "billing",
            }
        },
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    assert resource("AWS::IAM::Policy", PolicyDocument=document) == {"PolicyDocument": document}
    assert resource("AWS::SQS::Queue", QueuePolicy=document) == {"QueuePolicy": document}


def test_security_groups_are_kept_whole() -> None:
    rules = [{"IpProtocol": "tcp", "FromPort": 22, "CidrIp": "0.0.0.0/0", "Description": "ssh"}]
    left = resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=rules)
    assert left == {"SecurityGroupIngress": rules}


def test_names_types_and_arns_of_other_resources_stay() -> None:
    properties = {
        "FunctionName": "billing-prod",
        "Role": "arn:aws:iam::000000000012:role/x",
        "Runtime": "python3.13",
        "Timeout": 30,
        "Layers": [{"Fn::Sub": "arn:${AWS::Partition}:lambda:x"}],
        "TableName": {"Fn::Sub": "billing-${AWS::Region}"},
    }
    assert resource("AWS::Lambda::Function", **properties) == properties


def test_conditions_and_ordinary_parameters_stay() -> None:
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"Environment": {"Type": "String", "Default": "dev"}},
        "Conditions": {"HasSecret": {"Fn::Equals": [{"Ref": "Environment"}, "prod"]}},
        "Mappings": {"Env": {"prod": {"Cidr": "10.0.0.0/16"}}},
    }
    assert filter_template(template) == template


def test_filtering_twice_changes_nothing_more() -> None:
    template = {
        "Parameters": {"DbPassword": {"Default": SECRET}},
        "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"A": SECRET}}}
        },
    }
    once = filter_template(template)
    assert filter_template(once) == once
