"""The gather against an endpoint that answers after a latency with next to nothing."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from awsbasics.collect import collect
from benchmarks.fake_aws import REGIONS, fake_aws
from benchmarks.results import Row

LATENCY = 0.075
ROLE = "bench"
FEW, MANY = 20, 200
WORKERS = 64


def run() -> list[Row]:
    """Calls a second and processor time a call at 75 ms; memory as accounts grow."""
    few, many = _measured(FEW, LATENCY), _measured(MANY, 0.0)
    base = _measured(FEW, 0.0)
    rate = few["calls"] / few["wall"]
    note = f"{FEW} accounts, {len(REGIONS)} regions, {few['calls']:,.0f} calls, {WORKERS} threads"
    large = f"{MANY} accounts, {len(REGIONS)} regions, {many['calls']:,.0f} calls, no latency"
    return [
        Row("calls in one process at 75 ms latency", rate, "/s", "over 300", note),
        Row("processor time a call", 1000 * few["busy"] / few["calls"], "ms", "", note),
        Row(f"peak memory of {FEW} accounts", base["peak"], "MiB"),
        Row(f"peak memory of {MANY} accounts", many["peak"], "MiB", "flat", large),
        Row(f"{MANY} accounts", many["wall"], "s", "", large),
    ]


def _measured(accounts: int, latency: float) -> dict[str, float]:
    with fake_aws(accounts, latency) as url, tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": REGIONS[0],
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        command = [sys.executable, "-m", "benchmarks.bench_gather", str(Path(folder) / "s")]
        result = subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        )
    measured: dict[str, float] = json.loads(result.stdout)
    return measured


def main(output: str) -> None:
    """The measured work; prints what it took."""
    start = time.perf_counter()
    snapshot = collect(output, role=ROLE, workers=WORKERS)
    wall = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "wall": wall,
        "busy": used.ru_utime + used.ru_stime,
        "calls": int(snapshot.coverage["calls"].sum()),
        "peak": used.ru_maxrss / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
