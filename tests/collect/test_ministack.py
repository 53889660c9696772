"""The same gather against another emulator than the demo's, one that enforces policies."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from awsbasics.collect import collect
from awsbasics.collect.permissions import minimum_policy
from awsbasics.collect.tables import TABLES
from awsbasics.demo import demo_environment
from awsbasics.errors import CredentialsError
from awsbasics.session import who_am_i
from awsbasics.snapshot import Snapshot
from tests.ministack import MANAGEMENT, make_account, make_role, make_user, ministack

pytestmark = pytest.mark.emulator

ROLE, EXTERNAL_ID = "Audit", "example-0815"
HOME_ARN = f"arn:aws:iam::{MANAGEMENT}:root"
DENIED_CALL = "secretsmanager:ListSecrets"


@dataclass(frozen=True)
class Gathered:
    """What was gathered, and the ids of the accounts by name."""

    snapshot: Snapshot
    accounts: Mapping[str, str]

    def coverage(self, account: str) -> Any:
        coverage = self.snapshot.coverage
        return coverage[coverage["account_id"] == self.accounts[account]]


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gathered]:
    """One gather for all tests: they only look."""
    with ministack(tmp_path_factory.mktemp("ministack")) as url, demo_environment(url):
        names = ("open", "closed", "guarded", "bare")
        accounts = {"home": MANAGEMENT} | {name: make_account(name) for name in names}
        read = json.loads(minimum_policy())
        for name, trust in {
            "open": trusts(HOME_ARN, EXTERNAL_ID),
            "closed": trusts(f"arn:aws:iam::{MANAGEMENT}:role/another", EXTERNAL_ID),
            "guarded": trusts(HOME_ARN, "example-4711"),
        }.items():
            make_role(accounts[name], ROLE, trust, read)
        enter = statement("Allow", "sts:AssumeRole")
        session = make_user("auditor", read, enter, statement("Deny", DENIED_CALL))
        snapshot = collect(
            tmp_path_factory.mktemp("snapshot") / "s",
            session=session,
            role=ROLE,
            external_id=EXTERNAL_ID,
            accounts=list(accounts.values()),
            regions=["us-east-1"],
        )
        yield Gathered(snapshot, accounts)


def trusts(principal: str, external_id: str) -> dict[str, Any]:
    condition = {"StringEquals": {"sts:ExternalId": external_id}}
    return statement("Allow", "sts:AssumeRole", Principal={"AWS": principal}, Condition=condition)


def statement(effect: str, action: str, **more: Any) -> dict[str, Any]:
    where = {} if "Principal" in more else {"Resource": "*"}
    one = {"Effect": effect, "Action": action, **where, **more}
    return {"Version": "2012-10-17", "Statement": [one]}


def test_every_table_is_accounted_for(gathered: Gathered) -> None:
    asked = {table.name for table in TABLES.values() if not table.optional}
    assert set(gathered.coverage("home")["table"]) == asked
    of_members = {name for name in asked if TABLES[name].scope != "organization"}
    for name in ("open", "closed", "guarded", "bare"):
        assert set(gathered.coverage(name)["table"]) == of_members


def test_what_is_there_is_read(gathered: Gathered) -> None:
    accounts = gathered.snapshot.frame("organizations_accounts")
    assert set(accounts["id"]) == set(gathered.accounts.values())
    roles = gathered.snapshot.frame("iam_roles", accounts=[gathered.accounts["open"]])
    [trust] = roles.loc[roles["name"] == ROLE, "trust_policy"]
    assert json.loads(trust) == trusts(HOME_ARN, EXTERNAL_ID)


def test_the_minimum_policy_is_enough(gathered: Gathered) -> None:
    assert "denied" not in set(gathered.coverage("open")["status"])
    denied = gathered.coverage("home").query("status == 'denied'")
    assert set(denied["operation"]) == {DENIED_CALL}


def test_a_denied_call_is_denied_in_coverage_in_the_words_of_aws(gathered: Gathered) -> None:
    [row] = gathered.coverage("home").query("table == 'secretsmanager_secrets'").itertuples()
    assert (row.status, row.error_code) == ("denied", "AccessDeniedException")
    assert f"is not authorized to perform: {DENIED_CALL} with an explicit deny" in row.error_message


@pytest.mark.parametrize("account", ["closed", "guarded", "bare"])
def test_a_role_that_cannot_be_assumed_closes_its_account_and_no_other(
    gathered: Gathered, account: str
) -> None:
    """Its trust names another principal, or another external id; or there is none."""
    coverage = gathered.coverage(account)
    assert set(coverage["status"]) == {"denied"}
    assert set(coverage["operation"]) == {"sts:AssumeRole"}
    assert set(gathered.coverage("open")["status"]) >= {"ok", "empty"}
    role = f"arn:aws:iam::{gathered.accounts[account]}:role/{ROLE}"
    assert coverage["error_message"].str.startswith(f"{role} cannot be assumed").all()


def test_what_the_emulator_does_not_know_is_told_and_never_empty(gathered: Gathered) -> None:
    unknown = gathered.coverage("home").query("error_message.str.contains('Unknown')")
    assert len(unknown) > 3
    assert set(unknown["status"]) == {"unsupported"}
    for name in unknown["table"]:
        assert gathered.snapshot.frame(name).empty


def test_keys_that_nobody_has_are_one_clear_error(gathered: Gathered) -> None:
    unknown = boto3.Session("AKIAIOSFODNN7EXAMPLE", "secret", region_name="us-east-1")
    with pytest.raises(CredentialsError, match=r"does not accept.*InvalidClientTokenId"):
        who_am_i(unknown)
