"""What a table of account data is: a declaration that one engine reads.

A declaration names the AWS call, where the rows are in its answer, and what each column
holds. The gather, the data dictionary, the empty frames and the read-only IAM policy all
come from it; see `awsbasics.collect.engine` for how it is read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import pyarrow as pa

DType = Literal["string", "int", "float", "bool", "timestamp", "json"]
Scope = Literal["organization", "account", "region"]
AnswerStatus = Literal["ok", "absent", "denied", "error"]
Item = Mapping[str, Any]

GLOBAL_REGION = "global"

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "json": pa.string(),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One follow-up call's outcome: a value, that there is none, or why it was not read."""

    status: AnswerStatus
    value: Any = None
    error_code: str = ""
    error_message: str = ""

    def at(self, path: str) -> "Answer":
        """The same outcome with the part of the value at a path; `absent` if it is missing."""
        if self.status != "ok":
            return self
        value = dig(self.value, path)
        return Answer("absent") if value is None else Answer("ok", value)


class Caller(Protocol):
    """Calls to AWS in one account and one region, as declarations see them."""

    @property
    def account_id(self) -> str:
        """The account that is asked, 12 digits."""
        ...

    @property
    def region(self) -> str:
        """The region that is asked."""
        ...

    @property
    def partition(self) -> str:
        """The partition of both: aws, aws-us-gov or aws-cn."""
        ...

    @property
    def regions(self) -> tuple[str, ...]:
        """All regions of the gather."""
        ...

    def items(
        self,
        service: str,
        operation: str,
        path: str,
        *,
        region: str | None = None,
        **parameters: Any,
    ) -> list[Any]:
        """All pages' items at a path; asked once for the account and region, then remembered."""
        ...

    def listed(
        self,
        service: str,
        operation: str,
        path: str,
        *,
        absent: tuple[str, ...] = (),
        region: str | None = None,
        **parameters: Any,
    ) -> Answer:
        """The same as an answer, never raising: the list, or why there is none."""
        ...

    def answer(
        self,
        service: str,
        operation: str,
        path: str = "",
        *,
        absent: tuple[str, ...] = (),
        expect: str | None = None,
        region: str | None = None,
        **parameters: Any,
    ) -> Answer:
        """One call, never raising: its (part of the) output, or why there is none.

        `absent` are the error codes that mean "there is none"; `expect` is an output member
        that a whole answer always has (default: the first part of `path`).
        """
        ...

    def map(self, function: Callable[[Any], Any], things: Iterable[Any]) -> list[Any]:
        """`function` over things in parallel, in order."""
        ...

    def shared(self, key: tuple[str, ...], function: Callable[[], Any]) -> Any:
        """The value of `function`, computed once in the whole gather for a key."""
        ...

    def note(self, answer: Answer, operation: str) -> None:
        """Record in coverage that part of the table was not read (the row becomes `partial`)."""
        ...


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and type, where its value is in the item, and what it says."""

    name: str
    dtype: DType
    source: str
    description: str
    follow_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A call made per row: boto3's service name, AWS's operation, and when it is made."""

    service: str
    operation: str
    per: str = "row"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of account data, declared.

    `service` is boto3's name, `operation` AWS's. `path` says where the rows are in the output,
    dotted, `[]` flattens. `permissions` are the IAM actions needed where they are not
    `prefix:Operation`. `absent_codes` are error codes that mean "there is none".
    `split` makes several rows of one item; `each` answers the follow-up columns of an item;
    `gather` replaces paging for APIs that need several steps. `optional` tables are read only
    by a gather that asks for them; where they were not, coverage has no row.
    """

    name: str
    description: str
    service: str
    operation: str
    path: str
    columns: tuple[Column, ...]
    scope: Scope = "region"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    permissions: tuple[str, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    absent_codes: tuple[str, ...] = ()
    split: Callable[[Item], Iterable[Item]] | None = None
    each: Callable[[Caller, Item], Mapping[str, Answer]] | None = None
    gather: Callable[[Caller], Iterable[Item]] | None = None
    optional: bool = False

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The declared columns between the two every table has and the twins of follow-ups."""
        columns = list(OWNER_COLUMNS)
        for column in self.columns:
            columns.append(column)
            if column.follow_up:
                columns.append(_status_twin(column))
        return tuple(columns)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema in which the table is written."""
        return pa.schema([(column.name, ARROW_TYPES[column.dtype]) for column in self.all_columns])


OWNER_COLUMNS = (
    Column("account_id", "string", "", "The account that owns the row, 12 digits."),
    Column("region", "string", "", "The region, or `global` for global services."),
)


def _status_twin(column: Column) -> Column:
    text = f"Whether `{column.name}` was read: ok, absent, denied or error."
    return Column(f"{column.name}_status", "string", "", text)


def dig(value: Any, path: str) -> Any:
    """The part of a nested answer at a dotted path; None where any step is missing.

    A step that ends in `[]` flattens a list: the result is then a list.
    """
    if not path:
        return value
    step, _, rest = path.partition(".")
    if step.endswith("[]"):
        inner = dig(value, step[:-2])
        return [part for item in inner or () for part in _as_list(dig(item, rest))]
    if not isinstance(value, Mapping) or step not in value:
        return None
    return dig(value[step], rest)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
