"""R02: which guard rails hold where, who can climb and what stops it, who is under a boundary."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from awsbasics.assessment import Assessment
from awsbasics.recommendations.evidence.boundaries import kind_of
from awsbasics.recommendations.evidence.escalation import Climb, climbs, stopped_by
from awsbasics.recommendations.evidence.guard_rail_list import GUARD_RAILS
from awsbasics.recommendations.evidence.guard_rail_matrix import Holding, State, holdings
from awsbasics.recommendations.evidence.principals import is_left_alone, subject
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Grid, Mark, Series
from awsbasics.show.evidence.common import environment, table
from awsbasics.show.text import plural

MOST_COLUMNS = 8
MARKS: Mapping[State, Mark] = {
    "holds": "yes",
    "in_part": "part",
    "missing": "no",
    "unknown": "unknown",
    "not_applicable": "none",
}
WORDS: Mapping[State, str] = {
    "holds": "holds",
    "in_part": "in part",
    "missing": "missing",
    "unknown": "not read",
    "not_applicable": "does not apply",
}
KINDS = {
    "people": "People",
    "applications": "Applications",
    "deployment": "Deployment roles",
}


def guard_rail_coverage(assessment: Assessment) -> Grid | None:
    """Guard rail by account; where the accounts are many, by environment."""
    every = list(holdings(assessment.facts))
    if not every:
        return None
    columns = _columns(assessment, every)
    values = [
        (rail.name, tuple(_mark(h for h in found if h.rail is rail) for found in columns.values()))
        for rail in GUARD_RAILS
    ]
    applying = [each for each in every if each.state != "not_applicable"]
    held = sum(each.state == "holds" for each in applying)
    accounts = len({each.account.id for each in every})
    return Grid(
        title="Guard rails that hold an administrator back",
        summary=f"{held:,} of {len(applying):,} hold, in {plural(accounts, 'member account')}. "
        "None holds in the management account, which service control policies do not bind.",
        label="Guard rail",
        columns=tuple(columns),
        values=tuple(values),
    )


def guard_rails_by_account(assessment: Assessment) -> Table:
    """Where a guard rail holds, wholly or in part: by which policy, and who is exempted."""
    found = holdings(assessment.facts)
    every = [each for each in found if each.state in ("holds", "in_part", "unknown")]
    every.sort(key=lambda each: each.state == "holds")
    return table(
        "Guard rails that hold, or hold in part, by account",
        (
            Column("Account"),
            Column("Guard rail"),
            Column("State"),
            Column("Denied by", "list"),
            Column("Not denied", "list"),
            Column("Depends on", "list"),
            Column("Exempted", "list"),
        ),
        (
            (
                each.account.label,
                each.rail.name,
                WORDS[each.state],
                each.denied_by,
                each.allowed if each.state == "in_part" else (),
                each.needs,
                (*each.exemptions, *each.exempt),
            )
            for each in every
        ),
        empty="None holds in any member account.",
    )


def ways_up(assessment: Assessment) -> Table:
    """Each principal and path, the open ones first, and what stops it."""
    facts = assessment.facts
    every = [
        climb
        for ways in climbs(facts).values()
        for climb in ways
        if not is_left_alone(facts, climb.principal)
    ]
    every.sort(key=lambda c: (c.verdict.status, not c.to_administrator, c.principal.arn))
    return table(
        "Ways up, and what stops them",
        (
            Column("Account"),
            Column("Principal"),
            Column("Path"),
            Column("Becomes", "list"),
            Column("State"),
            Column("Stopped by", "list"),
        ),
        (_way(assessment, climb) for climb in every),
        empty="Nobody who is no administrator can become one.",
    )


def under_boundaries(assessment: Assessment) -> Bars | None:
    """Principals with and without a permission boundary, by what they are for."""
    facts = assessment.facts
    counts: dict[str, list[int]] = {kind: [0, 0] for kind in KINDS}
    for principal in facts.permissions.estate.principals.values():
        kind = kind_of(facts, principal)
        if kind and principal.account_id in facts.accounts:
            counts[kind][principal.boundary is None] += 1
    bounded, all_of = sum(c[0] for c in counts.values()), sum(map(sum, counts.values()))
    if not all_of:
        return None
    return Bars(
        title="Principals under a permission boundary",
        summary=f"{bounded:,} of {plural(all_of, 'principal')} are under a boundary.",
        label="Principals of",
        series=(Series("under a boundary", "good"), Series("without", "neutral")),
        values=tuple((KINDS[kind], (found[0], found[1])) for kind, found in counts.items()),
    )


def _columns(assessment: Assessment, every: Sequence[Holding]) -> dict[str, list[Holding]]:
    by_account: dict[str, list[Holding]] = defaultdict(list)
    by_environment: dict[str, list[Holding]] = defaultdict(list)
    for each in every:
        by_account[each.account.name or each.account.id].append(each)
        by_environment[environment(assessment.facts, each.account.id)].append(each)
    few = len(by_account) <= MOST_COLUMNS
    return by_account if few else dict(sorted(by_environment.items()))


def _mark(found: Iterable[Holding]) -> Mark:
    """One mark for several accounts: in part where they differ."""
    marks = {MARKS[each.state] for each in found} - {"none"}
    if not marks:
        return "none"
    if "unknown" in marks:
        return "unknown"
    return next(iter(marks)) if len(marks) == 1 else "part"


def _way(assessment: Assessment, climb: Climb) -> tuple[str | tuple[str, ...], ...]:
    about = subject(assessment.facts, climb.principal)
    return (
        climb.principal.account_id,
        about.label,
        f"{climb.path_id}: {climb.way.edges[0].path.name}",
        tuple(dict.fromkeys(target.rpartition("/")[2] for target in climb.targets))[:3],
        climb.verdict.status.name.lower(),
        tuple(stopped_by(climb)),
    )
