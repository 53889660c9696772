"""Lists that boto3 has no paginator for."""

from typing import Any

import pytest

from awsbasics.collect.outcome import BrokenAnswer
from awsbasics.collect.paging import items_by_token, listed_by_token
from tests.collect.fake_caller import Asked, Recording, fake_caller, refused

LIST = ("events", "ListEventBuses", "EventBuses", "NextToken")


def bus(name: str) -> dict[str, Any]:
    return {"Name": name}


PAGES: Recording = [
    {"EventBuses": [bus("a")], "NextToken": "1"},
    {"EventBuses": [bus("b")], "NextToken": "2"},
    {"EventBuses": [bus("c")]},
]
CIRCLE: Recording = {"EventBuses": [bus("a")], "NextToken": "again"}


def test_all_pages_are_read_each_once_with_the_token_of_the_one_before() -> None:
    caller = fake_caller({"ListEventBuses": PAGES})
    assert items_by_token(caller, *LIST, Limit=100) == [bus("a"), bus("b"), bus("c")]
    made: list[Asked] = caller.session.asked  # type: ignore[attr-defined]
    tokens = [call.parameters.get("NextToken") for call in made]
    assert tokens == [None, "1", "2"]
    assert {call.parameters["Limit"] for call in made} == {100}


def test_the_same_as_an_answer() -> None:
    answer = listed_by_token(fake_caller({"ListEventBuses": PAGES}), *LIST)
    assert (answer.status, answer.value) == ("ok", [bus("a"), bus("b"), bus("c")])


def test_a_later_page_that_is_refused_is_not_left_out() -> None:
    def second_refused(**asked: Any) -> Any:
        if "NextToken" in asked:
            raise refused()
        return {"EventBuses": [bus("a")], "NextToken": "1"}

    answer = listed_by_token(fake_caller({"ListEventBuses": second_refused}), *LIST)
    assert (answer.status, answer.value) == ("denied", None)


def test_nothing_there_is_absent() -> None:
    caller = fake_caller({"ListEventBuses": refused("NoSuchEntity")})
    assert listed_by_token(caller, *LIST, absent=("NoSuchEntity",)).status == "absent"


def test_pages_that_go_in_a_circle_are_an_error() -> None:
    with pytest.raises(BrokenAnswer, match="NextToken"):
        items_by_token(fake_caller({"ListEventBuses": CIRCLE}), *LIST)
    answer = listed_by_token(fake_caller({"ListEventBuses": CIRCLE}), *LIST)
    assert (answer.status, answer.error_code) == ("error", "BrokenAnswer")
