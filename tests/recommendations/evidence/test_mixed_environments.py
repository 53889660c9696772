"""SEP.3: one account, one environment."""

from pathlib import Path
from typing import Any

from awsbasics.engagement import Engagement
from tests.recommendations.principal_rows import Tables, joined
from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    SANDBOX,
    failures,
    judged,
    results,
)


def stack(name: str, account: str = PRODUCTION, **more: Any) -> Tables:
    place = {"account_id": account, "region": REGION, "arn": f"arn:{name}", "name": name}
    return {"cloudformation_stacks": [{**place, "status": "CREATE_COMPLETE", **more}]}


def secret(name: str, account: str = PRODUCTION, **more: Any) -> Tables:
    place = {"account_id": account, "region": REGION, "arn": f"arn:{name}", "name": name}
    return {"secretsmanager_secrets": [{**place, **more}]}


def tagged(account: str, **tags: str) -> Tables:
    return {"tagging_resources": [{"account_id": account, "arn": "arn:queue", "tags": tags}]}


def test_development_in_production_is_one_finding_with_its_evidence() -> None:
    found = failures("SEP.3", joined(stack("shop-prod"), stack("shop-dev"), secret("dev/shop/db")))
    assert [(each.account_id, each.severity) for each in found] == [(PRODUCTION, "high")]
    assert "1 stack and 1 secret of development" in found[0].title
    assert found[0].facts["found"]["development"]["secret"] == ["dev/shop/db"]


def test_tags_tell_too() -> None:
    [found] = failures("SEP.3", tagged(DEVELOPMENT, Environment="prod"))
    assert found.account_id == DEVELOPMENT
    assert not failures("SEP.3", tagged(DEVELOPMENT, Environment="blue"))


def test_an_account_of_one_environment_is_in_order() -> None:
    rows = joined(stack("shop-prod"), secret("prod/shop/db"), tagged(PRODUCTION, env="production"))
    assert not failures("SEP.3", rows)
    assert PRODUCTION in {each.account_id for each in results("SEP.3", rows)}


def test_test_beside_development_weighs_less_and_a_sandbox_less_again() -> None:
    rows = joined(stack("shop-test", DEVELOPMENT), stack("shop-prod", SANDBOX))
    found = {each.account_id: each.severity for each in failures("SEP.3", rows)}
    assert found == {DEVELOPMENT: "medium", SANDBOX: "medium"}


def test_an_account_without_an_environment_fails_where_it_holds_two() -> None:
    rows = joined(stack("shop-test"), stack("shop-dev"))
    [found] = failures("SEP.3", rows, engagement=Engagement())
    assert found.title.startswith("Account ")


def test_what_names_no_phase_is_left_alone() -> None:
    rows = joined(
        stack("pipeline-dev", ARCHIVE),
        stack("shop-dev", status="DELETE_COMPLETE"),
        stack("shop-dev", parent_id="arn:root"),
        secret("dev/shop/db", owning_service="rds"),
        stack("StackSet-AWSControlTowerBP-BASELINE-1f"),
    )
    assert not failures("SEP.3", rows)


def test_stacks_that_were_not_read_leave_it_open(tmp_path: Path) -> None:
    denied = ("cloudformation_stacks", PRODUCTION, "*")
    found = judged("SEP.3", tmp_path, secret("prod/shop/db"), denied)
    assert {each.account_id for each in found if each.status == "unknown"} == {PRODUCTION}
