"""Progress of long work: a bar on a terminal, plain lines elsewhere."""

import math
import sys
import threading
import time
from collections import Counter
from typing import Protocol, TextIO

from tqdm import tqdm

LINE_EVERY_SECONDS = 10.0


class Progress(Protocol):
    """What long work reports to: steps to come, and steps done."""

    def expect(self, steps: int) -> None:
        """So many more steps are to be done."""
        ...

    def done(self, what: str, problem: str = "") -> None:
        """One step is done; `problem` says what went wrong with it."""
        ...

    def count(self, **more: int) -> None:
        """Other things done beside the steps: `accounts=1, calls=12`."""
        ...

    def close(self) -> None:
        """The work has ended."""
        ...


class Silent:
    """No progress at all; for callers from Python."""

    def expect(self, steps: int) -> None:
        """Nothing."""

    def done(self, what: str, problem: str = "") -> None:
        """Nothing."""

    def count(self, **more: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Shown:
    """A tqdm bar on a terminal, and otherwise a line at most every ten seconds."""

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        self._title = title
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()
        self._problems = 0
        self._count = 0
        self._expected = 0
        self._others: Counter[str] = Counter()
        self._begun = self._last_line = time.monotonic()
        bar = self._stream.isatty()
        self._bar = tqdm(desc=title, total=0, file=self._stream, leave=False) if bar else None

    def expect(self, steps: int) -> None:
        """Raise the number of steps to come."""
        with self._lock:
            self._expected += steps
            if self._bar is not None:
                self._bar.total = self._expected
                self._bar.refresh()

    def done(self, what: str, problem: str = "") -> None:
        """Count a step, and a problem if there was one."""
        with self._lock:
            self._count += 1
            self._problems += bool(problem)
            if self._bar is not None:
                self._bar.set_postfix_str(", ".join(self._beside()) or what)
                self._bar.update()
            elif time.monotonic() - self._last_line >= LINE_EVERY_SECONDS:
                self._line()

    def count(self, **more: int) -> None:
        """Add to what is shown beside the steps."""
        with self._lock:
            self._others.update(more)

    def close(self) -> None:
        """Remove the bar, or print the last line."""
        with self._lock:
            if self._bar is not None:
                self._bar.close()
            elif self._count:
                self._line()

    def _line(self) -> None:
        self._last_line = time.monotonic()
        parts = [f"{self._title}: {self._count} of {self._expected}", *self._beside(), self._left()]
        print(", ".join(filter(None, parts)), file=self._stream)

    def _beside(self) -> list[str]:
        counted = [f"{count} {name}" for name, count in self._others.items() if count]
        return [*counted, f"{self._problems} with problems"] if self._problems else counted

    def _left(self) -> str:
        """How long the rest takes if it goes on like this; nothing where there is none."""
        rest = self._expected - self._count
        if rest <= 0 or not self._count:
            return ""
        seconds = (time.monotonic() - self._begun) / self._count * rest
        return f"about {math.ceil(seconds / 60)} min left"
