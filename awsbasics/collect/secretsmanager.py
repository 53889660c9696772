"""Secrets Manager's secrets, without their values: `GetSecretValue` is never called."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, with_tags
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

PARAMETERS: Mapping[str, Any] = {"IncludePlannedDeletion": True, "MaxResults": 100}


def _resource_policy(call: Caller, secret: Item) -> Mapping[str, Answer]:
    if secret.get("DeletedDate"):  # AWS refuses to answer, and nobody can read the secret
        return {"resource_policy": Answer("absent")}
    return {
        "resource_policy": call.answer(
            "secretsmanager",
            "GetResourcePolicy",
            "ResourcePolicy",
            absent=("ResourceNotFoundException",),
            expect="ARN",
            SecretId=secret["ARN"],
        )
    }


TABLES = (
    Table(
        name="secretsmanager_secrets",
        description="Secrets, replicas and those scheduled for deletion included; no values.",
        service="secretsmanager",
        operation="ListSecrets",
        path="SecretList",
        parameters=PARAMETERS,
        split=with_tags,
        each=_resource_policy,
        follow_ups=(FollowUp(service="secretsmanager", operation="GetResourcePolicy"),),
        columns=(
            Column("arn", "string", "ARN", "ARN of the secret, with its random suffix."),
            Column("name", "string", "Name", "Name of the secret."),
            Column("description", "string", "Description", "What its author says of it."),
            Column("kms_key_id", "string", "KmsKeyId", "Its key; null for `aws/secretsmanager`."),
            Column("rotation_enabled", "bool", "RotationEnabled", "Whether it rotates; null: no."),
            Column(
                "rotation_lambda_arn",
                "string",
                "RotationLambdaARN",
                "The function that rotates it.",
            ),
            Column(
                "rotation_rules", "json", "RotationRules", "How often it rotates: days or schedule."
            ),
            Column("last_rotated", "timestamp", "LastRotatedDate", "When it last rotated."),
            Column(
                "last_changed",
                "timestamp",
                "LastChangedDate",
                "When its value or its settings last changed.",
            ),
            Column(
                "last_accessed", "timestamp", "LastAccessedDate", "Day on which it was last read."
            ),
            Column("created", "timestamp", "CreatedDate", "When it was made."),
            Column("deleted", "timestamp", "DeletedDate", "When its deletion was asked for."),
            Column("primary_region", "string", "PrimaryRegion", "Where it is a replica from."),
            Column("owning_service", "string", "OwningService", "The service that manages it."),
            Column(
                "version_ids_to_stages",
                "json",
                "SecretVersionsToStages",
                "Object: id of each version to the list of its stages.",
            ),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
            Column(
                "resource_policy",
                "json",
                "",
                "Its policy; not asked for where deletion is scheduled.",
                follow_up=True,
            ),
        ),
    ),
)
