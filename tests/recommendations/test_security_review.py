"""REV.4: every account is recorded, and every trail does its work."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    Rows,
    failures,
    judged,
    results,
)

REGIONS = [{"account_id": MANAGEMENT, "name": REGION, "opt_in_status": "opt-in-not-required"}]
WRITE_ONLY = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]


def trail(account: str = MANAGEMENT, name: str = "org", **more: Any) -> dict[str, Any]:
    return {
        "account_id": account,
        "region": REGION,
        "arn": f"arn:aws:cloudtrail:{REGION}:{account}:trail/{name}",
        "name": name,
        "home_region": REGION,
        "is_multi_region": True,
        "is_organization": name == "org",
        "log_file_validation": True,
        "bucket_name": "logs",
        "is_logging": True,
        **more,
    }


def rows(*trails: dict[str, Any]) -> Rows:
    return {"cloudtrail_trails": trails, "ec2_regions": REGIONS}


def seen(*trails: dict[str, Any], accounts: tuple[str, ...], **more: Any) -> Any:
    found = results("REV.4", rows(*trails), accounts=accounts, **more)
    return [(r.account_id, r.key, r.status) for r in found if r.status != "ok"]


def test_members_that_the_organization_trail_covers_need_no_trail() -> None:
    found = results("REV.4", rows(trail()), accounts=[MANAGEMENT, PRODUCTION, DEVELOPMENT])
    assert {result.status for result in found} == {"ok"}
    assert {result.account_id for result in found} == {MANAGEMENT, PRODUCTION, DEVELOPMENT}


def test_an_account_that_nothing_records_fails() -> None:
    found = seen(accounts=(MANAGEMENT,))
    assert found == [(MANAGEMENT, "unrecorded", "fail")]


def test_an_organization_trail_that_stands_still_covers_nobody() -> None:
    found = seen(trail(is_logging=False), accounts=(MANAGEMENT, PRODUCTION))
    assert found == [(MANAGEMENT, "logging", "fail"), (PRODUCTION, "unrecorded", "fail")]


def test_a_trail_of_one_region_leaves_the_others_unrecorded() -> None:
    one = trail(PRODUCTION, "own", is_multi_region=False)
    assert seen(one, accounts=(PRODUCTION,)) == []
    found = seen(one, accounts=(PRODUCTION,), regions=[REGION, "us-east-1"])
    assert found == [(PRODUCTION, "regions", "fail")]
    other = trail(PRODUCTION, "other", is_multi_region=False, home_region="us-east-1")
    assert seen(one, other, accounts=(PRODUCTION,), regions=[REGION, "us-east-1"]) == []


def test_what_an_organization_trail_leaves_out_is_said_once_at_its_owner() -> None:
    found = seen(trail(event_selectors=WRITE_ONLY), accounts=(MANAGEMENT, PRODUCTION))
    assert found == [(MANAGEMENT, "events", "fail")]


@pytest.mark.parametrize(
    ("part", "lack"),
    [
        ("logging", {"is_logging": False, "stop_logging_time": "2026-10-01T00:00:00Z"}),
        ("delivery", {"latest_delivery_error": "NoSuchBucket"}),
        ("validation", {"log_file_validation": False}),
        ("events", {"event_selectors": WRITE_ONLY}),
    ],
)
def test_each_fault_of_a_trail_is_a_failure_of_its_own(part: str, lack: dict[str, Any]) -> None:
    found = failures("REV.4", rows(trail(PRODUCTION, "own", **lack)), accounts=[PRODUCTION])
    assert [result.key for result in found] == [part]
    assert found[0].severity == ("medium" if part == "validation" else "critical")
    assert found[0].region == REGION


def test_beside_a_complete_trail_another_may_leave_events_out() -> None:
    own = trail(PRODUCTION, "data", event_selectors=WRITE_ONLY)
    assert seen(trail(), own, accounts=(MANAGEMENT, PRODUCTION)) == []
    second = trail(PRODUCTION, "full", is_organization=False)
    assert seen(own, second, accounts=(PRODUCTION,)) == []


def test_beside_a_complete_trail_one_that_stands_still_weighs_less() -> None:
    own = trail(PRODUCTION, "own", is_logging=False)
    found = failures("REV.4", rows(trail(), own), accounts=[MANAGEMENT, PRODUCTION])
    assert [(result.key, result.severity) for result in found] == [("logging", "medium")]


def test_the_organization_trail_does_not_excuse_itself() -> None:
    found = seen(trail(event_selectors=WRITE_ONLY), accounts=(MANAGEMENT,))
    assert found == [(MANAGEMENT, "events", "fail")]


def test_a_status_that_was_not_read_is_unknown_for_all_whom_the_trail_covers() -> None:
    hidden = trail(is_logging=None, is_logging_status="denied")
    assert seen(hidden, accounts=(MANAGEMENT, PRODUCTION)) == [
        (MANAGEMENT, "unrecorded", "unknown"),
        (MANAGEMENT, "logging", "unknown"),
        (PRODUCTION, "unrecorded", "unknown"),
    ]


def test_a_member_alone_may_be_recorded_by_a_trail_that_it_does_not_own() -> None:
    assert seen(accounts=(PRODUCTION,)) == [(PRODUCTION, "unrecorded", "unknown")]


def test_a_lone_account_without_trail_fails() -> None:
    found = seen(accounts=(MANAGEMENT,), management=None)
    assert found == [(MANAGEMENT, "unrecorded", "fail")]


def test_a_trail_may_live_in_a_region_that_was_left_out() -> None:
    elsewhere = {"account_id": MANAGEMENT, "name": "us-east-1", "opt_in_status": "opted-in"}
    more = {"ec2_regions": [*REGIONS, elsewhere]}
    found = results("REV.4", more, accounts=[MANAGEMENT])
    assert [(result.key, result.status) for result in found] == [("unrecorded", "unknown")]


def test_trails_that_were_not_read_are_not_missing(tmp_path: Path) -> None:
    denied = ("cloudtrail_trails", "*", "*")
    found = judged("REV.4", tmp_path, {"ec2_regions": REGIONS}, denied)
    assert {finding.status for finding in found} == {"unknown"}
