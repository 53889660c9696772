"""The demo's accounts, entered as the gather enters them."""

from collections.abc import Callable
from functools import cache

import pytest

from awsbasics.demo import DemoOrganization
from awsbasics.demo.account import Account, management_account, member_account
from awsbasics.demo.setting import MANAGEMENT

InAccount = Callable[[str], Account]


@pytest.fixture(scope="session")
def in_account(demo_endpoint: str, organization: DemoOrganization) -> InAccount:
    management = management_account(demo_endpoint, organization.now)

    @cache
    def enter(name: str) -> Account:
        if name == MANAGEMENT:
            return management
        return member_account(management, demo_endpoint, name)

    return enter
