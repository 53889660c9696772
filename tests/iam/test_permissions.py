"""Permissions: one estate for many questions, now and for ever."""

from awsbasics.iam.permissions import SIGN_INS, Permissions
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


def test_a_user_asks_in_the_console_by_an_access_key_or_with_mfa() -> None:
    held = {
        "bool": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        "if-exists": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
        "no-key": {"Null": {"aws:MultiFactorAuthAge": "true"}},
    }
    users = [user(name, policy(allow("s3:*", **condition))) for name, condition in held.items()]
    permissions = Permissions(estate(*users))
    open_to = {
        how: [
            each.name
            for each in users
            if permissions.signed_in(how).access.anywhere(each, "s3:GetObject").status.name
            == "OPEN"
        ]
        for how in SIGN_INS
    }
    assert open_to == {
        "console": ["no-key"],
        "access_key": ["if-exists", "no-key"],
        "mfa": ["bool", "if-exists"],
    }
