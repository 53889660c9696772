"""SCP.1: every OU and account is under a service control policy that limits something."""

from pathlib import Path
from typing import Any

from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    SANDBOX,
    failures,
    judged,
    results,
)

DENY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "x:*", "Resource": "*"}],
}
FULL = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def organization(
    *targets: str, policy: dict[str, Any] | None = None, enabled: bool = True, kind: str = "SERVICE"
) -> dict[str, list[dict[str, Any]]]:
    """Root r-1 > Workloads (ou-w: production) > Deep (ou-d: development); sandbox at the root."""
    own = {"account_id": MANAGEMENT}
    places = {MANAGEMENT: "r-1", PRODUCTION: "ou-w", DEVELOPMENT: "ou-d", SANDBOX: "r-1"}
    return {
        "organizations_roots": [
            {
                **own,
                "id": "r-1",
                "policy_types": [
                    {
                        "Type": "SERVICE_CONTROL_POLICY",
                        "Status": "ENABLED" if enabled else "PENDING_DISABLE",
                    }
                ],
            }
        ],
        "organizations_ous": [
            {**own, "id": "ou-w", "arn": "arn:ou-w", "parent_id": "r-1", "path": "Workloads"},
            {**own, "id": "ou-d", "arn": "arn:ou-d", "parent_id": "ou-w", "path": "Workloads/Deep"},
        ],
        "organizations_accounts": [
            {
                **own,
                "id": id_,
                "name": "n",
                "parent_id": parent,
                "is_management": id_ == MANAGEMENT,
                "status": "ACTIVE",
            }
            for id_, parent in places.items()
        ],
        "organizations_policies": [
            {
                **own,
                "id": "p-FullAWSAccess",
                "name": "FullAWSAccess",
                "type": "SERVICE_CONTROL_POLICY",
                "content": FULL,
            },
            {
                **own,
                "id": "p-1",
                "name": "guard",
                "type": f"{kind}_CONTROL_POLICY",
                "content": policy or DENY,
            },
        ],
        "organizations_policy_targets": [
            *({**own, "policy_id": "p-FullAWSAccess", "target_id": id_} for id_ in ("r-1", "ou-w")),
            *({**own, "policy_id": "p-1", "target_id": id_} for id_ in targets),
        ],
    }


ACCOUNTS = (MANAGEMENT, PRODUCTION, DEVELOPMENT, SANDBOX)


def uncovered(rows: dict[str, list[dict[str, Any]]]) -> set[str]:
    found = failures("SCP.1", rows, accounts=ACCOUNTS)
    return {result.resource or result.account_id for result in found}


def test_a_policy_at_the_root_covers_everything() -> None:
    assert uncovered(organization("r-1")) == set()


def test_a_policy_at_an_ou_covers_what_lies_in_it_at_any_depth() -> None:
    assert uncovered(organization("ou-w")) == {SANDBOX}


def test_a_policy_at_an_account_covers_that_account_only() -> None:
    assert uncovered(organization(SANDBOX)) == {"arn:ou-w", "arn:ou-d", PRODUCTION, DEVELOPMENT}


def test_full_aws_access_alone_covers_nothing() -> None:
    everything = {"arn:ou-w", "arn:ou-d", PRODUCTION, DEVELOPMENT, SANDBOX}
    assert uncovered(organization()) == everything


def test_full_aws_access_under_another_name_covers_nothing() -> None:
    assert SANDBOX in uncovered(organization("r-1", policy=FULL))


def test_a_list_of_what_is_allowed_is_a_guard_rail() -> None:
    allow = {"Statement": {"Effect": "Allow", "Action": ["s3:*"], "Resource": "*"}}
    assert uncovered(organization("r-1", policy=allow)) == set()


def test_a_resource_control_policy_is_not_one() -> None:
    assert SANDBOX in uncovered(organization("r-1", kind="RESOURCE"))


def test_attachments_of_a_type_that_is_switched_off_do_not_count() -> None:
    assert SANDBOX in uncovered(organization("r-1", enabled=False))


def test_a_sandbox_weighs_less_than_production() -> None:
    found = failures("SCP.1", organization(), accounts=ACCOUNTS)
    weights = {result.account_id: result.severity for result in found if not result.resource}
    assert (weights[PRODUCTION], weights[SANDBOX]) == ("high", "medium")


def test_the_management_account_is_told_that_they_do_not_bind_it() -> None:
    found = results("SCP.1", organization("r-1"), accounts=ACCOUNTS)
    [told] = [result for result in found if result.status == "not_applicable"]
    assert told.account_id == MANAGEMENT
    assert "do not bind the management account" in told.title


def test_without_an_organization_it_does_not_apply() -> None:
    [found] = results("SCP.1", {}, management=None)
    assert found.status == "not_applicable"


def test_attachments_that_were_not_read_make_nothing_fail(tmp_path: Path) -> None:
    denied = ("organizations_policy_targets", "*", "*")
    found = judged("SCP.1", tmp_path, organization(), denied)
    assert "fail" not in {finding.status for finding in found}
    assert "pass" not in {finding.status for finding in found}
