"""Queues."""

from tests.collect.fake_caller import ACCOUNT, read, refused, rows_of
from tests.collect.recordings.watch import RECORDED

ANSWERS = RECORDED["sqs_queues"]


def test_no_queues_are_an_answer_without_a_list() -> None:
    assert rows_of("sqs_queues", {"ListQueues": {}}) == []


def test_a_queue_has_its_arn_and_its_policy() -> None:
    (row,) = rows_of("sqs_queues", ANSWERS)
    assert row["arn"] == f"arn:aws:sqs:eu-west-1:{ACCOUNT}:jobs"
    assert row["policy_status"] == "ok"


def test_a_queue_without_a_policy_is_not_one_whose_policy_was_denied() -> None:
    (row,) = rows_of("sqs_queues", {**ANSWERS, "GetQueueAttributes": {}})
    assert (row["policy"], row["policy_status"]) == (None, "absent")

    found = read("sqs_queues", {**ANSWERS, "GetQueueAttributes": refused()})
    assert found.rows[0]["policy_status"] == "denied"
    assert found.coverage.status == "partial"
