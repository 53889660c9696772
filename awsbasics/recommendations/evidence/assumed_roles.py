"""ENG.11: roles that people assume ask for MFA, or people come to them by single sign-on."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.permissions import SignIn
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.entrants import (
    HOW,
    WITHOUT_MFA,
    can_without_mfa,
    trusted_accounts,
)
from awsbasics.recommendations.evidence.people import (
    alike_to_roles,
    has_unread_policy,
    human_users,
    somebody,
)
from awsbasics.recommendations.evidence.principals import iam_was_read, is_left_alone
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import counted, listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_roles"

People = dict[SignIn, set[str]]


def assumed_roles(facts: "Facts") -> Iterator[Result]:
    """ENG.11: one result per role that an IAM user of a person can assume, and per permission set.

    A user asks in the console, by an access key, and with MFA; a role may let in the last alone.
    Whoever assumes a role from another role has come through one of these first. The
    organization's own role is ORG.6's.
    """
    estate = facts.permissions.estate
    entering, unsure = _entering(facts)
    for arn in sorted(entering):
        role = estate.principals[arn]
        if entering[arn]:
            yield _without_mfa(role, entering[arn])
        elif not unsure[arn]:
            yield ok(role.account_id, arn)
        elif iam_was_read(estate, role.account_id):
            who = listed(shown(unsure[arn]))
            title = f"Whether {who} can assume role {role.name} without MFA was not read."
            yield unknown(role.account_id, title, arn, key="mfa", table=TABLE)
    yield from _unread_users(facts)
    yield from _blind(facts, set(entering))
    names = {sign_in.permission_set for person in estate.people for sign_in in person.sign_ins}
    for name in sorted(names):
        yield ok(facts.home_account_id, estate.permission_sets.get(name, name))


def _without_mfa(role: Principal, people: People) -> Result:
    who = {name for names in people.values() for name in names}
    ways = [how for how in WITHOUT_MFA if how in people]
    number = counted(len(who), "person", "people")
    title = f"{number} can assume role {role.name} without MFA, {listed(HOW[h] for h in ways)}."
    seen: dict[str, Any] = {"people": shown(who), "ways": ways}
    return fail(role.account_id, role.arn, key="mfa", title=title, facts=seen, table=TABLE)


def _entering(facts: "Facts") -> tuple[dict[str, People], dict[str, set[str]]]:
    """Who can assume each role without MFA, and of whom it is not known, by the role's ARN."""
    with_mfa = facts.permissions.signed_in("mfa")
    entering: dict[str, People] = {}
    unsure: dict[str, set[str]] = defaultdict(set)
    for users in alike_to_roles(facts, human_users(facts)):
        names = {f"{user.name} ({user.account_id})" for user in users}
        for arn, verdict in with_mfa.candidates.assumable(users[0]).items():
            role = with_mfa.estate.principals[arn]
            exempt = is_left_alone(facts, role) or role.name == ORGANIZATION_ROLE
            if exempt or verdict.status > Status.POSSIBLE:
                continue
            people = entering.setdefault(arn, {})
            for how in WITHOUT_MFA:
                status = facts.permissions.signed_in(how).access.assume(users[0], role).status
                if status <= Status.CONDITIONAL:
                    people.setdefault(how, set()).update(names)
                elif status is Status.POSSIBLE:
                    unsure[arn] |= names
    return entering, unsure


def _unread_users(facts: "Facts") -> Iterator[Result]:
    for user in human_users(facts):
        if has_unread_policy(user) and iam_was_read(facts.permissions.estate, user.account_id):
            title = f"A policy of IAM user {user.name} was not read: it may assume roles by it."
            yield unknown(user.account_id, title, user.arn, key="policies", table="iam_users")


def _blind(facts: "Facts", found: set[str]) -> Iterator[Result]:
    """Roles that ask for no MFA and trust an account of which not all was read."""
    estate = facts.permissions.estate
    blind = {account for account in estate.accounts if not iam_was_read(estate, account)}
    roles = estate.principals.values() if blind else ()
    for role in roles:
        if role.kind != "role" or role.arn in found or is_left_alone(facts, role):
            continue
        accounts = sorted(blind.intersection(trusted_accounts(role)) - {role.account_id})
        if any(can_without_mfa(somebody(role.partition, account), role) for account in accounts):
            title = f"Which people of account {listed(accounts)} can assume role {role.name}"
            more = {"key": "people", "table": TABLE}
            yield unknown(role.account_id, f"{title} without MFA was not read.", role.arn, **more)
