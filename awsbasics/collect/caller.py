"""Calls to AWS in one account and region: paged, remembered, checked for broken answers."""

import functools
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from botocore import xform_name
from botocore.exceptions import ClientError, EndpointConnectionError

from awsbasics.collect.outcome import BrokenAnswer, NotOffered, failure
from awsbasics.collect.table import Answer, Caller, dig
from awsbasics.collect.whole import unbroken
from awsbasics.session import AccountSession

T = TypeVar("T")

LEAF = "awsbasics-row"
"""The name of the threads that run follow-up calls."""


class Memo:
    """Values computed once for a key, also when many threads ask at the same time."""

    def __init__(self) -> None:
        self._futures: dict[Any, Future[Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: Any, function: Callable[[], Any]) -> Any:
        """The value for a key; the first to ask computes it (or raises for all)."""
        with self._lock:
            future = self._futures.get(key)
            mine = future is None
            if future is None:
                future = self._futures[key] = Future()
        if mine:
            try:
                future.set_result(function())
            except BaseException as error:  # noqa: BLE001 - whoever waits gets it too
                future.set_exception(error)
        return future.result()

    def forget_failures(self) -> None:
        """Let what failed be tried again."""
        with self._lock:
            failed = [key for key, future in self._futures.items() if future.exception()]
            for key in failed:
                del self._futures[key]


@dataclass
class Tally:
    """Calls made so far, and parts of a table that were not read."""

    calls: int = 0
    notes: list[tuple[Answer, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self) -> None:
        """One more call."""
        with self.lock:
            self.calls += 1

    def note(self, answer: Answer, operation: str) -> None:
        """One more part that was not read."""
        with self.lock:
            self.notes.append((answer, operation))


class CountingCaller(Caller, Protocol):
    """A `Caller` that the engine can count by."""

    @property
    def tally(self) -> Tally:
        """The calls made and the parts not read so far."""
        ...

    @property
    def is_home(self) -> bool:
        """Whether it asks in a region that is known to be on: its credentials' own, at least."""
        ...

    def fresh(self) -> "CountingCaller":
        """The same caller with an empty tally."""
        ...


@dataclass(frozen=True, kw_only=True)
class AwsCaller:
    """The `Caller` of declarations, for one account and region; tables share its memory.

    `regions` are all regions of the gather, `switched_on` those that AWS says are on. `leaves`
    runs follow-up calls, `memo` lives as long as the account's gather and `common` as long as
    the whole.
    """

    session: AccountSession
    partition: str
    region: str
    regions: tuple[str, ...]
    leaves: Executor
    memo: Memo
    common: Memo
    tally: Tally = field(default_factory=Tally)
    switched_on: frozenset[str] = frozenset()

    @property
    def account_id(self) -> str:
        """The account that is asked."""
        return self.session.account_id

    @property
    def is_home(self) -> bool:
        """Whether it asks in a region that is known to be on: its credentials' own, at least."""
        return self._is_home(None)

    def fresh(self) -> "AwsCaller":
        """The same caller with an empty tally."""
        return replace(self, tally=Tally())

    def items(
        self,
        service: str,
        operation: str,
        path: str,
        *,
        region: str | None = None,
        **parameters: Any,
    ) -> list[Any]:
        """All pages' items at a path; asked once for the account and region."""
        where = region or self.region
        expected = path.partition(".")[0].removesuffix("[]")
        key = (service, operation, where, json.dumps(parameters, sort_keys=True, default=str))
        ask = functools.partial(self._pages, service, operation, expected, parameters, where)
        pages = self.memo.get(key, ask)
        return [item for page in pages for item in _listed(dig(page, path))]

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
        try:
            return Answer("ok", self.items(service, operation, path, region=region, **parameters))
        except Exception as error:  # noqa: BLE001 - an answer never raises
            return _failed_answer(error, absent, self._is_home(region))

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
        """One call, never raising: its output (or the part at `path`), or why there is none."""
        expected = expect if expect is not None else path.partition(".")[0]
        try:
            output = self._call(service, operation, expected, parameters, region)
        except Exception as error:  # noqa: BLE001 - an answer never raises
            return _failed_answer(error, absent, self._is_home(region))
        return Answer("ok", output).at(path) if path else Answer("ok", output)

    def map(self, function: Callable[[Any], Any], things: Iterable[Any]) -> list[Any]:
        """`function` over things in parallel, in order."""
        if threading.current_thread().name.startswith(LEAF):
            return [function(thing) for thing in things]  # leaves that wait for leaves never end
        return list(self.leaves.map(function, list(things)))

    def shared(self, key: tuple[str, ...], function: Callable[[], Any]) -> Any:
        """The value of `function`, computed once in the whole gather for a key."""
        return self.common.get(key, function)

    def note(self, answer: Answer, operation: str) -> None:
        """Record that part of the table was not read."""
        self.tally.note(answer, operation)

    def _is_home(self, region: str | None) -> bool:
        where = region or self.region
        return where in self.switched_on or where == self.session.session.region_name

    def _asked(self, service: str, region: str, once: Callable[[], T]) -> T:
        """What `once` gives; NotOffered where it finds no endpoint and there is to be none."""
        try:
            return unbroken(once)
        except EndpointConnectionError as error:
            offered = self.session.session.get_available_regions(service, self.partition)
            if offered and region not in offered:  # none at all are listed of global services
                raise NotOffered(f"{service} is not offered in {region}: {error}") from error
            raise

    def _call(
        self,
        service: str,
        operation: str,
        expected: str,
        parameters: Mapping[str, Any],
        region: str | None = None,
    ) -> Mapping[str, Any]:
        client = self.session.client(service, region or self.region)
        call = getattr(client, xform_name(operation))

        def once() -> Mapping[str, Any]:
            self.tally.count()
            with self.session.acting():
                return checked(call(**parameters), operation, expected)

        return self._asked(service, region or self.region, once)

    def _pages(
        self,
        service: str,
        operation: str,
        expected: str,
        parameters: Mapping[str, Any],
        region: str,
    ) -> list[Mapping[str, Any]]:
        client = self.session.client(service, region)
        method = xform_name(operation)
        if not client.can_paginate(method):
            return [self._call(service, operation, expected, parameters, region)]
        paginator = client.get_paginator(method)

        def once() -> list[Mapping[str, Any]]:
            with self.session.acting():
                return list(self._counted(paginator.paginate(**parameters), operation, expected))

        return self._asked(service, region, once)

    def _counted(
        self, pages: Iterable[Mapping[str, Any]], operation: str, expected: str
    ) -> Iterator[Mapping[str, Any]]:
        asked = iter(pages)
        while True:
            self.tally.count()
            page = next(asked, None)
            if page is None:
                self.tally.calls -= 1
                return
            yield checked(page, operation, expected)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def checked(page: Mapping[str, Any], operation: str, expected: str) -> Mapping[str, Any]:
    """A page that has what it must; boto3 takes a truncated JSON body for an empty answer."""
    if expected and expected not in page:
        raise BrokenAnswer(f"the answer to {operation} has no {expected}")
    return page


def _failed_answer(error: Exception, absent: tuple[str, ...], home_region: bool) -> Answer:
    reason = failure(error, home_region=home_region)
    if isinstance(error, ClientError) and reason.code in absent:
        return Answer("absent", None, reason.code, reason.message)
    denied = reason.status in ("denied", "scp_denied")
    return Answer("denied" if denied else "error", None, reason.code, reason.message)
