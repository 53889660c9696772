"""SEP.7: engineers test policies in a sandbox."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.recommendations.evidence.boundaries import CHANGING, MAKING
from tests.recommendations.principal_rows import (
    LAMBDA,
    Tables,
    allow,
    deny,
    joined,
    organization,
    role,
    root,
    signs_in,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    SANDBOX,
    failures,
    judged,
    results,
    statuses,
)

MAKES = ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"]
BOUNDARY = {"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{SANDBOX}:policy/bound"}}
BOUNDED = allow(MAKES, condition=BOUNDARY)
ONLY: dict[str, Any] = {"accounts": [SANDBOX, MANAGEMENT, DEVELOPMENT]}


def said(*parts: Tables) -> list[str]:
    return statuses(results("SEP.7", joined(*parts), **ONLY))


@pytest.mark.parametrize(
    "rows",
    [
        user("ada", BOUNDED, account=SANDBOX),
        signs_in("ada", "Engineer", SANDBOX, BOUNDED),
        joined(
            role("tester", BOUNDED, account=SANDBOX, trusts=trust(root(DEVELOPMENT))),
            user("ada", allow("sts:AssumeRole")),
        ),
    ],
)
def test_people_who_make_bounded_roles_meet_it(rows: Tables) -> None:
    assert said(rows) == ["ok"]


@pytest.mark.parametrize(
    "rows",
    [
        {},
        user("ada", allow("s3:*"), account=SANDBOX),
        user("ada", allow("iam:CreateRole"), account=SANDBOX),
        role("ci", BOUNDED, account=SANDBOX, trusts=trust(LAMBDA)),
        role("tester", BOUNDED, account=SANDBOX, trusts=trust(root(DEVELOPMENT))),
        user("ada", BOUNDED, account=DEVELOPMENT),
    ],
)
def test_a_sandbox_where_nobody_makes_roles_fails(rows: Tables) -> None:
    [found] = failures("SEP.7", rows, **ONLY)
    assert (found.account_id, found.key) == (SANDBOX, "testing")


def test_roles_without_a_boundary_weigh_little() -> None:
    [found] = failures("SEP.7", user("ada", allow("*"), account=SANDBOX), **ONLY)
    assert (found.key, found.severity, found.facts["free"]) == ("boundary", "low", ["User ada"])


def test_a_guard_rail_bounds_administrators_too() -> None:
    demand = {"StringNotEquals": dict(BOUNDARY["StringEquals"])}
    every = [*MAKING, *CHANGING]
    guard = organization(deny(every, condition=demand), members=(SANDBOX, DEVELOPMENT))
    assert said(guard, user("ada", allow("*"), account=SANDBOX)) == ["ok"]


def test_an_emergency_role_is_not_for_testing() -> None:
    rows = role("break-glass", allow("*"), account=SANDBOX, trusts=trust(root(DEVELOPMENT)))
    [found] = failures("SEP.7", joined(rows, user("ada", allow("sts:*"))), **ONLY)
    assert found.key == "testing"


def test_without_a_sandbox_it_does_not_apply() -> None:
    found = results("SEP.7", {}, accounts=[DEVELOPMENT])
    assert statuses(found) == ["not_applicable"]


def test_users_that_were_not_read_leave_it_open(tmp_path: Path) -> None:
    found = judged("SEP.7", tmp_path, {}, ("iam_inline_policies", SANDBOX, "*"))
    assert {each.status for each in found if each.account_id == SANDBOX} == {"unknown"}
