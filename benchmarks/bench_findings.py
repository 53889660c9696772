"""All findings of a thousand accounts and a hundred thousand principals; and a report."""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.iam_accounts import write_organization
from benchmarks.results import Row
from benchmarks.workloads import furnish, phase_of

PRINCIPALS = 100_000
PER_ACCOUNT = 100
_WORDS = {"prod": "production", "test": "test", "dev": "development", "sandbox": "sandbox"}
_FINDINGS = """
import sys
from awsbasics import assess, load_engagement, open_snapshot
print(len(assess(open_snapshot(sys.argv[1]), load_engagement(sys.argv[2])).findings))
"""


def run() -> list[Row]:
    """Seconds in fresh processes: all findings, and the whole report of a twentieth of it."""
    with tempfile.TemporaryDirectory() as folder:
        snapshot, engagement = Path(folder) / "snapshot", Path(folder) / "engagement.yml"
        write_large(snapshot, engagement)
        seconds, found = _timed([sys.executable, "-c", _FINDINGS, snapshot, engagement])
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    size = f"{PRINCIPALS // PER_ACCOUNT:,} accounts, {PRINCIPALS:,} principals"
    return [
        Row("findings of an organization", seconds, "s", "under 300 s", f"{size}; {found} rows"),
        Row("peak memory of the same", peak, "GiB", "under 4 GiB"),
        *_report(PRINCIPALS // 20),
    ]


def _report(principals: int) -> Iterator[Row]:
    """The time of `awsbasics assess`, and its largest page."""
    with tempfile.TemporaryDirectory() as folder:
        snapshot, engagement = Path(folder) / "snapshot", Path(folder) / "engagement.yml"
        write_large(snapshot, engagement, principals)
        report = Path(folder) / "report"
        command = [sys.executable, "-m", "awsbasics", "assess", snapshot, "-e", engagement]
        seconds, _ = _timed([*command, "-o", report])
        largest = max(page.stat().st_size for page in report.glob("*.html")) / 1024
    yield Row("report of a smaller one", seconds, "s", "", f"{principals:,} principals, all pages")
    yield Row("its largest page", largest, "KiB", "under 300 KiB")


def write_large(snapshot: Path, engagement: Path, principals: int = PRINCIPALS) -> None:
    """A snapshot of that many principals, and an engagement file that knows its accounts."""
    made = write_organization(snapshot, principals, PER_ACCOUNT, furnish)
    rules = (
        f'  - {{account: "{account}", environment: {_WORDS[phase_of(account)]}}}\n'
        for account in made.gathered_accounts[1:]
    )
    engagement.write_text("environments:\n" + "".join(rules), encoding="utf-8")


def _timed(command: list[object]) -> tuple[float, str]:
    """Seconds, and what it printed."""
    started = time.perf_counter()
    words = [str(part) for part in command]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    return time.perf_counter() - started, done.stdout.strip()
