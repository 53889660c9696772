"""A snapshot without an account: from what `aws iam get-account-authorization-details` prints.

The tables that this one call fills are filled through their ordinary declarations; all
others are marked as not read, and so are unknown in an assessment.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from awsbasics.collect.caller import Memo, Tally
from awsbasics.collect.engine import Row, read_table, unread
from awsbasics.collect.outcome import Failure, NotInExport
from awsbasics.collect.table import GLOBAL_REGION, Answer, Table, dig
from awsbasics.collect.tables import TABLES
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.coverage import Coverage
from awsbasics.errors import UsageError
from awsbasics.snapshot import Snapshot, open_snapshot

EXPORT = "GetAccountAuthorizationDetails"
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
COMMAND = "`aws iam get-account-authorization-details`"


def import_authorization_details(
    files: Iterable[str | os.PathLike[str]], output: str | os.PathLike[str]
) -> Snapshot:
    """A snapshot from exported authorization details, of one or several accounts.

    Several files of one account are taken together. Raises UsageError for a file that is no
    such export, SnapshotError where the output cannot be written.
    """
    exports: dict[str, Export] = {}
    for file in files:
        export = read_export(Path(file))
        known = exports.get(export.account_id)
        exports[export.account_id] = known.joined(export) if known else export
    if not exports:
        raise UsageError(f"no file was given; export one with {COMMAND}")
    with SnapshotWriter(output) as writer:
        first = next(iter(exports.values()))
        writer.begin({"account_id": first.account_id, "arn": ""})
        for export in exports.values():
            _write(writer, export)
        writer.finish(_about(exports.values(), first.partition))
    return open_snapshot(output)


@dataclass(frozen=True)
class Export:
    """One account's authorization details; `truncated` where the export is not whole."""

    account_id: str
    partition: str
    lists: Mapping[str, list[Any]]
    truncated: bool = False

    def joined(self, other: "Export") -> "Export":
        """Two exports of the same account as one; the first `Arn` seen counts."""
        lists = {name: _by_arn([*self.lists[name], *other.lists[name]]) for name in LISTS}
        truncated = self.truncated or other.truncated
        return Export(self.account_id, self.partition, lists, truncated)


@dataclass(frozen=True)
class ExportCaller:
    """The `Caller` of declarations that answers from an export."""

    export: Export
    region: str = GLOBAL_REGION
    regions: tuple[str, ...] = ()
    is_home: bool = True
    common: Memo = field(default_factory=Memo)
    tally: Tally = field(default_factory=Tally)

    @property
    def account_id(self) -> str:
        """The account of the export."""
        return self.export.account_id

    @property
    def partition(self) -> str:
        """The partition of the account's ARNs."""
        return self.export.partition

    def fresh(self) -> "ExportCaller":
        """The same caller with an empty tally."""
        return ExportCaller(self.export)

    def items(self, service: str, operation: str, path: str, **_: Any) -> list[Any]:
        """The export's items at a path; NotInExport for any other call."""
        if operation != EXPORT:
            raise NotInExport(f"{service}:{operation} was not asked")
        return list(dig(self.export.lists, path) or [])

    def listed(self, service: str, operation: str, path: str, **_: Any) -> Answer:
        """The same as an answer, never raising."""
        try:
            return Answer("ok", self.items(service, operation, path))
        except NotInExport as error:
            return _not_in_export(error)

    def answer(self, service: str, operation: str, path: str = "", **_: Any) -> Answer:
        """No follow-up call has an answer here."""
        return _not_in_export(NotInExport(f"{service}:{operation} was not asked"))

    def map(self, function: Callable[[Any], Any], things: Iterable[Any]) -> list[Any]:
        """`function` over things, in order."""
        return [function(thing) for thing in things]

    def shared(self, key: tuple[str, ...], function: Callable[[], Any]) -> Any:
        """The value of `function`, computed once for a key."""
        return self.common.get(key, function)

    def note(self, answer: Answer, operation: str) -> None:
        """Record that part of the table was not read."""
        self.tally.note(answer, operation)


def read_export(path: Path) -> Export:
    """One exported file; UsageError where it is none."""
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON; export it with {COMMAND}") from error
    if not isinstance(content, dict) or not any(name in content for name in LISTS):
        raise UsageError(f"{path} has no {LISTS[0]}; export it with {COMMAND}")
    lists = {name: content.get(name) or [] for name in LISTS}
    if not all(isinstance(part, list) for part in lists.values()):
        raise UsageError(f"{path} is damaged: its lists are something else")
    partition, account_id = _account(path, lists)
    missing = [name for name in LISTS if name not in content]
    return Export(account_id, partition, lists, bool(content.get("IsTruncated") or missing))


def _account(path: Path, lists: Mapping[str, list[Any]]) -> tuple[str, str]:
    """Partition and account that the export is of, by its ARNs."""
    arns = (str(item.get("Arn", "")) for part in lists.values() for item in part if _is_item(item))
    parts = [arn.split(":") for arn in arns if arn.count(":") >= 5]
    owners = Counter((p[1], p[4]) for p in parts if len(p[4]) == 12 and p[4].isdigit())
    if len(owners) != 1:
        found = "no account" if not owners else "more than one account"
        raise UsageError(f"{path}: its ARNs name {found}; export one account to a file")
    return next(iter(owners))


def _is_item(item: Any) -> bool:
    return isinstance(item, Mapping)


def _by_arn(items: list[Any]) -> list[Any]:
    seen: dict[str, Any] = {}
    for item in items:
        key = str(item.get("Arn")) if _is_item(item) else json.dumps(item)
        seen.setdefault(key, item)
    return list(seen.values())


def _write(writer: SnapshotWriter, export: Export) -> None:
    rows: dict[str, list[Row]] = {}
    coverage: list[Coverage] = []
    for table in TABLES.values():
        if table.operation == EXPORT:
            read = read_table(table, ExportCaller(export))
            rows[table.name] = read.rows
            coverage.append(_whole(table, export, read.coverage))
        else:
            coverage.append(_not_read(table, export))
    writer.write_account(export.account_id, rows, coverage)


def _whole(table: Table, export: Export, read: Coverage) -> Coverage:
    """A truncated export's tables are partial, however well they were read."""
    if not export.truncated:
        return read
    reason = Failure("partial", "IsTruncated", "the export is only a part; export it again whole")
    return unread(table, export.account_id, GLOBAL_REGION, reason, EXPORT)


def _not_read(table: Table, export: Export) -> Coverage:
    reason = Failure("not_read", "NotInExport", "not in an authorization-details export")
    operation = f"{table.service}:{table.operation}"
    return unread(table, export.account_id, GLOBAL_REGION, reason, operation)


def _not_in_export(error: NotInExport) -> Answer:
    return Answer("error", None, "NotInExport", str(error))


def _about(exports: Iterable[Export], partition: str) -> dict[str, Any]:
    accounts = [
        {"id": e.account_id, "name": "", "status": "ACTIVE", "gathered": True, "reason": ""}
        for e in exports
    ]
    return {
        "kind": "authorization_details",
        "partition": partition,
        "organization": False,
        "management_account_id": None,
        "accounts": accounts,
        "regions": [],
    }
