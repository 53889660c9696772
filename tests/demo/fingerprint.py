"""What a built demo looks like, in short: to compare two of them, also across processes.

Run as a script it starts a server, builds the demo, and prints what it saw as JSON.
"""

import json
import os
import socket
import sys
from typing import Any
from urllib.parse import urlsplit

from awsbasics.demo import build_organization, demo_server
from awsbasics.demo.account import Account, management_account, member_account
from awsbasics.demo.server import SETTINGS
from awsbasics.demo.setting import ACCOUNT_IDS, DEMO_NOW, MANAGEMENT, REGIONS, ROLE

ORGANIZATION = (("organizations", "list_accounts"), ("organizations", "list_roots"))
GLOBAL = (
    ("iam", "list_roles"),
    ("iam", "list_users"),
    ("iam", "get_account_authorization_details"),
)
REGIONAL = (
    ("ec2", "describe_instances"),
    ("ec2", "describe_network_interfaces"),
    ("ec2", "describe_security_group_rules"),
    ("ec2", "describe_vpcs"),
    ("cloudformation", "describe_stacks"),
    ("cloudtrail", "describe_trails"),
    ("secretsmanager", "list_secrets"),
)
LOCAL_ONLY = {"Filter": ["User", "Role", "Group", "LocalManagedPolicy"]}


def fingerprint(endpoint_url: str) -> dict[str, Any]:
    """The answers to a fixed list of questions, by account, region and operation."""
    management = management_account(endpoint_url, DEMO_NOW)
    found: dict[str, Any] = {}
    for service, operation in ORGANIZATION:
        _ask(found, management, service, operation, REGIONS[0])
    for name in ACCOUNT_IDS:
        is_member = name != MANAGEMENT
        account = member_account(management, endpoint_url, name) if is_member else management
        for service, operation in GLOBAL:
            _ask(found, account, service, operation, REGIONS[0])
        for region in REGIONS:
            for service, operation in REGIONAL:
                _ask(found, account, service, operation, region)
    return found


def _ask(
    found: dict[str, Any], account: Account, service: str, operation: str, region: str
) -> None:
    parameters = LOCAL_ONLY if operation.endswith("authorization_details") else {}
    answer = getattr(account.client(service, region), operation)(**parameters)
    del answer["ResponseMetadata"]
    key = f"{account.name} {region} {operation}"
    text = json.dumps(answer, default=lambda value: f"{value.timestamp()}")
    found[key] = json.loads(text, object_hook=_as_built)


def _as_built(part: dict[str, Any]) -> dict[str, Any]:
    """A part of an answer without what gathers leave behind: that they entered by the role."""
    return part | {"RoleLastUsed": {}} if part.get("RoleName") == ROLE else part


def is_open(endpoint_url: str) -> bool:
    """Whether anything answers there."""
    address = urlsplit(endpoint_url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=5).close()
    except OSError:
        return False
    return True


def main() -> None:
    """Print as JSON: the fingerprint, and what the server left behind."""
    with demo_server() as endpoint_url:
        build_organization(endpoint_url)
        seen = fingerprint(endpoint_url)
        open_inside = is_open(endpoint_url)
    result = {
        "fingerprint": seen,
        "open_inside": open_inside,
        "open_afterwards": is_open(endpoint_url),
        "variables_afterwards": [name for name in SETTINGS if name in os.environ],
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
