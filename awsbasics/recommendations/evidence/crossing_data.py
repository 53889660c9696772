"""SEP.6: snapshots and images of production that a sandbox or development account can use."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, Severity, fail
from awsbasics.recommendations.evidence.rows import counted, rows, shown
from awsbasics.recommendations.evidence.sides import Sides

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# What is shared: the table, one and many in words, and how much it weighs: an image rarely holds
# data.
COPIES: tuple[tuple[str, str, str, Severity], ...] = (
    ("ec2_shared_snapshots", "volume snapshot", "volume snapshots", "critical"),
    ("rds_shared_snapshots", "database snapshot", "database snapshots", "critical"),
    ("ec2_shared_images", "image", "images", "medium"),
)


def data_crossings(facts: "Facts", sides: Sides) -> Iterator[Result]:
    """One result per account and region that can use another's copies, with their number.

    What production has made public a sandbox can use too: that is production's finding.
    """
    for table, one, many, severity in COPIES:
        found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        public: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows(facts.frame(table), *_columns(table)):
            arn = row.arn or ""
            if getattr(row, "sharing", "received") == "public":
                if row.account_id in sides.production:
                    public[row.account_id, row.region].append(arn)
            elif row.account_id in sides.lower and row.owner_id in sides.production:
                found[row.account_id, row.region, row.owner_id].append(arn)
        for (account, region, owner), arns in sorted(found.items()):
            number = counted(len(arns), one, many)
            title = f"{sides.label(account)} can use {number} of production account {owner}."
            more = _more(table, arns, severity, owner=owner)
            title = title[:1].upper() + title[1:]
            yield fail(account, "", region, key=f"{table}/{owner}", title=title, **more)
        for (account, region), arns in sorted(public.items()):
            verb = "is" if len(arns) == 1 else "are"
            title = f"{counted(len(arns), one, many)} of production {verb} public."
            more = _more(table, arns, severity)
            yield fail(account, "", region, key=f"{table}/public", title=title, **more)


def _columns(table: str) -> list[str]:
    shared = ["sharing"] * (table != "rds_shared_snapshots")
    return ["account_id", "region", "arn", "owner_id", *shared]


def _more(table: str, arns: list[str], severity: Severity, **facts: str) -> dict[str, Any]:
    seen = {"count": len(arns), "which": shown(arns), **facts}
    return {"facts": seen, "severity": severity, "table": table}
