"""SCP.2: which guard rails hold in which account, asked of the engine for an administrator.

A guard rail counts only where every one of its requests is denied, whatever the administrator
chooses to ask for (keys of the request that are not given may have any value), with MFA, over
TLS, in the home region. That somebody is exempted is told; where all administrators that the
account really has are exempted, it does not count.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from awsbasics.iam.compile import CompiledPolicy, compile_policy
from awsbasics.iam.estate import Guards, Principal
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.explain import Decision
from awsbasics.iam.request import Request
from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.accounts import (
    NO_ORGANIZATION,
    Account,
    active_accounts,
    severity_in,
)
from awsbasics.recommendations.evidence.entrants import trusted_accounts
from awsbasics.recommendations.evidence.guard_rail_list import GUARD_RAILS, GuardRail, Probe
from awsbasics.recommendations.evidence.principals import (
    iam_was_read,
    is_break_glass,
    is_left_alone,
)
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

State = Literal["holds", "in_part", "missing", "unknown", "not_applicable"]

TABLE = "organizations_policy_targets"
EVERYTHING = compile_policy(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
    },
    "AdministratorAccess",
)
# Regions that every account has switched on, by partition: one that is not used must be closed.
COMMON_REGIONS: Mapping[str, tuple[str, ...]] = {
    "aws": ("ap-southeast-2", "sa-east-1", "ca-central-1", "eu-north-1", "us-west-1", "us-west-2"),
    "aws-us-gov": ("us-gov-east-1", "us-gov-west-1"),
    "aws-cn": ("cn-north-1", "cn-northwest-1"),
}
HOME_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
MOST_ADMINISTRATORS = 20
_SOME_TRAIL = "arn:{}:cloudtrail:{}:{}:trail/awsbasics-example"
_WHO = ("aws:principal", "aws:username", "aws:userid")


@dataclass(frozen=True, slots=True)
class Holding:
    """How one guard rail holds in one account.

    `allowed` are the actions that are not denied, `needs` the condition keys that decide.
    `exempt` are the real administrators that it does not hold back, `exemptions` what the
    denying policies except, as they write it; `denied_by` names these policies.
    """

    account: Account
    rail: GuardRail
    state: State
    allowed: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    exemptions: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()


class _Place(NamedTuple):
    """An account with all that the requests of its administrators are about."""

    account: Account
    guards: Guards
    context: Mapping[str, Any]
    values: Mapping[str, str]
    regions: tuple[str, ...]
    roles: tuple[str, ...]
    iam_is_read: bool
    administrators: tuple[Principal, ...]


def guard_rails_hold(facts: "Facts") -> Iterator[Result]:
    """SCP.2: one result per member account and guard rail."""
    if facts.management_account_id is None:
        yield not_applicable(facts.home_account_id, NO_ORGANIZATION)
        return
    for account in active_accounts(facts):
        if account.is_management:
            title = (
                "No guard rail reaches the management account: service control policies do not"
                " bind it."
            )
            yield not_applicable(account.id, title)
    for holding in holdings(facts):
        if holding.state != "not_applicable":
            yield _result(holding)


def holdings(facts: "Facts") -> Iterator[Holding]:
    """Every member account in use with every guard rail."""
    trails = {
        trail.arn.split(":")[4]: trail.arn
        for trail in rows(facts.frame("cloudtrail_trails"), "arn")
        if trail.arn and trail.arn.count(":") >= 5
    }
    for account in active_accounts(facts):
        if not account.is_management and facts.management_account_id is not None:
            place = _place(facts, account, trails.get(account.id))
            for rail in GUARD_RAILS:
                yield _holding(place, rail)


def _result(holding: Holding) -> Result:
    account, rail = holding.account, holding.rail
    if holding.state == "holds":
        return ok(account.id)
    who = "The root user" if rail.caller == "root" else "An administrator"
    if holding.state == "unknown":
        title = (
            f"Not all policies of account {account.label} were read: whether {who.lower()} can"
            f" {rail.can} is not known."
        )
        return unknown(account.id, title, key=rail.id, facts=_facts(holding), table=TABLE)
    return fail(
        account.id,
        key=rail.id,
        title=f"{who} of account {account.label} can {rail.can}{_how_far(holding)}.",
        facts=_facts(holding),
        table=TABLE,
        severity=severity_in(account.environment, rail.severity),
    )


def _how_far(holding: Holding) -> str:
    if holding.state == "missing" or not holding.denied_by:
        return ""
    by = listed(shown(holding.denied_by))
    if holding.needs:
        return f": {by} depends on {listed(shown(holding.needs))}"
    if holding.exempt and not holding.allowed:
        return f": {by} exempts every administrator that the account has"
    return f": {by} denies it in part, but not {listed(shown(holding.allowed))}"


def _facts(holding: Holding) -> dict[str, Any]:
    return {
        "guard_rail": holding.rail.id,
        "requests": [probe.action for probe in holding.rail.probes],
        "not_denied": shown(holding.allowed),
        "denied_by": shown(holding.denied_by),
        "depends_on": shown(holding.needs),
        "exempt_administrators": shown(holding.exempt),
        "exemptions": shown(holding.exemptions),
    }


def _holding(place: _Place, rail: GuardRail) -> Holding:
    requests = [(probe.action, each) for probe in rail.probes for each in _requests(place, probe)]
    if rail.special == "other_regions" and not place.regions:
        return Holding(place.account, rail, "not_applicable")
    if rail.special == "security_roles" and not place.roles:
        return Holding(place.account, rail, "not_applicable")
    caller = f"arn:{place.values['partition']}:iam::{place.account.id}:" + (
        "root" if rail.caller == "root" else "role/awsbasics-administrator"
    )
    asked = [(action, _decide(place, caller, action, each, rail)) for action, each in requests]
    open_ = [(action, one) for action, one in asked if "deny" not in one.outcome]
    denied = [one for _, one in asked if "deny" in one.outcome]
    exempt: tuple[str, ...] = ()
    if not open_ and rail.caller != "root":
        exempt = tuple(_exempt(place, requests, rail))
    exemptions = tuple(_exemptions(place.guards, denied))
    return Holding(
        account=place.account,
        rail=rail,
        state=_state(place, open_, denied, exempt, excepts=bool(exemptions)),
        allowed=tuple(dict.fromkeys(action for action, _ in open_)),
        needs=tuple(sorted({key for _, one in open_ for key in one.missing_keys})),
        exempt=exempt,
        exemptions=exemptions,
        denied_by=tuple(sorted({each.policy for one in denied for each in one.statements}
                               | {p.policy for _, one in open_ if one.outcome == "depends"
                                  for p in one.statements})),
    )  # fmt: skip


def _state(
    place: _Place,
    open_: list[tuple[str, Decision]],
    denied: list[Decision],
    exempt: tuple[str, ...],
    *,
    excepts: bool,
) -> State:
    if open_:
        if any(one.outcome == "depends" and not one.missing_keys for _, one in open_):
            return "unknown"
        partly = denied or any(one.outcome == "depends" for _, one in open_)
        return "in_part" if partly else "missing"
    if excepts and not place.iam_is_read:
        return "unknown"  # those whom it excepts may be all the administrators that there are
    everyone = len(place.administrators)
    return "in_part" if everyone and len(exempt) == everyone else "holds"


def _requests(place: _Place, probe: Probe) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A request's resources and contexts: more than one where it is about roles or regions."""
    resources = place.roles if probe.resource == "{role}" else (probe.resource,)
    for resource in resources:
        filled = resource
        for key, value in place.values.items():
            filled = filled.replace(f"{{{key}}}", value)
        yield filled, probe.context


