"""Stack sets and stack policies."""

import json

from tests.collect.fake_caller import asked, fake_caller, read, refused, rows_of
from tests.collect.recordings.delivery import RECORDED

SETS = RECORDED["cloudformation_stack_sets"]
POLICIES = RECORDED["cloudformation_stack_policies"]


def test_only_a_set_that_is_managed_by_hand_is_asked_for_its_roles() -> None:
    caller = fake_caller(SETS)
    rows = {row["name"]: row for row in rows_of("cloudformation_stack_sets", caller)}
    assert rows["baseline"]["execution_role_name"] == "AWSCloudFormationStackSetExecutionRole"
    assert rows["roles"]["administration_role_arn_status"] == "absent"
    assert asked(caller).count("DescribeStackSet") == 1


def test_a_stack_without_a_policy_is_not_one_whose_policy_was_denied() -> None:
    none = {**POLICIES, "GetStackPolicy": {}}
    (row,) = rows_of("cloudformation_stack_policies", none)
    assert (row["policy"], row["policy_status"]) == (None, "absent")

    found = read("cloudformation_stack_policies", {**POLICIES, "GetStackPolicy": refused()})
    assert found.rows[0]["policy_status"] == "denied"
    assert found.coverage.status == "partial"


def test_a_stack_policy_is_json() -> None:
    (row,) = rows_of("cloudformation_stack_policies", POLICIES)
    assert json.loads(row["policy"])["Statement"] == []


def test_a_stack_in_review_is_not_asked_for_a_policy() -> None:
    (stack,) = POLICIES["DescribeStacks"]["Stacks"]
    review = {**stack, "StackStatus": "REVIEW_IN_PROGRESS"}
    caller = fake_caller({**POLICIES, "DescribeStacks": {"Stacks": [review]}})
    assert rows_of("cloudformation_stack_policies", caller) == []
    assert asked(caller) == ["DescribeStacks"]
