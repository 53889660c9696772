"""What runs on and on, by kind: SEP.4 looks for it in sandboxes, SEP.5 in management."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from awsbasics.recommendations.evidence.rows import rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ENDING = frozenset({"deleting", "deleted", "failed", "inactive", "terminated", "shutting-down"})


def _is_there(row: Any, column: str) -> bool:
    """Whether it is not being deleted, by its state in AWS's words."""
    return str(getattr(row, column) or "").casefold() not in ENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of service: its table, a word for one and for many, and which rows count.

    `since` is the column that tells how long it has been there; empty: nothing does. `more` are
    the columns that `counts` reads.
    """

    table: str
    one: str
    many: str
    since: str = "created"
    more: tuple[str, ...] = ()
    counts: Callable[[Any], bool] = lambda row: True  # noqa: ARG005 - all do


class Running(NamedTuple):
    """Something that runs: `since` is None where that is not known."""

    kind: Kind
    account_id: str
    region: str
    arn: str
    since: pd.Timestamp | None


# A stopped instance does not run; a stopped database starts by itself after seven days (RDS user
# guide, "Stopping an Amazon RDS DB instance temporarily"). The members of a database cluster are
# the cluster's.
SERVICES = (
    Kind(
        table="ec2_instances",
        one="instance",
        many="instances",
        since="launch_time",
        more=("state",),
        counts=lambda row: row.state in ("running", "pending"),
    ),
    # Its instances may be young; the group keeps starting them.
    Kind(
        table="autoscaling_groups",
        one="auto scaling group",
        many="auto scaling groups",
        more=("desired_capacity",),
        counts=lambda row: row.desired_capacity != 0,
    ),
    Kind(
        table="rds_db_instances",
        one="database",
        many="databases",
        more=("status", "cluster"),
        counts=lambda row: not row.cluster and _is_there(row, "status"),
    ),
    Kind(
        table="rds_db_clusters",
        one="database cluster",
        many="database clusters",
        more=("status",),
        counts=lambda row: _is_there(row, "status"),
    ),
    Kind(
        table="ecs_services",
        one="ECS service",
        many="ECS services",
        more=("status", "desired_count"),
        counts=lambda row: _is_there(row, "status") and row.desired_count != 0,
    ),
    Kind(
        table="eks_clusters",
        one="EKS cluster",
        many="EKS clusters",
        more=("status",),
        counts=lambda row: _is_there(row, "status"),
    ),
    Kind(
        table="elbv2_load_balancers",
        one="load balancer",
        many="load balancers",
        more=("state",),
        counts=lambda row: _is_there(row, "state"),
    ),
    Kind(table="elb_load_balancers", one="classic load balancer", many="classic load balancers"),
    Kind(
        table="ec2_nat_gateways",
        one="NAT gateway",
        many="NAT gateways",
        more=("state",),
        counts=lambda row: _is_there(row, "state"),
    ),
    Kind(
        table="elasticache_clusters",
        one="cache",
        many="caches",
        more=("status",),
        counts=lambda row: _is_there(row, "status"),
    ),
    Kind(
        table="opensearch_domains",
        one="search domain",
        many="search domains",
        more=("deleted",),
        counts=lambda row: not row.deleted,
    ),
    Kind(
        table="redshift_clusters",
        one="warehouse",
        many="warehouses",
        more=("status",),
        counts=lambda row: _is_there(row, "status"),
    ),
    Kind(
        table="sagemaker_endpoints",
        one="SageMaker endpoint",
        many="SageMaker endpoints",
        more=("status",),
        counts=lambda row: _is_there(row, "status"),
    ),
    Kind(
        table="sagemaker_notebook_instances",
        one="notebook instance",
        many="notebook instances",
        more=("status",),
        counts=lambda row: _is_there(row, "status") and row.status != "Stopped",
    ),
)
SERVICE_TABLES = tuple(kind.table for kind in SERVICES)


def running(facts: "Facts", kind: Kind) -> Iterator[Running]:
    """What there is of a kind, in every account."""
    columns = ["account_id", "region", "arn", *kind.more, *([kind.since] if kind.since else [])]
    for row in rows(facts.frame(kind.table), *columns):
        if kind.counts(row):
            since = getattr(row, kind.since) if kind.since else None
            yield Running(kind, row.account_id, row.region, row.arn or "", since)
