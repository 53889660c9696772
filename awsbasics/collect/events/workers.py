"""Log files read by several processes: to take records apart holds Python's lock for the most part.

A worker is this module run by the same Python, which answers on its standard output; other
than by `multiprocessing`, the caller's own script is not run again. A file at which a worker
dies costs that file.
"""

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, Self

from awsbasics.collect.events.log_folder import LogFile
from awsbasics.collect.events.log_pass import LogPass, Tally, Trouble, batches
from awsbasics.progress import Progress

MOST_WORKERS = 4
FEW_BATCHES = 6
"""So few are read sooner than processes begin."""

DIED = "cannot be read: the process that read it died"


def read_all(work: LogPass, files: Sequence[LogFile], progress: Progress) -> Tally:
    """Read all files of a pass into its parts.

    Raises OSError where parts cannot be written.
    """
    waiting = list(batches(files))
    progress.expect(len(waiting))
    total = Tally()
    names = [f"{number:08}" for number in range(len(waiting))]
    with _Here(work) if len(waiting) <= FEW_BATCHES else _Workers(work) as readers:
        for tally in readers.map(names, waiting):
            total.add(tally)
            progress.done("log files", "files skipped" if tally.troubles else "")
    return total


class _Here(contextlib.nullcontext[Any]):
    """Batches read by this process, one after another."""

    def __init__(self, work: LogPass) -> None:
        super().__init__(self)
        self._work = work

    def map(self, names: Sequence[str], waiting: Sequence[list[LogFile]]) -> Iterator[Tally]:
        """What came of each batch, in order."""
        return map(self._work.batch, names, waiting)


class _Workers:
    """Batches read by several processes; a context manager that ends them."""

    def __init__(self, work: LogPass) -> None:
        self._work = work
        count = min(os.cpu_count() or 1, MOST_WORKERS)
        self._threads = ThreadPoolExecutor(count, "awsbasics-events")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        for _ in range(count):
            self._idle.put(_Worker(work))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().end()

    def map(self, names: Sequence[str], waiting: Sequence[list[LogFile]]) -> Iterator[Tally]:
        """What came of each batch, in order."""
        return self._threads.map(self._batch, names, waiting)

    def _batch(self, name: str, files: list[LogFile]) -> Tally:
        try:
            return self._ask(name, files)
        except EOFError:
            self._work.drop(name)
        if len(files) == 1:
            return Tally(troubles=[Trouble(files[0], DIED)])
        total = Tally()
        for place, file in enumerate(files):
            total.add(self._batch(f"{name}-{place:04}", [file]))
        return total

    def _ask(self, name: str, files: list[LogFile]) -> Tally:
        """What a worker says; EOFError where it dies, and another takes its place."""
        worker = self._idle.get()
        try:
            return worker.batch(name, files)
        except EOFError:
            worker.end()
            worker = _Worker(self._work)
            raise
        finally:
            self._idle.put(worker)


class _Worker:
    """A process that reads batches; it ends with its standard input, so also with its parent."""

    def __init__(self, work: LogPass) -> None:
        path = os.pathsep.join(place for place in sys.path if place)
        self._process = subprocess.Popen(  # noqa: S603 - this module, by this Python
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            process_group=0,  # what interrupts the gather at a terminal is for the gather
        )
        self._first = pickle.dumps(work)

    def batch(self, name: str, files: list[LogFile]) -> Tally:
        """What came of a batch. Raises EOFError where the process died, and what it raised."""
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        try:
            self._process.stdin.write(self._first + pickle.dumps((name, files)))
            self._process.stdin.flush()
            answer = pickle.load(self._process.stdout)  # noqa: S301 - our own process
        except (BrokenPipeError, EOFError, pickle.UnpicklingError):
            raise EOFError from None
        self._first = b""
        if isinstance(answer, BaseException):
            raise answer
        tally: Tally = answer
        return tally

    def end(self) -> None:
        """Let it end."""
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()


def main() -> None:
    """What a worker does: a pass, then batches in, tallies or exceptions out."""
    asked, said = sys.stdin.buffer, sys.stdout.buffer
    work: LogPass = pickle.load(asked)  # noqa: S301 - our own parent
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            name, files = pickle.load(asked)  # noqa: S301
            try:
                answer: Tally | Exception = work.batch(name, files)
            except Exception as error:  # noqa: BLE001 - the parent raises it
                answer = error
            said.write(pickle.dumps(answer))
            said.flush()


if __name__ == "__main__":
    main()
