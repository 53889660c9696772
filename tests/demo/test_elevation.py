from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from awsbasics.demo.account import Account

InAccount = Callable[[str], Account]


def condition(client: Any, group: str, policy: str) -> dict[str, dict[str, str]]:
    found = client.get_group_policy(GroupName=group, PolicyName=policy)["PolicyDocument"]
    wanted: dict[str, dict[str, str]] = found["Statement"][0]["Condition"]
    return wanted


def window(block: dict[str, dict[str, str]]) -> tuple[datetime, datetime]:
    bounds = [block[name]["aws:CurrentTime"] for name in ("DateGreaterThan", "DateLessThan")]
    start, end = (datetime.fromisoformat(bound) for bound in bounds)
    return start, end


def test_a_grant_of_eight_hours_is_in_force(in_account: InAccount) -> None:
    account = in_account("billing-production")
    block = condition(account.client("iam"), "team-payments", "elevation-incident-4711")
    start, end = window(block)
    assert end - start == timedelta(hours=8)
    assert start < account.now < end


def test_a_grant_by_epoch_time_is_in_force(in_account: InAccount) -> None:
    account = in_account("billing-production")
    block = condition(account.client("iam"), "team-platform", "elevation-incident-4712")
    bounds = [
        datetime.fromtimestamp(int(block[name]["aws:EpochTime"]), UTC)
        for name in ("NumericGreaterThan", "NumericLessThan")
    ]
    assert bounds[0] < account.now < bounds[1]
    assert bounds[1] - bounds[0] == timedelta(hours=4)


def test_a_grant_of_ninety_days_is_in_force(in_account: InAccount) -> None:
    account = in_account("ledger-production")
    start, end = window(condition(account.client("iam"), "team-ledger", "elevation-autumn"))
    assert end - start == timedelta(days=90)
    assert start < account.now < end


def test_a_grant_that_is_over_is_still_attached(in_account: InAccount) -> None:
    account = in_account("ledger-production")
    client = account.client("iam")
    attached = client.list_attached_group_policies(GroupName="team-platform")["AttachedPolicies"]
    arn = next(each["PolicyArn"] for each in attached if each["PolicyName"] == "elevation-march")
    version = client.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    _, end = window(version["Document"]["Statement"][0]["Condition"])
    assert end < account.now


def test_a_grant_without_an_end_and_a_trust_that_ended_exist(in_account: InAccount) -> None:
    account = in_account("ledger-production")
    client = account.client("iam")
    endless = condition(client, "team-platform", "elevation-from-monday")
    assert set(endless) == {"DateGreaterThan"}
    role = client.get_role(RoleName="ledger-migration")["Role"]
    _, end = window(role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"])
    assert account.now - end == timedelta(days=3)