def _decide(
    place: _Place, caller: str, action: str, about: tuple[str, Mapping[str, Any]], rail: GuardRail
) -> Decision:
    resource, more = about
    regions = place.regions if rail.special == "other_regions" else (place.values["region"],)
    found: list[Decision] = []
    for region in regions:
        context = {**place.context, "aws:RequestedRegion": region, **more}
        at = resource.replace(f":{place.values['region']}:", f":{region}:")
        request = Request(caller, action, at, place.account.id, context)
        found.append(evaluate(request, identity=(EVERYTHING,), scps=place.guards))
    return min(found, key=lambda each: "deny" in each.outcome)


def _exempt(
    place: _Place,
    requests: list[tuple[str, tuple[str, Mapping[str, Any]]]],
    rail: GuardRail,
) -> Iterator[str]:
    """The real administrators that are not denied some of it."""
    for each in place.administrators:
        decisions = (
            _decide(_as(place, each), each.arn, action, about, rail) for action, about in requests
        )
        if any("deny" not in one.outcome for one in decisions):
            yield each.arn


def _as(place: _Place, principal: Principal) -> _Place:
    return place._replace(context={**place.context, **principal.known})


def _exemptions(guards: Guards, denied: Iterable[Decision]) -> Iterator[str]:
    """What the denying statements say of who asks: `ArnNotLike aws:PrincipalArn …`."""
    named = {(ref.policy, ref.index) for one in denied for ref in one.statements}
    if not isinstance(guards, tuple):
        return
    policies = (each for level in guards for each in level if isinstance(each, CompiledPolicy))
    for policy in dict.fromkeys(policies):
        for statement in policy.content.policy.statements:
            if (policy.name, statement.index) in named:
                for line in statement.conditions:
                    if line.key.casefold().startswith(_WHO):
                        yield f"{line.operator} {line.key}: {', '.join(line.values)}"


