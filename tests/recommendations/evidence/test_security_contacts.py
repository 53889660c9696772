"""ORG.9: whom AWS calls."""

from pathlib import Path
from typing import Any

from tests.recommendations.principal_rows import Tables, joined, organization
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    failures,
    judged,
    results,
    statuses,
)

ORGANIZATION = organization(members=(DEVELOPMENT,))
CHOSEN: dict[str, Any] = {"accounts": [MANAGEMENT, DEVELOPMENT]}


def contact(account: str, kind: str = "SECURITY") -> Tables:
    return {"account_alternate_contacts": [{"account_id": account, "type": kind}]}


def test_each_account_needs_a_contact() -> None:
    rows = joined(ORGANIZATION, contact(MANAGEMENT), contact(DEVELOPMENT, "BILLING"))
    [found] = failures("ORG.9", rows, **CHOSEN)
    assert (found.account_id, found.key) == (DEVELOPMENT, "contact")


def test_contacts_everywhere_are_in_order() -> None:
    rows = joined(ORGANIZATION, contact(MANAGEMENT), contact(DEVELOPMENT))
    assert statuses(results("ORG.9", rows, **CHOSEN)) == ["ok", "ok"]


def test_none_anywhere_is_said_once() -> None:
    [found] = failures("ORG.9", ORGANIZATION, **CHOSEN)
    assert (found.account_id, found.key) == (MANAGEMENT, "contacts")


def test_a_lone_account_needs_one_too() -> None:
    found = failures("ORG.9", {}, management=None, accounts=[DEVELOPMENT])
    assert [each.key for each in found] == ["contact"]


def test_closed_accounts_are_listed_and_need_none() -> None:
    closed = {"account_id": MANAGEMENT, "id": PRODUCTION, "name": "old", "status": "SUSPENDED"}
    rows = joined(
        ORGANIZATION,
        {"organizations_accounts": [closed]},
        contact(MANAGEMENT),
        contact(DEVELOPMENT),
    )
    found = results("ORG.9", rows, **CHOSEN)
    assert statuses(found) == ["ok", "ok", "not_applicable"]
    assert found[-1].facts["accounts"] == [f"old ({PRODUCTION}), SUSPENDED"]


def test_contacts_that_were_not_read_are_unknown(tmp_path: Path) -> None:
    rows = joined(ORGANIZATION, contact(MANAGEMENT))
    found = judged("ORG.9", tmp_path, rows, ("account_alternate_contacts", DEVELOPMENT, "*"))
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
