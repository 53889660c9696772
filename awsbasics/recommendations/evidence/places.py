"""Accounts and regions: which were gathered, which are open, and where a table was read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from awsbasics.collect.table import GLOBAL_REGION
from awsbasics.coverage import READ, closed_regions

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# Calls that guard rails on regions do not leave open: where all of these are refused, it is off.
_TELLING = ("ec2_vpcs", "ec2_security_groups", "lambda_functions", "cloudformation_stacks")
_LIVING = ("ec2_network_interfaces", "lambda_functions", "cloudformation_stacks")


class Places:
    """Where some tables were read, for checks that judge several accounts or regions at once."""

    def __init__(self, facts: "Facts", tables: Iterable[str] = ()) -> None:
        coverage = facts.snapshot.coverage
        self._regions = tuple(facts.snapshot.manifest["regions"])
        self._closed = closed_regions(coverage, _TELLING)
        wanted = coverage[coverage["table"].isin(set(tables)) & coverage["status"].isin(READ)]
        columns = (wanted["table"], wanted["account_id"], wanted["region"])
        self._read = set(zip(*columns, strict=True))

    def regions(self, account_id: str) -> tuple[str, ...]:
        """The regions that were gathered and are open in an account."""
        return tuple(r for r in self._regions if (account_id, r) not in self._closed)

    @property
    def partition(self) -> str:
        """The partition that the regions belong to."""
        first = next(iter(self._regions), "")
        starts = {"us-gov-": "aws-us-gov", "cn-": "aws-cn"}
        return next((name for start, name in starts.items() if first.startswith(start)), "aws")

    def was_gathered(self, region: str) -> bool:
        """Whether a region was looked at, in any account."""
        return region in self._regions

    def was_read_everywhere(self, table: str, account_id: str) -> bool:
        """Whether a table was read in all open regions of an account."""
        return all(self.was_read(table, account_id, r) for r in self.regions(account_id))

    def was_read(self, table: str, account_id: str, region: str) -> bool:
        """Whether all rows of a table are known there."""
        places = ((table, account_id, region), (table, account_id, GLOBAL_REGION))
        return any(place in self._read for place in places)


def living_regions(facts: "Facts") -> set[tuple[str, str]]:
    """The (account, region) pairs in which something runs or was deployed."""
    return {
        place
        for table in _LIVING
        for place in zip(
            facts.frame(table)["account_id"], facts.frame(table)["region"], strict=True
        )
    }
