"""SEC.9: what people can read of production's secrets without elevation."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.principals import (
    is_break_glass,
    is_left_alone,
    subject,
)
from awsbasics.recommendations.evidence.reach import Reach
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import counted, listed, shown
from awsbasics.recommendations.evidence.standing_access import Reached
from awsbasics.recommendations.evidence.stored_secrets import READ, Secret

if TYPE_CHECKING:
    from awsbasics.facts import Facts


def people_who_read(facts: "Facts") -> Iterator[Result]:
    """SEC.9: one result per principal that people can be at any time, if it reaches production.

    Elevation is what ends (TMP.2 judges its windows) and the emergency role. The organization's
    own role is ORG.6's.
    """
    secrets = [each for each in facts.secrets if each.environment == "production"]
    if not secrets:
        return
    people = facts.reached
    read = _read_by(facts, secrets, {each.principal.arn: each.principal for each in people})
    production = {secret.account_id for secret in secrets}
    for each in people:
        own = read.get(each.principal.arn, [])
        if own or each.principal.account_id in production:
            yield from _judged(facts, each, own, len(secrets))


def _read_by(
    facts: "Facts", secrets: Sequence[Secret], people: Mapping[str, Principal]
) -> Mapping[str, list[Secret]]:
    """What principals that people can be read, both now and for ever."""
    now, later = facts.permissions, facts.permissions.for_ever
    reach, ever = Reach(now, READ, people.values()), Reach(later, READ)
    found: dict[str, list[Secret]] = defaultdict(list)
    for secret in secrets:
        inside = facts.secret_readers.get(secret.arn, ())
        across = reach.across(secret.thing) if reach.crosses(secret.thing) else ()
        for reader in (*inside, *across):
            arn = reader.principal.arn
            if arn not in people or reader.verdict.status > Status.CONDITIONAL:
                continue
            lasting = ever.verdict(later.estate.principals[arn], secret.thing)
            if lasting.status <= Status.CONDITIONAL:
                found[arn].append(secret)
    return found


def _judged(
    facts: "Facts", each: Reached, secrets: Sequence[Secret], every: int
) -> Iterator[Result]:
    principal = each.principal
    about = subject(facts, principal)
    place = (about.account_id, about.resource)
    exempt = is_left_alone(facts, principal) or principal.name == ORGANIZATION_ROLE
    if exempt:
        return
    if is_break_glass(facts, principal) or not secrets:
        if secrets or not facts.permissions.matrix.profile(principal).unread_identity:
            yield ok(*place)
            return
        title = f"A policy of {about.label} was not read: people may read secrets by it."
        yield unknown(place[0], title, place[1], key="policies", table=about.table)
        return
    who = counted(len(each.people), "person", "people")
    needs = f" (needs {listed(shown(each.needs))})" if each.needs else ""
    title = (
        f"{who} can read {len(secrets)} of {every} secrets of production"
        f" at any time by {about.label}{needs}."
    )
    seen: dict[str, Any] = {
        "people": shown(f"{name}: {path}" for name, path in each.people.items()),
        "secrets": shown(secret.name for secret in secrets),
        "administrator": bool(facts.permissions.matrix.profile(principal).title),
    }
    yield fail(*place, key="secrets", title=title, facts=seen, table=about.table)
