"""SEP.4: nothing stays in a sandbox."""

from pathlib import Path
from typing import Any

import pytest

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


@pytest.mark.parametrize(
    "table",
    [
        "autoscaling_groups",
        "rds_db_clusters",
        "ecs_services",
        "eks_clusters",
        "elbv2_load_balancers",
        "elb_load_balancers",
        "ec2_nat_gateways",
        "elasticache_clusters",
        "opensearch_domains",
        "redshift_clusters",
        "sagemaker_endpoints",
        "sagemaker_notebook_instances",
    ],
)
def test_every_kind_of_service_counts(table: str) -> None:
    assert [each.key for each in failures("SEP.4", thing(table, created=OLD))] == [table]


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
