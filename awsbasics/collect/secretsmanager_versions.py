"""When each version of a secret was made (SEC.4); no call here reads a value.

A secret's own date of change also moves with its settings, so only its versions tell its age.
Secrets that a service manages and replicas are not judged by age, and not asked about.
"""

from collections.abc import Iterator

from awsbasics.collect.paging import listed_by_token
from awsbasics.collect.secretsmanager import PARAMETERS
from awsbasics.collect.table import Caller, Column, FollowUp, Item, Table

# AWS refuses the question for a secret that is scheduled for deletion.
GONE = ("ResourceNotFoundException", "InvalidRequestException")


def _versions(call: Caller) -> Iterator[Item]:
    secrets = call.items("secretsmanager", "ListSecrets", "SecretList", **PARAMETERS)
    for versions in call.map(lambda secret: _of(call, secret), filter(_is_judged, secrets)):
        yield from versions


def _is_judged(secret: Item) -> bool:
    region = secret.get("PrimaryRegion")
    is_replica = region is not None and f":{region}:" not in secret["ARN"]
    return not (secret.get("OwningService") or secret.get("DeletedDate") or is_replica)


def _of(call: Caller, secret: Item) -> list[Item]:
    operation = "ListSecretVersionIds"
    versions = listed_by_token(
        call,
        "secretsmanager",
        operation,
        "Versions",
        "NextToken",
        absent=GONE,
        SecretId=secret["ARN"],
        MaxResults=100,
    )
    if versions.status in ("denied", "error"):
        call.note(versions, operation)
    return [{**version, "secret_arn": secret["ARN"]} for version in versions.value or ()]


TABLES = (
    Table(
        name="secretsmanager_secret_versions",
        description="Versions in use of secrets that people or pipelines keep.",
        service="secretsmanager",
        operation="ListSecrets",
        path="SecretList",
        parameters=PARAMETERS,
        gather=_versions,
        follow_ups=(
            FollowUp(
                service="secretsmanager",
                operation="ListSecretVersionIds",
                per="secret of a customer",
            ),
        ),
        columns=(
            Column("secret_arn", "string", "", "The secret."),
            Column("version_id", "string", "VersionId", "AWS's id of the version."),
            Column("stages", "json", "VersionStages", "List of AWSCURRENT, AWSPREVIOUS, …"),
            Column("created", "timestamp", "CreatedDate", "When it was made."),
            Column("last_accessed", "timestamp", "LastAccessedDate", "Day it was last read."),
        ),
    ),
)
