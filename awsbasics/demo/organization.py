"""Builds the whole demo organization at an endpoint, theme by theme, with plain boto3 calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from awsbasics.demo.account import Account, management_account, member_account
from awsbasics.demo.applications import build_applications
from awsbasics.demo.elevation import build_elevation
from awsbasics.demo.guard_rails import build_guard_rails
from awsbasics.demo.handmade import build_handmade
from awsbasics.demo.identity_center import build_identity_center
from awsbasics.demo.network import build_networks
from awsbasics.demo.people import build_people
from awsbasics.demo.secrets import build_secrets
from awsbasics.demo.setting import ACCOUNT_IDS, DEMO_NOW, MANAGEMENT, REGIONS, ROLE
from awsbasics.demo.structure import build_structure
from awsbasics.demo.trails import build_trails

ENGAGEMENT = Path(__file__).parent / "engagement.yml"
"""The demo's engagement file."""


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    """What was built: ids by account name, the regions that are on, the role in members."""

    management_account_id: str
    accounts: Mapping[str, str]
    regions: tuple[str, ...]
    role: str
    now: datetime


def build_organization(endpoint_url: str, now: datetime = DEMO_NOW) -> DemoOrganization:
    """Build the demo at an endpoint that `demo_server` gave; where it stands already, describe it.

    `now` is the present that ages and time-bound grants are counted from.
    """
    management = management_account(endpoint_url, now)
    if not _exists(management):
        build_structure(management)
        members = list(ACCOUNT_IDS)[1:]
        accounts = {name: member_account(management, endpoint_url, name) for name in members}
        _build({MANAGEMENT: management} | accounts)
        _settle({MANAGEMENT: management} | accounts)
    return DemoOrganization(
        management_account_id=ACCOUNT_IDS[MANAGEMENT],
        accounts=MappingProxyType(ACCOUNT_IDS),
        regions=REGIONS,
        role=ROLE,
        now=now,
    )


def _settle(accounts: Mapping[str, Account]) -> None:
    """Look at every region once: moto makes a default VPC, with its ids, at the first look."""
    for account in accounts.values():
        for region in REGIONS:
            account.client("ec2", region).describe_vpcs()


def _exists(management: Account) -> bool:
    client = management.client("organizations")
    try:
        client.describe_organization()
    except client.exceptions.AWSOrganizationsNotInUseException:
        return False
    return True


def _build(accounts: Mapping[str, Account]) -> None:
    """All themes in an order in which each finds what it refers to."""
    build_guard_rails(accounts[MANAGEMENT])
    build_people(accounts)
    build_identity_center(accounts)
    build_trails(accounts)
    build_applications(accounts)
    build_networks(accounts)
    build_handmade(accounts)
    build_elevation(accounts)
    build_secrets(accounts)
