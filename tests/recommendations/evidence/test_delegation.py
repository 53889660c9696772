"""ORG.8 and ORG.10: what members do for the organization."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.principal_rows import Tables, allow, joined, organization, policy, root
from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    failures,
    judged,
    results,
    statuses,
)

GUARDDUTY, SSO = "guardduty.amazonaws.com", "sso.amazonaws.com"
STRANGER = "999999999999"
OWN = {"account_id": MANAGEMENT}
ORGANIZATION = organization(members=(DEVELOPMENT, PRODUCTION, ARCHIVE))


def access(*services: str) -> Tables:
    return {"organizations_service_access": [{**OWN, "service_principal": s} for s in services]}


def administrator(account: str, *services: str, **more: Any) -> Tables:
    row = {**OWN, "id": account, "name": "one", "status": "ACTIVE", "services": list(services)}
    return {"organizations_delegated_administrators": [{**row, **more}]}


def delegation(principal: Any, *actions: str) -> Tables:
    content = policy({**allow(list(actions)), "Principal": principal})
    return {"organizations_resource_policy": [{**OWN, "arn": "arn:rp-1", "content": content}]}


def said(check: str, *parts: Tables) -> list[str]:
    return statuses(results(check, joined(ORGANIZATION, *parts)))


def test_a_service_that_a_member_administers_is_in_order() -> None:
    assert said("ORG.8", access(GUARDDUTY), administrator(ARCHIVE, GUARDDUTY)) == ["ok"]


def test_a_service_that_nobody_else_administers_fails() -> None:
    rows = joined(access(GUARDDUTY, "config.amazonaws.com"), administrator(ARCHIVE, SSO))
    assert [each.key for each in failures("ORG.8", rows)] == ["AWS Config", "GuardDuty"]


def test_one_of_the_principals_of_a_service_is_enough() -> None:
    parts = access("config.amazonaws.com", "config-multiaccountsetup.amazonaws.com")
    assert said("ORG.8", parts, administrator(ARCHIVE, "config.amazonaws.com")) == ["ok"]


def test_other_services_are_not_asked_for() -> None:
    assert said("ORG.8", access(SSO, "cloudtrail.amazonaws.com")) == ["not_applicable"]


def test_administrators_whose_services_were_not_read_leave_it_open() -> None:
    unread = administrator(ARCHIVE, services=None, services_status="denied")
    assert said("ORG.8", access(GUARDDUTY), unread) == ["unknown"]


@pytest.mark.parametrize("check", ["ORG.8", "ORG.10"])
def test_without_an_organization_it_does_not_apply(check: str) -> None:
    assert statuses(results(check, {}, management=None)) == ["not_applicable"]


@pytest.mark.parametrize(
    ("check", "table"),
    [
        ("ORG.8", "organizations_delegated_administrators"),
        ("ORG.10", "organizations_resource_policy"),
    ],
)
def test_a_table_that_was_not_read_is_unknown(check: str, table: str, tmp_path: Path) -> None:
    rows = joined(ORGANIZATION, access(GUARDDUTY), administrator(ARCHIVE, GUARDDUTY))
    found = judged(check, tmp_path, rows, (table, "*", "*"))
    assert {each.status for each in found} == {"unknown"}


def test_accounts_of_security_are_expected() -> None:
    assert said("ORG.10", administrator(ARCHIVE, GUARDDUTY, SSO)) == ["ok"]


@pytest.mark.parametrize(("service", "severity"), [(GUARDDUTY, "high"), (SSO, "critical")])
def test_a_workload_account_that_administers_fails(service: str, severity: str) -> None:
    [found] = failures("ORG.10", joined(ORGANIZATION, administrator(DEVELOPMENT, service)))
    assert (found.key, found.severity) == (f"administrator/{DEVELOPMENT}", severity)


def test_a_closed_account_that_administers_fails() -> None:
    rows = administrator(ARCHIVE, GUARDDUTY, status="SUSPENDED")
    assert "is closed" in failures("ORG.10", joined(ORGANIZATION, rows))[0].title


def test_an_account_without_an_environment_leaves_it_open() -> None:
    assert said("ORG.10", administrator(STRANGER, GUARDDUTY)) == ["unknown"]


def test_the_delegation_policy_gives_power_to_expected_accounts_only() -> None:
    assert said("ORG.10", delegation(root(ARCHIVE), "organizations:AttachPolicy")) == ["ok"]
    rows = delegation(root(PRODUCTION), "organizations:AttachPolicy")
    [found] = failures("ORG.10", joined(ORGANIZATION, rows))
    assert found.facts["actions"] == ["organizations:AttachPolicy"]


@pytest.mark.parametrize("principal", ["*", root(STRANGER), {"AWS": STRANGER}])
def test_strangers_in_the_delegation_policy_are_critical(principal: Any) -> None:
    rows = delegation(principal, "organizations:*")
    [found] = failures("ORG.10", joined(ORGANIZATION, rows))
    assert found.severity == "critical"


def test_who_may_only_read_has_no_power() -> None:
    rows = delegation(root(PRODUCTION), "organizations:Describe*", "organizations:List*")
    assert said("ORG.10", rows) == []


def test_odd_delegations_do_no_harm() -> None:
    odd = administrator(ARCHIVE, services="{")
    content = {"organizations_resource_policy": [{**OWN, "content": "[1"}]}
    assert said("ORG.10", odd, content) == ["ok"]
