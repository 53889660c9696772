"""Where accounts lie in the organization, and the condition keys that follow from it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.evidence.rows import rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts


def organization_id(facts: "Facts") -> str | None:
    """The organization's id, or None where there is none or it was not read."""
    return next((row.id for row in rows(facts.frame("organizations_organization"), "id")), None)


def chains(facts: "Facts") -> Mapping[str, tuple[str, ...]]:
    """The ids from the root down to each account of the organization, its own last."""
    parents: dict[str, str | None] = {}
    for table in ("organizations_ous", "organizations_accounts"):
        parents |= {row.id: row.parent_id for row in rows(facts.frame(table), "id", "parent_id")}
    accounts = (row.id for row in rows(facts.frame("organizations_accounts"), "id"))
    return {account: _chain(account, parents) for account in accounts}


def organization_keys(facts: "Facts") -> Mapping[str, Mapping[str, Any]]:
    """`aws:PrincipalOrgID` and `aws:PrincipalOrgPaths` of each account's principals.

    Source: the IAM user guide, "AWS global condition context keys" (o-…/r-…/ou-…/).
    """
    organization = organization_id(facts)
    if organization is None:
        return {}
    return {
        account: {
            "aws:PrincipalOrgID": organization,
            "aws:PrincipalOrgPaths": ["/".join([organization, *chain[:-1], ""])],
        }
        for account, chain in chains(facts).items()
    }


def _chain(account: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    found = [account]
    while (parent := parents.get(found[-1])) and parent not in found:
        found.append(parent)
    return tuple(reversed(found))
