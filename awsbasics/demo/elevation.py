"""Elevated access for a fixed time (TMP.2, TMP.3, and TMP.4 later).

good   team-payments in billing-production: 8 hours, in force
       team-platform there: 4 hours, by `aws:EpochTime`
bad    team-ledger in ledger-production: 90 days, in force
       team-platform there: over since spring, still attached; and one without an end
       ledger-migration: a role whose trust ended three days ago, still there
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.documents import allow, document, trust, window

AWS_POLICY = "arn:aws:iam::aws:policy/"


def build_elevation(accounts: Mapping[str, Account]) -> None:
    """Create the elevated roles and the grants that lead to them."""
    _billing(accounts["billing-production"])
    _ledger(accounts["ledger-production"])


def _billing(account: Account) -> None:
    role = _elevated_role(account, "billing-elevated")
    client = account.client("iam")
    now = account.now
    shift = window(now - timedelta(hours=2), now + timedelta(hours=6))
    epoch = {
        "NumericGreaterThan": {"aws:EpochTime": _epoch(now - timedelta(hours=1))},
        "NumericLessThan": {"aws:EpochTime": _epoch(now + timedelta(hours=3))},
    }
    for group, name, condition in (
        ("team-payments", "elevation-incident-4711", shift),
        ("team-platform", "elevation-incident-4712", epoch),
    ):
        client.put_group_policy(
            GroupName=group,
            PolicyName=name,
            PolicyDocument=document(allow("sts:AssumeRole", role, condition)),
        )


def _ledger(account: Account) -> None:
    role = _elevated_role(account, "ledger-elevated")
    client = account.client("iam")
    now = account.now
    season = window(now - timedelta(days=30), now + timedelta(days=60))
    client.put_group_policy(
        GroupName="team-ledger",
        PolicyName="elevation-autumn",
        PolicyDocument=document(allow("sts:AssumeRole", role, season)),
    )
    over = window(now - timedelta(days=230), now - timedelta(days=229, hours=16))
    with account.ago(230):
        policy = client.create_policy(
            PolicyName="elevation-march",
            PolicyDocument=document(allow("sts:AssumeRole", role, over)),
            Description="An outage in spring",
        )["Policy"]["Arn"]
    client.attach_group_policy(GroupName="team-platform", PolicyArn=policy)
    endless = window(now - timedelta(days=5), None)
    client.put_group_policy(
        GroupName="team-platform",
        PolicyName="elevation-from-monday",
        PolicyDocument=document(allow("sts:AssumeRole", role, endless)),
    )
    migration = window(now - timedelta(days=4), now - timedelta(days=3))
    _elevated_role(account, "ledger-migration", migration)


def _elevated_role(account: Account, name: str, condition: Any = None) -> str:
    """A role with more than people have every day; gives its ARN."""
    client = account.client("iam")
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    with account.ago(260):
        made = client.create_role(
            RoleName=name,
            Path="/elevated/",
            AssumeRolePolicyDocument=trust(
                {"AWS": account.arn("iam", "root")}, condition=mfa | (condition or {})
            ),
            Description="Granted for a fixed time",
        )
        client.attach_role_policy(RoleName=name, PolicyArn=AWS_POLICY + "PowerUserAccess")
    return str(made["Role"]["Arn"])


def _epoch(time: datetime) -> str:
    return str(int(time.timestamp()))
