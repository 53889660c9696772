from collections.abc import Callable
from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.setting import CANARY, FORMULA, IMAGE, REGIONS

InAccount = Callable[[str], Account]


def secrets(account: Account, region: str = REGIONS[0]) -> dict[str, Any]:
    client = account.client("secretsmanager", region)
    found = client.list_secrets(IncludePlannedDeletion=True)["SecretList"]
    return {secret["Name"]: secret for secret in found}


def tags(secret: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in secret.get("Tags", [])}


def test_names_that_follow_the_format_and_names_that_do_not(in_account: InAccount) -> None:
    names = set(secrets(in_account("ledger-production")))
    assert {"prod/ledger/gateway", "ledgerDbPassword"} <= names
    assert {"dev/billing/database", "dev-billing-key"} <= set(secrets(in_account("development")))


def test_secrets_of_another_environment_lie_in_production_and_in_test(
    in_account: InAccount,
) -> None:
    assert "dev/billing/sandbox-gateway" in secrets(in_account("billing-production"))
    assert "prod/ledger/database" in secrets(in_account("test"))


def test_rotation_is_on_off_and_off_for_long(in_account: InAccount) -> None:
    account = in_account("ledger-production")
    found = secrets(account)
    rotated = found["prod/ledger/gateway"]
    assert rotated["RotationEnabled"]
    assert rotated["RotationLambdaARN"].endswith(":function:rotate-database")
    assert (account.now - rotated["LastRotatedDate"]).days == 12
    old = found["ledgerDbPassword"]
    assert not old.get("RotationEnabled")
    assert (account.now - old["CreatedDate"]).days == 400
    assert "owner" not in tags(old)
    recent = secrets(in_account("billing-production"))["prod/shared/twilio"]
    assert (account.now - recent["CreatedDate"]).days == 20
    assert tags(recent)["owner"] == "platform"


def test_secrets_of_services_replicas_and_deleted_ones_exist(in_account: InAccount) -> None:
    account = in_account("billing-production")
    assert secrets(account)["rds!cluster-7c1b6d0e"]["OwningService"] == "rds"
    replica = secrets(account, REGIONS[1])["prod/shared/twilio"]
    assert replica["PrimaryRegion"] == REGIONS[0]
    assert "DeletedDate" in secrets(in_account("ledger-production"))["prod/ledger/retired"]


def test_last_reads_are_known_and_one_secret_was_never_read(in_account: InAccount) -> None:
    account = in_account("ledger-production")
    found = secrets(account)
    assert "LastAccessedDate" not in found["prod/ledger/old-gateway"]
    assert (account.now - found["prod/ledger/gateway"]["LastAccessedDate"]).days == 1


def test_hostile_texts_arrive_unchanged(in_account: InAccount) -> None:
    secret = secrets(in_account("ledger-production"))["prod/ledger/stripe"]
    assert secret["Description"] == IMAGE
    assert tags(secret)["note"] == FORMULA


def test_every_value_holds_the_canary(in_account: InAccount) -> None:
    for name in ("billing-production", "ledger-production", "test", "development", "sandbox"):
        client = in_account(name).client("secretsmanager")
        for secret_id, secret in secrets(in_account(name)).items():
            if "DeletedDate" not in secret:
                assert CANARY in client.get_secret_value(SecretId=secret_id)["SecretString"]
