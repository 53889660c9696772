"""Asks for a little of every table, to learn which of its calls are allowed."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name

from awsbasics.collect.caller import AwsCaller, checked
from awsbasics.collect.outcome import Failure, failure

FEW = 5
"""The smallest page that every service takes: EC2's has at least five items."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was made: boto3's name of the service, AWS's operation, and where."""

    service: str
    operation: str
    account_id: str
    region: str


@dataclass
class Log:
    """Each call that was made, and why it failed; None where it did not."""

    outcomes: dict[Call, Failure | None] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, call: Call, reason: Failure | None) -> None:
        """A call's outcome; that it failed once is not forgotten when it succeeds again."""
        with self.lock:
            self.outcomes[call] = self.outcomes.get(call) or reason


@dataclass(frozen=True, kw_only=True)
class ProbeCaller(AwsCaller):
    """A caller that asks for the first few items of each list, and logs how each call ended."""

    log: Log

    def items(
        self,
        service: str,
        operation: str,
        path: str,
        *,
        region: str | None = None,
        **parameters: Any,
    ) -> list[Any]:
        """A list's first items; all of them where it is not paged."""
        found = AwsCaller.items(self, service, operation, path, region=region, **parameters)
        client = self.session.client(service, region or self.region)
        return found[:FEW] if client.can_paginate(xform_name(operation)) else found

    def _call(
        self,
        service: str,
        operation: str,
        expected: str,
        parameters: Mapping[str, Any],
        region: str | None = None,
    ) -> Mapping[str, Any]:
        with self._logged(service, operation, region or self.region):
            return AwsCaller._call(self, service, operation, expected, parameters, region)  # noqa: SLF001

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
        sized = paginator._limit_key  # noqa: SLF001 - nothing public tells whether it takes a size
        few = {"PaginationConfig": {"PageSize": FEW}} if sized else {}
        pages = paginator.paginate(**parameters, **few)

        def once() -> list[Mapping[str, Any]]:
            self.tally.count()
            with self.session.acting():
                return [checked(next(iter(pages)), operation, expected)]

        with self._logged(service, operation, region):
            return self._asked(service, region, once)

    @contextmanager
    def _logged(self, service: str, operation: str, region: str) -> Iterator[None]:
        call = Call(service, operation, self.account_id, region)
        try:
            yield
        except Exception as error:
            self.log.record(call, failure(error, home_region=self._is_home(region)))
            raise
        self.log.record(call, None)
