"""APP.7: trust policies say who may assume a role."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.request import Request
from awsbasics.iam.rule import Rule
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.identity_providers import Loose, loose_providers
from awsbasics.recommendations.evidence.outsiders import (
    EVERYONE,
    STRANGER,
    Outsider,
    organization_was_read,
    outsiders,
)
from awsbasics.recommendations.evidence.principals import is_left_alone
from awsbasics.recommendations.evidence.rows import counted, listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_roles"

# Services that say for whom they assume a role, by their own guides (each page shows or
# demands aws:SourceArn or aws:SourceAccount in the role's trust policy). Others may not send
# the keys, and a condition on them would lock these services out.
_GUIDE = "https://docs.aws.amazon.com/"
SENDS_SOURCE = {
    "autoscaling.amazonaws.com": f"{_GUIDE}autoscaling/ec2/userguide/"
    "cross-service-confused-deputy-prevention.html",
    "bedrock.amazonaws.com": f"{_GUIDE}bedrock/latest/userguide/model-import-iam-role.html",
    "ecs-tasks.amazonaws.com": f"{_GUIDE}AmazonECS/latest/developerguide/task-iam-roles.html",
    "events.amazonaws.com": f"{_GUIDE}eventbridge/latest/userguide/"
    "cross-service-confused-deputy-prevention.html",
    "greengrass.amazonaws.com": f"{_GUIDE}greengrass/v2/developerguide/"
    "cross-service-confused-deputy-prevention.html",
    "monitoring.rds.amazonaws.com": f"{_GUIDE}AmazonRDS/latest/UserGuide/"
    "USER_Monitoring.OS.Enabling.html",
    "personalize.amazonaws.com": f"{_GUIDE}personalize/latest/dg/"
    "cross-service-confused-deputy-prevention.html",
    "scheduler.amazonaws.com": f"{_GUIDE}scheduler/latest/UserGuide/"
    "cross-service-confused-deputy-prevention.html",
    "ssm.amazonaws.com": f"{_GUIDE}systems-manager/latest/userguide/"
    "cross-service-confused-deputy-prevention.html",
    "states.amazonaws.com": f"{_GUIDE}step-functions/latest/dg/procedure-create-iam-role.html",
    "vpc-flow-logs.amazonaws.com": f"{_GUIDE}vpc/latest/userguide/flow-logs-iam-role.html",
}
SOURCE_KEYS = frozenset(
    {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}
)


def trust_policies(facts: "Facts") -> Iterator[Result]:
    """APP.7: one result per role, or one per party that it should not let in like that.

    Roles that services may take up on behalf of others are one result per account and service.
    """
    known = organization_was_read(facts)
    careless: dict[tuple[str, str], list[Principal]] = defaultdict(list)
    for role in facts.permissions.estate.principals.values():
        if role.kind != "role" or role.is_protected or is_left_alone(facts, role):
            continue
        if not isinstance(role.trust, CompiledPolicy):
            title = f"The trust policy of role {role.name} was not read."
            yield unknown(role.account_id, title, role.arn, key="trust", table=TABLE)
            continue
        found = list(_judged(facts, role, role.trust, known=known))
        yield from found
        services = _careless(role, role.trust)
        for service in services:
            careless[role.account_id, service].append(role)
        if not found and not services:
            yield ok(role.account_id, role.arn)
    for (account, service), roles in sorted(careless.items(), key=lambda item: item[0]):
        yield _without_source(account, service, roles)


def _judged(
    facts: "Facts", role: Principal, trust: CompiledPolicy, *, known: bool
) -> Iterator[Result]:
    for outsider in outsiders(facts, role):
        if outsider.enters and outsider.account_id not in facts.engagement.trusted_accounts:
            yield _let_in(role, outsider, known=known)
    loose = {each.provider: each for rule in trust.rules for each in loose_providers(rule)}
    for each in loose.values():
        yield _without_subject(role, each)
    if trust.problems and not loose:
        title = f"The trust policy of role {role.name} is not understood whole."
        seen = {"not_understood": shown(trust.problems)}
        yield unknown(role.account_id, title, role.arn, key="trust", facts=seen, table=TABLE)


def _let_in(role: Principal, outsider: Outsider, *, known: bool) -> Result:
    everyone = outsider.account_id == EVERYONE
    who = "every AWS account" if everyone else f"account {outsider.account_id}"
    condition = f", depending on {listed(shown(outsider.needs))}" if outsider.needs else ""
    how = "" if everyone else " without an external id"
    title = f"Role {role.name} can be assumed from {who}{how}{condition}."
    seen: dict[str, Any] = {"account": outsider.account_id, "depends_on": list(outsider.needs)}
    key = EVERYONE if everyone else f"account/{outsider.account_id}"
    if not known and not everyone:
        text = f"{title[:-1]}; whether that is one of the organization's was not read."
        return unknown(role.account_id, text, role.arn, key=key, facts=seen, table=TABLE)
    severity: Severity = "high" if outsider.needs else "critical"
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": TABLE}
    return fail(role.account_id, role.arn, key=key, title=title, **more)


def _without_subject(role: Principal, loose: Loose) -> Result:
    who = f"subjects like {listed(shown(loose.said))}" if loose.said else "every subject"
    title = f"Role {role.name} can be assumed by {who} of {loose.provider}."
    seen = {"provider": loose.provider, "subjects": shown(loose.said)}
    severity: Severity = "critical" if loose.is_shared else "high"
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": TABLE}
    key = f"provider/{loose.provider}"
    return fail(role.account_id, role.arn, key=key, title=title, **more)


def _careless(role: Principal, trust: CompiledPolicy) -> list[str]:
    """The services that may take up a role for anybody, though they say for whom they do."""
    suspects = {
        named.id
        for rule in trust.rules
        if rule.allows and not _asks_for_source(rule)
        for named in rule.source.principals
        if named.kind == "Service" and named.id.removesuffix(".cn") in SENDS_SOURCE
    }
    return sorted(each for each in suspects if _serves_anybody(role, trust, each))


def _asks_for_source(rule: Rule) -> bool:
    return any(
        line.key.casefold() in SOURCE_KEYS and not any(set(v) <= {"*", ":"} for v in line.values)
        for line in rule.source.conditions
    )


def _serves_anybody(role: Principal, trust: CompiledPolicy, service: str) -> bool:
    """Whether no other statement forbids a service to come for a stranger."""
    context = {
        "aws:SourceAccount": STRANGER,
        "aws:SourceArn": f"arn:{role.partition}:{service.split('.', maxsplit=1)[0]}:x:{STRANGER}:x",
        "aws:SourceOrgID": "o-awsbasics0",
        "aws:SourceOrgPaths": ["o-awsbasics0/r-0000/"],
    }
    request = Request(service, "sts:AssumeRole", role.arn, role.account_id, context)
    return "deny" not in evaluate(request, resource_policy=trust).outcome


def _without_source(account: str, service: str, roles: list[Principal]) -> Result:
    names = shown(role.name for role in roles)
    title = (
        f"{counted(len(roles), 'role', 'roles')} can be taken up by {service} for whomever it works"
        f" for (no aws:SourceArn or aws:SourceAccount): {listed(names)}."
    )
    seen = {"roles": names, "count": len(roles), "guide": SENDS_SOURCE[service.removesuffix(".cn")]}
    more: dict[str, Any] = {"facts": seen, "severity": "medium", "table": TABLE}
    return fail(account, key=f"source/{service}", title=title, **more)
