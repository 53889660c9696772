"""DEP.5: service roles and termination protection of stacks."""

from typing import Any

import pytest

from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    failures,
    results,
    statuses,
)


def stack(account: str = PRODUCTION, name: str = "billing-prod", **more: Any) -> dict[str, Any]:
    return {
        "account_id": account,
        "region": REGION,
        "arn": f"arn:aws:cloudformation:{REGION}:{account}:stack/{name}/1",
        "name": name,
        "status": "UPDATE_COMPLETE",
        "role_arn": f"arn:aws:iam::{account}:role/billing-deploy",
        "termination_protection": True,
        **more,
    }


def keys(*stacks: dict[str, Any]) -> list[str]:
    return [result.key for result in failures("DEP.5", {"cloudformation_stacks": stacks})]


def test_a_protected_stack_with_a_service_role_meets_it() -> None:
    assert statuses(results("DEP.5", {"cloudformation_stacks": [stack()]})) == ["ok"]


def test_each_lack_is_a_failure_of_its_own() -> None:
    assert keys(stack(role_arn=None)) == ["service_role"]
    assert keys(stack(termination_protection=False)) == ["termination_protection"]
    assert keys(stack(termination_protection=None, role_arn=None)) == [
        "service_role",
        "termination_protection",
    ]


def test_only_production_needs_protection_from_deletion() -> None:
    assert keys(stack(DEVELOPMENT, termination_protection=False)) == []
    assert keys(stack("999999999999", termination_protection=False)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"parent_id": "arn:aws:cloudformation:x:1:stack/root/1"},
        {"status": "DELETE_COMPLETE"},
        {"status": "REVIEW_IN_PROGRESS"},
        {"name": "StackSet-AWSControlTowerBP-1"},
    ],
)
def test_stacks_that_have_neither_of_their_own_are_left_out(more: dict[str, Any]) -> None:
    bare = stack(**{"role_arn": None, "termination_protection": False, **more})
    assert results("DEP.5", {"cloudformation_stacks": [bare]}) == []
