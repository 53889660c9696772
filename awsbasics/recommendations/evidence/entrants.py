"""Who can assume a role, by both policies; and whether a user can without a second factor."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.permissions import SIGN_INS, SignIn
from awsbasics.iam.request import Request
from awsbasics.iam.verdict import Status, Verdict

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ASSUME = "sts:AssumeRole"
WITHOUT_MFA: tuple[SignIn, ...] = ("console", "access_key")
HOW: Mapping[SignIn, str] = MappingProxyType(
    {"console": "in the console", "access_key": "by an access key"}
)


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
    """Whether a role's trust lets a user in who has shown no second factor, in either way."""
    own = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    for how in WITHOUT_MFA:
        context = {**user.known, **SIGN_INS[how]}
        request = Request(user.arn, ASSUME, role.arn, role.account_id, context)
        decision = evaluate(request, identity=(own,), resource_policy=role.trust)
        if "deny" not in decision.outcome:
            return True
    return False


def _account(text: str, own: str) -> str:
    """The account that a principal text names; `*` means at least the role's own."""
    if text == "*":
        return own
    parts = text.split(":")
    return text if text.isdigit() else parts[4] if len(parts) >= 6 else ""
