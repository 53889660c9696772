"""SEP.6: production's roles that a sandbox or development account can take up."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.account_grants import Grant, grants, guests, host
from awsbasics.recommendations.evidence.entrants import ASSUME, Entrant
from awsbasics.recommendations.evidence.principals import subject
from awsbasics.recommendations.evidence.rows import listed, shown
from awsbasics.recommendations.evidence.sides import Sides

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_roles"


def role_crossings(facts: "Facts", sides: Sides) -> Iterator[Result]:
    """One result per role of production; those that provision accounts are no exception here.

    Where nobody of the other account can take it up today, whoever governs that account can let
    himself: that weighs a little less.
    """
    estate = facts.permissions.estate
    strangers = guests(facts, sides.lower)
    inside = _entrants(facts, sides)
    for account in sides.production:
        for role in estate.by_account.get(account, ()):
            if role.kind != "role" or role.is_protected:
                continue
            if not isinstance(role.trust, CompiledPolicy):
                title = f"The trust policy of role {role.name} was not read."
                yield unknown(account, title, role.arn, key="trust", table=TABLE)
                continue
            found = grants(role.trust, host(facts, role.arn, account), (ASSUME,), strangers)
            if found or role.arn in inside:
                yield _crossing(facts, sides, role, found, inside.get(role.arn, []))
            else:
                yield ok(account, role.arn)


def _entrants(facts: "Facts", sides: Sides) -> Mapping[str, list[Entrant]]:
    """Who of the lower accounts can take up a role of production today, by the role."""
    permissions = facts.permissions
    principals = permissions.estate.principals
    found: dict[str, list[Entrant]] = defaultdict(list)
    for account in sides.lower:
        for each in permissions.estate.by_account.get(account, ()):
            if each.is_service_linked:
                continue
            for arn, verdict in permissions.candidates.assumable(each).items():
                if (
                    verdict.status <= Status.CONDITIONAL
                    and principals[arn].account_id in sides.production
                ):
                    found[arn].append(Entrant(each, verdict))
    return found


def _crossing(
    facts: "Facts", sides: Sides, role: Principal, trusted: list[Grant], inside: list[Entrant]
) -> Result:
    accounts = {grant.account_id for grant in trusted} | {e.principal.account_id for e in inside}
    who = shown(subject(facts, each.principal).label for each in inside)
    by = f" ({listed(who)})" if who else ""
    title = f"{sides.named(accounts)} can enter production as role {role.name}{by}."
    if not who:
        title = (
            f"Role {role.name} of production trusts {sides.named(accounts)}: whoever governs it can"
            " enter."
        )
    needs = {key for grant in trusted for key in grant.needs}
    seen = {
        "from": shown(accounts),
        "trusted": shown(grant.principal for grant in trusted),
        "can_enter": who,
        "needs": sorted(needs | {key for each in inside for key in each.verdict.missing}),
    }
    severity: Severity = "critical" if who else "high"
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": TABLE}
    return fail(role.account_id, role.arn, key="trust", title=_capital(title), **more)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
