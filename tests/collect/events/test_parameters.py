"""No secret that CloudTrail recorded is kept; what names a thing is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.collect.events.parameters import WHOLE_SOURCES, kept_json, kept_text
from awsbasics.collect.secrets_filter import DROPPED
from tests.collect.events.event_records import KEY_ID, POLICY

CANARY = "hunter2-canary"
SIGNED = f"https://example-templates.s3.amazonaws.com/app.yml?X-Amz-Signature={CANARY}"

# As CloudTrail has them, or had them: it hides more today than it once did.
WITH_SECRETS: dict[str, Any] = {
    "sts AssumeRole": {"credentials": {"accessKeyId": KEY_ID, "sessionToken": CANARY}},
    "sts AssumeRoleWithSAML": {"roleArn": "arn:aws:iam::1:role/r", "sAMLAssertion": CANARY},
    "sts AssumeRoleWithWebIdentity": {"webIdentityToken": CANARY},
    "iam CreateLoginProfile": {"userName": "Alice", "password": CANARY},
    "iam UpdateLoginProfile": {"userName": "Alice", "Password": CANARY},
    "iam ChangePassword": {"oldPassword": CANARY, "newPassword": CANARY},
    "iam CreateAccessKey": {"accessKey": {"accessKeyId": KEY_ID, "secretAccessKey": CANARY}},
    "iam CreateVirtualMFADevice": {"base32StringSeed": CANARY, "qRCodePNG": CANARY},
    "iam UploadServerCertificate": {"serverCertificateName": "web", "privateKey": CANARY},
    "ssm PutParameter": {"name": "/prod/password", "type": "SecureString", "value": CANARY},
    "ssm SendCommand": {"documentName": "Run", "parameters": {"commands": [f"psql {CANARY}"]}},
    "secretsmanager PutSecretValue": {"secretId": "s", "secretString": CANARY},
    "lambda UpdateFunctionConfiguration20150331v2": {
        "functionName": "f",
        "environment": {"variables": {"DB_PASSWORD": CANARY, "PLAIN": CANARY}},
    },
    "ecs RegisterTaskDefinition": {
        "family": "web",
        "containerDefinitions": [
            {
                "name": "web",
                "environment": [{"name": "TOKEN", "value": CANARY}],
                "command": [CANARY],
            }
        ],
    },
    "codebuild CreateProject": {
        "name": "build",
        "environment": {"environmentVariables": [{"name": "NPM", "value": CANARY}]},
        "source": {"buildspec": f"export A={CANARY}"},
    },
    "ec2 RunInstances": {"instanceType": "t3.small", "userData": CANARY},
    "ec2 CreateLaunchTemplate": {"LaunchTemplateData": {"UserData": CANARY}},
    "ec2 CreateKeyPair": {"keyName": "k", "keyMaterial": CANARY},
    "rds CreateDBInstance": {"dBInstanceIdentifier": "db", "masterUserPassword": CANARY},
    "cloudformation CreateStack": {
        "stackName": "app",
        "templateURL": SIGNED,
        "parameters": [{"parameterKey": "Secret", "parameterValue": CANARY}],
    },
    "athena StartQueryExecution": {"queryString": f"SELECT '{CANARY}'"},
    "states StartExecution": {"input": json.dumps({"token": CANARY})},
    "events PutTargets": {"targets": [{"arn": "arn:aws:sns:eu-west-1:1:t", "input": CANARY}]},
    "sso CreateToken": {"clientId": "c", "deviceCode": CANARY, "clientSecret": CANARY},
    "s3 GetObject": {"bucketName": "b", "X-Amz-Security-Token": CANARY},
    "organizations TagResource": {"tags": [{"key": "api_key", "value": CANARY}]},
    "kms Decrypt": {"encryptionContext": {"password": CANARY}},
}


@pytest.mark.parametrize("event", WITH_SECRETS)
def test_secrets_in_parameters_and_answers_are_dropped(event: str) -> None:
    source = f"{event.split(maxsplit=1)[0]}.amazonaws.com"
    text = json.dumps(WITH_SECRETS[event])
    assert CANARY in text
    kept = kept_json(text, whole=source in WHOLE_SOURCES)
    assert CANARY not in kept
    assert DROPPED in kept or "templateURL" in kept


def test_what_names_a_thing_stays_in_all_services() -> None:
    given = {
        "functionName": "billing",
        "name": "rule",
        "principal": "s3.amazonaws.com",
        "action": "lambda:InvokeFunction",
        "sourceArn": "arn:aws:s3:::bucket",
        "taskRole": "arn:aws:iam::1:role/r",
        "enabled": True,
        "port": 443,
        "note": "whatever a person wrote",
    }
    assert json.loads(kept_json(json.dumps(given), whole=False)) == {**given, "note": DROPPED}


def test_policies_stay_in_all_services() -> None:
    given = {"attributes": {"Policy": json.dumps(POLICY)}, "policyText": json.dumps(POLICY)}
    assert json.loads(kept_json(json.dumps(given), whole=False)) == given


def test_what_checks_read_stays_whole() -> None:
    rule = {
        "groupId": "sg-1",
        "ipPermissions": {
            "items": [{"ipProtocol": "tcp", "fromPort": 22, "ipRanges": [{"cidrIp": "0.0.0.0/0"}]}]
        },
    }
    assert json.loads(kept_json(json.dumps(rule), whole=True)) == rule


def test_ids_of_access_keys_stay_and_nothing_else_of_their_form() -> None:
    given = {"accessKeyId": KEY_ID, "description": f"the key {KEY_ID}", "userName": KEY_ID}
    kept = json.loads(kept_json(json.dumps(given), whole=True))
    assert kept == {"accessKeyId": KEY_ID, "description": DROPPED, "userName": DROPPED}


def test_a_presigned_url_loses_its_signature() -> None:
    kept = json.loads(kept_json(json.dumps({"url": SIGNED}), whole=True))
    assert kept == {"url": SIGNED.partition("?")[0]}


def test_the_names_of_variables_stay_without_their_values() -> None:
    given = {"environment": [{"name": "DB_PASSWORD", "value": CANARY}]}
    kept = json.loads(kept_json(json.dumps(given), whole=False))
    assert kept == {"environment": [{"name": "DB_PASSWORD", "value": DROPPED}]}


def test_what_cannot_be_read_is_dropped_whole() -> None:
    assert kept_json("{", whole=True) == DROPPED
    assert kept_json("[" * 100_000 + "]" * 100_000, whole=True) == DROPPED


def test_a_message_with_a_key_in_it_is_dropped() -> None:
    assert kept_text("is not authorized") == "is not authorized"
    assert kept_text(f"the key {KEY_ID} is unknown") == DROPPED


NESTED = st.recursive(
    st.text() | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(NESTED, st.booleans())
def test_a_value_under_the_name_of_a_credential_never_survives(value: Any, whole: bool) -> None:
    text = json.dumps({"wrapped": [{"secretAccessKey": [CANARY, value], "other": value}]})
    kept = json.loads(kept_json(text, whole=whole))
    assert CANARY not in json.dumps(kept)
    assert kept["wrapped"][0]["secretAccessKey"][0] == DROPPED
