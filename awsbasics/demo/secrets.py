"""Secrets that no stack made (SEC.2, SEC.3, SEC.4); billing's stacks make good ones.

    good   prod/shared/twilio: shared by declaration, owned, recent; prod/ledger/gateway: rotated
    bad    ledgerDbPassword: no format, no owner, 400 days old
           dev/billing/sandbox-gateway: a development secret in production
           prod/ledger/database in test: a production secret elsewhere
           prod/ledger/stripe: owned, but 200 days old and not rotated
    other  rds!cluster-…: RDS owns it; the twilio secret's replica; one about to be deleted

Every value contains the canary: it must appear nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from awsbasics.demo.account import Account
from awsbasics.demo.setting import CANARY, FORMULA, HOME_REGION, IMAGE, REGIONS


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret: account, name, age in days, owner, days between rotations (0: none)."""

    account: str
    name: str
    age: int
    owner: str = ""
    description: str = ""
    rotation: int = 0
    service: str = ""
    note: str = ""


SECRETS = (
    Secret("billing-production", "prod/shared/twilio", 20, "platform", "One key for all"),
    Secret("billing-production", "dev/billing/sandbox-gateway", 150, "payments"),
    Secret("billing-production", "rds!cluster-7c1b6d0e", 300, service="rds"),
    Secret("ledger-production", "ledgerDbPassword", 400),
    Secret("ledger-production", "prod/ledger/gateway", 500, "ledger", rotation=30),
    Secret("ledger-production", "prod/ledger/stripe", 200, "ledger", IMAGE, note=FORMULA),
    Secret("ledger-production", "prod/ledger/old-gateway", 700),
    Secret("ledger-production", "prod/ledger/retired", 700),
    Secret("test", "test/ledger/database", 300, "ledger"),
    Secret("test", "prod/ledger/database", 60, "ledger", "Copied to reproduce a fault"),
    Secret("development", "dev/ledger/database", 30, "ledger"),
    Secret("development", "dev-billing-key", 45, "payments"),
    Secret("sandbox", "sandbox/scratch/key", 5),
)


def build_secrets(accounts: Mapping[str, Account]) -> None:
    """Create the secrets, rotate one, replicate one, and schedule one for deletion."""
    for secret in SECRETS:
        _create(accounts[secret.account], secret)
    billing = accounts["billing-production"]
    billing.client("secretsmanager").replicate_secret_to_regions(
        SecretId="prod/shared/twilio", AddReplicaRegions=[{"Region": REGIONS[1]}]
    )
    ledger = accounts["ledger-production"]
    with ledger.ago(3):
        ledger.client("secretsmanager").delete_secret(SecretId="prod/ledger/retired")
    _rotate_what_the_stacks_made(accounts)


def _create(account: Account, secret: Secret) -> None:
    client = account.client("secretsmanager")
    tags = {
        "owner": secret.owner,
        "note": secret.note,
        "aws:secretsmanager:owningService": secret.service,
    }
    with account.ago(secret.age):
        client.create_secret(
            Name=secret.name,
            Description=secret.description,
            SecretString=f"{CANARY} of {secret.name}",
            Tags=[{"Key": key, "Value": value} for key, value in tags.items() if value],
        )
    if secret.rotation:
        with account.ago(12):
            client.rotate_secret(
                SecretId=secret.name,
                RotationLambdaARN=_rotation_function(account),
                RotationRules={"AutomaticallyAfterDays": secret.rotation},
            )


def _rotate_what_the_stacks_made(accounts: Mapping[str, Account]) -> None:
    """Billing's secrets were rotated again since their stacks made them."""
    places = (("billing-production", "prod"), ("test", "test"), ("development", "dev"))
    for name, phase in places:
        with accounts[name].ago(9):
            accounts[name].client("secretsmanager").rotate_secret(
                SecretId=f"{phase}/billing/database",
                RotationLambdaARN=_rotation_function(accounts[name]),
                RotationRules={"AutomaticallyAfterDays": 30},
            )


def _rotation_function(account: Account) -> str:
    return account.arn("lambda", "function:rotate-database", HOME_REGION)
