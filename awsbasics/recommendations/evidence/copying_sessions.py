"""TEAM.5: whether one session can read production's data and write that of other environments."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.application_assets import (
    ACTIONS,
    Asset,
    assets,
    reached_by,
)
from awsbasics.recommendations.evidence.principals import is_break_glass, is_left_alone, subject
from awsbasics.recommendations.evidence.reach import Reach
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import shown
from awsbasics.recommendations.evidence.standing_access import Reached

if TYPE_CHECKING:
    from awsbasics.facts import Facts

DATA = ("bucket", "table", "secret")
ELSEWHERE = frozenset({"development", "test", "sandbox"})
Data = Mapping[str, Sequence[str]]


def copying_sessions(facts: "Facts") -> Iterator[Result]:
    """TEAM.5: one result per principal that people can be.

    A session is one principal: what takes two, one after the other, nobody does by accident.
    """
    people = [each for each in facts.reached if not _is_spared(facts, each.principal)]
    data = [each for each in assets(facts, DATA) if people]
    production = [each for each in data if each.environment == "production"]
    others = [each for each in data if each.environment in ELSEWHERE]
    if not production or not others:
        return
    principals = [each.principal for each in people]
    reads = _reached(facts, production, "read", principals)
    readers = [each for each in principals if each.arn in reads]
    writes = _reached(facts, others, "write", readers)
    for each in people:
        yield _judged(facts, each, reads, writes)


def _is_spared(facts: "Facts", principal: Principal) -> bool:
    return (
        is_left_alone(facts, principal)
        or is_break_glass(facts, principal)
        or principal.name == ORGANIZATION_ROLE
    )


def _reached(
    facts: "Facts", data: Sequence[Asset], level: str, principals: Sequence[Principal]
) -> Data:
    """What of the data each principal can read or write, by its ARN."""
    found: dict[str, list[str]] = defaultdict(list)
    for kind in DATA:
        action = ACTIONS[kind][level]
        of_kind = [asset for asset in data if asset.kind == kind]
        things = reached_by(of_kind, action, principals)
        reach = Reach(facts.permissions, action, principals)
        pairs = list(reach.inside(things))
        pairs += [(t, r) for t in things if reach.crosses(t) for r in reach.across(t)]
        for thing, reader in pairs:
            if reader.verdict.status <= Status.CONDITIONAL:
                found[reader.principal.arn].append(f"{action} on {things[thing].arn}")
    return found


def _judged(facts: "Facts", each: Reached, reads: Data, writes: Data) -> Result:
    principal = each.principal
    about = subject(facts, principal)
    place = (about.account_id, about.resource)
    read, written = reads.get(principal.arn), writes.get(principal.arn)
    if not read or not written:
        if not facts.permissions.matrix.profile(principal).unread_identity:
            return ok(*place)
        title = f"A policy of {about.label} was not read: it may let people copy production."
        return unknown(place[0], title, place[1], key="policies", table=about.table)
    seen: dict[str, Any] = {
        "people": shown(f"{name}: {path}" for name, path in each.people.items()),
        "reads": shown(read),
        "writes": shown(written),
    }
    title = (
        f"{about.label} can read production's data and write that of other environments in one"
        " session."
    )
    return fail(*place, key="copies", title=title, facts=seen, table=about.table)
