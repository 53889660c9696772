"""Effective permissions and ways up of ten thousand principals, from a snapshot, on one core."""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.iam_accounts import write_organization
from benchmarks.results import Row

PRINCIPALS = 10_000
_MEASURE = """
import json, sys, time
from awsbasics.iam import escalation_paths, effective_permissions
from awsbasics.snapshot import open_snapshot
snapshot = open_snapshot(sys.argv[1])
started = time.process_time()
levels = ["Permissions management"]
permissions = len(effective_permissions(snapshot, access_levels=levels))
between = time.process_time()
paths = len(escalation_paths(snapshot))
ended = time.process_time()
print(json.dumps([between - started, permissions, ended - between, paths]))
"""


def run() -> list[Row]:
    """Seconds of CPU in a fresh process, which has one thread for it, and its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot"
        write_organization(path, PRINCIPALS)
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(path)], check=True, capture_output=True, text=True
        )
    matrix, permissions, search, paths = json.loads(done.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    note = "reading the snapshot and compiling included; CPU seconds"
    return [
        Row("matrix of 10,000 principals", matrix, "s", "", f"{note}; {permissions:,} rows asked"),
        Row(
            "all ways up of 10,000 principals", search, "s", "under 5 s", f"{note}; {paths:,} rows"
        ),
        Row("peak memory of both", peak, "MiB", "under 500 MB"),
    ]
