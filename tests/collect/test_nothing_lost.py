"""Gathers that are killed, starved of disk, or in each other's way: as processes of their own."""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from awsbasics.collect import collect
from awsbasics.collect.tables import TABLES
from awsbasics.demo import DemoOrganization, demo_session
from awsbasics.snapshot import Snapshot, open_snapshot
from tests.faulty_aws import FaultyAws

pytestmark = pytest.mark.slow

ROLE = "OrganizationAccountAccessRole"
COMMAND = (sys.executable, "-c", "from awsbasics.cli import main; main()", "collect")
KILLS = 4
SEED = 20261123
PATIENCE_SECONDS = 60


@pytest.fixture
def aws(faulty_demo: FaultyAws) -> FaultyAws:
    faulty_demo.faults.clear()
    faulty_demo.calls.clear()
    return faulty_demo


def arguments(organization: DemoOrganization, *names: str) -> list[str]:
    accounts = ",".join(organization.accounts[name] for name in names)
    return ["--role", ROLE, "--regions", "us-east-1", "--accounts", accounts]


def start(output: Path, *more: str, limit: int | None = None) -> subprocess.Popen[str]:
    def starve() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [*COMMAND, "-o", str(output), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=starve,  # noqa: PLW1509 - nothing else runs in the child
    )


def kill_when(process: subprocess.Popen[str], moment: Callable[[], bool]) -> bool:
    """Whether the process was killed at that moment; not so if it had ended before."""
    end = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < end:
        if moment():
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.0005)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def written(folder: Path) -> int:
    return sum(len(files) for _, _, files in os.walk(folder))


def assert_equal(one: Snapshot, other: Snapshot) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(one.frame(name), other.frame(name), obj=name)
    where = ["table", "account_id", "region", "status", "rows", "error_code"]
    pd.testing.assert_frame_equal(one.coverage[where], other.coverage[where])


def test_a_gather_killed_at_many_random_moments_ends_equal_to_an_undisturbed_one(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path
) -> None:
    names = ("sandbox", "log-archive")
    accounts = [organization.accounts[name] for name in names]
    whole = collect(
        tmp_path / "whole",
        session=demo_session(),
        role=ROLE,
        regions=["us-east-1"],
        accounts=accounts,
    )
    calls = aws.calls.total()
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    output = tmp_path / "killed"
    killed = 0
    for turn in range(KILLS):
        before = aws.calls.total() if turn % 2 else written(output)
        more = chance.randint(1, calls // 4 if turn % 2 else 12)
        count = aws.calls.total if turn % 2 else lambda: written(output)
        process = start(output, *arguments(organization, *names), "--resume")
        killed += kill_when(process, lambda: count() >= before + more)  # noqa: B023 - called at once
    assert killed >= KILLS / 2
    resumed = collect(
        output,
        session=demo_session(),
        role=ROLE,
        regions=["us-east-1"],
        accounts=accounts,
        resume=True,
    )
    assert_equal(whole, resumed)
    open_snapshot(output, verify=True)
    assert not list(output.rglob(".*"))


def test_a_disk_that_fills_up_is_one_clear_line_and_no_damage(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path
) -> None:
    options = arguments(organization, "sandbox")
    full = start(tmp_path / "s", *options, limit=5000)
    _, said = full.communicate(timeout=PATIENCE_SECONDS)
    assert full.returncode == 1
    line = said.splitlines()[-1]
    assert line.startswith("awsbasics: ")
    assert "cannot be written: File too large" in line
    assert "Traceback" not in said

    again = start(tmp_path / "s", *options, "--resume")
    _, said = again.communicate(timeout=PATIENCE_SECONDS)
    assert again.returncode == 0, said
    snapshot = open_snapshot(tmp_path / "s", verify=True)
    assert not snapshot.frame("iam_roles").empty


def test_a_second_gather_into_the_same_snapshot_is_refused_and_harms_nothing(
    aws: FaultyAws, organization: DemoOrganization, tmp_path: Path
) -> None:
    options = arguments(organization, "sandbox")
    first = start(tmp_path / "s", *options)
    while first.poll() is None and not (tmp_path / "s" / ".lock").exists():
        time.sleep(0.001)
    second = start(tmp_path / "s", *options, "--resume")
    _, said = second.communicate(timeout=PATIENCE_SECONDS)
    _, first_said = first.communicate(timeout=PATIENCE_SECONDS)
    assert first.returncode == 0, first_said
    if second.returncode:  # it may have been so late that nothing was left to do
        assert "another gather is writing to" in said
    open_snapshot(tmp_path / "s", verify=True)
