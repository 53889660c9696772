"""SCP.3: who is no administrator and can become one, or a more powerful principal, and how."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.escalation import Way
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status, Verdict, both
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.accounts import severity_in
from awsbasics.recommendations.evidence.principals import (
    Subject,
    iam_was_read,
    is_break_glass,
    is_left_alone,
    people_by_role,
    subject,
)
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ASSUME = "sts-001"


class Climb(NamedTuple):
    """All ways of one principal that begin with one path; `way` is the most open of them."""

    principal: Principal
    path_id: str
    way: Way
    verdict: Verdict
    to_administrator: bool
    targets: tuple[str, ...]

    @property
    def blocked(self) -> bool:
        """Whether something that was read stops it."""
        return self.verdict.status is Status.BLOCKED


def escalation(facts: "Facts") -> Iterator[Result]:
    """SCP.3: one result per principal and path that is open, conditional or possible.

    People of Identity Center are named at the permission set that they sign in with. To assume a
    role that a team has been given is no escalation, unless an administrator comes of it.
    """
    permissions = facts.permissions
    signing_in = people_by_role(permissions.estate)
    found = climbs(facts)
    for principal, profile in permissions.matrix.profiles():
        if profile.title or is_left_alone(facts, principal):
            continue
        open_ways = [each for each in found.get(principal.arn, ()) if not each.blocked]
        about = subject(facts, principal)
        for climb in open_ways:
            people = [person.name for person, _ in signing_in.get(principal.arn, ())]
            yield _result(facts, about, climb, people)
        if open_ways:
            continue
        if not profile.unread_identity:
            yield ok(about.account_id, about.resource)
        elif iam_was_read(permissions.estate, principal.account_id):
            title = f"A policy of {about.label} was not read: what it could become is not known."
            yield unknown(
                about.account_id, title, about.resource, key="policies", table=about.table
            )


def climbs(facts: "Facts") -> Mapping[str, Sequence[Climb]]:
    """The ways up of users and roles by principal, those by one path together."""
    together: dict[tuple[str, str], list[Way]] = defaultdict(list)
    principals = facts.permissions.estate.principals
    for way in facts.permissions.ways:
        if way.principal_arn in principals and not _is_granted(way):
            together[way.principal_arn, way.edges[0].path.id].append(way)
    found: dict[str, list[Climb]] = defaultdict(list)
    for (arn, path_id), ways in together.items():
        found[arn].append(_climb(principals[arn], path_id, ways))
    return found


def _is_granted(way: Way) -> bool:
    """Whether it is only the use of a role that one has been given, without power over IAM."""
    edges = way.edges
    return len(edges) == 1 and edges[0].path.id == ASSUME and not edges[0].to_administrator


def _climb(principal: Principal, path_id: str, ways: Sequence[Way]) -> Climb:
    def rank(way: Way) -> tuple[int, bool, int, str]:
        last = way.edges[-1]
        return _verdict(way).status, not last.to_administrator, len(way.edges), last.target_arn

    best = min(ways, key=rank)
    status = _verdict(best).status
    equal = [way for way in ways if _verdict(way).status is status]
    return Climb(
        principal=principal,
        path_id=path_id,
        way=best,
        verdict=_verdict(best),
        to_administrator=best.edges[-1].to_administrator,
        targets=tuple(sorted({way.edges[-1].target_arn for way in equal})),
    )


def _verdict(way: Way) -> Verdict:
    return both(*(edge.verdict for edge in way.edges))


def _result(facts: "Facts", about: Subject, climb: Climb, people: Sequence[str]) -> Result:
    if climb.verdict.status is Status.POSSIBLE:
        title = f"{_what(about, climb)} if {listed(shown(climb.verdict.missing))} allows it."
        place = (about.account_id, title, about.resource)
        return unknown(
            *place, key=climb.path_id, facts=_facts(climb, people), table=about.table,
            severity=_severity(facts, climb),
        )  # fmt: skip
    on = f", depending on {listed(shown(climb.verdict.missing))}" if climb.verdict.missing else ""
    return fail(
        about.account_id,
        about.resource,
        key=climb.path_id,
        title=f"{_what(about, climb)}{on}.",
        facts=_facts(climb, people),
        table=about.table,
        severity=_severity(facts, climb),
    )


def _what(about: Subject, climb: Climb) -> str:
    by = f"{climb.path_id}, {climb.way.edges[0].path.name}"
    if climb.to_administrator:
        return f"{about.label} can become an administrator ({by})"
    more = len(climb.targets) - 1
    others = f" and {more} more" if more else ""
    return f"{about.label} can become {_short(climb.targets[0])}{others}, which can do more ({by})"


def _short(arn: str) -> str:
    return arn.rpartition("/")[2]


def _severity(facts: "Facts", climb: Climb) -> Severity:
    """Becoming an administrator weighs more than another gain, without a condition more than with.

    Taking up the emergency role under its conditions is what it is for.
    """
    certain = climb.verdict.status is Status.OPEN
    severity: Severity = "high" if climb.to_administrator or certain else "medium"
    if climb.to_administrator and certain:
        severity = "critical"
    elif climb.path_id == ASSUME and not certain and _only_break_glass(facts, climb):
        severity = "low"
    environment = facts.ownership.environment(climb.principal.account_id).value
    return severity_in(environment, severity)


def _only_break_glass(facts: "Facts", climb: Climb) -> bool:
    principals = facts.permissions.estate.principals
    targets = [principals[arn] for arn in climb.targets if arn in principals]
    return bool(targets) and all(is_break_glass(facts, target) for target in targets)


def _facts(climb: Climb, people: Sequence[str]) -> dict[str, Any]:
    steps = [step for edge in climb.way.edges for step in edge.steps()]
    path = climb.way.edges[0].path
    return {
        "status": climb.verdict.status.name.lower(),
        "path": path.name,
        "source": path.source,
        "steps": steps,
        "becomes": shown(climb.targets),
        "needs": sorted(climb.verdict.missing),
        "stopped_by": stopped_by(climb),
        **({"people": shown(people)} if people else {}),
    }


def stopped_by(climb: Climb) -> list[str]:
    """What stops a way: boundary, SCP, a deny, a condition; `nothing` where it is open."""
    if climb.blocked:
        return sorted(climb.verdict.blocked_by)
    if climb.verdict.status is Status.CONDITIONAL:
        return [f"condition: {listed(shown(climb.verdict.missing))}"]
    return ["nothing"] if climb.verdict.status is Status.OPEN else ["not known"]
