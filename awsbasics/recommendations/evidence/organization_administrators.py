"""ORG.4: who can administer the organization, or become administrator of its management account."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import OPEN, Status, Verdict, best, both
from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.accounts import NO_ORGANIZATION
from awsbasics.recommendations.evidence.application_administrators import services_of
from awsbasics.recommendations.evidence.entrants import can_without_mfa, entrants, trusted_accounts
from awsbasics.recommendations.evidence.escalation import ASSUME, Climb, climbs
from awsbasics.recommendations.evidence.principals import (
    Subject,
    iam_was_read,
    is_left_alone,
    people_by_role,
    permission_set_name,
    subject,
)
from awsbasics.recommendations.evidence.rows import listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# What changes the organization or opens its members, beside administrators of the account: the
# Organizations, STS ("AssumeRoot") and IAM Identity Center API references.
POWER = (
    "organizations:AttachPolicy",
    "organizations:DetachPolicy",
    "organizations:UpdatePolicy",
    "organizations:DisablePolicyType",
    "organizations:MoveAccount",
    "organizations:RemoveAccountFromOrganization",
    "organizations:CloseAccount",
    "organizations:RegisterDelegatedAdministrator",
    "organizations:PutResourcePolicy",
    "sts:AssumeRoot",
    "sso:CreateAccountAssignment",
    "sso:AttachManagedPolicyToPermissionSet",
    "sso:PutInlinePolicyToPermissionSet",
)


def organization_administrators(facts: "Facts") -> Iterator[Result]:
    """ORG.4: one result per principal with that power, one per way to it, one for their number."""
    home = facts.management_account_id
    if home is None:
        yield not_applicable(facts.home_account_id, NO_ORGANIZATION)
        return
    counted: set[str] = set()
    for principal in facts.permissions.estate.by_account.get(home, ()):
        if is_left_alone(facts, principal):
            continue
        verdict = power(facts, principal)
        if verdict.status <= Status.CONDITIONAL:
            counted |= set(_humans(facts, principal))
            yield from _judged(facts, principal, verdict)
        elif verdict.status is Status.POSSIBLE and iam_was_read(facts.permissions.estate, home):
            about = subject(facts, principal)
            title = f"Not all of {about.label} was read: it may administer the organization."
            yield unknown(home, title, about.resource, key="power", table=about.table)
    yield from _ways(facts, home)
    yield _number(facts, home, counted)


def power(facts: "Facts", principal: Principal) -> Verdict:
    """Whether a principal of the management account can administer it or the organization."""
    permissions = facts.permissions
    if permissions.matrix.profile(principal).title:
        return OPEN
    return best(permissions.access.anywhere(principal, action) for action in POWER)


def _judged(facts: "Facts", principal: Principal, verdict: Verdict) -> Iterator[Result]:
    about = subject(facts, principal)
    faults, unsure = [*_faults(facts, principal)], [*_unsure(facts, principal)]
    by = "administers" if verdict.status is Status.OPEN else "may administer"
    seen: dict[str, Any] = {
        "who": shown(_humans(facts, principal)),
        "needs": sorted(verdict.missing),
    }
    for key, what in faults:
        title = f"{about.label} {by} the organization {what}."
        yield fail(
            about.account_id, about.resource, key=key, title=title, facts=seen, table=about.table
        )
    for key, what in unsure:
        title = f"{about.label} {by} the organization; {what}."
        yield unknown(
            about.account_id, title, about.resource, key=key, facts=seen, table=about.table
        )
    if not faults and not unsure:
        yield ok(about.account_id, about.resource)


def _faults(facts: "Facts", principal: Principal) -> Iterator[tuple[str, str]]:
    """What is wrong with how one becomes it, by key: keys, no second factor, a workload."""
    if principal.kind == "user":
        keys, mfa = _credentials(facts, principal)
        if keys:
            yield "access_key", "with an access key"
        if mfa is False:
            yield "mfa", "without MFA"
        return
    if permission_set_name(principal):
        return
    services = services_of(principal)
    if services:
        yield "service", f"as a workload of {listed(shown(services))}"
    others = [
        subject(facts, each.principal).label
        for each in entrants(facts, principal)
        if each.verdict.status <= Status.CONDITIONAL
        and not _is_trusted(facts, each.principal, principal)
        and can_without_mfa(each.principal, principal)
    ]
    if others:
        yield "mfa", f"and {listed(shown(others))} can assume it without MFA"


def _is_trusted(facts: "Facts", entrant: Principal, role: Principal) -> bool:
    """Whether somebody who assumes a role is federated, or has its power anyway."""
    if permission_set_name(entrant) or is_left_alone(facts, entrant):
        return True
    governs = entrant.account_id == role.account_id and entrant.kind == "role"
    return governs and power(facts, entrant).status is Status.OPEN


def _unsure(facts: "Facts", principal: Principal) -> Iterator[tuple[str, str]]:
    if principal.kind == "user":
        keys, mfa = _credentials(facts, principal)
        if keys is None:
            yield "access_key", "whether it has access keys was not read"
        if mfa is None:
            yield "mfa", "whether it has MFA was not read"
        return
    estate = facts.permissions.estate
    blind = [a for a in trusted_accounts(principal) if not iam_was_read(estate, a)]
    if blind:
        yield "entrants", f"who can assume it from account {listed(shown(blind))} was not read"


def _credentials(facts: "Facts", user: Principal) -> tuple[bool | None, bool | None]:
    """Whether a user has active access keys, and MFA; None where the report does not say."""
    columns = (
        "arn",
        "access_key_1_active",
        "access_key_2_active",
        "mfa_active",
        "password_enabled",
    )
    frame = facts.frame("iam_credential_report")
    for row in rows(frame[frame["account_id"] == user.account_id], *columns):
        if row.arn == user.arn:
            keys = (row.access_key_1_active, row.access_key_2_active)
            active = True if any(keys) else None if None in keys else False
            if row.password_enabled is False:
                return active, True  # nothing to sign in with: only its keys count
            return active, None if row.mfa_active is None else bool(row.mfa_active)
    return None, None


def _humans(facts: "Facts", principal: Principal) -> Iterator[str]:
    """Who is behind a principal: the user, the people who sign in with it, the users who can."""
    if principal.kind == "user":
        yield principal.name
    elif permission_set_name(principal):
        signing_in = people_by_role(facts.permissions.estate)
        yield from (person.name for person, _ in signing_in.get(principal.arn, ()))
    else:
        for entrant in entrants(facts, principal):
            if entrant.principal.kind == "user":
                yield entrant.principal.name


def _ways(facts: "Facts", home: str) -> Iterator[Result]:
    """Who is no administrator of the management account and can become one there."""
    for ways in climbs(facts).values():
        for climb in ways:
            last = climb.way.edges[-1]
            there = f":{home}:" in last.target_arn or last.source.account_id == home
            plain = {edge.path.id for edge in climb.way.edges} == {ASSUME}
            if not climb.to_administrator or not there or plain or climb.blocked:
                continue
            if not is_left_alone(facts, climb.principal):
                yield _way(facts, home, climb)


def _way(facts: "Facts", home: str, climb: Climb) -> Result:
    about: Subject = subject(facts, climb.principal)
    verdict = both(*(edge.verdict for edge in climb.way.edges))
    steps = [step for edge in climb.way.edges for step in edge.steps()]
    needs = f", depending on {listed(shown(verdict.missing))}" if verdict.missing else ""
    title = f"{about.label} can become administrator of the management account{needs}."
    seen = {"path": climb.path_id, "steps": steps, "needs": sorted(verdict.missing)}
    more: dict[str, Any] = {"key": f"way/{climb.path_id}", "facts": seen, "table": about.table}
    if verdict.status is Status.POSSIBLE:
        return unknown(home, title, about.resource, **more)
    return fail(home, about.resource, title=title, **more)


def _number(facts: "Facts", home: str, counted: set[str]) -> Result:
    limit = facts.engagement.thresholds["organization_administrators"]
    if len(counted) <= limit:
        return ok(home)
    title = f"{len(counted)} people and users can administer the organization, more than {limit:g}."
    seen = {"who": shown(counted), "limit": limit}
    return fail(home, key="number", title=title, facts=seen, table="iam_users", severity="high")
