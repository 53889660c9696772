"""Makes moto repeatable: the same calls give the same ids and times, in any process and thread.

moto draws ids from one random generator and times from the clock. While `repeatable` is in
force, each request draws from a generator of its own, seeded by what is asked (account,
region, service, operation) and how often it was asked before; and it sees the demo's clock,
or the time that its header names. So a secret can be 400 days old, and two builds are equal.

Known gaps: S3 dates its buckets by the real clock; nothing of the demo shows them.
"""

import calendar
import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from awsbasics.demo.setting import ACCOUNT_IDS


class Turns:
    """Whose turn it is in each thread: the generator and the time of the request being served."""

    def __init__(self, now: dt.datetime) -> None:
        self.present = now
        self._lock = threading.Lock()
        self._seen: Counter[str] = Counter()
        self._local = threading.local()
        self._account_ids = iter(ACCOUNT_IDS.values())

    def begin(self, key: str, when: dt.datetime | None) -> None:
        """Begin a request in this thread; `when` is the time it sees, None the real one."""
        with self._lock:
            self._seen[key] += 1
            seed = f"{key}|{self._seen[key]}"
        self._local.random = Random(seed)  # noqa: S311 - ids of a demo guard nothing
        self._local.when = when

    @property
    def _random(self) -> Random:
        if not hasattr(self._local, "random"):
            self.begin("outside of requests", self.present)
        generator: Random = self._local.random
        return generator

    def getrandbits(self, bits: int) -> int:
        """What `Random.getrandbits` gives, from the generator of this thread's request."""
        return self._random.getrandbits(bits)

    def random(self) -> float:
        """What `Random.random` gives, from the generator of this thread's request."""
        return self._random.random()

    def now(self) -> dt.datetime:
        """The time that this thread's request sees, in UTC."""
        when: dt.datetime | None = getattr(self._local, "when", self.present)
        return when or dt.datetime.now(dt.UTC)

    def account_id(self) -> str:
        """The next account's id: the demo's in their order, then ids drawn like any other."""
        with self._lock:
            known = next(self._account_ids, None)
        return known or f"{self.getrandbits(39):012d}"


@contextmanager
def repeatable(now: dt.datetime) -> Iterator[Turns]:
    """While inside, moto's ids and times come from the `Turns` that it gives."""
    turns = Turns(now)
    with ExitStack() as stack:
        for target, name, replacement in _replacements(turns):
            stack.enter_context(patch.object(target, name, replacement))
        yield turns


def _replacements(turns: Turns) -> list[tuple[Any, str, Any]]:
    """What in moto is replaced by what: (object, attribute, replacement)."""
    import moto.cloudtrail.models
    import moto.core.utils
    import moto.organizations.utils
    import moto.secretsmanager.models
    from moto.moto_api._internal import mock_random

    return [
        (mock_random, "getrandbits", turns.getrandbits),
        (mock_random, "random", turns.random),
        (moto.core.utils, "datetime", _clock(turns)),
        (
            moto.secretsmanager.models,
            "time",
            SimpleNamespace(time=lambda: turns.now().timestamp()),
        ),
        (moto.organizations.utils, "make_random_account_id", turns.account_id),
        # moto reads its UTC times as local ones here: wrong wherever the clock is not UTC.
        (moto.cloudtrail.models, "datetime2int", lambda date: calendar.timegm(date.timetuple())),
    ]


def _clock(turns: Turns) -> SimpleNamespace:
    """A stand-in for the module `datetime` whose `datetime.now` is the request's time."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return turns.now().astimezone(tz)

    return SimpleNamespace(**{**vars(dt), "datetime": Clock})
