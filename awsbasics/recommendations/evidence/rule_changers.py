"""DEV.3: which people can change the inbound rules of which security groups, by the engine."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import MaybePolicy, Principal
from awsbasics.iam.permissions import Permissions
from awsbasics.iam.planes import keys_of
from awsbasics.iam.verdict import OPEN, Status
from awsbasics.ownership.tags import read_tags
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.principals import (
    iam_was_read,
    is_break_glass,
    is_left_alone,
    permission_set_name,
    subject,
)
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import counted, rows, shown
from awsbasics.recommendations.evidence.standing_access import Reached, reached

if TYPE_CHECKING:
    from awsbasics.facts import Facts

GROUPS = "ec2_security_groups"
# What lets in somebody else, or shuts out who is let in. Each is about a security group; the rule
# itself is asked for only where it is tagged (Service Authorization Reference, Amazon EC2).
CHANGES = (
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:ModifySecurityGroupRules",
    "ec2:RevokeSecurityGroupIngress",
)
TAG_KEYS = ("aws:resourcetag/", "ec2:resourcetag/")


class Group(NamedTuple):
    """One security group, its application (None: not known) and its tags."""

    arn: str
    id: str
    region: str
    vpc_id: str | None
    application: str | None
    tags: Mapping[str, str]


def rule_changers(facts: "Facts") -> Iterator[Result]:
    """DEV.3: one result per principal that a person is or can become at any time.

    In production nobody changes inbound rules but by the emergency role, or for a time; elsewhere
    by the groups of one application, or of those that the principal's team maintains. Deployment
    roles are DEP.3's.
    """
    estate = facts.permissions.estate
    accounts = [
        account
        for account in estate.accounts
        if facts.ownership.environment(account).value != "sandbox"
    ]
    groups = _groups(facts)
    known: dict[int, tuple[Group, ...]] = {}
    for each in reached(facts, accounts):
        principal = each.principal
        if _is_exempt(facts, principal):
            continue
        number = facts.permissions.matrix.profile(principal).number
        if number not in known:
            here = groups.get(principal.account_id, [])
            known[number] = tuple(_changeable(facts.permissions, principal, here))
        yield from _judged(facts, each, known[number])


def _is_exempt(facts: "Facts", principal: Principal) -> bool:
    """Whether others judge it: provisioning nobody, the organization's own role ORG.6."""
    deploys = principal.kind == "role" and facts.engagement.roles.is_deployment(
        principal.name, principal.path
    )
    return deploys or is_left_alone(facts, principal) or principal.name == ORGANIZATION_ROLE


def _judged(facts: "Facts", each: Reached, groups: tuple[Group, ...]) -> Iterator[Result]:
    principal = each.principal
    about = subject(facts, principal)
    environment = facts.ownership.environment(principal.account_id).value
    applications = {group.application for group in groups if group.application is not None}
    in_production = environment == "production"
    unread = facts.permissions.matrix.profile(principal).unread_identity
    if is_break_glass(facts, principal):
        yield ok(about.account_id, about.resource)
        return
    if not groups or not (in_production or _is_too_wide(facts, principal, applications)):
        if not unread:
            yield ok(about.account_id, about.resource)
        elif iam_was_read(facts.permissions.estate, principal.account_id):
            title = f"A policy of {about.label} was not read: it may change inbound rules."
            more = {"key": "policies", "table": about.table}
            yield unknown(about.account_id, title, about.resource, **more)
        return
    who = counted(len(each.people), "person", "people")
    what = counted(len(groups), "security group", "security groups")
    whose = "" if in_production else f" of {len(applications)} applications"
    where = f" in {environment}" if environment else ""
    title = f"{who} can change inbound rules of {what}{whose}{where} by {about.label}."
    severity: Severity = "medium" if environment == "development" else "high"
    seen: dict[str, Any] = {
        "people": shown(f"{name}: {path}" for name, path in each.people.items()),
        "groups": len(groups),
        "for_example": shown(group.id for group in groups),
        "applications": shown(applications),
        "needs": sorted(each.needs),
    }
    yield fail(
        about.account_id,
        about.resource,
        key="inbound",
        title=title,
        facts=seen,
        severity=severity,
        table=about.table,
    )


