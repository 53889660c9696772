"""Events by LookupEvents: what is asked, at what pace, and what is told where it is cut short."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest

from awsbasics.collect.caller import AwsCaller
from awsbasics.collect.engine import TableRead, read_table
from awsbasics.collect.events import lookup
from awsbasics.collect.events.lookup import checked_days, look_up
from awsbasics.collect.events.names import GLOBAL_NAMES, REGIONAL_NAMES
from awsbasics.collect.events.records import RecordReader
from awsbasics.collect.events.table import TABLES
from awsbasics.errors import UsageError
from tests.collect.events.event_records import (
    ACCOUNT,
    IDENTITIES,
    Record,
    log_text,
    numbered,
    record,
)
from tests.collect.fake_caller import fake_caller, refused

(TABLE,) = TABLES
HOME, ELSEWHERE = "us-east-1", "eu-west-1"
REGIONS = (HOME, ELSEWHERE)

FEW_GLOBAL = ("PutRolePolicy", "CreateUser")
FEW_REGIONAL = ("CreateTrail", "AssumeRole")

Answer = Mapping[str, Any]


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    taken: list[float] = []
    monkeypatch.setattr("time.sleep", taken.append)
    return taken


@pytest.fixture(autouse=True)
def _few_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "GLOBAL_NAMES", FEW_GLOBAL)
    monkeypatch.setattr(lookup, "REGIONAL_NAMES", FEW_REGIONAL)


def as_event(one: Record) -> dict[str, Any]:
    """A record as LookupEvents wraps it."""
    return {
        "EventId": one["eventID"],
        "EventName": one["eventName"],
        "EventTime": datetime.fromisoformat(one["eventTime"]),
        "CloudTrailEvent": json.dumps(one),
    }


def page(*records: Record, token: str | None = None) -> Answer:
    more = {"NextToken": token} if token else {}
    return {"Events": [as_event(one) for one in records], **more}


def found_by(answers: Mapping[str, Answer]) -> Callable[..., Answer]:
    """Answers by what is looked up; nothing for all else."""

    def answer(*, region: str, LookupAttributes: Any, **_: Any) -> Answer:  # noqa: N803
        return answers.get(LookupAttributes[0]["AttributeValue"], page())

    return answer


def caller(answer: Any, region: str = HOME, **more: Any) -> AwsCaller:
    return fake_caller({"LookupEvents": answer}, region=region, **{"regions": REGIONS, **more})


def read(asked: AwsCaller, days: int = 30) -> TableRead:
    return read_table(replace(TABLE, gather=partial(look_up, days=days)), asked)


def looked_up(asked: AwsCaller) -> list[str]:
    session: Any = asked.session
    return [call.parameters["LookupAttributes"][0]["AttributeValue"] for call in session.asked]


def test_a_row_of_the_api_equals_the_row_of_a_log_file() -> None:
    records = [
        record(
            userIdentity=dict(identity), eventID=f"id-{number}", responseElements={"b": 1, "a": "x"}
        )
        for number, identity in enumerate(IDENTITIES.values())
    ]
    by_api = read(caller(found_by({"PutRolePolicy": page(*records)}))).rows
    by_log = RecordReader().read([log_text(records)], "log").rows.to_pylist()
    assert len(by_api) == len(IDENTITIES)
    assert {row.pop("origin") for row in by_api} == {"api"}
    assert {row.pop("origin") for row in by_log} == {"log"}
    assert by_api == by_log


def test_only_the_last_days_are_asked_for_by_pages_of_fifty() -> None:
    asked = caller(found_by({}))
    read(asked, days=7)
    session: Any = asked.session
    parameters = session.asked[0].parameters
    age = datetime.now(UTC) - parameters["StartTime"]
    assert timedelta(days=7) <= age < timedelta(days=7, minutes=5)
    assert parameters["MaxResults"] == 50


def test_each_name_is_looked_up_once_and_the_root_user_too() -> None:
    asked = caller(found_by({}))
    found = read(asked)
    assert Counter(looked_up(asked)) == Counter([*FEW_GLOBAL, *FEW_REGIONAL, "root"])
    assert (found.coverage.status, found.coverage.calls) == ("empty", len(looked_up(asked)))


def test_events_of_services_without_regions_are_looked_up_where_they_are_recorded() -> None:
    asked = caller(found_by({}), ELSEWHERE)
    read(asked)
    assert not set(FEW_GLOBAL) & set(looked_up(asked))
    assert set(FEW_REGIONAL) <= set(looked_up(asked))
    china = caller(found_by({}), "cn-north-1", partition="aws-cn", regions=("cn-north-1",))
    read(china)
    assert set(FEW_GLOBAL) <= set(looked_up(china))


def test_where_that_region_is_not_gathered_the_table_does_not_look_whole() -> None:
    coverage = read(caller(found_by({}), ELSEWHERE, regions=(ELSEWHERE,))).coverage
    assert (coverage.status, coverage.error_code) == ("partial", "RegionNotGathered")
    assert HOME in coverage.error_message


@pytest.mark.parametrize(("took", "rest"), [(0.125, 0.375), (2.0, 0.0)])
def test_requests_keep_the_pace_that_aws_allows(
    naps: list[float], monkeypatch: pytest.MonkeyPatch, took: float, rest: float
) -> None:
    clock = count(0, took)
    monkeypatch.setattr(lookup, "monotonic", lambda: next(clock))
    asked = caller(found_by({}))
    read(asked)
    assert naps == [rest] * len(looked_up(asked))


def test_all_pages_are_read_and_an_event_that_two_look_ups_find_is_one() -> None:
    first, second = numbered(2)

    def answer(*, LookupAttributes: Any, NextToken: str = "", **_: Any) -> Answer:  # noqa: N803
        if LookupAttributes[0]["AttributeValue"] not in ("PutRolePolicy", "root"):
            return page()
        return page(second) if NextToken else page(first, token="more")

    rows = read(caller(answer)).rows
    assert sorted(row["event_id"] for row in rows) == [first["eventID"], second["eventID"]]


def test_what_is_too_much_is_cut_short_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "MOST_PAGES", 3)
    events: Iterator[Record] = iter(numbered(100))

    def endless(*, LookupAttributes: Any, **_: Any) -> Answer:  # noqa: N803
        many = LookupAttributes[0]["AttributeValue"] == "AssumeRole"
        return page(next(events), token="more") if many else page()

    found = read(caller(endless))
    assert len(found.rows) == 3
    assert (found.coverage.status, found.coverage.error_code) == ("partial", "TooManyEvents")
    assert "AssumeRole: only the newest" in found.coverage.error_message
    assert "back to 2026-11-01T10:00:02+00:00" in found.coverage.error_message


def test_a_region_in_which_it_is_denied_is_denied_after_one_request() -> None:
    asked = caller(refused("AccessDeniedException"))
    assert read(asked).coverage.status == "denied"
    assert len(looked_up(asked)) == 1


def test_what_is_refused_later_is_told_and_the_rest_is_kept() -> None:
    def answer(*, LookupAttributes: Any, **_: Any) -> Answer:  # noqa: N803
        name = LookupAttributes[0]["AttributeValue"]
        if name == "CreateTrail":
            raise refused("ThrottlingException")
        return page(record()) if name == "PutRolePolicy" else page()

    found = read(caller(answer))
    assert (found.coverage.status, found.coverage.rows) == ("partial", 1)
    assert found.coverage.error_code == "ThrottlingException"


def test_an_event_without_a_record_is_told_and_costs_no_other() -> None:
    bare = {"EventId": "bare", "EventTime": datetime(2026, 11, 1, tzinfo=UTC)}
    answer = {"Events": [as_event(record()), bare]}
    found = read(caller(found_by({"PutRolePolicy": answer})))
    assert (found.coverage.status, len(found.rows)) == ("partial", 1)
    assert "the event bare holds no CloudTrail records" in found.coverage.error_message


def test_rows_are_of_the_account_and_region_that_was_asked() -> None:
    (row,) = read(caller(found_by({"PutRolePolicy": page(record())}))).rows
    assert (row["account_id"], row["region"]) == (ACCOUNT, HOME)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_days_that_cloudtrail_does_not_keep_are_refused(days: int) -> None:
    with pytest.raises(UsageError, match="kept for 90 days"):
        checked_days(days)


def test_no_name_is_looked_up_twice() -> None:
    names = (*GLOBAL_NAMES, *REGIONAL_NAMES)
    assert len(names) == len(set(names))
