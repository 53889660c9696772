"""What a snapshot suggests: rules, patterns and names that a person then looks over."""

from typing import Any

import pytest

from awsbasics.engagement.suggest import Fit, environment_in, suggest
from tests.recommendations.support import MANAGEMENT, REGION, MemorySnapshot

PEOPLE = "333333333333"
OUTSIDE = "999999999999"


def account(id_: str, name: str, path: str = "", **more: Any) -> dict[str, Any]:
    row = {"account_id": MANAGEMENT, "id": id_, "name": name, "ou_path": path, "status": "ACTIVE"}
    return {**row, "is_management": id_ == MANAGEMENT, **more}


def suggested(**rows: Any) -> Any:
    return suggest(MemorySnapshot(rows, MANAGEMENT, (REGION,)))


def named(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("Prod", "production"),
        ("billing-production", "production"),
        ("Sandboxes", "sandbox"),
        ("Log Archive", "security"),
        ("Non-Prod", None),
        ("preprod", None),
        ("Workloads", None),
        ("test-and-production", None),
        ("", None),
    ],
)
def test_words_tell_an_environment_unless_they_deny_it_or_tell_several(
    name: str, environment: str | None
) -> None:
    assert environment_in(name) == environment


def test_ous_come_first_then_tags_then_names_and_the_rest_is_left_to_a_person() -> None:
    found = suggested(
        organizations_accounts=[
            account(MANAGEMENT, "main"),
            account("222222222222", "billing", "Workloads/Prod"),
            account("000000000012", "sand", "Workloads", tags={"Env": "dev"}),
            account("444444444444", "ledger-test", "Workloads"),
            account("555555555555", "misc", "Workloads"),
            account("666666666666", "gone-long-ago", "Workloads", status="SUSPENDED"),
        ]
    )
    assert [(str(each.rule), each.rule.environment) for each in found.environments] == [
        ("ou Workloads/Prod", "production"),
        ("tag Env=dev", "development"),
        ("account 444444444444", "test"),
    ]
    assert found.environments[0].accounts == ("222222222222 billing in Workloads/Prod",)
    assert found.unclassified == (("555555555555", "555555555555 misc in Workloads"),)


def test_a_deeper_ou_goes_before_the_one_that_it_lies_in() -> None:
    found = suggested(
        organizations_accounts=[
            account("222222222222", "a", "Sandbox/Prod"),
            account("444444444444", "b", "Sandbox"),
        ]
    )
    assert [each.rule.ou for each in found.environments] == ["Sandbox/Prod", "Sandbox"]


def test_patterns_are_those_that_fit_most_names() -> None:
    found = suggested(
        cloudformation_stacks=named("prod-billing", "dev-billing", "prod-ledger", "cdk-toolkit"),
        iam_groups=named("payments-developers", "ledger-developers", "admins"),
        sso_permission_sets=named("ledger-read", "view-only", "payments-write"),
        secretsmanager_secrets=named("prod/billing/db", "dev/billing/db", "legacy"),
    )
    assert (found.stacks.fits, found.stacks.seen) == ((Fit("{environment}-{application}", 3),), 4)
    assert found.applications == ("billing", "ledger")
    assert found.groups.fits == (Fit("{team}-developers", 2),)
    assert found.teams == ("ledger", "payments")
    assert found.permission_sets.fits == (Fit("{team}-*", 2),)  # view-only is of no team
    assert found.secrets.fits == (Fit("{phase}/{application}/{item}", 2),)


def test_automation_is_who_has_keys_and_no_password() -> None:
    def user(name: str, *, key: bool, password: bool | None) -> dict[str, Any]:
        return {"user": name, "access_key_1_active": key, "password_enabled": password}

    found = suggested(
        iam_credential_report=[
            user("ci", key=True, password=False),
            user("eva", key=True, password=True),
            user("idle", key=False, password=False),
            user("<root_account>", key=True, password=None),
        ]
    )
    assert found.automation == ("ci",)


def test_trusted_accounts_are_those_outside_the_organization() -> None:
    trust = {
        "Statement": {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"AWS": [f"arn:aws:iam::{OUTSIDE}:root", MANAGEMENT]},
        }
    }
    found = suggested(
        organizations_accounts=[account(MANAGEMENT, "main")],
        iam_roles=[{"name": "partner", "trust_policy": trust}, {"name": "odd", "trust_policy": []}],
    )
    assert found.trusted == ((OUTSIDE, 1),)


def test_tag_keys_are_counted_without_awss_own() -> None:
    found = suggested(
        tagging_resources=[{"tags": {"app": "x", "aws:cloudformation:stack-name": "s"}}],
        iam_roles=[{"name": "r", "tags": {"app": "x", "owner": "y"}}],
    )
    assert found.tag_keys == (("app", 2), ("owner", 1))


def test_an_empty_snapshot_suggests_nothing() -> None:
    found = suggested()
    assert not any((found.environments, found.stacks.fits, found.groups.fits, found.tag_keys))
