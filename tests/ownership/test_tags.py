from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.ownership.code import terraform_tag
from awsbasics.ownership.tags import MAX_TEXT, find_tag, read_tags


def test_tags_are_read_from_text_and_mappings() -> None:
    assert dict(read_tags('{"app": "billing"}')) == {"app": "billing"}
    assert dict(read_tags({"app": "billing"})) == {"app": "billing"}


@pytest.mark.parametrize(
    "tags",
    [None, float("nan"), pd.NA, pd.NaT, 5, "", "null", "[]", "[1]", "{", "x", '{"a": 1}', '"a"',
     "[" * 100_000, '{"a": ["x"]}', {"a": None}, {1: "x"}, ["a"]],
)  # fmt: skip
def test_what_holds_no_tags_has_none(tags: Any) -> None:
    assert dict(read_tags(tags)) == {}


def test_text_far_larger_than_tags_can_be_is_not_parsed() -> None:
    assert dict(read_tags('{"a": "' + "x" * MAX_TEXT + '"}')) == {}
    large = "x" * 10_000
    assert dict(read_tags('{"a": "' + large + '"}')) == {"a": large}


def test_a_tag_is_found_in_any_case_in_the_order_asked_for() -> None:
    tags = {"APP": "one", "Application": "two"}
    assert find_tag(tags, ("application", "app")) == ("Application", "two")
    assert find_tag(tags, ("app",)) == ("APP", "one")
    assert find_tag(tags, ("team",)) is None


def test_the_case_that_was_asked_for_comes_first() -> None:
    assert find_tag({"APP": "one", "app": "two"}, ("app",)) == ("app", "two")


def test_a_blank_tag_is_no_tag() -> None:
    assert find_tag({"application": " ", "app": " x "}, ("application", "app")) == ("app", "x")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all(isinstance(value, str) for value in read_tags(text).values())


@pytest.mark.parametrize(
    "tags",
    [
        {"terraform": "true"},
        {"Terraform": "1.9"},
        {"tf:module": "x"},
        {"terraform:workspace": "prod"},
        {"ManagedBy": "Terraform"},
        {"managed-by": "terraform"},
        {"managed_by": "terragrunt"},
        {"Managed By": "OpenTofu"},
        {"other": "x", "managedBy": " terraform "},
    ],
)
def test_terraform_is_known_by_its_conventions(tags: dict[str, str]) -> None:
    assert terraform_tag(tags) == list(tags)[-1]


@pytest.mark.parametrize(
    "tags",
    [{}, {"terraform": "false"}, {"terraform": ""}, {"ManagedBy": "hand"}, {"note": "terraform"},
     {"tf": "x"}, {"managedby": "not terraform"}],
)  # fmt: skip
def test_other_tags_are_not_terraforms(tags: dict[str, str]) -> None:
    assert terraform_tag(tags) is None
