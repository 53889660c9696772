from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from awsbasics.demo.repeatable import Turns
from awsbasics.demo.setting import ACCOUNT_IDS, DEMO_NOW


def draw(turns: Turns, key: str) -> tuple[int, float]:
    turns.begin(key, None)
    return turns.getrandbits(64), turns.random()


def test_the_same_request_draws_the_same_in_another_server() -> None:
    assert draw(Turns(DEMO_NOW), "a") == draw(Turns(DEMO_NOW), "a")


def test_the_same_request_draws_anew_when_asked_again() -> None:
    turns = Turns(DEMO_NOW)
    assert draw(turns, "a") != draw(turns, "a")


def test_other_requests_change_nothing_in_what_a_request_draws() -> None:
    alone, busy = Turns(DEMO_NOW), Turns(DEMO_NOW)
    draw(busy, "b")
    assert draw(alone, "a") == draw(busy, "a")


def test_threads_do_not_draw_from_each_other() -> None:
    turns, expected = Turns(DEMO_NOW), Turns(DEMO_NOW)
    keys = [f"key {number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda key: draw(turns, key), keys))
    assert drawn == [draw(expected, key) for key in keys]


def test_a_request_sees_the_time_that_it_names_and_none_is_the_real_one() -> None:
    turns = Turns(DEMO_NOW)
    assert turns.now() == DEMO_NOW
    past = DEMO_NOW - timedelta(days=400)
    turns.begin("a", past)
    assert turns.now() == past
    turns.begin("a", None)
    assert abs(turns.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_accounts_take_the_demos_ids_in_order_then_others() -> None:
    turns = Turns(DEMO_NOW)
    assert [turns.account_id() for _ in ACCOUNT_IDS] == list(ACCOUNT_IDS.values())
    further = turns.account_id()
    assert further not in ACCOUNT_IDS.values()
    assert len(further) == 12
    assert further.isdigit()
