"""People's IAM users, those of the same policies together, so that each kind is judged once."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import TYPE_CHECKING

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Estate, Principal
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.permissions import Permissions
from awsbasics.iam.planes import asks_who
from awsbasics.recommendations.evidence.entrants import trusted_accounts
from awsbasics.recommendations.evidence.principals import is_human

if TYPE_CHECKING:
    from awsbasics.facts import Facts

SOMEBODY = "awsbasics-somebody"
EVERY_ACCOUNT = "*"


def somebody(partition: str, account_id: str) -> Principal:
    """A user that does not exist: what it may do, anybody of the account may."""
    arn = f"arn:{partition}:iam::{account_id}:user/{SOMEBODY}"
    return Principal(arn, account_id, "user", SOMEBODY)


def human_users(facts: "Facts") -> list[Principal]:
    """The IAM users of people, by the engagement file."""
    principals = facts.permissions.estate.principals.values()
    return [each for each in principals if is_human(facts, each)]


def alike(permissions: Permissions, users: Iterable[Principal]) -> Iterator[list[Principal]]:
    """Users whose policies tell them apart by nothing but whose credentials are their own.

    Who is named in a resource (`user/ada`), or has another path, is alike to nobody else; nor is
    anybody whose tags are part of a resource's name.
    """
    names_users: dict[int, bool] = {}
    found: dict[Hashable, list[Principal]] = defaultdict(list)
    for user in users:
        apart = any(_names_users(policy, names_users) for policy in _policies(user))
        key = (permissions.matrix.likeness(user), user.path, user.arn if apart else "")
        found[key].append(user)
    yield from found.values()


def alike_to_roles(facts: "Facts", users: Iterable[Principal]) -> Iterator[list[Principal]]:
    """Users who are alike, and whom no role's trust tells apart: they can assume the same roles."""
    named, accounts = _told_apart_by_trust(facts.permissions.estate)
    for kind in alike(facts.permissions, users):
        alone = accounts & {EVERY_ACCOUNT, kind[0].account_id} or _assumes_by_name(kind[0])
        others = [user for user in kind if not alone and user.arn not in named]
        yield from ([user] for user in kind if alone or user.arn in named)
        if others:
            yield others


def _told_apart_by_trust(estate: Estate) -> tuple[set[str], set[str]]:
    """The users that trust policies name, and the accounts whose users conditions tell apart."""
    named: set[str] = set()
    accounts: set[str] = set()
    for role in estate.principals.values():
        if role.kind != "role" or not isinstance(role.trust, CompiledPolicy):
            continue
        for rule in role.trust.rules:
            named |= {each.id for each in rule.source.principals if ":user/" in each.id}
            if rule.source.not_principals or rule.source.unreadable:
                accounts.add(EVERY_ACCOUNT)
            elif asks_who(rule):
                anybody = any(each.id == "*" for each in rule.source.principals)
                accounts |= {EVERY_ACCOUNT} if anybody else set(trusted_accounts(role))
    return named, accounts


def _assumes_by_name(user: Principal) -> bool:
    """Whether which roles a user may assume follows from its name: `role/${aws:username}`."""
    return any(
        rule.resources is not None and bool(rule.resources.templates)
        for policy in _policies(user)
        for rule, _ in policy.content.about("sts:assumerole")
    )


def _policies(user: Principal) -> Iterator[CompiledPolicy]:
    """All policies of a user that were read: its own, its boundary and its SCPs."""
    levels = user.guards if isinstance(user.guards, tuple) else ()
    for policy in (*user.identity, user.boundary, *(each for level in levels for each in level)):
        if isinstance(policy, CompiledPolicy):
            yield policy


def has_unread_policy(user: Principal) -> bool:
    """Whether one of its policies, or its boundary, was not read."""
    return UNKNOWN in (*user.identity, user.boundary)


def _names_users(policy: CompiledPolicy, known: dict[int, bool]) -> bool:
    """Whether resources name certain users; `user/*` and `user/${aws:username}` do not.

    `known` remembers it by the policy's content.
    """
    key = id(policy.content)
    if key not in known:
        known[key] = any(
            _is_somebodys(resource.casefold())
            for rule in policy.content.rules
            for resource in (*rule.source.resources, *rule.source.not_resources)
        )
    return known[key]


def _is_somebodys(resource: str) -> bool:
    if "${aws:principaltag/" in resource:
        return True
    name = resource.rpartition("/")[2]
    return ":user/" in resource and not (set(name) <= {"*"} or "${aws:username}" in name)
