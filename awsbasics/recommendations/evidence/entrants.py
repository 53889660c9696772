"""Who can assume a role, by both policies; and whether a user can without a second factor."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.request import Request
from awsbasics.iam.verdict import Status, Verdict

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ASSUME = "sts:AssumeRole"
# A request that was made with a long-lived access key has neither key (IAM user guide, "AWS
# global condition context keys").
WITHOUT_MFA = {"aws:MultiFactorAuthPresent": None, "aws:MultiFactorAuthAge": None}


class Entrant(NamedTuple):
    """A principal that can assume a role, as far as `verdict` says."""

    principal: Principal
    verdict: Verdict


def entrants(facts: "Facts", role: Principal, account_id: str = "") -> Iterator[Entrant]:
    """The users and roles that can assume a role; of one account, or of all that it trusts."""
    permissions = facts.permissions
    accounts = (account_id,) if account_id else trusted_accounts(role)
    for account in accounts:
        for principal in permissions.estate.by_account.get(account, ()):
            if principal is role or principal.is_service_linked:
                continue
            verdict = permissions.access.assume(principal, role)
            if verdict.status <= Status.POSSIBLE:
                yield Entrant(principal, verdict)


def trusted_accounts(role: Principal) -> tuple[str, ...]:
    """The accounts whose principals a role's trust policy names, its own included; sorted."""
    if not isinstance(role.trust, CompiledPolicy):
        return ()
    found = {
        _account(named.id, role.account_id)
        for rule in role.trust.rules
        if rule.allows
        for named in rule.source.principals
        if named.kind == "AWS"
    }
    return tuple(sorted(found - {""}))


def can_without_mfa(user: Principal, role: Principal) -> bool:
    """Whether the role's trust lets a user in who has shown no second factor."""
    context = {**user.known, **WITHOUT_MFA}
    request = Request(user.arn, ASSUME, role.arn, role.account_id, context)
    own = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    decision = evaluate(request, identity=(own,), resource_policy=role.trust)
    return "deny" not in decision.outcome


def _account(text: str, own: str) -> str:
    """The account that a principal text names; `*` means at least the role's own."""
    if text == "*":
        return own
    parts = text.split(":")
    return text if text.isdigit() else parts[4] if len(parts) >= 6 else ""
