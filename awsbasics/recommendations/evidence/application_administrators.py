"""APP.5: no role of an application is an administrator."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.principals import (
    iam_was_read,
    is_break_glass,
    is_left_alone,
    needs_text,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# What deploys rather than runs applications; DEP.2 is about its roles.
DEPLOYERS = ("cloudformation.", "codebuild.", "codepipeline.", "codedeploy.")
HOW = {
    "wildcard": "every action on every resource",
    "not_action": "all but a few actions (NotAction) on every resource",
    "sum": "every action, by several statements together",
    "iam": "every change to permissions in IAM",
}


def application_administrators(facts: "Facts") -> Iterator[Result]:
    """APP.5: one result per role that applications take up.

    An administrator is allowed every action by identity policies and boundary, or everything
    that changes permissions in IAM after all layers.
    """
    permissions = facts.permissions
    table = "iam_roles"
    for role, profile in permissions.matrix.profiles():
        if not is_application_role(facts, role):
            continue
        place = (role.account_id, role.arn)
        if profile.title:
            title = f"The application role {role.name} is an administrator: {HOW[profile.title]}."
            seen: dict[str, Any] = {"how": profile.title, "trusted": sorted(services_of(role))}
            yield fail(*place, key="administrator", title=title, facts=seen, table=table)
        elif not profile.perhaps:
            yield ok(*place)
        elif not profile.is_unread:
            verdict = permissions.access.anywhere(role, "iam:AttachRolePolicy")
            needs = needs_text(verdict) or "conditions"
            title = f"The application role {role.name} is an administrator, depending on {needs}."
            seen = {"how": "conditional", "needs": sorted(verdict.missing)}
            more: dict[str, Any] = {"facts": seen, "severity": "high", "table": table}
            yield fail(*place, key="administrator", title=title, **more)
        elif iam_was_read(permissions.estate, role.account_id):
            title = f"A policy of role {role.name} was not read: it may be an administrator."
            yield unknown(role.account_id, title, role.arn, key="administrator", table=table)


def is_application_role(facts: "Facts", role: Principal) -> bool:
    """Whether something that runs takes it up, or ownership gives it to an application.

    Deployment roles are DEP.2's, the emergency role TMP.5's.
    """
    if role.kind != "role" or role.is_protected or is_left_alone(facts, role):
        return False
    if facts.engagement.roles.is_deployment(role.name, role.path) or is_break_glass(facts, role):
        return False
    services = services_of(role)
    if services and all(name.startswith(DEPLOYERS) for name in services):
        return False
    if services:
        return True
    owner = facts.ownership.application(role.account_id, "global", role.arn)
    return owner.value is not None


def services_of(role: Principal) -> frozenset[str]:
    """The services that a role trusts."""
    if not isinstance(role.trust, CompiledPolicy):
        return frozenset()
    return frozenset(
        named.id
        for rule in role.trust.rules
        if rule.allows
        for named in rule.source.principals
        if named.kind == "Service"
    )
