"""Tags, ARNs, and what must not be remembered."""

from typing import Any

import pytest

from awsbasics.collect.shaping import (
    account_of,
    batches,
    region_of,
    tagged,
    tags_object,
    with_tags,
)


def test_no_tags_are_an_empty_object() -> None:
    assert tags_object(None) == tags_object([]) == {}


def test_tags_without_a_value_have_an_empty_one() -> None:
    assert tags_object([{"Key": "a", "Value": "1"}, {"Key": "b"}]) == {"a": "1", "b": ""}


def test_with_tags_leaves_the_rest_of_an_item_alone() -> None:
    item = {"Arn": "x", "Tags": [{"Key": "a", "Value": "1"}]}
    assert list(with_tags(item)) == [{**item, "tags": {"a": "1"}}]


@pytest.mark.parametrize(
    ("arn", "region", "account"),
    [
        ("arn:aws-cn:kms:cn-north-1:000000000012:key/a:b", "cn-north-1", "000000000012"),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", "", "aws"),
        ("arn:aws:s3:::bucket", "", ""),
        ("alias/key", "", ""),
        ("", "", ""),
    ],
)
def test_parts_of_an_arn_are_empty_where_it_has_none(arn: str, region: str, account: str) -> None:
    assert (region_of(arn), account_of(arn)) == (region, account)


@pytest.mark.parametrize(
    "tags",
    [
        {"team": "billing", "empty": ""},
        [{"Key": "team", "Value": "billing"}, {"Key": "empty"}],
        [{"key": "team", "value": "billing"}, {"key": "empty"}],
    ],
)
def test_tags_of_all_forms_become_one_object(tags: Any) -> None:
    (item,) = tagged("t")({"t": tags})
    assert item["tags"] == {"team": "billing", "empty": ""}


def test_a_thing_without_tags_has_an_empty_object() -> None:
    (item,) = tagged("t")({})
    assert item["tags"] == {}


def test_batches_hold_every_thing_once_in_order() -> None:
    assert batches(range(7), 3) == [[0, 1, 2], [3, 4, 5], [6]]
    assert batches([], 3) == []
