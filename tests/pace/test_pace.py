"""The pace of calls, on a clock that only the tests move."""

from awsbasics.pace import FIRST_RATE, FREE_RATE, SLOWEST_RATE, STEP, Pace


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def pace() -> tuple[Pace, Clock]:
    clock = Clock()
    return Pace(lambda: clock.now, clock.sleep), clock


def test_nothing_is_held_back_before_the_first_refusal() -> None:
    own, clock = pace()
    for _ in range(1000):
        own.wait()
        own.answered(throttled=False)
    assert clock.slept == []
    assert own.rate is None


def test_after_a_refusal_calls_follow_each_other_at_a_rate() -> None:
    own, clock = pace()
    own.answered(throttled=True)
    assert own.rate == FIRST_RATE
    begun = clock.now
    for _ in range(11):
        own.wait()
    assert round(clock.now - begun, 6) == 10 / FIRST_RATE


def test_a_burst_of_refusals_slows_down_once_and_the_next_one_again() -> None:
    own, clock = pace()
    for _ in range(20):
        own.answered(throttled=True)
    assert own.rate == FIRST_RATE
    clock.now += 1
    own.answered(throttled=True)
    assert own.rate == FIRST_RATE / 2


def test_it_never_comes_to_a_stop() -> None:
    own, clock = pace()
    for _ in range(50):
        clock.now += 2
        own.answered(throttled=True)
    assert own.rate == SLOWEST_RATE


def test_answers_make_it_faster_until_nothing_is_held_back() -> None:
    own, _ = pace()
    own.answered(throttled=True)
    own.answered(throttled=False)
    assert own.rate == FIRST_RATE + STEP
    for _ in range(int(FREE_RATE / STEP)):
        own.answered(throttled=False)
    assert own.rate is None
