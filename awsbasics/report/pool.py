"""Notebooks run in parallel by a process of their own; see `awsbasics.report.worker`."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence

from awsbasics.errors import ReportError
from awsbasics.report.jobs import Job, Outcome

SECONDS = 1800


def run_notebooks(jobs: Sequence[Job], workers: int, seconds: int = SECONDS) -> Iterator[Outcome]:
    """Run notebooks, at most `workers` at a time, and yield each outcome as it comes.

    A notebook whose process dies is an outcome too. Raises ReportError if the process that
    runs them all cannot work.
    """
    request = {"workers": workers, "seconds": seconds, "jobs": [job.to_json() for job in jobs]}
    missing = {job.name for job in jobs}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "awsbasics.report.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **_ENVIRONMENT},
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
        try:
            with process.stdin as stdin:
                json.dump(request, stdin)
            for line in process.stdout:
                outcome = Outcome(**json.loads(line))
                missing.discard(outcome.name)
                yield outcome
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGTERM)
    if missing:
        raise ReportError(f"{min(missing)} and {len(missing) - 1} more notebooks were not run")


# One thread for each notebook: two of them already use the cores, and a process without
# threads is safe to fork.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "svg",
    "PYTHONIOENCODING": "utf-8",
}
