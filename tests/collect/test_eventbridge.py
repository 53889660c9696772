"""Buses, rules and what they start."""

import json

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.watch import RECORDED, TOPIC

ANSWERS = RECORDED["events_rules"]


def test_all_pages_of_buses_are_read() -> None:
    rows = rows_of("events_event_buses", RECORDED["events_event_buses"])
    assert {row["name"]: row["policy"] is not None for row in rows} == {
        "default": False,
        "all": True,
    }


def test_only_rules_that_wait_for_events_are_asked_for_their_targets() -> None:
    caller = fake_caller(ANSWERS)
    statuses = {row["name"]: row["targets_status"] for row in rows_of("events_rules", caller)}
    assert statuses == {"iam": "ok", "nightly": "absent", "off": "absent"}
    assert asked(caller).count("ListTargetsByRule") == 1


def test_of_a_target_only_ids_are_kept() -> None:
    rows = {row["name"]: row for row in rows_of("events_rules", ANSWERS)}
    assert json.loads(rows["iam"]["targets"]) == [{"Id": "1", "Arn": TOPIC, "RoleArn": None}]


def test_a_rule_whose_targets_are_denied_does_not_look_without_any() -> None:
    found = read("events_rules", {**ANSWERS, "ListTargetsByRule": refused()})
    rows = {row["name"]: row["targets_status"] for row in found.rows}
    assert rows["iam"] == "denied"
    assert found.coverage.status == "partial"


def test_a_bus_that_went_meanwhile_has_no_rules() -> None:
    gone = {**ANSWERS, "ListRules": refused("ResourceNotFoundException")}
    assert rows_of("events_rules", gone) == []
