"""Auto scaling groups."""

import json

from tests.collect.fake_caller import rows_of
from tests.collect.recordings.workloads import RECORDED


def test_a_group_names_every_template_that_it_may_start_from() -> None:
    (row,) = rows_of("autoscaling_groups", RECORDED["autoscaling_groups"])
    templates = [each["LaunchTemplateId"] for each in json.loads(row["launch_templates"])]
    assert templates == ["lt-1", "lt-2", "lt-3"]
    assert json.loads(row["subnet_ids"]) == ["subnet-1", "subnet-2"]


def test_a_group_of_the_older_kind_has_no_templates() -> None:
    old = {"AutoScalingGroupName": "old", "LaunchConfigurationName": "old"}
    answers = {"DescribeAutoScalingGroups": {"AutoScalingGroups": [old]}}
    (row,) = rows_of("autoscaling_groups", answers)
    assert (row["launch_templates"], row["subnet_ids"]) == ("[]", "[]")