def _place(facts: "Facts", account: Account, trail: str | None) -> _Place:
    permissions = facts.permissions
    estate = permissions.estate
    partition = str(facts.snapshot.manifest.get("partition") or "aws")
    region = HOME_REGIONS.get(partition, "us-east-1")
    used = set(facts.engagement.scope.regions or facts.snapshot.manifest.get("regions") or ())
    own = estate.by_account.get(account.id, ())
    organization = next((p.known for p in own if "aws:PrincipalOrgID" in p.known), {})
    administrators = [
        each
        for each in own
        if permissions.matrix.profile(each).title
        and not is_left_alone(facts, each)
        and not is_break_glass(facts, each)
        and each.name != ORGANIZATION_ROLE
    ]
    return _Place(
        account=account,
        guards=estate.guards.get(account.id),
        context={
            **estate.clock,
            **organization,
            "aws:MultiFactorAuthPresent": "true",
            "aws:MultiFactorAuthAge": "60",
            "aws:SecureTransport": "true",
            "aws:ViaAWSService": "false",
            "aws:CalledVia": None,
            "aws:PrincipalIsAWSService": "false",
        },
        values={
            "account": account.id,
            "partition": partition,
            "region": region,
            "trail": trail or _SOME_TRAIL.format(partition, region, account.id),
        },
        regions=tuple(r for r in COMMON_REGIONS.get(partition, ()) if r not in used)[:3],
        roles=tuple(_security_roles(facts, own)),
        iam_is_read=iam_was_read(estate, account.id),
        administrators=tuple(administrators[:MOST_ADMINISTRATORS]),
    )


def _security_roles(facts: "Facts", own: Iterable[Principal]) -> Iterator[str]:
    """The roles that trust the management account or an account of the security team."""
    ownership, management = facts.ownership, facts.management_account_id
    for role in own:
        if role.kind != "role" or role.is_protected:
            continue
        trusted = [a for a in trusted_accounts(role) if a != role.account_id]
        if any(a == management or ownership.environment(a).value == "security" for a in trusted):
            yield role.arn
