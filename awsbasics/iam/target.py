"""Resources that requests are about, and what their own policies ask of principals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Level, MaybePolicy
from awsbasics.iam.planes import keys_of
from awsbasics.iam.rule import Rule

# Condition keys about who asks that are the same for all principals of an account.
_OF_THE_ACCOUNT = frozenset(
    {
        "aws:principalaccount",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principalorgpaths",
    }
)
_OF_ONE = ("aws:principal", "aws:username", "aws:userid")


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A resource that requests are about, as its owner's account sees it.

    `policy` is its own (a role's trust policy), None where it has none. Without `account_id` it
    is nobody's in particular: RCPs are not heard. `context` are condition keys that follow from
    it. Verdicts are remembered by the object: make one for each resource.
    """

    arn: str
    account_id: str | None = None
    policy: MaybePolicy | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


def asks_who(policy: CompiledPolicy) -> bool:
    """Whether a resource's policy, or an RCP, tells principals of one account apart."""
    return any(map(_is_choosy, policy.rules))


def denies_nothing(policy: CompiledPolicy) -> bool:
    """Whether a policy holds no Deny, and nothing that was not understood."""
    return not policy.content.unreadable and not any(rule.denies for rule in policy.rules)


def lets_all_by(level: Level) -> bool:
    """Whether a level of RCPs does nothing, as with AWS's `RCPFullAWSAccess` alone."""
    known = [each for each in level if isinstance(each, CompiledPolicy)]
    return (
        len(known) == len(level)
        and all(map(denies_nothing, known))
        and any(r.is_unlimited and "*" in r.source.actions for each in known for r in each.rules)
    )


def _is_account(text: str) -> bool:
    return text.isdigit() or text.endswith(":root")


def _is_choosy(rule: Rule) -> bool:
    """Whether a statement of a resource's policy names principals, or asks who they are."""
    source = rule.source
    named = (*source.principals, *source.not_principals)
    if any(p.kind == "AWS" and p.id != "*" and not _is_account(p.id) for p in named):
        return True
    return any(k.startswith(_OF_ONE) and k not in _OF_THE_ACCOUNT for k in keys_of(rule))
