"""REV.5, alarms: whether anything watches the events that matter, where they arrive."""

import json
from typing import Any

import pytest

from awsbasics.recommendations.base import Result
from awsbasics.recommendations.evidence.watched_events import (
    WATCHED,
    filter_takes_in,
    rule_takes_in,
)
from awsbasics.recommendations.evidence.watching import watching
from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    facts_of,
)

KEYS = [f"watch/{each.key}" for each in WATCHED]
FIRST = "us-east-1"
GROUP = f"arn:aws:logs:{REGION}:{MANAGEMENT}:log-group:trail:*"
TRAIL = {
    "account_id": MANAGEMENT,
    "region": REGION,
    "arn": "arn:trail",
    "name": "organization",
    "is_multi_region": True,
    "is_organization": True,
    "is_logging": True,
    "cloudwatch_log_group_arn": GROUP,
}
PATTERNS = {
    each.key: " || ".join(f"($.eventName = {name})" for name in each.events)
    for each in WATCHED
    if each.events
} | {"root": '$.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS'}


def filters(*keys: str, account: str = MANAGEMENT, group: str = "trail") -> dict[str, Any]:
    """Metric filters for some kinds, each with its alarm."""
    place = {"account_id": account, "region": REGION}
    return {
        "logs_metric_filters": [
            {
                **place,
                "name": key,
                "log_group_name": group,
                "pattern": f"{{ {PATTERNS[key]} }}",
                "metrics": [{"metricName": key, "metricNamespace": "CIS"}],
            }
            for key in keys
        ],
        "cloudwatch_alarms": [
            {**place, "arn": f"a-{key}", "name": key, "metric_name": key, "namespace": "CIS"}
            for key in keys
        ],
    }


def found(rows: dict[str, Any], regions: tuple[str, ...] = (REGION, FIRST)) -> list[Result]:
    accounts = (MANAGEMENT, PRODUCTION, DEVELOPMENT)
    return list(watching(facts_of(rows, accounts=accounts, regions=regions)))


def failed(rows: dict[str, Any]) -> list[Result]:
    return [each for each in found(rows) if each.status == "fail"]


def test_alarms_on_the_organization_trails_log_group_stand_for_all_accounts() -> None:
    results = found({"cloudtrail_trails": [TRAIL], **filters(*PATTERNS)})
    assert {each.status for each in results} == {"ok"}
    assert len(results) == 3 * 4 + 1  # changes to the organization are the management account's


def test_what_nothing_watches_is_said_once_where_the_trail_is_the_organizations() -> None:
    told = failed({"cloudtrail_trails": [TRAIL], **filters("root", "policies", "trails")})
    assert [(each.key, each.account_id) for each in told] == [
        ("watch/security_groups", MANAGEMENT),
        ("watch/organization", MANAGEMENT),
    ]
    assert told[0].facts["accounts"] == 3
    assert told[0].facts["log_groups"] == [f"trail in {MANAGEMENT}, {REGION}"]


@pytest.mark.parametrize(
    "change",
    [
        {"log_group_name": "another"},
        {"region": FIRST},
        {"pattern": "{ $.eventName = StopLogging }"},
        {"metrics": [{"metricName": "other", "metricNamespace": "CIS"}]},
    ],
)
def test_a_filter_elsewhere_or_of_other_events_or_without_an_alarm_does_not_count(
    change: dict[str, Any],
) -> None:
    rows = {"cloudtrail_trails": [TRAIL], **filters(*PATTERNS)}
    rows["logs_metric_filters"] = [
        {**row, **change} if row["name"] == "trails" else row for row in rows["logs_metric_filters"]
    ]
    assert [each.key for each in failed(rows)] == ["watch/trails"]


@pytest.mark.parametrize("change", [{"is_logging": False}, {"is_multi_region": False}])
def test_a_trail_that_does_not_record_all_brings_nothing(change: dict[str, Any]) -> None:
    assert len(failed({"cloudtrail_trails": [{**TRAIL, **change}], **filters(*PATTERNS)})) == 5


def test_an_accounts_own_trail_is_watched_for_that_account_alone() -> None:
    trail = {
        **TRAIL,
        "account_id": PRODUCTION,
        "is_organization": False,
        "cloudwatch_log_group_arn": GROUP.replace(MANAGEMENT, PRODUCTION),
    }
    told = failed({"cloudtrail_trails": [trail], **filters(*PATTERNS, account=PRODUCTION)})
    places = {(each.key, each.account_id) for each in told}
    assert ("watch/root", DEVELOPMENT) in places
    assert not any(account == PRODUCTION for _, account in places)


def rule(region: str, detail: dict[str, Any], **more: Any) -> dict[str, Any]:
    pattern = {"detail-type": ["AWS API Call via CloudTrail"], "detail": detail}
    own = {"arn": f"r-{region}", "name": "r", "event_bus": "default", "state": "ENABLED"}
    place = {"account_id": PRODUCTION, "region": region}
    return {**place, **own, "event_pattern": pattern, "targets": [{"Arn": "t"}], **more}


def unwatched(*rules: dict[str, Any]) -> set[str]:
    rows = {"events_rules": list(rules), "cloudtrail_trails": []}
    told = watching(facts_of(rows, accounts=(PRODUCTION,), regions=(REGION, FIRST)))
    return {each.key for each in told if each.status == "fail"}


