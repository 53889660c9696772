"""REV.6: who can change production's IAM, security groups or stacks past the deployment roles.

A template that was reviewed says little where others can change what it made.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.entrants import trusted_accounts
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


class Judged(NamedTuple):
    """A principal and what it can change, or may be able to change."""

    principal: Principal
    actions: Mapping[str, Status]

    @property
    def surely(self) -> list[str]:
        """What it can change, by conditions or without."""
        return [action for action, status in self.actions.items() if status <= Status.CONDITIONAL]


def changes_past_review(facts: "Facts") -> Iterator[Result]:
    """REV.6: one result per user and role of production that is there to do something else.

    Left alone are deployment roles, what provisions accounts, the emergency role (TMP.5), the
    organization's own role (ORG.6), roles that CloudFormation alone can assume, and those that
    others can take up for a fixed time only (TMP.2).
    """
    estate = facts.permissions.estate
    found = [
        Judged(principal, _can(facts, principal))
        for account_id in sorted(estate.accounts)
        if facts.ownership.environment(account_id).value == "production"
        for principal in estate.by_account.get(account_id, ())
        if not _is_let_pass(facts, principal)
    ]
    suspects = {each.principal.arn for each in found if each.actions}
    used = _taken_up(facts, suspects)
    for each in found:
        yield _result(facts, each, _in_use(facts, each.principal, used))


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


def _in_use(facts: "Facts", role: Principal, used: Mapping[str, Status]) -> bool | None:
    """Whether anybody can act as a user or role at any time; None where that is not known.

    Services, identity providers and accounts that were not gathered can.
    """
    if role.kind == "user" or not isinstance(role.trust, CompiledPolicy):
        return True
    if any(one.kind != "AWS" or one.id == "*" for one in _trusted(role.trust)):
        return True
    if not set(trusted_accounts(role)) <= set(facts.permissions.estate.accounts):
        return True
    status = used.get(role.arn, Status.NO)
    return True if status <= Status.CONDITIONAL else None if status is Status.POSSIBLE else False


def _taken_up(facts: "Facts", roles: set[str]) -> Mapping[str, Status]:
    """How surely somebody can assume each of some roles, now and for ever.

    Administrators of a role's account do not count: they are named themselves.
    """
    now, ever = facts.permissions, facts.permissions.for_ever
    found: dict[str, Status] = {}
    for source in now.estate.principals.values() if roles else ():
        reached = roles & now.candidates.assumable(source).keys()
        if not reached or _is_let_pass(facts, source):
            continue
        later = ever.candidates.assumable(ever.estate.principals[source.arn])
        rules = bool(now.matrix.profile(source).title)
        for arn in reached & later.keys():
            if rules and now.estate.principals[arn].account_id == source.account_id:
                continue
            verdict = now.candidates.assumable(source)[arn]
            status = max(verdict.status, later[arn].status)
            found[arn] = min(status, found.get(arn, Status.NO))
    return found


def _can(facts: "Facts", principal: Principal) -> Mapping[str, Status]:
    """The actions of `CHANGES` that a principal can do, or may be able to do."""
    every = (action for actions in CHANGES.values() for action in actions)
    found = {action: _status(facts, principal, action) for action in every}
    return {action: status for action, status in found.items() if status <= Status.POSSIBLE}


def _result(facts: "Facts", each: Judged, used: bool | None) -> Result:
    principal = each.principal
    about = subject(facts, principal)
    place = (about.account_id, about.resource)
    can = each.surely
    if can and used:
        kinds = [kind for kind, actions in CHANGES.items() if set(actions) & set(can)]
        what = f"{about.label} can change {listed(kinds)} in production past the deployment roles."
        answer = facts.answer(QUESTION)
        reviewed = answer is not None and answer.choice == REVIEWED
        decided = "The answer is that the pipeline stops on findings, but "
        title = f"{decided}{what[0].lower()}{what[1:]}" if reviewed else what
        seen: dict[str, Any] = {
            "actions": can,
            "principal": principal.arn,
            "administrator": bool(facts.permissions.matrix.profile(principal).title),
        }
        return fail(*place, key="past_review", title=title, facts=seen, table=about.table)
    unread = facts.permissions.matrix.profile(principal).is_unread
    perhaps = unread or (bool(each.actions) and used is not False)
    if perhaps and iam_was_read(facts.permissions.estate, principal.account_id):
        title = f"Whether {about.label} can change production past review was not read."
        return unknown(place[0], title, place[1], key="past_review", table=about.table)
    return ok(*place)


def _status(facts: "Facts", principal: Principal, action: str) -> Status:
    permissions = facts.permissions
    profile = permissions.matrix.profile(principal)
    if not profile.is_unread and not permissions.matrix.vocabulary.has(profile.possible, action):
        return Status.NO  # the matrix tells: no need to ask exactly
    return permissions.access.anywhere(principal, action).status
