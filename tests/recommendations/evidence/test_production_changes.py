"""REV.6: who can change production past the deployment roles."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import Answer
from tests.recommendations.principal_rows import (
    MFA,
    Tables,
    allow,
    arn,
    deny,
    joined,
    role,
    root,
    trust,
    user,
)
from tests.recommendations.support import (
    PRODUCTION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

OPENS = allow("ec2:AuthorizeSecurityGroupIngress")


def production(name: str, *statements: Any, **more: Any) -> Tables:
    return role(name, *statements, account=PRODUCTION, **more)


@pytest.mark.parametrize(
    ("actions", "what"),
    [
        ("iam:PutRolePolicy", "can change IAM in"),
        ("ec2:Authorize*", "can change security groups in"),
        ("cloudformation:*", "can change stacks in"),
        ("*", "can change IAM, security groups and stacks in"),
    ],
)
def test_who_can_change_production_fails(actions: str, what: str) -> None:
    [found] = failures("REV.6", production("fixer", allow(actions)))
    assert found.resource == arn("role", "fixer", PRODUCTION)
    assert what in found.title
    assert found.facts["administrator"] is (actions == "*")


def test_who_can_do_so_to_some_resources_fails_too() -> None:
    own = "arn:aws:iam::*:role/billing-*"
    [found] = failures("REV.6", user("ada", allow("iam:PutRolePolicy", own), account=PRODUCTION))
    assert found.facts["actions"] == ["iam:PutRolePolicy"]


@pytest.mark.parametrize(
    "rows",
    [
        production("reader", allow(["ec2:Describe*", "iam:Get*"])),
        production("denied", OPENS, deny("ec2:*")),
        role("elsewhere", OPENS),
    ],
)
def test_who_cannot_and_other_environments_pass(rows: Tables) -> None:
    assert failures("REV.6", rows) == []


@pytest.mark.parametrize(
    "rows",
    [
        production("billing-deploy", OPENS),
        production("break-glass", OPENS),
        production("OrganizationAccountAccessRole", allow("*")),
        production("AWSControlTowerExecution", allow("*")),
        production("executor", OPENS, trusts=trust({"Service": "cloudformation.amazonaws.com"})),
        production("AWSServiceRoleForX", OPENS, path="/aws-service-role/x.amazonaws.com/"),
    ],
)
def test_roles_that_deploy_or_provision_are_let_pass(rows: Tables) -> None:
    assert results("REV.6", rows) == []


FOR_HOURS = {
    "DateGreaterThan": {"aws:CurrentTime": "2026-11-01T11:00:00Z"},
    "DateLessThan": {"aws:CurrentTime": "2026-11-01T15:00:00Z"},
}


@pytest.mark.parametrize(
    ("condition", "status"), [(None, "fail"), (MFA, "fail"), (FOR_HOURS, "ok")]
)
def test_a_role_that_is_taken_up_for_a_fixed_time_only_passes(condition: Any, status: str) -> None:
    fixer = arn("role", "fixer", PRODUCTION)
    rows = joined(
        production("fixer", OPENS, trusts=trust(root(PRODUCTION))),
        user("ada", allow("sts:AssumeRole", fixer, condition), account=PRODUCTION),
    )
    found = {each.resource: each.status for each in results("REV.6", rows)}
    assert found[fixer] == status


def test_administrators_are_named_themselves_and_not_for_what_they_can_take_up() -> None:
    rows = joined(
        production("fixer", OPENS, trusts=trust(root(PRODUCTION))),
        user("boss", allow("*"), account=PRODUCTION),
    )
    found = failures("REV.6", rows)
    assert [each.resource for each in found] == [arn("user", "boss", PRODUCTION)]


def test_a_role_that_an_account_outside_can_take_up_fails() -> None:
    rows = production("fixer", OPENS, trusts=trust(root("999999999999")))
    assert len(failures("REV.6", rows)) == 1


def test_an_answer_against_the_facts_fails_and_names_both() -> None:
    own = engagement(answers={"REV.6": Answer(choice="blocks")})
    rows = joined(production("fixer", OPENS), production("reader", allow("s3:Get*")))
    found = results("REV.6", rows, engagement=own)
    assert sorted(statuses(found)) == ["fail", "ok"]
    [failed] = [each for each in found if each.status == "fail"]
    assert failed.title.startswith("The answer is that the pipeline stops on findings, but role")


def test_unanswered_it_is_asked_and_what_was_not_read_is_unknown(tmp_path: Path) -> None:
    denied = ("iam_inline_policies", PRODUCTION, "global")
    found = judged("REV.6", tmp_path, production("reader", allow("s3:Get*")), denied)
    assert {each.status for each in found} == {"ask", "unknown"}
