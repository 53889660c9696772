"""Metric filters, and where trails deliver."""

from tests.collect.fake_caller import ACCOUNT, asked, fake_caller, rows_of
from tests.collect.recordings.watch import LOG_GROUP, RECORDED

TABLE = "logs_trail_log_groups"
ANSWERS = RECORDED[TABLE]


def test_a_trails_group_is_the_one_of_just_its_name() -> None:
    (row,) = rows_of(TABLE, ANSWERS)
    assert (row["arn"], row["exists"], row["retention_days"]) == (LOG_GROUP, True, 365)


def test_a_group_that_was_deleted_is_a_row_that_says_so() -> None:
    (row,) = rows_of(TABLE, {**ANSWERS, "DescribeLogGroups": {"logGroups": []}})
    assert (row["exists"], row["retention_days"]) == (False, None)


def test_a_group_of_another_account_is_neither_a_row_nor_asked_about() -> None:
    (trail,) = ANSWERS["DescribeTrails"]["trailList"]
    for group in (LOG_GROUP.replace(ACCOUNT, "111122223333") + ":*", ""):
        other = {"DescribeTrails": {"trailList": [{**trail, "CloudWatchLogsLogGroupArn": group}]}}
        caller = fake_caller({**ANSWERS, **other})
        assert rows_of(TABLE, caller) == []
        assert asked(caller) == ["DescribeTrails"]
