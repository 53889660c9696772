"""Exported authorization details by account: the pages in files, put together and checked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from awsbasics.collect.export_file import COMMAND, read_objects
from awsbasics.collect.export_gaps import Gap, counted, signs_of_gaps
from awsbasics.collect.export_shape import documented_list
from awsbasics.collect.table import Item
from awsbasics.errors import UsageError

KINDS: Mapping[str, str] = {
    "UserDetailList": "user",
    "GroupDetailList": "group",
    "RoleDetailList": "role",
    "Policies": "policy",
}
# IsTruncated and Marker are the API's, NextToken is what the CLI makes of them.
TRUNCATION_MARKS = ("IsTruncated", "Marker", "NextToken")

_ARN = re.compile(r"arn:(aws[a-z-]*):iam::([0-9]{12}|aws):([a-z]+)/.+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One JSON object of a file; `number` is its place there, from 1.

    `lists` are those that it has; `faults` the places in them that AWS does not document.
    """

    path: Path
    number: int
    partition: str
    account_id: str
    lists: Mapping[str, list[Item]]
    faults: Mapping[str, list[str]]
    truncated: bool
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Export:
    """One account's authorization details: lists by name, and why they may not be whole.

    A list that no file has is not in `lists`. `written_at` is when the oldest file was written.
    """

    account_id: str
    partition: str
    lists: Mapping[str, list[Item]]
    gaps: tuple[Gap, ...]
    written_at: datetime


def read_exports(files: Iterable[Path]) -> list[Export]:
    """The accounts in exported files, in the order of the files.

    UsageError where there is none, a file is no export, or they are of several partitions.
    """
    pages: dict[tuple[str, str], list[Page]] = {}
    for file in dict.fromkeys(files):
        for page in read_pages(file):
            pages.setdefault((page.partition, page.account_id), []).append(page)
    if not pages:
        raise UsageError(f"no file was given; export one with {COMMAND}")
    partitions = sorted({partition for partition, _ in pages})
    if len(partitions) > 1:
        names = " and ".join(partitions)
        raise UsageError(f"the files are of partitions {names}; make a snapshot of each")
    return [_joined(found) for found in pages.values()]


def read_pages(path: Path) -> list[Page]:
    """The exports in one file; UsageError where it holds anything else."""
    pages: list[Page] = []
    for number, content in enumerate(read_objects(path), start=1):
        pages.append(_page(path, number, content, pages[-1] if pages else None))
    return pages


def _page(path: Path, number: int, content: Item, before: Page | None) -> Page:
    source = str(path) if number == 1 else f"{path}, object {number}"
    if not any(name in content for name in KINDS):
        raise UsageError(f"{source} has no UserDetailList; export it with {COMMAND}")
    lists: dict[str, list[Item]] = {}
    faults: dict[str, list[str]] = {}
    for name in KINDS:
        if content.get(name) is not None:
            lists[name], faults[name] = _list(source, name, content[name])
    partition, account_id = _owner(source, lists, before)
    truncated = any(content.get(mark) for mark in TRUNCATION_MARKS)
    at = _written_at(path)
    return Page(path, number, partition, account_id, lists, faults, truncated, at)


def _written_at(path: Path) -> datetime:
    """When the file was written: what AWS answered is at least as old."""
    return min(datetime.fromtimestamp(path.stat().st_mtime, UTC), datetime.now(UTC))


def _list(source: str, name: str, value: Any) -> tuple[list[Item], list[str]]:
    """A list's items as AWS documents them, with ARNs of their kind; and the places of faults."""
    try:
        items, faults = documented_list(name, value)
    except TypeError as error:
        raise UsageError(f"{source} is damaged: {error}; export it with {COMMAND}") from None
    faults += [f"{name}, {item['Arn']!r:.80}" for item in items if not _is_named(name, item)]
    return [item for item in items if _is_named(name, item)], faults


def _is_named(name: str, item: Item) -> bool:
    match = _ARN.fullmatch(item["Arn"])
    if match is None or match[3] != KINDS[name]:
        return False
    return match[2] != "aws" or name == "Policies"


def _owner(source: str, lists: Mapping[str, list[Item]], before: Page | None) -> tuple[str, str]:
    """Partition and account of an object by its ARNs; those of the one before, if it has none."""
    matches = (_ARN.fullmatch(item["Arn"]) for items in lists.values() for item in items)
    owners = sorted({(match[1], match[2]) for match in matches if match and match[2] != "aws"})
    if len(owners) > 1:
        some = f"{owners[0][1]} and {owners[1][1]}"
        raise UsageError(f"{source} mixes accounts {some}; export each on its own")
    if owners:
        return owners[0]
    if before is None:
        raise UsageError(f"{source} names no account in its ARNs; export it with {COMMAND}")
    return before.partition, before.account_id


def _joined(pages: Sequence[Page]) -> Export:
    """The pages and files of one account as one export; of equal ARNs the first counts."""
    lists: dict[str, list[Item]] = {}
    gaps: list[Gap] = []
    for name in KINDS:
        parts = [page.lists[name] for page in pages if name in page.lists]
        if parts:
            lists[name], differing = _union(parts)
            gaps += _flaws(name, pages, differing)
    gaps += signs_of_gaps(lists, in_parts=len(pages) > 1)
    oldest = min(page.written_at for page in pages)
    return Export(pages[0].account_id, pages[0].partition, lists, tuple(gaps), oldest)


def _union(parts: Iterable[list[Item]]) -> tuple[list[Item], list[str]]:
    """All items, each ARN once; and the ARNs that are there with different content."""
    items: dict[str, Item] = {}
    differing: dict[str, None] = {}
    for part in parts:
        for item in part:
            if items.setdefault(item["Arn"], item) != item:
                differing[item["Arn"]] = None
    return list(items.values()), list(differing)


def _flaws(name: str, pages: Sequence[Page], differing: list[str]) -> Iterator[Gap]:
    """What the pages themselves tell of a list."""
    cut = [page.path for page, after in zip_longest(pages, pages[1:]) if _is_cut(page, after)]
    if cut:
        yield Gap(name, "IsTruncated", f"{cut[0]} is only a part; export all of the account")
    faults = [fault for page in pages for fault in page.faults.get(name, ())]
    if faults:
        yield Gap(name, "NotAsDocumented", f"not as AWS documents it: {counted(faults)}")
    if differing:
        text = f"the files differ about {counted(differing)}; export the account again"
        yield Gap(name, "Differing", text)


def _is_cut(page: Page, after: Page | None) -> bool:
    """Whether a page breaks off; within a file the next one goes on where it did."""
    if not page.truncated:
        return False
    return after is None or (after.path, after.number) != (page.path, page.number + 1)
