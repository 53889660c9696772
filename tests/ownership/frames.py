"""Frames as a snapshot gives them, from a few rows; columns that a row leaves out are missing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from awsbasics.engagement import Engagement
from awsbasics.ownership import Ownership

ACCOUNT = "000000000012"
REGION = "eu-west-1"
Rows = Sequence[Mapping[str, Any]]

_TAGGED = ("arn", "id", "name", "tags")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organizations_accounts": ("id", "name", "ou_path", "status", "is_management", "tags"),
    "cloudformation_stacks": ("id", "name", "parent_id", "root_id", "tags"),
    "cloudformation_stack_resources": (
        "stack_id",
        "stack_name",
        "logical_id",
        "physical_id",
        "type",
        "status",
    ),
    "iam_roles": _TAGGED,
    "iam_users": _TAGGED,
    "ec2_instances": _TAGGED,
    "ec2_internet_gateways": _TAGGED,
    "ec2_network_interfaces": _TAGGED,
    "ec2_security_groups": _TAGGED,
    "ec2_subnets": _TAGGED,
    "ec2_vpcs": _TAGGED,
    "secretsmanager_secrets": _TAGGED,
}
_STRING = pd.StringDtype(na_value=float("nan"))


def frame(name: str, rows: Rows) -> pd.DataFrame:
    """A typed frame; rows are of one account and region unless they say otherwise."""
    columns = ["account_id", "region", *COLUMNS[name]]
    whole = [{"account_id": ACCOUNT, "region": REGION, **row} for row in rows]
    dtypes = {each: "boolean" if each == "is_management" else _STRING for each in columns}
    return pd.DataFrame(whole, columns=columns).astype(dtypes)


def reader(tables: Mapping[str, Rows]) -> Callable[[str], pd.DataFrame]:
    """A function that gives frames by name, empty where there are no rows."""
    return lambda name: frame(name, tables.get(name, ()))


def ownership(
    engagement: Engagement | None = None,
    account_ids: Sequence[str] = (),
    management: str | None = None,
    **tables: Rows,
) -> Ownership:
    """What is owned in a snapshot with these rows."""
    return Ownership(reader(tables), engagement or Engagement(), account_ids, management)


def stack_id(name: str, account: str = ACCOUNT, region: str = REGION) -> str:
    """The id of a stack with a name."""
    return f"arn:aws:cloudformation:{region}:{account}:stack/{name}/11111111-2222"


def stack(name: str, **more: Any) -> dict[str, Any]:
    """A row of a stack."""
    return {"id": stack_id(name), "name": name, **more}


def resource(stack_name: str, kind: str, physical_id: str | None, **more: Any) -> dict[str, Any]:
    """A row of a stack's resource."""
    return {
        "stack_id": stack_id(stack_name),
        "stack_name": stack_name,
        "logical_id": "Thing",
        "physical_id": physical_id,
        "type": kind,
        "status": "CREATE_COMPLETE",
        **more,
    }


def role_arn(name: str, account: str = ACCOUNT) -> str:
    """The ARN of a role; `name` may have a path in front."""
    return f"arn:aws:iam::{account}:role/{name}"