def _is_too_wide(facts: "Facts", principal: Principal, applications: set[str]) -> bool:
    """Whether these are several applications, not all of them the principal's team's."""
    if len(applications) < 2:
        return False
    maintained = {
        application
        for team in _teams(facts, principal)
        for application in facts.engagement.teams.maintain.get(team, ())
    }
    return not applications <= maintained


def _teams(facts: "Facts", principal: Principal) -> set[str]:
    ownership, estate = facts.ownership, facts.permissions.estate
    name = permission_set_name(principal)
    if name:
        frame = facts.frame("sso_permission_sets")
        tags = (row.tags for row in rows(frame, "name", "tags") if row.name == name)
        found = [ownership.team_of_permission_set(name, next(tags, None)).value]
    else:
        groups = [estate.groups[arn] for arn in principal.groups if arn in estate.groups]
        found = [ownership.team_of_group(each.name).value for each in groups]
    return {team for team in found if team is not None}


def _groups(facts: "Facts") -> dict[str, list[Group]]:
    """The security groups of each account."""
    found: dict[str, list[Group]] = defaultdict(list)
    columns = ("account_id", "region", "id", "arn", "vpc_id", "tags")
    for row in rows(facts.frame(GROUPS), *columns):
        owner = facts.ownership.application(row.account_id, row.region, row.id, tags=row.tags)
        group = Group(
            row.arn or "", row.id, row.region, row.vpc_id, owner.value, read_tags(row.tags)
        )
        found[row.account_id].append(group)
    return found


def _changeable(now: Permissions, principal: Principal, groups: list[Group]) -> Iterator[Group]:
    """The groups whose inbound rules a principal can change, now and for ever."""
    ever = now.for_ever
    actions = [action for action in CHANGES if now.access.granted(principal, action)]
    if any(_everywhere(now, ever, principal, action) for action in actions):
        yield from groups
        return
    tags = _tags_asked_for(principal, actions)
    for group in groups:
        context = _context(principal, group, tags)
        if any(
            _may(now, principal, action, group, context)
            and _may(ever, principal, action, group, context)
            for action in actions
        ):
            yield group


def _everywhere(now: Permissions, ever: Permissions, principal: Principal, action: str) -> bool:
    return (
        now.access.at_once(principal, action) is OPEN
        and ever.access.at_once(principal, action) is OPEN
    )


def _may(
    engine: Permissions, principal: Principal, action: str, group: Group, context: Mapping[str, Any]
) -> bool:
    """Whether a principal may do this to a group, as far as is known."""
    verdict = engine.access.can(principal, action, group.arn, context)
    return verdict.status <= Status.CONDITIONAL


def _context(principal: Principal, group: Group, asked: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "aws:ResourceAccount": principal.account_id,
        "aws:RequestedRegion": group.region,
        "ec2:Region": group.region,
    }
    if group.vpc_id:
        head = f"arn:{principal.partition}:ec2:{group.region}:{principal.account_id}"
        found["ec2:Vpc"] = f"{head}:vpc/{group.vpc_id}"
    own = {name.lower(): value for name, value in group.tags.items()}
    return {**found, **{key: own.get(key.partition("/")[2]) for key in asked}}


def _tags_asked_for(principal: Principal, actions: list[str]) -> frozenset[str]:
    """The tags of the group that the principal's policies ask for, as keys in small letters."""
    levels = principal.guards if isinstance(principal.guards, tuple) else ()
    policies: list[MaybePolicy | None] = [*principal.identity, principal.boundary]
    policies += [policy for level in levels for policy in level]
    return frozenset(
        key
        for policy in policies
        if isinstance(policy, CompiledPolicy)
        for action in actions
        for rule, _ in policy.content.about(action.lower())
        for key in keys_of(rule)
        if key.startswith(TAG_KEYS)
    )
