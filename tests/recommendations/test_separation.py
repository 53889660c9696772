"""R03: environments and the sandbox."""

from typing import Any

from awsbasics.engagement import Engagement
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    SANDBOX,
    engagement,
    failures,
    results,
)


def accounts(**parents: str) -> dict[str, list[dict[str, Any]]]:
    """Accounts by environment and OU path; empty is the root."""
    ids = {"production": PRODUCTION, "development": DEVELOPMENT, "sandbox": SANDBOX}
    rows = [
        {
            "account_id": MANAGEMENT,
            "id": ids.get(name, "999999999999"),
            "name": name,
            "status": "ACTIVE",
            "is_management": False,
            "parent_id": f"ou-{path}" if path else "r-1",
            "ou_path": path,
        }
        for name, path in parents.items()
    ]
    return {"organizations_accounts": rows}


def test_classified_accounts_meet_sep_1() -> None:
    found = results("SEP.1", accounts(production="Prod", sandbox="Sandbox"))
    assert {result.status for result in found} == {"ok"}


def test_an_account_that_no_rule_fits_fails_sep_1() -> None:
    found = failures("SEP.1", accounts(production="Prod", stranger="Prod"))
    assert [result.account_id for result in found] == ["999999999999"]


def test_a_lone_account_without_rules_fails_sep_1() -> None:
    found = failures("SEP.1", {}, engagement=Engagement(), management=None, accounts=[DEVELOPMENT])
    assert [result.account_id for result in found] == [DEVELOPMENT]


def test_the_management_account_needs_no_rule() -> None:
    found = results("SEP.1", {}, engagement=Engagement(), accounts=[MANAGEMENT])
    assert [result.status for result in found] == ["ok"]


def test_a_sandbox_in_an_ou_of_its_own_meets_sep_2() -> None:
    found = results("SEP.2", accounts(production="Workloads/Prod", sandbox="Sandbox"))
    assert {result.status for result in found} == {"ok"}


def test_siblings_under_one_parent_are_apart() -> None:
    rows = accounts(production="Workloads/Prod", sandbox="Workloads/Production-like")
    assert not failures("SEP.2", rows)


def test_a_sandbox_in_productions_ou_fails_sep_2() -> None:
    found = failures("SEP.2", accounts(production="Workloads", sandbox="Workloads"))
    assert [(result.account_id, result.key) for result in found] == [(SANDBOX, "same_ou")]


def test_a_sandbox_below_productions_ou_fails_sep_2() -> None:
    assert failures("SEP.2", accounts(production="Workloads", sandbox="Workloads/Sandbox"))


def test_both_under_the_root_fails_sep_2() -> None:
    [found] = failures("SEP.2", accounts(production="", sandbox=""))
    assert "in the root" in found.title


def test_production_under_the_root_does_not_taint_every_ou() -> None:
    assert not failures("SEP.2", accounts(production="", sandbox="Sandbox"))


def test_no_sandbox_fails_sep_2_where_all_accounts_are_known() -> None:
    found = failures("SEP.2", accounts(production="Prod"), accounts=[PRODUCTION])
    assert [result.key for result in found] == ["sandbox"]


def test_no_sandbox_asks_where_some_account_may_be_it() -> None:
    rows = accounts(production="Prod", stranger="Dev")
    found = results("SEP.2", rows, accounts=[PRODUCTION], engagement=engagement())
    assert [result.status for result in found] == ["ask"]
    assert "stranger (999999999999)" in found[0].facts["unclassified"]
