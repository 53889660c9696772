"""Secrets, without their values."""

import json
from typing import Any

from tests.collect.fake_caller import (
    ACCOUNT,
    WHEN,
    asked,
    assert_every_column_is_filled,
    fake_caller,
    read,
    refused,
    rows_of,
)

ARN = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:prod/billing/db-AbCdEf"
SECRET: dict[str, Any] = {
    "ARN": ARN,
    "Name": "prod/billing/db",
    "Description": "The database",
    "KmsKeyId": "alias/billing",
    "RotationEnabled": True,
    "RotationLambdaARN": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:rotate",
    "RotationRules": {"AutomaticallyAfterDays": 30},
    "LastRotatedDate": WHEN,
    "LastChangedDate": WHEN,
    "LastAccessedDate": WHEN,
    "CreatedDate": WHEN,
    "PrimaryRegion": "us-east-1",
    "OwningService": "rds",
    "SecretVersionsToStages": {"1": ["AWSCURRENT"]},
    "Tags": [{"Key": "team", "Value": "billing"}],
}
DELETED = {"ARN": f"{ARN}2", "Name": "old", "DeletedDate": WHEN}
RECORDED: dict[str, Any] = {
    "ListSecrets": {"SecretList": [SECRET, DELETED]},
    "GetResourcePolicy": {"ARN": ARN, "Name": "x", "ResourcePolicy": '{"Statement": []}'},
}


def test_every_column_has_its_source_in_the_answers() -> None:
    assert_every_column_is_filled(
        "secretsmanager_secrets", rows_of("secretsmanager_secrets", RECORDED)
    )


def test_secrets_that_are_scheduled_for_deletion_are_listed_but_not_asked_for_a_policy() -> None:
    caller = fake_caller(RECORDED)
    rows = {row["name"]: row for row in rows_of("secretsmanager_secrets", caller)}
    session: Any = caller.session
    assert session.asked[0].parameters["IncludePlannedDeletion"] is True
    assert rows["old"]["resource_policy_status"] == "absent"
    assert asked(caller) == ["ListSecrets", "GetResourcePolicy"]


def test_a_secret_without_a_policy_is_not_one_whose_policy_was_denied() -> None:
    alone = {"ListSecrets": {"SecretList": [SECRET]}}
    (row,) = rows_of("secretsmanager_secrets", {**alone, "GetResourcePolicy": {"ARN": ARN}})
    assert (row["resource_policy"], row["resource_policy_status"]) == (None, "absent")

    found = read("secretsmanager_secrets", {**alone, "GetResourcePolicy": refused()})
    assert found.rows[0]["resource_policy_status"] == "denied"
    assert found.coverage.status == "partial"


def test_versions_and_rotation_are_json() -> None:
    rows = {row["name"]: row for row in rows_of("secretsmanager_secrets", RECORDED)}
    assert json.loads(rows["prod/billing/db"]["version_ids_to_stages"]) == {"1": ["AWSCURRENT"]}
    assert json.loads(rows["prod/billing/db"]["rotation_rules"]) == {"AutomaticallyAfterDays": 30}
