"""Notebooks run in parallel by a process of their own; see `awsbasics.report.worker`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from awsbasics.errors import ReportError
from awsbasics.report.jobs import Job, Outcome

SECONDS = 1800

# One thread for each notebook: they already use the cores, and a process without threads is
# safe to fork.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "svg",
    "PYTHONIOENCODING": "utf-8",
}


class NotebookPool:
    """Runs notebooks, at most `workers` at a time, each for at most `seconds`.

    The process starts with the pool, so that its imports overlap with what else is to be done,
    and it ends with the pool, together with all that it runs.
    """

    def __init__(self, workers: int, seconds: int = SECONDS) -> None:
        # Notebooks that are ended in the middle leave their temporary files: here, where they go.
        self._scratch = tempfile.TemporaryDirectory(prefix="awsbasics-", ignore_cleanup_errors=True)
        self._limits = {"workers": workers, "seconds": seconds}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "awsbasics.report.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT, "TMPDIR": self._scratch.name},
            text=True,
            start_new_session=True,
        )

    def run(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        """Run notebooks, once per pool, and yield each outcome as it comes.

        A notebook whose process dies is an outcome too. Raises ReportError where the pool's
        own process cannot work.
        """
        missing = {job.name for job in jobs}
        for line in self._answers({**self._limits, "jobs": [job.to_json() for job in jobs]}):
            outcome = Outcome(**json.loads(line))
            missing.discard(outcome.name)
            yield outcome
        if missing:
            raise ReportError(
                f"the process that runs notebooks ended before {min(missing)} was done; "
                "what it said is above"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGTERM)
        if self._process.stdout:
            self._process.stdout.read()  # to its end, which comes when the last notebook is gone
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                stream.close()  # type: ignore[union-attr] # both are pipes
        self._process.wait()
        self._scratch.cleanup()

    def _answers(self, request: object) -> Iterator[str]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:  # pragma: no cover - both are pipes
            return
        with contextlib.suppress(BrokenPipeError), stdin:
            json.dump(request, stdin)
        yield from stdout
