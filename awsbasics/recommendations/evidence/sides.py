"""Production on one side, sandbox and development on the other: what SEP.6 keeps apart."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from awsbasics.recommendations.evidence.accounts import Account, active_accounts
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

LOWER = ("sandbox", "development")


class Sides(NamedTuple):
    """The accounts of either side by id, and those of which no rule says where they belong."""

    production: Mapping[str, Account]
    lower: Mapping[str, Account]
    unclassified: tuple[Account, ...]

    def named(self, account_ids: Iterable[str]) -> str:
        """Accounts in a sentence: `sandbox (4444…) and development (0000…)`."""
        return listed(shown(self.label(each) for each in account_ids))

    def label(self, account_id: str) -> str:
        """An account by its environment and id."""
        account = self.lower.get(account_id) or self.production.get(account_id)
        return f"{account.environment} account {account_id}" if account else account_id


def sides(facts: "Facts") -> Sides:
    """The accounts in use, by side."""
    accounts = active_accounts(facts)
    return Sides(
        {each.id: each for each in accounts if each.environment == "production"},
        {each.id: each for each in accounts if each.environment in LOWER},
        tuple(each for each in accounts if each.environment is None),
    )
