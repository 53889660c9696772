"""Small pure steps that service modules share: tags, ARNs, answers found while gathering."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from awsbasics.collect.table import Answer, Caller, Item

T = TypeVar("T")

TAGS_COLUMN_TEXT = "Tags as a JSON object, key to value."


def tags_object(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """AWS's list of `Key` and `Value` as one object; empty where there are no tags."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags or ()}


def with_tags(item: Item) -> Iterable[Item]:
    """A `split` that makes one row of an item, with `tags` as an object."""
    return ({**item, "tags": tags_object(item.get("Tags"))},)


def tagged(key: str) -> Callable[[Item], Iterable[Item]]:
    """A `split` that makes one row of an item, with `tags` from what is at `key`.

    There is an object, or a list of `Key` and `Value`, which some services write small.
    """
    return lambda item: ({**item, "tags": any_tags(item.get(key))},)


def any_tags(tags: Any) -> dict[str, str]:
    """Tags as one object, from an object or a list of `Key`/`Value` or `key`/`value`."""
    if isinstance(tags, Mapping):
        return dict(tags)
    pairs = ({name.lower(): part for name, part in tag.items()} for tag in tags or ())
    return {pair["key"]: pair.get("value", "") for pair in pairs}


def batches(things: Iterable[T], size: int) -> list[list[T]]:
    """Things in lists of at most `size`, in order, for calls that take only so many."""
    whole = list(things)
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def arn_part(arn: str, index: int) -> str:
    """A part of an ARN (1 partition, 2 service, 3 region, 4 account); empty if it is no ARN."""
    parts = arn.split(":", 5)
    return parts[index] if len(parts) == 6 and parts[0] == "arn" else ""


def account_of(arn: str) -> str:
    """The account in an ARN (`aws` for what AWS manages), or an empty text."""
    return arn_part(arn, 4)


def region_of(arn: str) -> str:
    """The region in an ARN, or an empty text."""
    return arn_part(arn, 3)


def regional_arn(call: Caller, service: str, resource: str, owner: str | None = None) -> str:
    """The ARN of a resource in the caller's region, for APIs that do not give it.

    `owner` is the account that owns the resource, where it may be another than the one asked.
    """
    return f"arn:{call.partition}:{service}:{call.region}:{owner or call.account_id}:{resource}"


def answered(*columns: str) -> Callable[[Caller, Item], Mapping[str, Answer]]:
    """An `each` for follow-up columns whose answers `gather` already put into the item."""

    def each(_call: Caller, item: Item) -> Mapping[str, Answer]:
        return {column: item[column] for column in columns}

    return each


class Unread(Exception):
    """Raised in `Caller.shared` for what was not read, so that it is not kept for everyone.

    `value` says what came of it, `account_id` who asked.
    """

    def __init__(self, value: Any, account_id: str) -> None:
        self.value = value
        self.account_id = account_id
        super().__init__("not read")
