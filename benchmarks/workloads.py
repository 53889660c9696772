"""What else than IAM there is in an account of a large organization: stacks, networks, secrets.

Every application has a stack that owns its roles, a security group, a function, a bucket and
secrets; some of it is made by hand, open or old, so that checks have something to tell.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.iam_accounts import Account

REGION = "us-east-1"
APPLICATIONS = 10
NOW = datetime(2026, 11, 1, tzinfo=UTC)
PHASES = ("prod", "test", "dev", "sandbox")


def furnish(account: Account, number: int) -> None:
    """Fill an account; every fourth is production."""
    phase = PHASES[number % len(PHASES)]
    _network(account)
    for application in range(APPLICATIONS):
        _application(account, application, phase)
    _credential_report(account)


def phase_of(account_id: str) -> str:
    """The phase of an account that `furnish` filled."""
    return PHASES[int(account_id[-6:]) % len(PHASES)]


def _add(account: Account, table: str, **row: Any) -> None:
    account.add(table, **{"region": REGION, **row})


def _arn(account: Account, service: str, thing: str) -> str:
    return f"arn:aws:{service}:{REGION}:{account.id}:{thing}"


def _network(account: Account) -> None:
    for number in range(3):
        ranges = f"10.{number}.0.0/16"
        _add(
            account,
            "ec2_vpcs",
            id=f"vpc-{account.id}-{number}",
            arn=_arn(account, "ec2", f"vpc/vpc-{account.id}-{number}"),
            cidr_block=ranges,
            cidr_blocks=json.dumps([ranges]),
            is_default=number == 0,
            owner_id=account.id,
            tags="{}",
        )
        for zone in range(2):
            _add(
                account,
                "ec2_subnets",
                id=f"subnet-{account.id}-{number}-{zone}",
                vpc_id=f"vpc-{account.id}-{number}",
                cidr_block=f"10.{number}.{zone}.0/24",
                map_public_ip=zone == 0,
                owner_id=account.id,
                tags="{}",
            )


def _application(account: Account, number: int, phase: str) -> None:
    name = f"app{number}-{phase}"
    stack = _arn(account, "cloudformation", f"stack/{name}/00000000")
    role = f"role-{number * 5 + 1}"
    group = f"sg-{account.id}-{number}"
    function = f"{name}-worker"
    _stack(account, name, stack, {"Role": role, "Group": group, "Worker": function})
    _group(account, group, name, number)
    _add(
        account,
        "lambda_functions",
        arn=_arn(account, "lambda", f"function:{function}"),
        name=function,
        role_arn=account.arn("role", role),
        vpc_id=f"vpc-{account.id}-1",
        group_ids=json.dumps([group]),
        environment="{}",
    )
    account.add(
        "s3_buckets",
        arn=f"arn:aws:s3:::{account.id}-{name}",
        name=f"{account.id}-{name}",
        bucket_region=REGION,
        created=NOW - timedelta(days=400),
        policy_status="absent",
        public_access_block_status="absent",
    )
    for item in ("db", "api-key"):
        _secret(account, f"{phase}/app{number}/{item}", number)


def _stack(account: Account, name: str, stack: str, things: dict[str, str]) -> None:
    types = {
        "Role": "AWS::IAM::Role",
        "Group": "AWS::EC2::SecurityGroup",
        "Worker": "AWS::Lambda::Function",
    }
    _add(
        account,
        "cloudformation_stacks",
        id=stack,
        arn=stack,
        name=name,
        status="CREATE_COMPLETE",
        termination_protection=False,
        created=NOW - timedelta(days=300),
        parameters="[]",
        outputs="[]",
        tags="{}",
    )
    for logical, physical in things.items():
        _add(
            account,
            "cloudformation_stack_resources",
            stack_id=stack,
            stack_name=name,
            logical_id=logical,
            physical_id=physical,
            type=types[logical],
            status="CREATE_COMPLETE",
        )
    resources = {logical: {"Type": types[logical], "Properties": {}} for logical in things}
    _add(
        account,
        "cloudformation_templates",
        stack_id=stack,
        stack_name=name,
        body=json.dumps({"Resources": resources}),
        body_status="ok",
    )


def _group(account: Account, group: str, name: str, number: int) -> None:
    _add(
        account,
        "ec2_security_groups",
        id=group,
        arn=_arn(account, "ec2", f"security-group/{group}"),
        name=name,
        vpc_id=f"vpc-{account.id}-1",
        description=name,
        owner_id=account.id,
        tags="{}",
    )
    ports = (443, 5432, 22)
    for port in ports:
        everywhere = port == 443 or (port == 22 and number == 0)
        _add(
            account,
            "ec2_security_group_rules",
            id=f"sgr-{account.id}-{number}-{port}",
            arn=_arn(account, "ec2", f"security-group-rule/sgr-{account.id}-{number}-{port}"),
            group_id=group,
            group_owner_id=account.id,
            is_egress=False,
            protocol="tcp",
            from_port=port,
            to_port=port,
            cidr_ipv4="0.0.0.0/0" if everywhere else "10.0.0.0/8",
            tags="{}",
        )
    _add(
        account,
        "ec2_network_interfaces",
        id=f"eni-{account.id}-{number}",
        vpc_id=f"vpc-{account.id}-1",
        subnet_id=f"subnet-{account.id}-1-1",
        group_ids=json.dumps([group]),
        interface_type="lambda",
        requester_managed=True,
        status="in-use",
        owner_id=account.id,
        tags="{}",
    )


def _secret(account: Account, name: str, number: int) -> None:
    _add(
        account,
        "secretsmanager_secrets",
        arn=_arn(account, "secretsmanager", f"secret:{name}-AbCdEf"),
        name=name,
        rotation_enabled=number % 2 == 0,
        last_changed=NOW - timedelta(days=200),
        created=NOW - timedelta(days=300),
        version_ids_to_stages="{}",
        tags="{}",
        resource_policy_status="absent",
    )


def _credential_report(account: Account) -> None:
    for user in account.rows.get("iam_users", ()):
        account.add(
            "iam_credential_report",
            arn=user["arn"],
            user=user["name"],
            user_creation_time=NOW - timedelta(days=500),
            password_enabled=True,
            password_last_used=NOW - timedelta(days=len(user["name"])),
            mfa_active=True,
            access_key_1_active=False,
            access_key_2_active=False,
            generated=NOW,
        )
    account.add(
        "iam_credential_report",
        arn=f"arn:aws:iam::{account.id}:root",
        user="<root_account>",
        user_creation_time=NOW - timedelta(days=900),
        mfa_active=True,
        access_key_1_active=False,
        access_key_2_active=False,
        generated=NOW,
    )