def test_rules_count_in_the_region_where_their_events_arrive() -> None:
    iam = {"eventSource": ["iam.amazonaws.com"]}
    rows = {"events_rules": [rule(FIRST, iam)], "cloudtrail_trails": []}
    own = facts_of(rows, accounts=(MANAGEMENT, PRODUCTION), regions=(REGION, FIRST))
    told = [each for each in watching(own) if each.key == "watch/policies"]
    assert [(each.status, each.account_id) for each in told] == [("fail", MANAGEMENT)]
    elsewhere = {**rows, "events_rules": [rule(REGION, iam)]}
    own = facts_of(elsewhere, accounts=(MANAGEMENT, PRODUCTION), regions=(REGION, FIRST))
    [all_of_them] = [each for each in watching(own) if each.key == "watch/policies"]
    assert all_of_them.facts["accounts"] == 2


@pytest.mark.parametrize(
    ("more", "watched"),
    [({}, True), ({"state": "DISABLED"}, False), ({"event_bus": "own"}, False)],
)
def test_regional_events_ask_for_a_rule_in_each_region(more: dict[str, Any], watched: bool) -> None:
    groups = {"eventName": [{"wildcard": "*SecurityGroup*"}]}
    rows: dict[str, Any] = {
        "events_rules": [
            {**rule(region, {**groups, "eventSource": ["ec2.amazonaws.com"]}), **more}
            for region in (REGION, FIRST)
        ]
    }
    for row in rows["events_rules"]:
        row["account_id"] = MANAGEMENT
    own = facts_of(rows, accounts=(MANAGEMENT,), regions=(REGION, FIRST))
    told = {each.key for each in watching(own) if each.status == "fail"}
    assert ("watch/security_groups" not in told) is watched
    one = {"events_rules": rows["events_rules"][:1]}
    own = facts_of(one, accounts=(MANAGEMENT,), regions=(REGION, FIRST))
    assert "watch/security_groups" in {each.key for each in watching(own) if each.status == "fail"}


def test_a_first_region_that_was_not_gathered_makes_it_unknown() -> None:
    told = {each.key: each.status for each in found({"cloudtrail_trails": []}, (REGION,))}
    assert told["watch/policies"] == "unknown"
    assert told["watch/security_groups"] == "fail"


def test_a_management_account_that_was_not_gathered_hides_its_trail() -> None:
    told = watching(facts_of({}, accounts=(PRODUCTION,), regions=(REGION, FIRST)))
    assert {each.status for each in told} == {"unknown"}


def test_a_log_group_in_an_account_that_was_not_gathered_is_unknown() -> None:
    other = "999999999999"
    trail = {**TRAIL, "cloudwatch_log_group_arn": GROUP.replace(MANAGEMENT, other)}
    assert {each.status for each in found({"cloudtrail_trails": [trail]})} == {"unknown"}
    inside = {**TRAIL, "cloudwatch_log_group_arn": GROUP.replace(MANAGEMENT, ARCHIVE)}
    assert {each.status for each in found({"cloudtrail_trails": [inside]})} == {"fail"}


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("{ ($.eventSource = organizations.amazonaws.com) }", "organization"),
        (
            '{ $.eventName = "*SecurityGroup*" && $.eventSource = "ec2.amazonaws.com" }',
            "security_groups",
        ),
        ('{ $.userIdentity.type = "Root" }', "root"),
    ],
)
def test_a_pattern_may_name_a_source_or_use_wildcards(pattern: str, key: str) -> None:
    assert [each.key for each in WATCHED if filter_takes_in(pattern, each)] == [key]


@pytest.mark.parametrize(
    "pattern",
    [
        None,
        "",
        "{",
        "ERROR",
        "{ $.eventName != StopLogging }",
        "{ $.eventName = ConsoleLogin }",
        "{ $.eventSource = iam.amazonaws.com && $.awsRegion = eu-west-1 }",
        "{ $.userIdentity.type = Root && $.eventName = ConsoleLogin }",
    ],
)
def test_a_pattern_of_other_things_takes_in_nothing(pattern: str | None) -> None:
    assert not any(filter_takes_in(pattern, each) for each in WATCHED)


@pytest.mark.parametrize(
    ("event", "keys"),
    [
        ({"source": ["aws.organizations"]}, ["organization"]),
        (
            {"detail": {"eventName": [{"anything-but": ["ConsoleLogin"]}]}},
            ["policies", "security_groups", "trails", "organization"],
        ),
        ({"detail": {"userIdentity": {"type": ["Root"]}}}, ["root"]),
        ({"detail-type": ["EC2 Instance State-change Notification"], "source": ["aws.ec2"]}, []),
        ({"detail": {"eventName": [{"prefix": "Stop"}, 7, {"exists": True}]}}, []),
        ({"detail": []}, []),
        ({"source": ["aws.iam"], "detail": {"requestParameters": {"roleName": ["a"]}}}, []),
        ({"source": ["aws.iam"], "detail": {"userIdentity": {"type": ["Root"]}}}, []),
        ({"detail": {"userIdentity": {"type": ["Root"]}, "eventName": ["X"]}}, []),
        ({"source": ["aws.iam"], "resources": ["arn:x"]}, []),
        ([], []),
    ],
)
def test_an_event_pattern_is_read_with_its_comparisons(event: Any, keys: list[str]) -> None:
    assert [each.key for each in WATCHED if rule_takes_in(json.dumps(event), each)] == keys
