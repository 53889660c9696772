"""Secrets as the engine sees them: their policies, their keys, and what they belong to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.iam.compile import compile_policy
from awsbasics.iam.estate import MaybePolicy, Principal
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.target import Target
from awsbasics.ownership.tags import read_tags
from awsbasics.recommendations.evidence.rows import from_json, rows, texts_in
from awsbasics.recommendations.evidence.things import Thing

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "secretsmanager_secrets"
KEYS = "kms_keys"
READ = "secretsmanager:GetSecretValue"
AWS_ALIAS = "alias/aws/secretsmanager"


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret; `application` is None where not known.

    `is_own` says that people answer for it: no service manages it, and it is no replica.
    `last_accessed` is a day, None where nobody has read it since AWS keeps count.
    """

    account_id: str
    region: str
    arn: str
    name: str
    description: str
    tags: Mapping[str, str]
    created: pd.Timestamp | None
    last_accessed: pd.Timestamp | None
    is_own: bool
    environment: str | None
    application: str | None
    shared: bool
    thing: Thing

    @property
    def place(self) -> tuple[str, str, str]:
        """Where a finding about it is: account, ARN, region."""
        return self.account_id, self.arn, self.region

    @property
    def policy_was_read(self) -> bool:
        """Whether its policy is known, be it that there is none."""
        return self.thing.target.policy is not UNKNOWN


def stored_secrets(facts: "Facts") -> Iterator[Secret]:
    """All secrets that can be read: not those whose deletion is scheduled.

    `facts.secrets` are these, found once.
    """
    keys = _Keys(facts)
    organization = _organization(facts)
    columns = ("account_id", "region", "arn", "name", "tags", "kms_key_id", "deleted")
    more = (
        "owning_service",
        "primary_region",
        "description",
        "created",
        "last_accessed",
        "resource_policy",
        "resource_policy_status",
        "rotation_lambda_arn",
    )
    for row in rows(facts.frame(TABLE), *columns, *more):
        if row.deleted is None:
            yield _secret(facts, row, keys, organization)


def application_of(facts: "Facts", principal: Principal) -> str | None:
    """The application that a principal belongs to; people's roles belong to none."""
    if principal.is_protected:
        return None
    place = (principal.account_id, "global", principal.arn)
    return facts.ownership.application(*place, tags=principal.tags, name=principal.name).value


def _secret(facts: "Facts", row: Any, keys: "_Keys", organization: str | None) -> Secret:
    tags, name = read_tags(row.tags), row.name or ""
    place = (row.account_id, row.region, row.arn)
    context = {
        "aws:ResourceAccount": row.account_id,
        "aws:SecureTransport": "true",
        "secretsmanager:SecretId": row.arn,
        "secretsmanager:resource/AllowRotationLambdaArn": row.rotation_lambda_arn,
        **({"aws:ResourceOrgID": organization} if organization else {}),
        **facts.permissions.access.tagged(tags, "secretsmanager"),
    }
    policy = policy_of(row.resource_policy, row.resource_policy_status)
    sealed, key = keys.of(row)
    return Secret(
        account_id=row.account_id,
        region=row.region,
        arn=row.arn,
        name=name,
        description=row.description or "",
        tags=tags,
        created=row.created,
        last_accessed=row.last_accessed,
        is_own=row.owning_service is None and row.primary_region in (None, row.region),
        environment=facts.ownership.environment(row.account_id).value,
        application=facts.ownership.application(*place, tags=tags, name=name).value,
        shared=facts.engagement.is_shared_secret(name),
        thing=Thing(row.region, Target(row.arn, row.account_id, policy, context), key, sealed),
    )


def policy_of(text: str | None, status: str | None) -> MaybePolicy | None:
    """A resource's policy from a column and its twin: None where there is none."""
    if text:
        return compile_policy(from_json(text) or text, "resource policy")
    return None if status in ("ok", "absent") else UNKNOWN


def _organization(facts: "Facts") -> str | None:
    frame = facts.frame("organizations_organization")
    return next((row.id for row in rows(frame, "id") if row.id), None)


class _Keys:
    """The customers' keys by all names that a secret may call them.

    Everybody in the account who may read a secret may use AWS's own key for it, and nobody of
    another account (Secrets Manager user guide, "Secret encryption and decryption").
    """

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._policies: dict[str, MaybePolicy | None] = {}
        self._arns: dict[tuple[str, str, str], str] = {}
        columns = ("account_id", "region", "arn", "id", "aliases", "policy", "policy_status")
        for row in rows(facts.frame(KEYS), *columns):
            self._policies[row.arn] = policy_of(row.policy, row.policy_status)
            for name in (row.id, row.arn, *texts_in(row.aliases)):
                self._arns[row.account_id, row.region, name] = row.arn

    def of(self, row: Any) -> tuple[bool, Target | None]:
        """Whether AWS's own key encrypts a secret, and the customer's key where one does."""
        text = row.kms_key_id or ""
        if not text or text.endswith(AWS_ALIAS):
            return True, None
        parts = text.split(":", 5)
        account, region, name = row.account_id, row.region, text
        if len(parts) == 6:
            region, account = parts[3] or region, parts[4] or account
            name = parts[5] if parts[5].startswith("alias/") else text
        arn = self._arns.get((account, region, name))
        if arn is None and self._was_read(account):
            return True, None  # AWS's keys are not in the table
        return False, self._target(row, arn or text, account)

    def _target(self, row: Any, arn: str, account: str) -> Target:
        partition = row.arn.split(":", 2)[1]
        context = {"aws:ResourceAccount": account, "kms:EncryptionContext:SecretARN": row.arn}
        if partition != "aws-cn":  # where the name's ending is not documented
            context["kms:ViaService"] = f"secretsmanager.{row.region}.amazonaws.com"
        key = arn if ":key/" in arn else f"arn:{partition}:kms:{row.region}:{account}:key/{arn}"
        return Target(key, account, self._policies.get(arn, UNKNOWN), context)

    def _was_read(self, account: str) -> bool:
        return self._facts.permissions.estate.was_read(KEYS, account)
