"""ORG.6: who can enter member accounts from the management account, and by which role."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.iam.vocabulary import Bits
from awsbasics.recommendations.base import Result, Severity, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.accounts import NO_ORGANIZATION, severity_in
from awsbasics.recommendations.evidence.elevation import changes, heavy_actions
from awsbasics.recommendations.evidence.entrants import Entrant, entrants, trusted_accounts
from awsbasics.recommendations.evidence.organization_administrators import power
from awsbasics.recommendations.evidence.principals import iam_was_read, is_left_alone, subject
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_roles"


def member_entrances(facts: "Facts") -> Iterator[Result]:
    """ORG.6: one result per role of a member that trusts the management account.

    Whoever administers the organization can enter anyway: ORG.4 judges how many these are. Here
    it fails that others can. Roles that only read, and those that AWS or the provisioning of
    accounts made, count only where others than administrators of the organization can take up an
    administrator.
    """
    management = facts.management_account_id
    if management is None:
        yield not_applicable(facts.home_account_id, NO_ORGANIZATION)
        return
    estate = facts.permissions.estate
    known = iam_was_read(estate, management)
    heavy = heavy_actions(facts.permissions.matrix)
    if not known and management not in facts.accounts:
        title = "The management account was not read: who can enter the members is not known."
        yield unknown(management, title, key="management", table=TABLE)
    for role in estate.principals.values():
        if role.account_id == management or role.kind != "role" or role.is_protected:
            continue
        if not isinstance(role.trust, CompiledPolicy):
            title = f"The trust policy of role {role.name} was not read."
            yield unknown(role.account_id, title, role.arn, key="trust", table=TABLE)
        elif management in trusted_accounts(role):
            yield from _judged(facts, role, management, heavy, known)


def _judged(
    facts: "Facts", role: Principal, management: str, heavy: Bits, known: bool
) -> Iterator[Result]:
    every = list(entrants(facts, role, management))
    others = [each for each in every if not _governs(facts, each.principal)]
    certain = [each for each in others if each.verdict.status <= Status.CONDITIONAL]
    if certain:
        yield _entered(facts, role, certain, heavy)
    elif others and known:
        title = f"Who can enter account {role.account_id} as {role.name} was not all read."
        seen = {"may_enter": _named(facts, others)}
        yield unknown(role.account_id, title, role.arn, key="entrants", facts=seen, table=TABLE)
    elif known:
        yield ok(role.account_id, role.arn)


def _governs(facts: "Facts", principal: Principal) -> bool:
    """Whether it administers the organization anyway, or provisions its accounts."""
    return is_left_alone(facts, principal) or power(facts, principal).status is Status.OPEN


def _entered(facts: "Facts", role: Principal, others: list[Entrant], heavy: Bits) -> Result:
    matrix = facts.permissions.matrix
    profile = matrix.profile(role)
    if not profile.title and (is_left_alone(facts, role) or not changes(matrix, heavy, role)):
        return ok(role.account_id, role.arn)
    severity: Severity = "high" if profile.title else "medium"
    environment = facts.ownership.environment(role.account_id).value
    what = "an administrator there" if profile.title else "which can change things there"
    title = (
        f"{listed(_named(facts, others))} of the management account can enter account"
        f" {role.account_id} as {role.name}, {what}, without administering the organization."
    )
    needs = sorted({key for each in others for key in each.verdict.missing})
    seen = {"can_enter": _named(facts, others), "needs": needs}
    more: dict[str, Any] = {"severity": severity_in(environment, severity), "table": TABLE}
    return fail(role.account_id, role.arn, key="entrants", title=title, facts=seen, **more)


def _named(facts: "Facts", found: list[Entrant]) -> list[str]:
    return shown(subject(facts, each.principal).label for each in found)
