"""All tables by name: what is gathered, written, documented and permitted."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from awsbasics.collect import (
    accessanalyzer,
    account,
    autoscaling,
    batch,
    cloudformation,
    cloudformation_stack_sets,
    cloudtrail,
    cloudwatch,
    codebuild,
    config,
    ec2_compute,
    ec2_connections,
    ec2_entrances,
    ec2_launch_templates,
    ec2_network,
    ec2_public_access,
    ec2_routes,
    ec2_security_groups,
    ec2_shared_images,
    ecs,
    eks,
    elasticache,
    elasticloadbalancing,
    eventbridge,
    guardduty,
    iam,
    iam_access_keys,
    iam_credentials,
    iam_federation,
    iam_last_accessed,
    iam_policies,
    identity_center,
    identity_store,
    kms,
    kms_keys,
    lambda_functions,
    logs,
    opensearch,
    organizations,
    organizations_delegation,
    ram,
    rds,
    redshift,
    s3,
    s3_buckets,
    sagemaker,
    secretsmanager,
    secretsmanager_versions,
    securityhub,
    sns,
    sqs,
    ssm,
    tagging,
)
from awsbasics.collect.events import table as cloudtrail_events
from awsbasics.collect.table import Table

# Where IAM's name of a service is not boto3's.
ACTION_PREFIXES: Mapping[str, str] = {
    "accessanalyzer": "access-analyzer",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "sso-admin": "sso",
}


def registry(tables: Iterable[Table]) -> Mapping[str, Table]:
    """Tables by name, unchangeable. Raises ValueError if two have the same name."""
    by_name: dict[str, Table] = {}
    for table in tables:
        if table.name in by_name:
            raise ValueError(f"two tables are called {table.name}; rename one")
        by_name[table.name] = table
    return MappingProxyType(by_name)


def permissions_of(table: Table) -> tuple[str, ...]:
    """The IAM actions that reading a table takes, as `prefix:Action`, sorted."""
    if table.permissions:
        return tuple(sorted(table.permissions))
    calls = {(table.service, table.operation)}
    calls.update((call.service, call.operation) for call in table.follow_ups)
    return tuple(sorted(f"{ACTION_PREFIXES.get(name, name)}:{call}" for name, call in calls))


TABLES: Mapping[str, Table] = registry(
    (
        *organizations.TABLES,
        *organizations_delegation.TABLES,
        *account.TABLES,
        *iam.TABLES,
        *iam_policies.TABLES,
        *iam_credentials.TABLES,
        *iam_access_keys.TABLES,
        *iam_federation.TABLES,
        *iam_last_accessed.TABLES,
        *cloudtrail.TABLES,
        *cloudtrail_events.TABLES,
        *s3.TABLES,
        *s3_buckets.TABLES,
        *kms.TABLES,
        *kms_keys.TABLES,
        *guardduty.TABLES,
        *securityhub.TABLES,
        *config.TABLES,
        *accessanalyzer.TABLES,
        *cloudwatch.TABLES,
        *logs.TABLES,
        *eventbridge.TABLES,
        *sns.TABLES,
        *sqs.TABLES,
        *ec2_network.TABLES,
        *ec2_security_groups.TABLES,
        *ec2_compute.TABLES,
        *ec2_routes.TABLES,
        *ec2_connections.TABLES,
        *ec2_entrances.TABLES,
        *ec2_public_access.TABLES,
        *ec2_shared_images.TABLES,
        *ec2_launch_templates.TABLES,
        *elasticloadbalancing.TABLES,
        *autoscaling.TABLES,
        *lambda_functions.TABLES,
        *ecs.TABLES,
        *eks.TABLES,
        *batch.TABLES,
        *rds.TABLES,
        *elasticache.TABLES,
        *opensearch.TABLES,
        *redshift.TABLES,
        *sagemaker.TABLES,
        *cloudformation.TABLES,
        *cloudformation_stack_sets.TABLES,
        *codebuild.TABLES,
        *secretsmanager.TABLES,
        *secretsmanager_versions.TABLES,
        *ssm.TABLES,
        *ram.TABLES,
        *tagging.TABLES,
        *identity_center.TABLES,
        *identity_store.TABLES,
    )
)
