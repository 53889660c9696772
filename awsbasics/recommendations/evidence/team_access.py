"""What teams can do to applications, by the engine: the ground of TEAM.1, TEAM.2 and TEAM.4."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from awsbasics.iam.estate import Group, Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.evidence.application_assets import (
    ACTIONS,
    LEVELS,
    Asset,
    application_assets,
    reached_by,
)
from awsbasics.recommendations.evidence.principals import (
    is_break_glass,
    is_left_alone,
    permission_set_name,
    runs_a_service,
)
from awsbasics.recommendations.evidence.reach import Reach
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.recommendations.evidence.standing_access import becomes
from awsbasics.recommendations.evidence.stored_secrets import application_of

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ENVIRONMENTS = ("production", "test", "development")
WAYS_KEPT = 50


class Hat(NamedTuple):
    """A principal that members of a team are or can become at any time, and how."""

    team: str
    principal: Principal
    path: str


@dataclass(slots=True)
class Cell:
    """What a team can do to an application in an account; `ways` say how, by level."""

    level: str
    environment: str
    ways: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class TeamAccess:
    """What teams can do.

    `applications` are those in each account, `cells` by team, application and account, without
    what administrators of the account can do: `administers` says who they are, by team and
    account. `assumes` are the roles of applications that services run as and teams can assume,
    by team, application and account.
    """

    hats: Mapping[str, Sequence[Hat]]
    applications: Mapping[str, frozenset[str]]
    cells: Mapping[tuple[str, str, str], Cell]
    administers: Mapping[tuple[str, str], Sequence[str]]
    assumes: Mapping[tuple[str, str, str], frozenset[str]]

    def level(self, team: str, application: str, account_id: str) -> str:
        """One of `LEVELS`, administrators included."""
        if (team, account_id) in self.administers:
            return LEVELS[-1]
        cell = self.cells.get((team, application, account_id))
        return cell.level if cell else LEVELS[0]

    def reached_by(self, team: str) -> list[str]:
        """The accounts with applications that a team can do anything to."""
        found = {account for own, _, account in self.cells if own == team}
        found |= {account for own, account in self.administers if own == team}
        return sorted(found & self.applications.keys())


def team_access(facts: "Facts") -> TeamAccess:
    """All of it; deployment, provisioning and emergency roles are left to the checks on them.

    Roles that services run as count in production only: elsewhere teams are to diagnose with
    them.
    """
    hats: dict[str, list[Hat]] = defaultdict(list)
    for hat in _hats(facts):
        hats[hat.team].append(hat)
    every = [hat for own in hats.values() for hat in own]
    assets = _assets(facts) if every else []
    applications: dict[str, set[str]] = defaultdict(set)
    for asset in assets:
        applications[asset.account_id].add(asset.application)
    return TeamAccess(
        hats,
        {account: frozenset(names) for account, names in applications.items()},
        _cells(facts, every, assets),
        _administers(facts, every),
        _assumes(facts, every),
    )


def _assets(facts: "Facts") -> list[Asset]:
    return [each for each in application_assets(facts) if each.environment in ENVIRONMENTS]


def _hats(facts: "Facts") -> Iterator[Hat]:
    now, ever = facts.permissions, facts.permissions.for_ever
    seen: set[tuple[str, str]] = set()
    for team, start, how in _starts(facts):
        for principal, (path, _) in becomes(now, ever, start, how).items():
            if (team, principal.arn) not in seen and not _is_spared(facts, principal):
                seen.add((team, principal.arn))
                yield Hat(team, principal, path)


def _is_spared(facts: "Facts", principal: Principal) -> bool:
    roles = facts.engagement.roles
    return (
        is_left_alone(facts, principal)
        or is_break_glass(facts, principal)
        or roles.is_deployment(principal.name, principal.path)
        or principal.name == ORGANIZATION_ROLE
    )


def _starts(facts: "Facts") -> Iterator[tuple[str, Principal, str]]:
    """What members of a team begin as: by IAM groups, permission sets, groups of the directory."""
    estate, ownership = facts.permissions.estate, facts.ownership
    for row in rows(facts.frame("iam_groups"), "arn", "name", "path"):
        team = ownership.team_of_group(row.name or "", row.path).value
        if team is not None and row.arn in estate.groups:
            yield team, _member(facts, estate.groups[row.arn]), f"group {row.name}"
    reserved: dict[str, list[Principal]] = defaultdict(list)
    for principal in estate.principals.values():
        reserved[permission_set_name(principal)].append(principal)
    names = {}
    for row in rows(facts.frame("sso_permission_sets"), "arn", "name", "tags"):
        names[row.arn] = row.name
        team = ownership.team_of_permission_set(row.name or "", row.tags).value
        for role in reserved.get(row.name, ()) if team and row.name else ():
            yield str(team), role, f"permission set {row.name}"
    teams = {
        row.id: (ownership.team_of_group(row.display_name or row.id).value, row.display_name)
        for row in rows(facts.frame("identitystore_groups"), "id", "display_name")
    }
    columns = ("principal_id", "permission_set_arn", "target_account_id")
    for row in rows(facts.frame("sso_assignments"), *columns):
        team, group = teams.get(row.principal_id, (None, ""))
        name = names.get(row.permission_set_arn, "")
        for role in reserved.get(name, ()) if team and name else ():
            if role.account_id == row.target_account_id:
                yield str(team), role, f"group {group}, permission set {name}"


def _member(facts: "Facts", group: Group) -> Principal:
    """Somebody who is in a group and has nothing else: its boundary is what all members share."""
    estate = facts.permissions.estate
    members = [p for p in estate.by_account.get(group.account_id, ()) if group.arn in p.groups]
    boundaries = {member.boundary_arn: member for member in members}
    other = next(iter(estate.by_account.get(group.account_id, ())), None)
    like = members[0] if len(boundaries) == 1 else None
    known = {k: v for k, v in (other.known if other else {}).items() if "PrincipalTag" not in k}
    partition = group.arn.split(":")[1]
    name = f"awsbasics-member-of-{group.name}"
    return Principal(
        arn=f"arn:{partition}:iam::{group.account_id}:user/{name}",
        account_id=group.account_id,
        kind="user",
        name=name,
        identity=group.identity,
        boundary=like.boundary if like else None,
        boundary_arn=like.boundary_arn if like else "",
        guards=estate.guards.get(group.account_id),
        groups=(group.arn,),
        known=known,
    )


def _administers(facts: "Facts", hats: Iterable[Hat]) -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for hat in hats:
        if _is_administrator(facts, hat.principal):
            found[hat.team, hat.principal.account_id].append(hat.path)
    return found


def _is_administrator(facts: "Facts", principal: Principal) -> bool:
    """Now and for ever."""
    now, ever = facts.permissions, facts.permissions.for_ever
    later = ever.estate.principals.get(principal.arn, principal)
    return bool(now.matrix.profile(principal).title and ever.matrix.profile(later).title)


def _assumes(facts: "Facts", hats: Iterable[Hat]) -> Mapping[tuple[str, str, str], frozenset[str]]:
    found: dict[tuple[str, str, str], frozenset[str]] = {}
    for hat in hats:
        application = application_of(facts, hat.principal)
        if application is not None and runs_a_service(hat.principal):
            key = (hat.team, application, hat.principal.account_id)
            found[key] = found.get(key, frozenset()) | {hat.principal.name}
    return found


def _cells(
    facts: "Facts", hats: Sequence[Hat], assets: Sequence[Asset]
) -> Mapping[tuple[str, str, str], Cell]:
    by_arn: dict[str, list[Hat]] = defaultdict(list)
    for hat in hats:
        by_arn[hat.principal.arn].append(hat)
    principals = [own[0].principal for own in by_arn.values()]
    found: dict[tuple[str, str, str], Cell] = {}
    for kind, actions in ACTIONS.items():
        of_kind = [asset for asset in assets if asset.kind == kind]
        for level, action in actions.items() if of_kind else ():
            for principal, asset in _pairs(facts, of_kind, action, principals):
                for hat in by_arn[principal.arn]:
                    _note(found, hat, asset, level, action)
    return found


def _pairs(
    facts: "Facts", assets: Sequence[Asset], action: str, principals: Sequence[Principal]
) -> Iterator[tuple[Principal, Asset]]:
    """Who can do an action to what, both now and for ever."""
    now, ever = facts.permissions, facts.permissions.for_ever
    reach, later = Reach(now, action, principals), Reach(ever, action, principals)
    things = reached_by(assets, action, principals)
    pairs = list(reach.inside(things))
    pairs += [(thing, r) for thing in things if reach.crosses(thing) for r in reach.across(thing)]
    administrators = {p.arn for p in principals if _is_administrator(facts, p)}
    for thing, reader in pairs:
        principal, asset = reader.principal, things[thing]
        own = principal.account_id == asset.account_id
        if own and principal.arn in administrators:
            continue  # told once for the account
        if runs_a_service(principal) and asset.environment != "production":
            continue
        lasting = ever.estate.principals.get(principal.arn, principal)
        verdicts = (reader.verdict, later.verdict(lasting, thing))
        if max(verdict.status for verdict in verdicts) <= Status.CONDITIONAL:
            yield principal, asset


def _note(
    found: dict[tuple[str, str, str], Cell], hat: Hat, asset: Asset, level: str, action: str
) -> None:
    key = (hat.team, asset.application, asset.account_id)
    cell = found.setdefault(key, Cell(LEVELS[0], asset.environment or "", {}))
    if LEVELS.index(level) > LEVELS.index(cell.level):
        cell.level = level
    ways = cell.ways.setdefault(level, [])
    if len(ways) < WAYS_KEPT:
        ways.append(f"{hat.path}: {action} on {asset.arn}")
