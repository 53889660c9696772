"""Progress as plain lines, where there is no terminal."""

import io

import pytest

from awsbasics.progress import Shown


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("awsbasics.progress.time.monotonic", lambda: now[0])
    return now


def test_a_line_says_steps_accounts_calls_failures_and_time_left(clock: list[float]) -> None:
    stream = io.StringIO()
    shown = Shown("gather", stream)
    shown.expect(100)
    shown.count(accounts=1, calls=7)
    shown.count(calls=5)
    for step in range(20):
        clock[0] += 3
        shown.done("a table", "denied" if step < 2 else "")
    line = stream.getvalue().splitlines()[-1]
    assert line == "gather: 20 of 100, 1 accounts, 12 calls, 2 with problems, about 4 min left"


def test_a_line_comes_every_ten_seconds_at_most_and_one_at_the_end(clock: list[float]) -> None:
    stream = io.StringIO()
    shown = Shown("gather", stream)
    shown.expect(30)
    for _ in range(30):
        clock[0] += 1
        shown.done("a table")
    shown.close()
    lines = stream.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "gather: 10 of 30",
        "gather: 20 of 30",
        "gather: 30 of 30",
        "gather: 30 of 30",
    ]
    assert "left" not in lines[-1]
