"""The organization's accounts as checks see them, and what the environment does to severity."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from awsbasics.recommendations.base import SEVERITIES, Severity
from awsbasics.recommendations.evidence.rows import rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# Where applications run. The other classes (security, infrastructure, management) carry tools.
WORKLOAD_ENVIRONMENTS = frozenset({"production", "test", "development", "sandbox"})

# Organizations calls it `State` now and `Status` before; both use these words. PENDING_ACTIVATION
# is an account that nobody can use yet.
CLOSED_STATES = frozenset({"SUSPENDED", "PENDING_CLOSURE", "CLOSED", "PENDING_ACTIVATION"})

NO_ORGANIZATION = "The account belongs to no organization; ORG.1 says so."


class Account(NamedTuple):
    """One account that is in use; `environment` is None where no rule gives one."""

    id: str
    name: str
    parent_id: str | None
    ou_path: str | None
    is_management: bool
    environment: str | None

    @property
    def under_root(self) -> bool:
        """Whether it lies directly under the organization's root."""
        return (self.parent_id or "").startswith("r-")

    @property
    def label(self) -> str:
        """Its name with its id, or the id alone."""
        return f"{self.name} ({self.id})" if self.name else self.id


def active_accounts(facts: "Facts") -> list[Account]:
    """The accounts in use: those of the organization and those that were gathered, by id."""
    found = {account.id: account for account in _organization_accounts(facts)}
    closed = _closed_accounts(facts)
    for account_id in facts.accounts:
        if account_id not in found and account_id not in closed:
            found[account_id] = _lone_account(facts, account_id)
    return [found[account_id] for account_id in sorted(found)]


def severity_in(environment: str | None, severity: Severity) -> Severity:
    """A severity for an account: one step lower in a sandbox."""
    if environment != "sandbox":
        return severity
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


def _organization_accounts(facts: "Facts") -> Iterator[Account]:
    frame = facts.frame("organizations_accounts")
    for row in rows(frame, "id", "name", "status", "parent_id", "ou_path", "is_management"):
        if row.status not in CLOSED_STATES:
            environment = facts.ownership.environment(row.id).value
            is_management = bool(row.is_management)
            name = row.name or ""
            yield Account(row.id, name, row.parent_id, row.ou_path, is_management, environment)


def _closed_accounts(facts: "Facts") -> set[str]:
    frame = facts.frame("organizations_accounts")
    return {row.id for row in rows(frame, "id", "status") if row.status in CLOSED_STATES}


def _lone_account(facts: "Facts", account_id: str) -> Account:
    is_management = account_id == facts.management_account_id
    environment = facts.ownership.environment(account_id).value
    return Account(account_id, "", None, None, is_management, environment)
