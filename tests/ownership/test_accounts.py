import json
from typing import Any

import pandas as pd
import pytest

from awsbasics.engagement import Engagement, EnvironmentRule
from awsbasics.ownership import Owner
from tests.ownership.frames import ACCOUNT, frame, ownership, reader

MANAGEMENT = "111111111111"


def account(account_id: str = ACCOUNT, **more: Any) -> dict[str, Any]:
    return {"id": account_id, "account_id": MANAGEMENT, "is_management": False, **more}


def environment(row: dict[str, Any], *rules: EnvironmentRule) -> Owner:
    owners = ownership(Engagement(environments=rules), organizations_accounts=[row])
    return owners.environment(row["id"])


def rule(environment: str = "production", **selector: str) -> EnvironmentRule:
    return EnvironmentRule(environment=environment, **selector)


@pytest.mark.parametrize(
    ("path", "ou", "fits"),
    [
        ("Workloads/Prod", "Workloads/Prod", True),
        ("Workloads/Prod/Europe", "Workloads/Prod", True),
        ("Workloads/Prod", "/Workloads/Prod/", True),
        ("Workloads", "Workloads/Prod", False),
        ("Workloads/Production", "Workloads/Prod", False),
        ("Workloads/Production", "Workloads/Prod*", True),
        ("Other/Workloads/Prod", "Workloads/Prod", False),
        ("Europe/Prod/Web", "*/Prod", True),
        ("Europe/West/Prod", "*/Prod", False),
        ("", "*", False),
        (None, "*", False),
    ],
)
def test_an_ou_rule_takes_in_the_ou_and_all_below_it(path: str | None, ou: str, fits: bool) -> None:
    found = environment(account(ou_path=path), rule(ou=ou))
    assert (found.value == "production") is fits


def test_rules_by_id_name_and_tag() -> None:
    row = account(name="billing-prod", tags=json.dumps({"Stage": "live"}))
    assert environment(row, rule(account=ACCOUNT)) == ("production", f"account {ACCOUNT}")
    assert environment(row, rule(account="12")).value is None
    assert environment(row, rule(name="*-prod")) == ("production", "name *-prod")
    assert environment(row, rule(name="*-PROD")).value is None
    assert environment(row, rule(tag="stage", value="li*")) == ("production", "tag stage=li*")
    assert environment(row, rule(tag="stage")) == ("production", "tag stage=*")
    assert environment(row, rule(tag="stage", value="dev")).value is None
    assert environment(row, rule(tag="other")).value is None


def test_the_first_rule_that_fits_wins() -> None:
    row = account(name="x", ou_path="A")
    assert environment(row, rule("test", ou="A"), rule(name="x")).value == "test"
    assert environment(row, rule("test", ou="B"), rule(name="x")).value == "production"


def test_without_a_rule_nothing_is_guessed() -> None:
    assert environment(account(name="production", ou_path="Production")).value is None


def test_the_management_account_is_known_unless_a_rule_says_otherwise() -> None:
    row = account(is_management=True, ou_path="")
    assert environment(row) == ("management", "the management account")
    assert environment(row, rule(ou="*")).value == "management"
    assert environment(row, rule("security", account=ACCOUNT)).value == "security"


@pytest.mark.parametrize("tags", [None, "", "[]", "{", '{"stage": 5}', '{"stage": null}'])
def test_tags_that_are_none_fit_no_rule(tags: str | None) -> None:
    assert environment(account(tags=tags), rule(tag="stage")).value is None


def test_a_name_that_was_not_read_fits_no_rule() -> None:
    assert environment(account(name=None), rule(name="*")).value is None


def test_an_account_that_nobody_knows_has_no_environment() -> None:
    assert ownership().environment("999999999999").value is None


def test_without_an_organization_the_gathered_accounts_are_the_accounts() -> None:
    engagement = Engagement(environments=(rule("sandbox", account=ACCOUNT),))
    owners = ownership(engagement, [ACCOUNT, "000000000013"])
    assert owners.accounts["account_id"].tolist() == [ACCOUNT, "000000000013"]
    assert owners.environment(ACCOUNT).value == "sandbox"
    assert not owners.accounts["is_management"].any()


def test_gathered_accounts_that_the_organization_does_not_list_are_added() -> None:
    rows = [account("222222222222", name="listed")]
    owners = ownership(
        account_ids=["222222222222", MANAGEMENT],
        management=MANAGEMENT,
        organizations_accounts=rows,
    )
    frame = owners.accounts
    assert frame["account_id"].tolist() == [MANAGEMENT, "222222222222"]
    assert frame["is_management"].tolist() == [True, False]
    assert frame["name"].tolist() == ["", "listed"]
    assert owners.environment(MANAGEMENT).value == "management"


def test_the_frame_of_accounts_is_typed_even_when_it_is_empty() -> None:
    filled = ownership(organizations_accounts=[account(status="ACTIVE", name="x")]).accounts
    empty = ownership().accounts
    expected = ["account_id", "name", "ou_path", "environment", "rule", "is_management", "status"]
    assert list(filled.columns) == list(empty.columns) == expected
    assert (filled.dtypes == empty.dtypes).all()
    assert filled["is_management"].dtype == bool
    assert pd.isna(filled["environment"].iloc[0])
    assert filled["status"].iloc[0] == "ACTIVE"


def test_a_missing_is_management_is_no_management_account() -> None:
    rows = frame("organizations_accounts", [account(is_management=None)])
    assert rows["is_management"].isna().all()
    assert (
        ownership(organizations_accounts=[account(is_management=None)]).environment(ACCOUNT).value
        is None
    )
    assert reader({})("organizations_accounts").empty
