from typing import Any

import pytest

from awsbasics.collect.export_gaps import Gap, signs_of_gaps
from tests.authorization_details import authorization_details

Details = dict[str, Any]


@pytest.fixture
def details() -> Details:
    return authorization_details(principals=40)


def _gaps(details: Details, *, in_parts: bool = False) -> dict[str, Gap]:
    return {gap.list: gap for gap in signs_of_gaps(details, in_parts=in_parts)}


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_whole_account_gives_no_sign(details: Details, in_parts: bool) -> None:
    assert _gaps(details, in_parts=in_parts) == {}


@pytest.mark.parametrize("name", ["UserDetailList", "GroupDetailList", "RoleDetailList"])
def test_a_kind_that_was_filtered_out_is_missed(details: Details, name: str) -> None:
    details[name] = []
    gaps = _gaps(details)
    assert gaps.keys() == {name}
    assert "without --filter" in gaps[name].text


def test_groups_that_users_are_in_are_missed(details: Details) -> None:
    lost = details["GroupDetailList"].pop(0)
    gaps = _gaps(details)
    assert gaps.keys() == {"GroupDetailList"}
    assert lost["GroupName"] in gaps["GroupDetailList"].text


def test_policies_in_use_are_missed_also_as_boundaries(details: Details) -> None:
    used = ("limits/people", "ReadOnlyAccess")
    details["Policies"] = [p for p in details["Policies"] if not p["Arn"].endswith(used)]
    text = _gaps(details)["Policies"].text
    assert "policy/limits/people and 1 more" in text


def test_an_account_without_even_aws_own_roles_is_not_believed() -> None:
    lists: Details = dict.fromkeys(authorization_details(), ())
    assert _gaps(lists).keys() == {"RoleDetailList"}


def test_a_user_who_is_missing_from_one_of_several_parts_is_missed(details: Details) -> None:
    details["UserDetailList"].pop(0)
    assert _gaps(details) == {}
    gaps = _gaps(details, in_parts=True)
    assert gaps.keys() == {"UserDetailList", "GroupDetailList", "RoleDetailList"}


def test_a_list_that_is_not_there_at_all_is_told_elsewhere(details: Details) -> None:
    del details["GroupDetailList"]
    assert "GroupDetailList" not in _gaps(details)
