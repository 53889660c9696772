"""ENG.8: who signs in by Identity Center has no password or access key of IAM to manage."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.people import human_users
from awsbasics.recommendations.evidence.principals import is_break_glass
from awsbasics.recommendations.evidence.rows import listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

REPORT = "iam_credential_report"
# What a base for IAM users gives them, and people without one have no use for. On
# `user/${aws:username}` it does nothing for a role, whose requests do not have that key.
CREDENTIALS = (
    "iam:ChangePassword",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:CreateAccessKey",
    "iam:UpdateAccessKey",
)


def sso_credentials(facts: "Facts") -> Iterator[Result]:
    """ENG.8: one result per permission set that people use, and per person's user in IAM too.

    A user is a person's own by its name: `ada` or `ada@example.com` of Identity Center. Who
    administers IAM is ORG.4's and SCP.3's.
    """
    if facts.frame("sso_instances").empty:
        return
    yield from _permission_sets(facts)
    yield from _twins(facts)


def _permission_sets(facts: "Facts") -> Iterator[Result]:
    estate = facts.permissions.estate
    roles: dict[str, set[str]] = defaultdict(set)
    for person in estate.people:
        for sign_in in person.sign_ins:
            roles[sign_in.permission_set].add(sign_in.role_arn)
    for name, arns in sorted(roles.items()):
        place = (facts.home_account_id, estate.permission_sets.get(name, name))
        allowed: dict[str, list[str]] = {}
        for arn in sorted(arns):
            actions = _allowed(facts, estate.principals[arn])
            if actions:
                allowed[estate.principals[arn].account_id] = actions
        if not allowed:
            yield ok(*place)
            continue
        actions = [each for each in CREDENTIALS if any(each in found for found in allowed.values())]
        what = listed(each.removeprefix("iam:") for each in actions)
        title = f"Permission set {name} allows {what}: passwords and keys that people do not have."
        seen = {"actions": actions, "accounts": shown(allowed)}
        more: dict[str, Any] = {"facts": seen, "table": "sso_permission_sets"}
        yield fail(*place, key="credentials", title=title, **more)


def _allowed(facts: "Facts", role: Principal) -> list[str]:
    permissions = facts.permissions
    if permissions.matrix.profile(role).title:
        return []
    can = permissions.access.anywhere
    return [each for each in CREDENTIALS if can(role, each).status <= Status.CONDITIONAL]


def _twins(facts: "Facts") -> Iterator[Result]:
    """IAM users of people who sign in by Identity Center, and what they still sign in with."""
    names = _names(facts)
    credentials = _credentials(facts)
    for user in human_users(facts):
        person = names.get(user.name.casefold())
        if person is None or is_break_glass(facts, user) or user.arn not in credentials:
            continue
        own = credentials[user.arn]
        if not own:
            yield ok(user.account_id, user.arn)
            continue
        title = f"{person} signs in by Identity Center, and has {listed(own)} as IAM user too."
        seen = {"identity_center_user": person, "has": own}
        yield fail(user.account_id, user.arn, key="twin", title=title, facts=seen, table=REPORT)


def _names(facts: "Facts") -> Mapping[str, str]:
    """The users who enter some account, by their names in small letters, without the domain too."""
    entering = [person.name for person in facts.permissions.estate.people if person.sign_ins]
    short = {name.casefold().partition("@")[0]: name for name in entering}
    return {**short, **{name.casefold(): name for name in entering}}


def _credentials(facts: "Facts") -> Mapping[str, list[str]]:
    """What each user signs in with, in words, by ARN."""
    columns = ("arn", "password_enabled", "access_key_1_active", "access_key_2_active")
    found: dict[str, list[str]] = {}
    for row in rows(facts.frame(REPORT), *columns):
        password = ["a password"] if row.password_enabled else []
        keys = sum(map(bool, (row.access_key_1_active, row.access_key_2_active)))
        found[row.arn] = password + [("an access key", "two access keys")[keys - 1]] * bool(keys)
    return found
