"""What a scheduler's SIGTERM does to work under way: one line, and nothing lying about."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from awsbasics.cli import STOPPED
from awsbasics.demo import DemoOrganization
from awsbasics.snapshot import open_snapshot
from tests.faulty_aws import FaultyAws
from tests.snapshots import write_snapshot

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, "-c", "from awsbasics.cli import main; main()")
PATIENCE_SECONDS = 60
ROLE = "OrganizationAccountAccessRole"


def start(*arguments: object, scratch: Path) -> subprocess.Popen[str]:
    scratch.mkdir(exist_ok=True)
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(scratch)},
    )


def terminate_when(process: subprocess.Popen[str], moment: Callable[[], bool]) -> str:
    """What the process says on standard error, terminated at that moment."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not moment():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.001)
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=PATIENCE_SECONDS)[1]


def hidden(folder: Path) -> list[Path]:
    return list(folder.rglob(".*"))


def test_a_terminated_gather_says_one_line_leaves_nothing_hidden_and_goes_on(
    faulty_demo: FaultyAws, organization: DemoOrganization, tmp_path: Path
) -> None:
    output, scratch = tmp_path / "out" / "s", tmp_path / "scratch"
    accounts = ",".join(organization.accounts[name] for name in ("sandbox", "security"))
    options = ("--role", ROLE, "--regions", "us-east-1", "--accounts", accounts)
    process = start("collect", "-o", output, *options, scratch=scratch)
    said = terminate_when(process, lambda: faulty_demo.calls["AssumeRole"] > 1)

    assert said.splitlines()[-1] == STOPPED
    assert (process.returncode, "Traceback" in said) == (1, False)
    assert (output / "gather.json").exists()
    assert not (output / "manifest.json").exists()
    assert not list(output.glob("coverage/*"))  # no account was cut short and taken for done
    assert (hidden(tmp_path), list(scratch.iterdir())) == ([], [])

    resumed = start("collect", "-o", output, *options, "--resume", scratch=scratch)
    _, said = resumed.communicate(timeout=PATIENCE_SECONDS)
    assert resumed.returncode == 0, said
    assert set(open_snapshot(output, verify=True).coverage["status"]) <= {"ok", "empty"}


@pytest.mark.parametrize("begun", ["assessing", "a notebook"])
def test_a_terminated_report_says_one_line_and_leaves_nothing(tmp_path: Path, begun: str) -> None:
    snapshot = write_snapshot(tmp_path / "s", {"iam_users": []})
    folder, scratch = tmp_path / "out", tmp_path / "scratch"
    where = snapshot.store.location
    process = start("assess", where, "-o", folder / "report", scratch=scratch)
    moments = {
        "assessing": lambda: any(folder.glob(".report.*")),
        "a notebook": lambda: any(scratch.rglob("profile_default")),  # IPython's, while it runs
    }
    said = terminate_when(process, moments[begun])

    assert said.splitlines()[-1] == STOPPED
    assert (process.returncode, "Traceback" in said) == (1, False)
    assert list(folder.iterdir()) == []
    assert list(scratch.iterdir()) == []
