"""Events by `LookupEvents`: the last 90 days of management events, region by region.

AWS answers two requests a second for an account and region, with at most 50 events each
(https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html). So the
events are looked up by name (`awsbasics.collect.events.names`), each to a number of pages, and
what is cut short is told. An account takes at least the number of names over two in seconds,
about a minute; its regions are asked at the same time.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from botocore.exceptions import ClientError

from awsbasics.collect.events.log_file import NotALogFile, rewritten
from awsbasics.collect.events.names import (
    GLOBAL_EVENTS_REGION,
    GLOBAL_NAMES,
    REGIONAL_NAMES,
    ROOT_USER_NAME,
)
from awsbasics.collect.table import Answer, Caller, Item
from awsbasics.errors import UsageError

LOOKUP_DAYS = 90
OPERATION = "LookupEvents"
SECONDS_A_REQUEST = 0.5
PAGE = 50
MOST_PAGES = 100


def look_up(call: Caller, *, days: int) -> Iterator[Item]:
    """Rows of the events of the last `days` in the caller's region, each event once.

    Raises ClientError where the first request is refused; what fails later is noted.
    """
    from awsbasics.collect.events.records import RecordReader

    since = datetime.now(UTC) - timedelta(days=checked_days(days))
    found: dict[str, Item] = {}
    for number, (key, value) in enumerate(_queries(call)):
        attribute = {"AttributeKey": key, "AttributeValue": value}
        events = _events(call, attribute, since, first=number == 0)
        found.update((event["EventId"], event) for event in events)
    texts = list(_texts(call, found.values()))
    yield from RecordReader().read(texts, "api").rows.to_pylist()


def checked_days(days: int) -> int:
    """The days, if CloudTrail keeps events so long; UsageError otherwise."""
    if not 1 <= days <= LOOKUP_DAYS:
        raise UsageError(f"events are kept for {LOOKUP_DAYS} days; {days} cannot be looked up")
    return days


def _queries(call: Caller) -> Iterator[tuple[str, str]]:
    """What is looked up in the caller's region, the most numerous last."""
    home = GLOBAL_EVENTS_REGION.get(call.partition, call.region)
    if call.region == home:
        yield from (("EventName", name) for name in GLOBAL_NAMES)
    elif home not in call.regions:
        text = f"IAM's and the organization's events are in {home}, which is not gathered"
        call.note(Answer("error", None, "RegionNotGathered", text), OPERATION)
    yield "Username", ROOT_USER_NAME
    yield from (("EventName", name) for name in REGIONAL_NAMES)


def _events(
    call: Caller, attribute: Mapping[str, str], since: datetime, *, first: bool
) -> Iterator[Item]:
    """The events that one attribute finds, newest first."""
    more: dict[str, Any] = {}
    event: Item = {}
    for _ in range(MOST_PAGES):
        answer = _paced(call, LookupAttributes=[attribute], StartTime=since, **more)
        if answer.status != "ok":
            if first and not more:
                code, message = answer.error_code, answer.error_message
                raise ClientError({"Error": {"Code": code, "Message": message}}, OPERATION)
            call.note(answer, OPERATION)
            return
        for event in answer.value["Events"]:
            yield event
        if not answer.value.get("NextToken"):
            return
        more = {"NextToken": answer.value["NextToken"]}
    until = event["EventTime"].astimezone(UTC).isoformat(timespec="seconds") if event else "none"
    what = f"{attribute['AttributeKey']} {attribute['AttributeValue']}"
    text = f"{what}: only the newest {MOST_PAGES * PAGE} events were read, back to {until}"
    call.note(Answer("error", None, "TooManyEvents", text), OPERATION)


def _paced(call: Caller, **parameters: Any) -> Answer:
    """One request, not sooner than AWS answers the next."""
    started = monotonic()
    answer = call.answer("cloudtrail", OPERATION, expect="Events", MaxResults=PAGE, **parameters)
    time.sleep(max(0.0, started + SECONDS_A_REQUEST - monotonic()))
    return answer


def _texts(call: Caller, events: Iterable[Item]) -> Iterator[bytes]:
    """Each event as a log file with one record; what is none is noted."""
    for event in events:
        try:
            yield rewritten(str(event.get("CloudTrailEvent", "")).encode("utf-8", "replace"))
        except NotALogFile as error:
            text = f"the event {event['EventId']} {error}"
            call.note(Answer("error", None, "NotAsDocumented", text), OPERATION)
