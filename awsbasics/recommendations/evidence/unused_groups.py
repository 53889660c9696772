"""SG.6: security groups to which no attachment was seen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.group_owners import DEFAULT, is_a_services_own
from awsbasics.recommendations.evidence.rows import rows, texts_in

if TYPE_CHECKING:
    from awsbasics.facts import Facts

GROUPS = "ec2_security_groups"
RULES = "ec2_security_group_rules"
# Tables that name groups in a list, by id; interfaces first: most things have one while they run.
BY_ID = (
    "ec2_network_interfaces",
    "ec2_instances",
    "ec2_launch_template_versions",
    "ec2_vpc_endpoints",
    "ec2_client_vpn_endpoints",
    "ec2_instance_connect_endpoints",
    "elbv2_load_balancers",
    "elb_load_balancers",
    "lambda_functions",
    "codebuild_projects",
    "ecs_services",
    "eks_clusters",
    "batch_compute_environments",
    "rds_db_instances",
    "rds_db_clusters",
    "elasticache_clusters",
    "opensearch_domains",
    "redshift_clusters",
)
CONFIGURATIONS = "autoscaling_launch_configurations"
USE_TABLES = (GROUPS, RULES, *BY_ID, CONFIGURATIONS)


def unused_groups(facts: "Facts") -> Iterator[Result]:
    """SG.6: one result per group that somebody made."""
    used, named = _used(facts), _named(facts)
    columns = ("account_id", "region", "id", "arn", "name", "vpc_id", "description", "tags")
    for group in rows(facts.frame(GROUPS), *columns, "owner_id"):
        foreign = group.owner_id not in (None, group.account_id)
        if group.name == DEFAULT or foreign or is_a_services_own(group):
            continue
        place = (group.account_id, group.arn or group.id, group.region)
        if group.id in used or (group.account_id, group.region, group.name) in named:
            yield ok(*place)
            continue
        title = (
            f"No attachment to security group {group.name} ({group.id}) was seen: nothing uses it,"
            " as far as the kit looks."
        )
        stack = facts.ownership.stack_of(group.account_id, group.region, group.id, group.tags)
        seen: dict[str, Any] = {"vpc_id": group.vpc_id, "stack": stack}
        yield fail(*place, title=title, facts=seen, table="ec2_network_interfaces")


def _used(facts: "Facts") -> set[str]:
    """The ids that something names: they are unique over all accounts."""
    found: set[str] = set()
    for table in BY_ID:
        for text in facts.frame(table)["group_ids"].dropna().unique():
            found.update(texts_in(text))
    found.update(facts.frame("eks_clusters")["cluster_group_id"].dropna())
    for text in facts.frame(CONFIGURATIONS)["groups"].dropna().unique():
        found.update(texts_in(text))
    for rule in rows(facts.frame(RULES), "group_id", "referenced_group_id"):
        if rule.referenced_group_id not in (None, rule.group_id):
            found.add(rule.referenced_group_id)
    return found


def _named(facts: "Facts") -> set[tuple[str, str, str]]:
    """Groups that templates name by name, as is possible in default VPCs."""
    found: set[tuple[str, str, str]] = set()
    for table, column in (
        ("ec2_launch_template_versions", "group_names"),
        (CONFIGURATIONS, "groups"),
    ):
        for row in rows(facts.frame(table), "account_id", "region", column):
            names = texts_in(row[2])
            found.update((row.account_id, row.region, name) for name in names)
    return found
