"""Functions, without the values of their variables."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.collect.fake_caller import read, refused, rows_of
from tests.collect.recordings.workloads import FUNCTION, RECORDED

ANSWERS = RECORDED["lambda_functions"]


def with_function(**changed: Any) -> dict[str, Any]:
    return {**ANSWERS, "ListFunctions": {"Functions": [{**FUNCTION, **changed}]}}


def test_variables_keep_their_names_and_say_what_kind_of_value_they_had() -> None:
    (row,) = rows_of("lambda_functions", ANSWERS)
    assert json.loads(row["environment"]) == {"DB_PASSWORD": "literal", "DB_SECRET": "pointer"}
    assert row["last_modified"] == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("environment", "kept"),
    [
        (None, "{}"),
        ({"Variables": {}}, "{}"),
        ({"Error": {"ErrorCode": "AccessDeniedException", "Message": "kms"}}, None),
    ],
)
def test_no_variables_are_told_from_variables_that_could_not_be_decrypted(
    environment: Any, kept: str | None
) -> None:
    changed = {} if environment is None else {"Environment": environment}
    plain = {key: value for key, value in FUNCTION.items() if key != "Environment"}
    answers = {**ANSWERS, "ListFunctions": {"Functions": [{**plain, **changed}]}}
    (row,) = rows_of("lambda_functions", answers)
    assert row["environment"] == kept


def test_a_function_outside_any_vpc_has_none() -> None:
    outside = with_function(VpcConfig={"VpcId": "", "SubnetIds": [], "SecurityGroupIds": []})
    (row,) = rows_of("lambda_functions", outside)
    assert (row["vpc_id"], row["group_ids"]) == (None, None)


def test_a_function_without_a_policy_is_not_one_whose_policy_was_denied() -> None:
    for code, status, coverage in (
        ("ResourceNotFoundException", "absent", "ok"),
        ("AccessDeniedException", "denied", "partial"),
    ):
        found = read("lambda_functions", {**ANSWERS, "GetPolicy": refused(code)})
        assert (found.rows[0]["policy"], found.rows[0]["policy_status"]) == (None, status)
        assert found.coverage.status == coverage
