"""REV.6: who can change production's IAM, security groups or stacks past the deployment roles.

A template that was reviewed says little where others can change what it made.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.entrants import entrants, trusted_accounts
from awsbasics.recommendations.evidence.principals import (
    iam_was_read,
    is_break_glass,
    is_left_alone,
    subject,
)
from awsbasics.recommendations.evidence.roles import ORGANIZATION_ROLE
from awsbasics.recommendations.evidence.rows import listed

if TYPE_CHECKING:
    from awsbasics.facts import Facts

CHANGES = {
    "IAM": (
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
        "iam:CreatePolicyVersion",
        "iam:PutGroupPolicy",
        "iam:PutRolePolicy",
        "iam:PutUserPolicy",
        "iam:UpdateAssumeRolePolicy",
    ),
    "security groups": (
        "ec2:AuthorizeSecurityGroupEgress",
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:ModifySecurityGroupRules",
    ),
    "stacks": (
        "cloudformation:CreateStack",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:UpdateStack",
    ),
}
QUESTION, REVIEWED = "REV.6", "blocks"
EXECUTOR = "cloudformation.amazonaws.com"


def changes_past_review(facts: "Facts") -> Iterator[Result]:
    """REV.6: one result per user and role of production that is there to do something else.

    Left alone are deployment roles, what provisions accounts, the emergency role (TMP.5), the
    organization's own role (ORG.6), roles that CloudFormation alone can assume, and those that
    others can take up for a fixed time only (TMP.2).
    """
    for account_id in sorted(facts.permissions.estate.accounts):
        if facts.ownership.environment(account_id).value != "production":
            continue
        for principal in facts.permissions.estate.by_account.get(account_id, ()):
            if not _is_let_pass(facts, principal):
                yield _judged(facts, principal)


def _is_let_pass(facts: "Facts", principal: Principal) -> bool:
    if principal.kind == "user":
        return False
    return (
        facts.engagement.roles.is_deployment(principal.name, principal.path)
        or is_left_alone(facts, principal)
        or is_break_glass(facts, principal)
        or principal.name == ORGANIZATION_ROLE
        or _is_executor(principal)
    )


def _is_executor(role: Principal) -> bool:
    """Whether only CloudFormation can take the role up: it does what a stack's caller may."""
    if not isinstance(role.trust, CompiledPolicy):
        return False
    named = _trusted(role.trust)
    return bool(named) and all(one.kind == "Service" and one.id == EXECUTOR for one in named)


def _trusted(trust: CompiledPolicy) -> list[Any]:
    return [one for rule in trust.rules if rule.allows for one in rule.source.principals]


def _in_use(facts: "Facts", role: Principal) -> bool | None:
    """Whether anybody can act as a user or role at any time; None where that is not known.

    Services, identity providers and accounts that were not gathered can. Administrators of the
    account do not count: they are named themselves.
    """
    if role.kind == "user" or not isinstance(role.trust, CompiledPolicy):
        return True
    now, ever = facts.permissions, facts.permissions.for_ever
    if any(one.kind != "AWS" or one.id == "*" for one in _trusted(role.trust)):
        return True
    if not set(trusted_accounts(role)) <= set(now.estate.accounts):
        return True
    perhaps = False
    for entrant in entrants(facts, role):
        who = entrant.principal
        rules_here = who.account_id == role.account_id and now.matrix.profile(who).title
        if rules_here or _is_let_pass(facts, who):
            continue
        principals = ever.estate.principals
        later = ever.access.assume(principals[who.arn], principals[role.arn]).status
        status = max(entrant.verdict.status, later)
        if status <= Status.CONDITIONAL:
            return True
        perhaps = perhaps or status is Status.POSSIBLE
    return None if perhaps else False


def _judged(facts: "Facts", principal: Principal) -> Result:
    about = subject(facts, principal)
    place = (about.account_id, about.resource)
    verdicts = {
        kind: [(action, _status(facts, principal, action)) for action in actions]
        for kind, actions in CHANGES.items()
    }
    can = {
        kind: [action for action, status in found if status <= Status.CONDITIONAL]
        for kind, found in verdicts.items()
    }
    kinds = [kind for kind, actions in can.items() if actions]
    used = _in_use(facts, principal) if kinds else False
    if kinds and used:
        what = f"{about.label} can change {listed(kinds)} in production past the deployment roles."
        answer = facts.answer(QUESTION)
        reviewed = answer is not None and answer.choice == REVIEWED
        decided = "The answer is that the pipeline stops on findings, but "
        title = f"{decided}{what[0].lower()}{what[1:]}" if reviewed else what
        seen: dict[str, Any] = {
            "actions": [action for actions in can.values() for action in actions],
            "principal": principal.arn,
            "administrator": bool(facts.permissions.matrix.profile(principal).title),
        }
        return fail(*place, key="past_review", title=title, facts=seen, table=about.table)
    perhaps = any(status is Status.POSSIBLE for found in verdicts.values() for _, status in found)
    unread = facts.permissions.matrix.profile(principal).is_unread or used is None
    if (perhaps or unread) and iam_was_read(facts.permissions.estate, principal.account_id):
        title = f"Whether {about.label} can change production past review was not read."
        return unknown(place[0], title, place[1], key="past_review", table=about.table)
    return ok(*place)


def _status(facts: "Facts", principal: Principal, action: str) -> Status:
    permissions = facts.permissions
    profile = permissions.matrix.profile(principal)
    if not profile.is_unread and not permissions.matrix.vocabulary.has(profile.possible, action):
        return Status.NO  # the matrix tells: no need to ask exactly
    return permissions.access.anywhere(principal, action).status
