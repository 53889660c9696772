"""SCP.2: guard rails by account, asked for an administrator."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.recommendations.base import Result
from awsbasics.recommendations.evidence.guard_rail_matrix import Holding, holdings
from tests.recommendations.principal_rows import (
    Document,
    allow,
    arn,
    deny,
    joined,
    organization,
    role,
    root,
    trust,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    facts_of,
    failures,
    judged,
    results,
)

ACCOUNTS = (MANAGEMENT, DEVELOPMENT, PRODUCTION)
LEAVE = "organizations:LeaveOrganization"
DETECTORS = ["guardduty:DeleteDetector", "guardduty:UpdateDetector", "guardduty:Disassociate*"]
NOT_SECURITY = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/security-*"}}


def missing(rows: Any, rail: str) -> dict[str, Result]:
    """The failures of a guard rail, by account."""
    found = failures("SCP.2", rows, accounts=ACCOUNTS)
    return {each.account_id: each for each in found if each.key == rail}


def state(rows: Any, rail: str, account: str = DEVELOPMENT) -> Holding:
    found = holdings(facts_of(rows, accounts=ACCOUNTS))
    return next(each for each in found if (each.account.id, each.rail.id) == (account, rail))


def test_without_guard_rails_an_administrator_can_do_it_all() -> None:
    found = missing(organization(), "guardduty")
    assert set(found) == {DEVELOPMENT, PRODUCTION}
    one = found[PRODUCTION]
    assert one.severity == "high"
    assert (
        one.title == "An administrator of account account-22 (222222222222) can disable GuardDuty."
    )
    assert one.facts["not_denied"][0] == "guardduty:DeleteDetector"


def test_a_deny_holds_in_the_accounts_below_it_only() -> None:
    assert missing(organization(deny(LEAVE)), "leave-organization") == {}
    assert set(missing(organization(deny(LEAVE), at=PRODUCTION), "leave-organization")) == {
        DEVELOPMENT
    }


def test_all_requests_must_be_denied() -> None:
    rows = organization(deny(DETECTORS[:1]))
    [found] = [missing(rows, "guardduty")[DEVELOPMENT]]
    assert "guard denies it in part, but not guardduty:Disassociate" in found.title
    assert state(rows, "guardduty").state == "in_part"
    assert missing(organization(deny(DETECTORS)), "guardduty") == {}


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::000000000099:user/nobody"}},
        {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
        {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
    ],
    ids=["for somebody else", "only without MFA", "over"],
)
def test_a_deny_that_never_meets_the_administrator_does_not_count(condition: Document) -> None:
    rows = organization(deny(LEAVE, condition=condition))
    assert state(rows, "leave-organization").state == "missing"


def test_a_deny_that_the_administrator_can_get_round_counts_in_part() -> None:
    rows = organization(deny(LEAVE, condition={"StringEquals": {"aws:UserAgent": "browser"}}))
    [found] = [missing(rows, "leave-organization")[DEVELOPMENT]]
    assert "guard depends on aws:UserAgent" in found.title


def test_who_is_exempted_is_shown() -> None:
    guarded = organization(deny(LEAVE, condition=NOT_SECURITY))
    rows = joined(guarded, role("security-lead", allow("*")), role("boss", allow("*")))
    found = state(rows, "leave-organization")
    assert found.state == "holds"
    assert found.exempt == (arn("role", "security-lead"),)
    assert found.exemptions == ("ArnNotLike aws:PrincipalArn: arn:aws:iam::*:role/security-*",)


def test_where_every_administrator_is_exempted_it_does_not_count() -> None:
    guarded = organization(deny(LEAVE, condition=NOT_SECURITY))
    rows = joined(guarded, role("security-lead", allow("*")))
    [found] = [missing(rows, "leave-organization")[DEVELOPMENT]]
    assert "guard exempts every administrator that the account has" in found.title


def test_root_is_asked_as_root() -> None:
    is_root = {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}
    rows = organization(deny("*", condition=is_root))
    assert state(rows, "root").state == "holds"
    assert state(rows, "leave-organization").state == "missing"


def test_other_regions_are_those_that_nobody_uses() -> None:
    here = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}
    assert state(organization(deny("*", condition=here)), "regions").state == "holds"
    assert state(organization(), "regions").state == "missing"


def test_security_roles_are_those_that_trust_management_or_security() -> None:
    entrance = role("OrganizationAccountAccessRole", trusts=trust(root(MANAGEMENT)))
    assert state(organization(), "security-roles").state == "not_applicable"
    assert state(joined(organization(), entrance), "security-roles").state == "missing"
    kept = organization(deny("iam:*", "arn:aws:iam::*:role/OrganizationAccountAccessRole"))
    assert state(joined(kept, entrance), "security-roles").state == "holds"


def test_the_management_account_is_told_that_nothing_reaches_it() -> None:
    found = results("SCP.2", organization(deny("*")), accounts=ACCOUNTS)
    [told] = [each for each in found if each.account_id == MANAGEMENT]
    assert told.status == "not_applicable"
    assert "do not bind it" in told.title


def test_policies_that_are_switched_off_hold_nothing_back() -> None:
    rows = organization(deny("*"), enabled=False)
    assert state(rows, "leave-organization").state == "missing"


def test_without_an_organization_it_does_not_apply() -> None:
    [found] = results("SCP.2", {}, management=None)
    assert found.status == "not_applicable"


def test_attachments_that_were_not_read_settle_nothing(tmp_path: Path) -> None:
    denied = ("organizations_policy_targets", "*", "*")
    found = judged("SCP.2", tmp_path, organization(deny(LEAVE)), denied)
    members = [each for each in found if each.account_id != MANAGEMENT]
    assert members
    assert {each.status for each in found} <= {"unknown", "not_applicable"}


def test_whether_all_are_exempted_takes_policies_that_were_read(tmp_path: Path) -> None:
    rows = organization(deny(LEAVE, condition=NOT_SECURITY))
    found = judged("SCP.2", tmp_path, rows, ("iam_roles", DEVELOPMENT, "*"))
    rail = {each.account_id: each.status for each in found if each.key == "leave-organization"}
    assert rail[DEVELOPMENT] == "unknown"
    assert PRODUCTION not in rail
    assert PRODUCTION in {each.account_id for each in found if each.status == "pass"}
