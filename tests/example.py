"""A small made-up organization with something to see on every page, for tests of pages.

Four accounts, one application, one team. Names, tags and descriptions can be given from
outside, to plant what a stranger might write there.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from awsbasics.snapshot import Snapshot
from tests.snapshots import MANAGEMENT, MEMBER, Unread, write_snapshot

PRODUCTION, SANDBOX = "222222222222", "444444444444"
ACCOUNTS = (MANAGEMENT, PRODUCTION, MEMBER, SANDBOX)
REGION = "us-east-1"

Rows = dict[str, list[dict[str, Any]]]

ENGAGEMENT = """\
client: Example Corp
assessor: Robin Example
confidentiality: For the addressee only
environments:
  - {ou: Workloads/Prod, environment: production}
  - {ou: Workloads/Dev, environment: development}
  - {ou: Sandbox, environment: sandbox}
answers:
  APP.B: {choice: all, note: Seen in the repository, by: Robin Example, on: 2026-10-21}
notes:
  R05: {text: The teams agreed on a plan for spring., by: Robin Example, on: 2026-10-28}
overrides:
  R09: {rating: partly_met, reason: The network moves soon., by: Robin Example, on: 2026-10-29}
exceptions:
  - check: ENG.5
    match: {account: "222222222222", resource: "arn:aws:iam::222222222222:user/ben"}
    reason: Waits for a security key
    owner: team payments
    expires: 2027-01-31
"""


def write_example(
    path: Path, *, name: str = "billing", unread: Unread | None = None, more: Rows | None = None
) -> Snapshot:
    """The example as a snapshot; `name` is part of every name, tag and description in it."""
    rows = _organization(name) | _iam(name) | _network(name) | _workload(name)
    for table, extra in (more or {}).items():
        rows[table] = [*rows.get(table, []), *extra]
    return write_snapshot(path, rows, unread=unread, accounts=ACCOUNTS, regions=(REGION,))


def write_engagement(path: Path, text: str = ENGAGEMENT) -> Path:
    """The example's engagement file."""
    path.write_text(text, encoding="utf-8")
    return path


def _organization(name: str) -> Rows:
    ous = {"Prod": PRODUCTION, "Dev": MEMBER}
    return {
        "organizations_organization": [
            {"id": "o-example", "management_account_id": MANAGEMENT, "feature_set": "ALL"}
        ],
        "organizations_roots": [
            {
                "id": "r-ab12",
                "arn": "arn:aws:organizations::111111111111:root/o-example/r-ab12",
                "policy_types": '[{"Status":"ENABLED","Type":"SERVICE_CONTROL_POLICY"}]',
            }
        ],
        "organizations_ous": [
            _ou("ou-work", "r-ab12", "Workloads"),
            _ou("ou-prod", "ou-work", "Workloads/Prod"),
            _ou("ou-dev", "ou-work", "Workloads/Dev"),
            _ou("ou-sand", "r-ab12", "Sandbox"),
        ],
        "organizations_accounts": [
            _account(MANAGEMENT, "management", "r-ab12", "", is_management=True),
            _account(ous["Prod"], f"{name}-prod", "ou-prod", "Workloads/Prod"),
            _account(ous["Dev"], f"{name}-dev", "ou-dev", "Workloads/Dev"),
            _account(SANDBOX, "sandbox", "ou-sand", "Sandbox"),
        ],
        "organizations_policies": [
            _scp("p-FullAWSAccess", "FullAWSAccess", "Allow", aws_managed=True),
            _scp("p-keep", f"{name} keeps the record", "Deny", aws_managed=False),
        ],
        "organizations_policy_targets": [
            {"policy_id": "p-FullAWSAccess", "target_id": "r-ab12"},
            {"policy_id": "p-keep", "target_id": "ou-prod"},
        ],
        "cloudtrail_trails": [_trail(name)],
        "sso_permission_sets": [{"arn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1", "name": name}],
        "identitystore_users": [{"id": "u-1", "user_name": name, "display_name": name}],
    }


def _ou(ou_id: str, parent: str, path: str) -> dict[str, Any]:
    return {
        "id": ou_id,
        "name": path.rsplit("/", maxsplit=1)[-1],
        "parent_id": parent,
        "path": path,
    }


def _account(
    account: str, name: str, parent: str, ou_path: str, *, is_management: bool = False
) -> dict[str, Any]:
    return {
        "id": account,
        "name": name,
        "status": "ACTIVE",
        "parent_id": parent,
        "ou_path": ou_path,
        "is_management": is_management,
        "joined_at": _time("2024-05-01"),
        "tags": "{}",
    }


def _scp(policy_id: str, name: str, effect: str, *, aws_managed: bool) -> dict[str, Any]:
    action = "*" if effect == "Allow" else "cloudtrail:StopLogging"
    statement = {"Effect": effect, "Action": action, "Resource": "*"}
    return {
        "id": policy_id,
        "name": name,
        "type": "SERVICE_CONTROL_POLICY",
        "aws_managed": aws_managed,
        "content": json.dumps({"Statement": [statement]}),
    }


