"""Launch templates, without user data."""

import json

from tests.collect.fake_caller import fake_caller, rows_of
from tests.collect.recordings.network import RECORDED, USER_DATA, launch_template_version

TABLE = "ec2_launch_template_versions"


def test_the_latest_and_the_default_version_are_a_row_each_and_the_same_one_only_once() -> None:
    rows = rows_of(TABLE, RECORDED[TABLE])
    assert {(row["version"], row["is_default"]) for row in rows} == {(1, True), (2, False)}
    assert len(rows) == 2


def test_groups_of_the_template_and_of_its_interfaces_are_one_list() -> None:
    row = rows_of(TABLE, RECORDED[TABLE])[0]
    assert json.loads(row["group_ids"]) == ["sg-1", "sg-2"]
    assert row["instance_profile"] == "workers"


def test_a_template_without_anything_is_a_row_and_in_one_call_with_the_others() -> None:
    bare = {**launch_template_version(), "LaunchTemplateData": {}}
    caller = fake_caller({"DescribeLaunchTemplateVersions": {"LaunchTemplateVersions": [bare]}})
    (row,) = rows_of(TABLE, caller)
    assert (row["group_ids"], row["instance_profile"]) == ("[]", None)
    assert len(caller.session.asked) == 1  # type: ignore[attr-defined]


def test_user_data_are_not_kept() -> None:
    assert USER_DATA not in str(rows_of(TABLE, RECORDED[TABLE]))
