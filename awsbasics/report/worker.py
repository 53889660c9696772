"""The process that runs notebooks: it imports everything once and forks for each notebook.

Started by `awsbasics.report.pool` as a process of its own, so that forking never meets the
threads of whoever asks for a report. Reads `{"workers", "seconds", "jobs"}` as JSON from
standard input and writes one line of JSON, `{"name", "error"}`, per finished notebook.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from awsbasics.report.jobs import ERROR_LENGTH, Job, Outcome

Report = Callable[[Outcome], None]


def main() -> None:
    """Run all jobs that standard input asks for."""
    report = _reporter()
    gc.disable()
    warm_up()
    # What is there now stays: children neither search it for garbage nor copy its pages.
    gc.freeze()
    gc.enable()
    request: dict[str, Any] = json.load(sys.stdin)
    jobs = [Job.from_json(data) for data in request["jobs"]]
    run_all(jobs, request["workers"], request["seconds"], report)


def run_all(jobs: list[Job], workers: int, seconds: int, report: Report) -> None:
    """Run each job in a child of its own, at most `workers` at a time, each at most `seconds`."""
    waiting = iter(jobs)
    running: dict[int, Job] = {}
    for job in _first(waiting, workers):
        running[_fork(job, seconds, report)] = job
    while running:
        pid, status = os.wait()
        job = running.pop(pid)
        if status:
            report(Outcome(job.name, _death(status, seconds)))
        for following in _first(waiting, 1):
            running[_fork(following, seconds, report)] = following


def warm_up() -> None:
    """Load what notebooks load late, so that it is loaded once."""
    import nbformat

    from awsbasics.report.execute import run_job  # noqa: F401 - and with it papermill
    from awsbasics.report.exporter import make_exporter
    from awsbasics.show.charts import Bars, Series
    from awsbasics.show.figures import draw
    from awsbasics.show.page import open_page  # noqa: F401 - and with it all evidence

    bars = Bars(title="", summary="", label="", series=(Series("a", "bad"),), values=(("b", (1,)),))
    repr(draw(bars)._repr_html_())
    nbformat.validate(nbformat.v4.new_notebook())
    make_exporter().template  # noqa: B018 - compiling it is what is wanted


def _reporter() -> Report:
    """Write outcomes to the real standard output, which from here on nothing else can reach."""
    channel = os.dup(1)
    os.dup2(2, 1)

    def report(outcome: Outcome) -> None:
        # One write of less than PIPE_BUF bytes: lines of several children never mix.
        line = json.dumps({"name": outcome.name, "error": outcome.error[:ERROR_LENGTH]})
        os.write(channel, line.encode("ascii") + b"\n")

    return report


def _fork(job: Job, seconds: int, report: Report) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.alarm(seconds)
        report(_outcome(job))
        status = 0
    finally:
        os._exit(status)


def _outcome(job: Job) -> Outcome:
    from awsbasics.report.execute import run_job

    try:
        return run_job(job)
    except Exception as error:  # noqa: BLE001 - of one notebook, which must not stop the others
        return Outcome(job.name, f"{type(error).__name__}: {error}")


def _death(status: int, seconds: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGALRM:
            return f"took more than {seconds} seconds"
        return f"its process was ended by {signal.Signals(number).name}"
    return f"its process ended with {os.waitstatus_to_exitcode(status)}"


def _first(jobs: Iterator[Job], count: int) -> Iterator[Job]:
    for _ in range(count):
        job = next(jobs, None)
        if job is None:
            return
        yield job


if __name__ == "__main__":
    main()
