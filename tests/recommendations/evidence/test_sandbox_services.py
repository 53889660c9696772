"""SEP.4: nothing stays in a sandbox."""

from pathlib import Path
from typing import Any

from awsbasics.recommendations.evidence.long_running import SERVICE_TABLES
from tests.recommendations.principal_rows import Tables, joined
from tests.recommendations.support import (
    DEVELOPMENT,
    REGION,
    SANDBOX,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

OLD, YOUNG = "2026-10-01T00:00:00Z", "2026-10-30T00:00:00Z"


def thing(table: str, account: str = SANDBOX, **more: Any) -> Tables:
    return {table: [{"account_id": account, "region": REGION, "arn": f"arn:{table}", **more}]}


def instance(since: str | None = OLD, **more: Any) -> Tables:
    return thing("ec2_instances", launch_time=since, **{"state": "running", **more})


def database(since: str | None = OLD, **more: Any) -> Tables:
    return thing("rds_db_instances", created=since, **{"status": "available", **more})


def test_an_old_instance_fails_with_its_region_and_age() -> None:
    [found] = failures("SEP.4", instance())
    assert (found.account_id, found.region, found.key) == (SANDBOX, REGION, "ec2_instances")
    assert found.facts["oldest"] == OLD


def test_things_of_one_kind_are_one_finding() -> None:
    rows = joined(instance(), instance(arn="arn:second"))
    assert [each.facts["count"] for each in failures("SEP.4", rows)] == [2]


def test_every_kind_of_service_counts() -> None:
    tables = [table for table in SERVICE_TABLES if table != "ec2_instances"]
    rows = joined(*(thing(table, created=OLD) for table in tables))
    assert [each.key for each in failures("SEP.4", rows)] == tables
    assert len(tables) == 13


def test_what_is_young_stopped_going_or_elsewhere_is_in_order() -> None:
    rows = joined(
        instance(YOUNG),
        instance(state="stopped"),
        instance(account_id=DEVELOPMENT),
        database(status="deleting"),
        database(cluster="aurora"),
        thing("ecs_services", created=OLD, desired_count=0),
        thing("autoscaling_groups", created=OLD, desired_capacity=0),
        thing("sagemaker_notebook_instances", created=OLD, status="Stopped"),
    )
    assert statuses(results("SEP.4", rows)) == ["ok"]


def test_the_agreed_age_decides() -> None:
    more = engagement(thresholds={"sandbox_age_days": 60})
    assert not failures("SEP.4", instance(), engagement=more)


def test_an_age_that_was_not_read_is_unknown() -> None:
    assert statuses(results("SEP.4", database(None))) == ["unknown"]


def test_instances_that_were_not_read_leave_it_open(tmp_path: Path) -> None:
    found = judged("SEP.4", tmp_path, database(), ("ec2_instances", SANDBOX, REGION))
    assert {each.status for each in found if each.account_id == SANDBOX} == {"fail", "unknown"}
