"""TEAM.1, TEAM.2 and TEAM.4: what teams can do, against what is expected of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.recommendations.base import Result, Severity, ask, fail, ok, unknown
from awsbasics.recommendations.evidence.application_assets import LEVELS
from awsbasics.recommendations.evidence.principals import subject
from awsbasics.recommendations.evidence.rows import counted, listed, shown
from awsbasics.recommendations.evidence.team_access import ENVIRONMENTS, Cell, TeamAccess

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_groups"


class Row(NamedTuple):
    """What a team can do to an application in an environment: the most of its accounts.

    `maintains` is None where it is not known what the team maintains. `assumes` are the
    application's own roles, those that services run as, that the team can assume.
    """

    team: str
    application: str
    environment: str
    level: str
    maintains: bool | None
    assumes: tuple[str, ...]


def matrix_rows(facts: "Facts") -> list[Row]:
    """Team x application x environment, sorted; environments in the order of `ENVIRONMENTS`."""
    access = facts.team_access
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for account, applications in access.applications.items():
        for application in applications:
            environment = facts.ownership.environment(account).value or ""
            places[application, environment].append(account)
    found = [
        Row(
            team,
            application,
            environment,
            max((access.level(team, application, a) for a in accounts), key=LEVELS.index),
            _maintains(facts, team, application),
            _assumes(access, team, application, accounts),
        )
        for team in access.hats
        for (application, environment), accounts in places.items()
    ]
    order = {environment: place for place, environment in enumerate(ENVIRONMENTS)}
    return sorted(found, key=lambda row: (row.team, row.application, order[row.environment]))


def access_matrix(facts: "Facts") -> Iterator[Result]:
    """TEAM.1: one result per application and account; nothing here is wrong by itself."""
    for account, applications in facts.team_access.applications.items():
        yield from (ok(account) for _ in applications)
    yield from _unread(facts)


def as_expected(facts: "Facts") -> Iterator[Result]:
    """TEAM.2: one result per team and application that it maintains, in each account.

    Of a team of which nobody says what it maintains, all that it reaches. Too little is told for
    what it surely maintains, in development alone.
    """
    access = facts.team_access
    for team in access.hats:
        for account in access.applications:
            expected = _expected(facts, account)
            if (team, account) in access.administers:
                yield _administrator(facts, team, account, expected)
                continue
            for application in sorted(access.applications[account]):
                maintains = _maintains(facts, team, application)
                cell = access.cells.get((team, application, account))
                if maintains or (maintains is None and cell):
                    yield _against(facts, (team, application, account), cell, expected)
    yield from _unread(facts)


def only_maintained(facts: "Facts") -> Iterator[Result]:
    """TEAM.4: one result per team and account; who maintains what is the engagement file's."""
    access = facts.team_access
    reaching = {row.team for row in matrix_rows(facts) if row.level != LEVELS[0]}
    for team in access.hats:
        if team not in facts.engagement.teams.maintain:
            if team in reaching:
                title = f"Which applications does team {team} maintain?"
                yield ask(facts.home_account_id, title, key=team, team=team)
            continue
        if team not in reaching:
            yield ok(facts.home_account_id)
        for account in access.reached_by(team) if team in reaching else ():
            yield _foreign(facts, team, account, access.applications[account])
    yield from _unread(facts)


def _foreign(facts: "Facts", team: str, account: str, applications: frozenset[str]) -> Result:
    access = facts.team_access
    levels = {
        application: access.level(team, application, account)
        for application in sorted(applications)
        if not _maintains(facts, team, application)
    }
    found = {name: level for name, level in levels.items() if level != LEVELS[0]}
    if not found:
        return ok(account)
    production = facts.ownership.environment(account).value == "production"
    reads_only = set(found.values()) == {"read"}
    severity: Severity = "high" if production or not reads_only else "medium"
    verb = "read" if reads_only else "read or change"
    what = counted(len(found), "application", "applications")
    ways = [w for name in found for w in _ways(access.cells.get((team, name, account)), "none")]
    seen = {
        "applications": shown(f"{name}: {level}" for name, level in found.items()),
        "maintains": sorted(facts.engagement.teams.maintain[team]),
        "ways": shown([*ways, *access.administers.get((team, account), ())]),
    }
    title = (
        f"Team {team} can {verb} {what} of account {account} that it does not maintain:"
        f" {listed(shown(found))}."
    )
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": TABLE, "team": team}
    return fail(account, key=team, title=title, **more)


