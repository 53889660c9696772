"""How fast calls of one kind may follow each other, learned from AWS's refusals.

AWS throttles each account, region and service for itself, and says only when it was too much.
So nothing is held back until then; after it the rate is halved at each refusal, at most once
a second, and grows with every answer until it no longer matters
(additive and multiplicative steps as in https://en.wikipedia.org/wiki/Additive_increase/multiplicative_decrease).
"""

import threading
import time
from collections.abc import Callable

FIRST_RATE = 10.0
SLOWEST_RATE = 0.5
FREE_RATE = 50.0
STEP = 0.5
"""Calls a second: after the first refusal, at the least, where holding back ends, a step up."""


class Pace:
    """The rate of one account's calls to one service in one region, for many threads."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._rate: float | None = None
        self._next = 0.0
        self._slowed_at = float("-inf")

    @property
    def rate(self) -> float | None:
        """Calls a second; None where nothing is held back."""
        return self._rate

    def wait(self) -> None:
        """Wait for the turn of a call that is about to be made."""
        with self._lock:
            if self._rate is None:
                return
            now = self._clock()
            turn = max(self._next, now)
            self._next = turn + 1 / self._rate
        (self._sleep or time.sleep)(turn - now)

    def answered(self, *, throttled: bool) -> None:
        """Learn from an answer."""
        with self._lock:
            if not throttled:
                self._faster()
            elif self._clock() - self._slowed_at >= 1:  # a burst is refused as one
                self._slowed_at = self._clock()
                self._rate = max(self._rate / 2, SLOWEST_RATE) if self._rate else FIRST_RATE

    def _faster(self) -> None:
        if self._rate is not None:
            self._rate += STEP
            if self._rate > FREE_RATE:
                self._rate = None