def _trail(name: str) -> dict[str, Any]:
    return {
        "region": REGION,
        "arn": f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:trail/all",
        "name": f"{name}-trail",
        "home_region": REGION,
        "is_multi_region": True,
        "is_organization": True,
        "log_file_validation": False,
        "bucket_name": "example-log",
        "is_logging": True,
        "is_logging_status": "ok",
        "latest_delivery_error_status": "absent",
        "event_selectors_status": "absent",
        "advanced_event_selectors_status": "absent",
    }


def _iam(name: str) -> Rows:
    users = [("ben", False), ("eva", True)]
    group = f"arn:aws:iam::{PRODUCTION}:group/team-payments"
    wide = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    window = {"DateLessThan": {"aws:CurrentTime": "2026-10-01T00:00:00Z"}}
    grant = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": window}
    role = f"arn:aws:iam::{PRODUCTION}:role/{name}-prod-app"
    return {
        "iam_users": [_of_production(arn=_user(user), name=user, path="/") for user, _ in users],
        "iam_groups": [_of_production(arn=group, name="team-payments", path="/")],
        "iam_group_members": [_of_production(group_arn=group, user_arn=_user("eva"))],
        "iam_credential_report": [
            _of_production(
                arn=_user(user), user=user, password_enabled=True, mfa_active=mfa,
                access_key_1_active=False, access_key_2_active=False,
            )
            for user, mfa in users
        ],
        "iam_roles": [
            _of_production(
                arn=role, name=f"{name}-prod-app", path="/", tags=json.dumps({"application": name}),
                trust_policy='{"Statement":[]}', max_session_duration=3600, description=name,
                max_session_duration_status="ok", description_status="ok",
                created=_time("2025-02-03"),
            )
        ],
        "iam_inline_policies": [
            _inline(role, f"{name}-wide", wide),
            _inline(group, f"{name}-for-a-time", {"Statement": [grant]}),
        ],
    }  # fmt: skip


def _user(name: str) -> str:
    return f"arn:aws:iam::{PRODUCTION}:user/{name}"


def _inline(principal: str, name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    kind = principal.rsplit(":", maxsplit=1)[-1].split("/", maxsplit=1)[0]
    return _of_production(
        principal_arn=principal, principal_type=kind, name=name, document=json.dumps(document)
    )


def _network(name: str) -> Rows:
    groups = {PRODUCTION: "0.0.0.0/0", MEMBER: "203.0.113.7/32"}
    return {
        "ec2_vpcs": [
            _here(account, id=f"vpc-{account[-2:]}", arn="", cidr_block="10.0.0.0/16",
                  is_default=False, owner_id=account, tags=json.dumps({"application": name}))
            for account in groups
        ],
        "ec2_network_interfaces": [
            _here(account, id=f"eni-{account[-2:]}", vpc_id=f"vpc-{account[-2:]}",
                  subnet_id="subnet-1", group_ids=f'["sg-{account[-2:]}"]', description=name,
                  tags=json.dumps({"application": name}))
            for account in groups
        ],
        "ec2_security_groups": [
            _here(account, id=f"sg-{account[-2:]}", name=f"{name}-group",
                  arn=f"arn:aws:ec2:{REGION}:{account}:security-group/sg-{account[-2:]}",
                  vpc_id=f"vpc-{account[-2:]}", description=name, tags="{}")
            for account in groups
        ],
        "ec2_security_group_rules": [
            _here(account, id=f"sgr-{account[-2:]}", group_id=f"sg-{account[-2:]}",
                  is_egress=False, protocol="tcp", from_port=22, to_port=22, cidr_ipv4=source,
                  description=name, tags="{}")
            for account, source in groups.items()
        ],
    }  # fmt: skip


def _workload(name: str) -> Rows:
    return {
        "cloudformation_stacks": [
            _here(PRODUCTION, name=f"{name}-prod", status="CREATE_COMPLETE", tags="{}",
                  arn=f"arn:aws:cloudformation:{REGION}:{PRODUCTION}:stack/billing-prod/1",
                  id=f"arn:aws:cloudformation:{REGION}:{PRODUCTION}:stack/billing-prod/1",
                  termination_protection=False, created=_time("2025-02-03"))
        ],
        "secretsmanager_secrets": [
            _here(account, name=f"prod/{name}/db", description=name, tags=json.dumps({"k": name}),
                  arn=f"arn:aws:secretsmanager:{REGION}:{account}:secret:prod/billing/db-AbCdEf",
                  rotation_enabled=False, created=_time("2025-02-03"),
                  last_changed=_time("2025-02-03"))
            for account in (PRODUCTION, MEMBER)
        ],
    }  # fmt: skip


def _of_production(**row: Any) -> dict[str, Any]:
    return {"account_id": PRODUCTION, **row}


def _here(account: str, **row: Any) -> dict[str, Any]:
    return {"account_id": account, "region": REGION, **row}


def _time(day: str) -> Any:
    return pd.Timestamp(day, tz="UTC").to_pydatetime()
