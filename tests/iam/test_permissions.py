"""Permissions: one estate for many questions, now and for ever."""

from awsbasics.iam.permissions import Permissions
from tests.iam.estates import ADMINISTRATOR, allow, estate, policy, role, user
from tests.iam.estates import found as ways_of

UNTIL = {"DateLessThan": {"aws:CurrentTime": "2026-11-24T00:00:00Z"}}
SINCE = {"DateGreaterThan": {"aws:CurrentTime": "2026-11-01T00:00:00Z"}}


def test_what_is_granted_for_a_time_is_not_for_ever() -> None:
    brief = user("brief", policy(allow("s3:*", **UNTIL)))
    lasting = user("lasting", policy(allow("s3:*", **SINCE)))
    now = Permissions(estate(brief, lasting))
    ever = now.for_ever
    get = "s3:GetObject"
    assert [now.access.anywhere(each, get).status.name for each in (brief, lasting)] == ["OPEN"] * 2
    assert [ever.access.anywhere(each, get).status.name for each in (brief, lasting)] == [
        "NO",
        "OPEN",
    ]


def test_ways_are_those_of_the_estate() -> None:
    climber = user("climber", policy(allow("iam:PutUserPolicy")))
    whole = estate(climber, role("boss", ADMINISTRATOR))
    ways = Permissions(whole).ways
    assert ways
    assert [way.row() for way in ways] == [way.row() for way in ways_of(whole, climber)]


def test_keys_of_the_request_can_be_given() -> None:
    bound = {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/b"}}
    maker = user("maker", policy(allow("iam:CreateRole", **bound)))
    access = Permissions(estate(maker)).access
    absent = {"iam:PermissionsBoundary": None}
    given = {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/b"}
    statuses = [
        access.anywhere(maker, "iam:CreateRole", about).status.name
        for about in (None, absent, given)
    ]
    assert statuses == ["CONDITIONAL", "NO", "OPEN"]
