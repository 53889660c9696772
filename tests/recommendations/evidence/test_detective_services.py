"""REV.5, services: what is on in each account and region, and what is said of the rest."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.facts import Facts
from awsbasics.recommendations.base import Result
from awsbasics.recommendations.evidence.detective_services import detective_services
from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    SANDBOX,
    facts_of,
    judged,
)

SECOND = "eu-central-1"
BOTH = (REGION, SECOND)
SERVICES = {"guardduty", "securityhub", "config", "external_access", "unused_access"}
ACCOUNTS = (DEVELOPMENT, PRODUCTION)


def everything(
    accounts: tuple[str, ...] = ACCOUNTS, regions: tuple[str, ...] = (REGION,)
) -> dict[str, list[dict[str, Any]]]:
    """All services in all places."""
    places = [{"account_id": a, "region": r} for a in accounts for r in regions]
    recorder = {"recording": True, "last_status": "SUCCESS"}
    analyzers = ("ACCOUNT", "ACCOUNT_UNUSED_ACCESS")
    return {
        "guardduty_detectors": [{**place, "id": "d", "status": "ENABLED"} for place in places],
        "securityhub_hubs": places,
        "config_recorders": [{**place, **recorder} for place in places],
        "accessanalyzer_analyzers": [
            {**place, "type": kind, "status": "ACTIVE"} for place in places for kind in analyzers
        ],
    }


def facts(rows: dict[str, Any], *, regions: tuple[str, ...] = (REGION,)) -> Facts:
    return facts_of(rows, accounts=ACCOUNTS, regions=regions)


def failed(rows: dict[str, Any], *, regions: tuple[str, ...] = (REGION,)) -> list[Result]:
    found = detective_services(facts(rows, regions=regions))
    return [each for each in found if each.status == "fail"]


def test_services_that_are_on_everywhere_meet_rev_5() -> None:
    found = list(detective_services(facts(everything(), regions=(REGION,))))
    assert [each.status for each in found] == ["ok"] * (2 * len(SERVICES))


def test_what_no_account_has_is_said_once() -> None:
    found = failed({})
    assert {each.key for each in found} == SERVICES
    assert {each.account_id for each in found} == {MANAGEMENT}
    assert found[0].title == "GuardDuty is on in none of the 2 accounts."


def test_what_one_account_lacks_is_said_of_it_once_for_all_regions() -> None:
    found = failed(everything((PRODUCTION,), BOTH), regions=BOTH)
    assert {each.account_id for each in found} == {DEVELOPMENT}
    assert sorted(each.key for each in found) == sorted(SERVICES)
    assert found[0].title == "GuardDuty is not on."


def test_some_regions_are_named_and_weigh_less_where_nothing_lives() -> None:
    rows = everything(regions=BOTH)
    rows["guardduty_detectors"] = rows["guardduty_detectors"][:3]
    [found] = failed(rows, regions=BOTH)
    assert (found.account_id, found.severity) == (PRODUCTION, "medium")
    assert found.facts["regions_without"] == [SECOND]
    rows["lambda_functions"] = [{"account_id": PRODUCTION, "region": SECOND}]
    [found] = failed(rows, regions=BOTH)
    assert found.severity == "high"


@pytest.mark.parametrize(
    ("table", "row", "key"),
    [
        ("guardduty_detectors", {"id": "d", "status": "DISABLED"}, "guardduty"),
        ("config_recorders", {"recording": False, "last_status": "SUCCESS"}, "config"),
        ("config_recorders", {"recording": True, "last_status": "FAILURE"}, "config"),
        (
            "config_recorders",
            {"recording": True, "service_principal": "securityhub.amazonaws.com"},
            "config",
        ),
    ],
)
def test_what_is_there_but_off_does_not_count(table: str, row: dict[str, Any], key: str) -> None:
    rows = everything()
    rows[table] = [
        each if each["account_id"] == PRODUCTION else {"region": REGION, **row}
        for each in rows[table]
    ]
    assert [(each.key, each.account_id) for each in failed(rows)] == [(key, DEVELOPMENT)]


def test_an_analyzer_that_is_not_active_does_not_count() -> None:
    rows = everything()
    rows["accessanalyzer_analyzers"][0]["status"] = "FAILED"
    assert [each.key for each in failed(rows)] == ["external_access"]


def test_the_organizations_analyzers_stand_for_all_accounts() -> None:
    rows = everything()
    rows["accessanalyzer_analyzers"] = [
        {"account_id": PRODUCTION, "region": REGION, "type": kind, "status": "ACTIVE"}
        for kind in ("ORGANIZATION", "ORGANIZATION_UNUSED_ACCESS")
    ]
    assert failed(rows) == []
    external = [each.key for each in failed(everything() | rows, regions=BOTH)]
    assert "external_access" in external
    assert "unused_access" not in external


def test_sandboxes_are_left_out() -> None:
    assert failed({**everything(), "iam_roles": []}) == []
    told = detective_services(facts_of(everything(), accounts=(*ACCOUNTS, SANDBOX)))
    assert {each.status for each in told} == {"ok"}


def test_a_detector_of_which_not_all_was_read_is_unknown() -> None:
    rows = everything()
    rows["guardduty_detectors"][0] = {
        "region": REGION,
        "account_id": DEVELOPMENT,
        "status_status": "denied",
    }
    found = [each for each in detective_services(facts(rows)) if each.status != "ok"]
    assert [(each.status, each.key) for each in found] == [("unknown", "guardduty")]


def test_a_table_that_was_not_read_is_unknown_and_hides_nothing_else(tmp_path: Path) -> None:
    rows = everything((MANAGEMENT, PRODUCTION, ARCHIVE))
    denied = ("guardduty_detectors", DEVELOPMENT, REGION)
    found = judged("REV.5", tmp_path, rows, denied)
    own = {
        each.key: each.status
        for each in found
        if each.account_id == DEVELOPMENT and each.key in SERVICES
    }
    assert own == {key: "unknown" if key == "guardduty" else "fail" for key in SERVICES}
