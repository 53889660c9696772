"""REV.6: who can change production's IAM, security groups or stacks past the deployment roles.

A template that was reviewed says little where others can change what it made.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, ok, unknown
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
    organization's own role (ORG.6), and roles that CloudFormation alone can assume.
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
    named = [one for rule in role.trust.rules if rule.allows for one in rule.source.principals]
    return bool(named) and all(one.kind == "Service" and one.id == EXECUTOR for one in named)


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
    if kinds:
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
    unread = facts.permissions.matrix.profile(principal).is_unread
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
