"""A million CloudTrail events from log files to the security team's touch points."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from awsbasics.collect.events.offline import import_trail_logs
from benchmarks.results import Row
from benchmarks.trail_logs import write_logs

EVENTS = 1_000_000
REPEATS = 3

# Who changed policies, security groups or trails by hand or by tool, root's calls, and sign-ins.
TOUCH_POINTS = """
SELECT account_id, event_name, coalesce(session_issuer_arn, user_arn, invoked_by) AS who,
    user_agent, count(*) AS events, min(event_time) AS first, max(event_time) AS last,
    any_value(request_parameters) AS example
FROM cloudtrail_events
WHERE error_code IS NULL AND (
    user_type = 'Root' OR event_name = 'ConsoleLogin'
    OR (NOT read_only AND event_source IN ('iam.amazonaws.com', 'cloudtrail.amazonaws.com'))
    OR regexp_matches(event_name, 'SecurityGroup(Ingress|Egress|Rules)')
)
GROUP BY ALL
"""


def run() -> list[Row]:
    """Seconds and memory for all of it, in a process of its own, and of the query alone."""
    with tempfile.TemporaryDirectory() as name:
        logs = Path(name) / "logs"
        write_logs(logs, EVENTS)
        packed = sum(path.stat().st_size for path in logs.rglob("*.gz")) / 2**20
        runs = [_measured(logs, Path(name) / f"snapshot-{turn}") for turn in range(REPEATS)]
    wall = [one["wall"] for one in runs]
    note = f"2,000 files of {packed:.0f} MiB; imports included; median of {REPEATS}"
    span = f"{min(wall):.1f} to {max(wall):.1f}"
    return [
        Row(
            "a million events from log files to touch points",
            statistics.median(wall),
            "s",
            "under 15 s",
            f"{note}, {span}",
        ),
        Row("processor time of the same", _median(runs, "busy"), "s"),
        Row("of it the query", _median(runs, "query"), "s", "", f"{runs[0]['answers']:,.0f} rows"),
        Row(
            "peak memory of the same",
            _median(runs, "peak"),
            "MiB",
            "",
            f"and {_median(runs, 'worker'):,.0f} MiB in each process that reads log files",
        ),
        Row("the frames on disk", _median(runs, "disk"), "MiB"),
    ]


def _median(runs: list[dict[str, float]], what: str) -> float:
    return statistics.median(one[what] for one in runs)


def _measured(logs: Path, snapshot: Path) -> dict[str, float]:
    start = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.bench_events", str(logs), str(snapshot)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(result.stdout)
    return {**measured, "wall": time.perf_counter() - start}


def main(logs: str, output: str) -> None:
    """The measured work; prints what it took."""
    snapshot = import_trail_logs(logs, output)
    start = time.perf_counter()
    answer = snapshot.sql(TOUCH_POINTS)
    query = time.perf_counter() - start
    rows = int(snapshot.coverage["rows"].sum())
    if rows != EVENTS:
        raise RuntimeError(f"{rows} events came of {EVENTS}")
    used, others = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    disk = sum(path.stat().st_size for path in Path(output).rglob("*.parquet"))
    figures = {
        "busy": sum(one.ru_utime + one.ru_stime for one in (used, others)),
        "query": query,
        "answers": len(answer),
        "peak": used.ru_maxrss / 1024,
        "worker": others.ru_maxrss / 1024,
        "disk": disk / 2**20,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
