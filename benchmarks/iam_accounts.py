"""Snapshots of large organizations, the same for the same numbers: principals, policies, SCPs.

Each account has users, application roles and people's roles; every principal is under a
boundary, every account under three levels of SCPs. Some hold permissions that lead further.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from awsbasics.collect.table import GLOBAL_REGION
from awsbasics.collect.tables import TABLES
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.coverage import Coverage
from awsbasics.snapshot import Snapshot, open_snapshot

MANAGEMENT = "100000000000"
_READ_AT = datetime(2026, 11, 1, tzinfo=UTC)
_SERVICES = ("s3", "dynamodb", "sqs", "sns", "logs", "kms", "ec2", "lambda", "ecs", "rds")
_TRUSTED = ("lambda", "ec2", "ecs-tasks", "codebuild", "glue")
_RISKS = (
    ("iam:CreatePolicyVersion",),
    ("iam:PutRolePolicy", "iam:PutUserPolicy"),
    ("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"),
    ("iam:PassRole", "ec2:RunInstances"),
    ("iam:CreateAccessKey",),
    ("iam:UpdateAssumeRolePolicy",),
    ("lambda:UpdateFunctionCode",),
    ("ssm:StartSession",),
)

Row = dict[str, Any]


@dataclass
class Account:
    """An account's rows by table; `add` fills in the owner's columns."""

    id: str
    random: random.Random
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        """One row of a table."""
        whole = {"account_id": self.id, "region": GLOBAL_REGION, **row}
        self.rows.setdefault(table, []).append(whole)

    def arn(self, kind: str, name: str) -> str:
        """The ARN of something in IAM."""
        return f"arn:aws:iam::{self.id}:{kind}/{name}"


def write_organization(
    path: Path,
    principals: int = 10_000,
    per_account: int = 100,
    furnish: Callable[[Account, int], None] | None = None,
) -> Snapshot:
    """A snapshot of an organization with that many principals; `per_account` of them in each.

    `furnish` is given each member account, and its number, to add what else there is in it.
    """
    count = max(1, principals // per_account)
    ids = [MANAGEMENT, *(f"{200_000_000_000 + number}" for number in range(count))]
    with SnapshotWriter(path) as writer:
        writer.begin({"account_id": MANAGEMENT, "arn": f"arn:aws:iam::{MANAGEMENT}:user/audit"})
        home = Account(MANAGEMENT, random.Random(0))  # noqa: S311 — figures, not keys
        _organization(home, ids)
        _write(writer, home)
        for number, account_id in enumerate(ids[1:], start=1):
            account = Account(account_id, random.Random(number))  # noqa: S311 — the same
            _fill(account, per_account)
            if furnish:
                furnish(account, number)
            _write(writer, account)
        writer.finish(_about(ids))
    return open_snapshot(path)


def _write(writer: SnapshotWriter, account: Account) -> None:
    writer.write_account(account.id, account.rows, list(_coverage(account)))


def _coverage(account: Account) -> Iterator[Coverage]:
    for table in TABLES.values():
        if table.scope == "organization" and account.id != MANAGEMENT:
            continue
        region = "us-east-1" if table.scope == "region" else GLOBAL_REGION
        count = len(account.rows.get(table.name, ()))
        yield Coverage(
            table=table.name,
            account_id=account.id,
            region=region,
            status="ok" if count else "empty",
            rows=count,
            calls=1,
            read_at=_READ_AT,
        )


def _about(ids: list[str]) -> Row:
    accounts = [
        {"id": each, "name": "", "status": "ACTIVE", "gathered": True, "reason": ""} for each in ids
    ]
    return {
        "kind": "aws",
        "partition": "aws",
        "organization": True,
        "management_account_id": MANAGEMENT,
        "accounts": accounts,
        "regions": ["us-east-1"],
    }


def _organization(home: Account, ids: list[str]) -> None:
    kinds = json.dumps([{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}])
    home.add("organizations_organization", id="o-bench", management_account_id=MANAGEMENT)
    home.add("organizations_roots", id="r-bench", policy_types=kinds)
    home.add("organizations_ous", id="ou-bench", parent_id="r-bench", path="Workloads")
    for account in ids:
        managing = account == MANAGEMENT
        home.add(
            "organizations_accounts",
            id=account,
            parent_id="r-bench" if managing else "ou-bench",
            ou_path="" if managing else "Workloads",
            name=f"account-{account[-5:]}",
            status="ACTIVE",
            is_management=managing,
        )
    _guards(home, ids)


def _guards(home: Account, ids: list[str]) -> None:
    exempt = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/security-*"}}
    contents = {
        "p-full": _allow("*"),
        "p-root": _deny(["organizations:LeaveOrganization", "cloudtrail:StopLogging"]),
        "p-unit": _deny(["iam:CreateUser", "iam:CreateAccessKey"], exempt),
        "p-regions": {
            "Effect": "Deny",
            "NotAction": ["iam:*", "sts:*", "organizations:*", "support:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
        },
    }
    for key, statement in contents.items():
        content = _document(statement)
        kind = "SERVICE_CONTROL_POLICY"
        home.add("organizations_policies", id=key, name=key, type=kind, content=content)
    targets = [("r-bench", "p-root"), ("ou-bench", "p-unit")]
    targets += [(account, "p-regions") for account in ids]
    for target, policy in targets:
        for each in ("p-full", policy):
            home.add("organizations_policy_targets", policy_id=each, target_id=target)


def _fill(account: Account, count: int) -> None:
    boundary = account.arn("policy", "boundary")
    document = _document(_allow("*"), _deny(["iam:*PermissionsBoundary", "iam:CreateUser"]))
    _policy(account, boundary, document)
    _policy(account, account.arn("policy", "readers"), _document(_allow(["s3:Get*", "s3:List*"])))
    free = account.arn("policy", "free")
    _policy(account, free, _document(_allow("*")))
    for number in range(count):
        limit = free if number % 50 in {2, 3} else boundary
        kind = "user" if number % 5 == 0 else "role"
        _principal(account, kind, number, limit)


def _policy(account: Account, arn: str, document: str) -> None:
    name = arn.rpartition("/")[2]
    account.add("iam_policies", arn=arn, name=name, aws_managed=False, document=document)


def _principal(account: Account, kind: str, number: int, boundary: str) -> None:
    name = f"security-{number}" if number % 25 == 1 else f"{kind}-{number}"
    arn = account.arn(kind, name)
    common = {"arn": arn, "name": name, "path": "/", "boundary_arn": boundary, "tags": "{}"}
    if kind == "user":
        account.add("iam_users", **common)
    else:
        account.add("iam_roles", **common, trust_policy=_trust(account, number))
    account.add(
        "iam_inline_policies",
        principal_arn=arn,
        principal_type=kind,
        name="own",
        document=_own(account, number),
    )
    policy = account.arn("policy", "readers")
    account.add("iam_attachments", principal_arn=arn, principal_type=kind, policy_arn=policy)


def _trust(account: Account, number: int) -> str:
    if number % 3:
        service = _TRUSTED[number % len(_TRUSTED)]
        principal: Row = {"Service": f"{service}.amazonaws.com"}
    else:
        principal = {"AWS": f"arn:aws:iam::{account.id}:root"}
    return _document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def _own(account: Account, number: int) -> str:
    """What a principal holds: its application's data, and for some a way further."""
    app = f"app-{number}"
    if number % 50 == 3:
        return _document(_allow("*"))
    statements = [
        {
            "Effect": "Allow",
            "Action": [f"{service}:Get*", f"{service}:Put*", f"{service}:List*"],
            "Resource": f"arn:aws:{service}:*:{account.id}:{app}*",
        }
        for service in account.random.sample(_SERVICES, 3)
    ]
    if number % 4 == 0:
        resource = f"arn:aws:iam::{account.id}:role/role-{account.random.randrange(100)}"
        statements.append({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resource})
    if number % 50 == 7:
        statements.append(_allow("sts:AssumeRole"))
    if number % 25 == 2:
        statements.append(_allow(list(account.random.choice(_RISKS))))
    return _document(*statements)


def _allow(actions: str | list[str]) -> Row:
    return {"Effect": "Allow", "Action": actions, "Resource": "*"}


def _deny(actions: list[str], condition: Row | None = None) -> Row:
    statement: Row = {"Effect": "Deny", "Action": actions, "Resource": "*"}
    return {**statement, "Condition": condition} if condition else statement


def _document(*statements: Row) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