def _against(
    facts: "Facts", place: tuple[str, str, str], cell: Cell | None, expected: str
) -> Result:
    team, application, account = place
    level = cell.level if cell else LEVELS[0]
    environment = facts.ownership.environment(account).value or ""
    more: dict[str, Any] = {"table": TABLE, "team": team, "application": application}
    seen: dict[str, Any] = {"access": level, "expected": expected, "environment": environment}
    key = f"{team}/{application}"
    if LEVELS.index(level) > LEVELS.index(expected):
        seen["ways"] = shown(_ways(cell, expected))
        title = (
            f"Team {team} can {level} {application} in {environment} (account {account}):"
            f" {'nothing' if expected == LEVELS[0] else expected} is expected."
        )
        more |= {"facts": seen, "severity": _severity(environment)}
        return fail(account, key=key, title=title, **more)
    too_little = environment == "development" and LEVELS.index(level) < LEVELS.index(expected)
    if too_little and _maintains(facts, team, application):
        title = (
            f"Team {team} can {'do nothing to' if level == LEVELS[0] else f'only {level}'}"
            f" {application} in development (account {account}): {expected} is expected."
        )
        more |= {"facts": seen, "severity": "info"}
        return fail(account, key=f"{key}/less", title=title, **more)
    return ok(account)


def _administrator(facts: "Facts", team: str, account: str, expected: str) -> Result:
    if expected == LEVELS[-1]:
        return ok(account)
    environment = facts.ownership.environment(account).value or ""
    access = facts.team_access
    title = (
        f"Team {team} administers account {account} ({environment}), and so all"
        f" {counted(len(access.applications[account]), 'application', 'applications')} in it."
    )
    seen = {
        "access": LEVELS[-1],
        "expected": expected,
        "environment": environment,
        "ways": shown(access.administers[team, account]),
    }
    more: dict[str, Any] = {"facts": seen, "severity": _severity(environment), "team": team}
    return fail(account, key=f"{team}/administrator", title=title, table=TABLE, **more)


def _severity(environment: str) -> Severity:
    """Developers who change too much in development break less."""
    return "medium" if environment == "development" else "high"


def _expected(facts: "Facts", account: str) -> str:
    environment = facts.ownership.environment(account).value or ""
    return facts.engagement.expected_access.get(environment, LEVELS[0])


def _ways(cell: Cell | None, above: str) -> Sequence[str]:
    """How a team comes by more than a level."""
    ways: Mapping[str, Sequence[str]] = cell.ways if cell else {}
    return [
        way
        for level, own in ways.items()
        if LEVELS.index(level) > LEVELS.index(above)
        for way in own
    ]


def _maintains(facts: "Facts", team: str, application: str) -> bool | None:
    own = facts.engagement.teams.maintain.get(team)
    return None if own is None else application in own


def _assumes(
    access: TeamAccess, team: str, application: str, accounts: Sequence[str]
) -> tuple[str, ...]:
    names = (access.assumes.get((team, application, account), frozenset()) for account in accounts)
    return tuple(sorted(frozenset().union(*names)))


def _unread(facts: "Facts") -> Iterator[Result]:
    """Principals of teams of which a policy was not read."""
    permissions, seen = facts.permissions, set()
    for hats in facts.team_access.hats.values():
        for hat in hats:
            principal = hat.principal
            profile = permissions.matrix.profile(principal)
            if principal.arn in seen or not profile.unread_identity:
                continue
            seen.add(principal.arn)
            is_group = principal.arn not in permissions.estate.principals
            resource = principal.groups[0] if is_group else subject(facts, principal).resource
            title = f"A policy of {hat.path} was not read: team {hat.team} may do more."
            key = f"policies/{hat.team}"
            yield unknown(principal.account_id, title, resource, key=key, table="iam_policies")
