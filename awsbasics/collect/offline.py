"""A snapshot without an account: from what `aws iam get-account-authorization-details` prints.

The tables that this one call fills are filled through their ordinary declarations; all
others are marked as not read, and so are unknown in an assessment.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from awsbasics.collect.caller import Memo, Tally
from awsbasics.collect.engine import Row, read_table, unread
from awsbasics.collect.export import Export, read_exports
from awsbasics.collect.export_shape import OPERATION
from awsbasics.collect.outcome import Failure, NotInExport
from awsbasics.collect.table import GLOBAL_REGION, Answer, Table, dig
from awsbasics.collect.tables import TABLES
from awsbasics.collect.writer import SnapshotWriter
from awsbasics.coverage import Coverage
from awsbasics.snapshot import Snapshot, open_snapshot


def import_authorization_details(
    files: Iterable[str | os.PathLike[str]], output: str | os.PathLike[str]
) -> Snapshot:
    """A snapshot from exported authorization details, of one or several accounts.

    A file holds the JSON of one or several calls, one after another. What is known of one
    account from several files is taken together. Raises UsageError for a file that is no such
    export (then nothing is written), SnapshotError where the output cannot be written.
    """
    exports = read_exports([Path(file) for file in files])
    with SnapshotWriter(output) as writer:
        writer.begin({"account_id": exports[0].account_id, "arn": ""})
        for export in exports:
            rows, coverage = _read(export, at_home=export is exports[0])
            writer.write_account(export.account_id, rows, coverage)
        writer.finish(_about(exports))
    return open_snapshot(output)


@dataclass(frozen=True)
class ExportCaller:
    """The `Caller` of declarations that answers from an export, for one table.

    `asked` are the export's lists that the table is made of.
    """

    export: Export
    region: str = GLOBAL_REGION
    regions: tuple[str, ...] = ()
    is_home: bool = True
    common: Memo = field(default_factory=Memo)
    tally: Tally = field(default_factory=Tally)
    asked: set[str] = field(default_factory=set)

    @property
    def account_id(self) -> str:
        """The account of the export."""
        return self.export.account_id

    @property
    def partition(self) -> str:
        """The partition of the account's ARNs."""
        return self.export.partition

    def fresh(self) -> "ExportCaller":
        """Itself: it is made for one table."""
        return self

    def items(self, service: str, operation: str, path: str, **_: Any) -> list[Any]:
        """The export's items at a path; NotInExport for any other call.

        What the list lacks is noted, once for the table.
        """
        if operation != OPERATION:
            raise NotInExport(f"{service}:{operation} was not asked")
        name = path.partition(".")[0].removesuffix("[]")
        if name not in self.asked:
            self.asked.add(name)
            self._note_gaps(name)
        return list(dig(self.export.lists, path) or [])

    def listed(self, service: str, operation: str, path: str, **_: Any) -> Answer:
        """The same as an answer, never raising."""
        try:
            return Answer("ok", self.items(service, operation, path))
        except NotInExport as error:
            return _not_in_export(error)

    def answer(self, service: str, operation: str, *_: Any, **__: Any) -> Answer:
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

    def _note_gaps(self, name: str) -> None:
        if name not in self.export.lists:
            self.note(Answer("error", None, "MissingList", f"the export has no {name}"), OPERATION)
        for gap in self.export.gaps:
            if gap.list == name:
                self.note(Answer("error", None, gap.code, gap.text), OPERATION)


def _read(export: Export, *, at_home: bool) -> tuple[Mapping[str, list[Row]], list[Coverage]]:
    """Every table of an account: rows of those that the export fills, coverage of all.

    The organization's tables count once, for the first account.
    """
    rows: dict[str, list[Row]] = {}
    coverage: list[Coverage] = []
    for table in TABLES.values():
        if table.operation == OPERATION:
            rows[table.name], read = _filled(table, export)
            coverage.append(read)
        elif at_home or table.scope != "organization":
            coverage.append(_not_read(table, export, "not in an authorization-details export"))
    return rows, coverage


def _filled(table: Table, export: Export) -> tuple[list[Row], Coverage]:
    caller = ExportCaller(export)
    read = read_table(table, caller)
    if caller.asked.isdisjoint(export.lists):
        return [], _not_read(table, export, f"the export has no {' or '.join(caller.asked)}")
    return read.rows, replace(read.coverage, read_at=export.written_at)


def _not_read(table: Table, export: Export, text: str) -> Coverage:
    reason = Failure("not_read", "NotInExport", text)
    operation = f"{table.service}:{table.operation}"
    return unread(table, export.account_id, GLOBAL_REGION, reason, operation)


def _not_in_export(error: NotInExport) -> Answer:
    return Answer("error", None, "NotInExport", str(error))


def _about(exports: list[Export]) -> dict[str, Any]:
    accounts = [
        {"id": e.account_id, "name": "", "status": "ACTIVE", "gathered": True, "reason": ""}
        for e in exports
    ]
    return {
        "kind": "authorization_details",
        "partition": exports[0].partition,
        "organization": False,
        "management_account_id": None,
        "accounts": accounts,
        "regions": [],
    }
