"""SEP.6: production's roles that a sandbox or development account can take up, at any distance."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.account_grants import Grant, grants, guests, host
from awsbasics.recommendations.evidence.entrants import ASSUME
from awsbasics.recommendations.evidence.principals import subject
from awsbasics.recommendations.evidence.rows import listed, shown
from awsbasics.recommendations.evidence.sides import Sides

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_roles"


class Way(NamedTuple):
    """A principal of a lower account, the roles of third accounts that it takes up, the last."""

    first: Principal
    last: Principal
    over: tuple[str, ...]
    needs: frozenset[str]

    def on(self, role: Principal, needs: frozenset[str]) -> "Way":
        """The way with one more role taken up."""
        over = (*self.over, f"{role.name} ({role.account_id})")
        return Way(self.first, role, over, self.needs | needs)


def role_crossings(facts: "Facts", sides: Sides) -> Iterator[Result]:
    """One result per role of production; those that provision accounts are no exception here.

    Where nobody of the other account can take it up today, whoever governs that account can let
    himself: that weighs a little less.
    """
    estate = facts.permissions.estate
    strangers = guests(facts, sides.lower)
    ways = _ways(facts, sides)
    for account in sides.production:
        for role in estate.by_account.get(account, ()):
            if role.kind != "role" or role.is_protected:
                continue
            if not isinstance(role.trust, CompiledPolicy):
                title = f"The trust policy of role {role.name} was not read."
                yield unknown(account, title, role.arn, key="trust", table=TABLE)
                continue
            found = grants(role.trust, host(facts, role.arn, account), (ASSUME,), strangers)
            if found or role.arn in ways:
                yield _crossing(facts, sides, role, found, ways.get(role.arn, []))
            else:
                yield ok(account, role.arn)


def _ways(facts: "Facts", sides: Sides) -> Mapping[str, list[Way]]:
    """Who of the lower accounts can take up a role of production today, by the role.

    Roles of third accounts are followed, each from the first who reaches it: what deploys from an
    account of tools is open to whoever can become it.
    """
    permissions = facts.permissions
    principals = permissions.estate.principals
    found: dict[str, list[Way]] = defaultdict(list)
    waiting = deque(
        Way(each, each, (), frozenset())
        for account in sides.lower
        for each in permissions.estate.by_account.get(account, ())
        if not each.is_service_linked
    )
    followed: set[str] = set()
    while waiting:
        way = waiting.popleft()
        for arn, verdict in permissions.candidates.assumable(way.last).items():
            role = principals[arn]
            if verdict.status > Status.CONDITIONAL or role.account_id in sides.lower:
                continue
            if role.account_id in sides.production:
                found[arn].append(way._replace(needs=way.needs | verdict.missing))
            elif arn not in followed:
                followed.add(arn)
                waiting.append(way.on(role, verdict.missing))
    return found


def _crossing(
    facts: "Facts", sides: Sides, role: Principal, trusted: list[Grant], ways: list[Way]
) -> Result:
    accounts = {grant.account_id for grant in trusted} | {way.first.account_id for way in ways}
    who = shown(_label(facts, way) for way in ways)
    if who:
        by = f"{sides.named(accounts)} can enter production as role {role.name}"
        title = f"{by[:1].upper()}{by[1:]} ({listed(who)})."
    else:
        title = (
            f"Role {role.name} of production trusts {sides.named(accounts)}: whoever governs such"
            " an account can enter."
        )
    needs = {key for grant in trusted for key in grant.needs}
    seen = {
        "from": shown(accounts),
        "trusted": shown(grant.principal for grant in trusted),
        "can_enter": who,
        "needs": sorted(needs.union(*(way.needs for way in ways))),
    }
    severity: Severity = "critical" if who else "high"
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": TABLE}
    return fail(role.account_id, role.arn, key="trust", title=title, **more)


def _label(facts: "Facts", way: Way) -> str:
    label = subject(facts, way.first).label
    return f"{label} by way of {listed(way.over)}" if way.over else label
