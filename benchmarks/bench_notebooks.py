"""Fourteen notebooks to HTML: the demo's snapshot to a finished report, beside plain papermill."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from awsbasics.demo.report import run_demo
from awsbasics.progress import Silent
from awsbasics.run import notebooks_folder
from benchmarks.results import Row

REPEATS = 5
AT_A_TIME = 2
BIN = Path(sys.executable).parent


def run() -> list[Row]:
    """Wall-clock and processor time of `awsbasics assess`, sizes, and plain papermill's time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        run_demo(folder, progress=lambda _: Silent())
        timed = [_assess(folder, Path(name) / f"report-{index}") for index in range(REPEATS)]
        wall, busy = zip(*timed, strict=True)
        kernels = _papermill(folder, Path(name))
        sizes = [page.stat().st_size for page in (folder / "report").glob("*.html")]
    seconds = statistics.median(wall)
    note = f"`awsbasics assess`, imports, index and exports included; median of {REPEATS}"
    return [
        Row("fourteen notebooks to HTML", seconds, "s", "under 20 s", f"{note}, {_span(wall)}"),
        Row("processor time of the same", statistics.median(busy), "s", "", _span(busy)),
        Row("plain papermill on the fourteen", kernels, "s", "", "a kernel each, two at a time"),
        Row("the same by the kit", seconds / kernels, "of it"),
        Row("largest page", max(sizes) / 1024, "KiB", "under 300 KiB"),
    ]


def _assess(demo: Path, output: Path) -> tuple[float, float]:
    """Seconds by the clock and of the processors for one report."""
    files = [demo / "snapshot", "-e", demo / "engagement.yml", "-o", output]
    command = [str(part) for part in (BIN / "awsbasics", "assess", *files)]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _papermill(demo: Path, folder: Path) -> float:
    """Seconds by the clock for the same notebooks by papermill's own command."""
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        list(pool.map(lambda path: _one(path, demo, folder), sorted(notebooks_folder().glob("*"))))
    return time.perf_counter() - start


def _one(notebook: Path, demo: Path, folder: Path) -> None:
    given = ["-r", "snapshot", demo / "snapshot", "-r", "engagement", demo / "engagement.yml"]
    command = [str(part) for part in (BIN / "papermill", notebook, folder / notebook.name, *given)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "NO_COLOR": "1"})


def _span(values: Sequence[float]) -> str:
    return f"{min(values):.1f} to {max(values):.1f}"
