"""ECS: clusters, services, and the task definitions that can be run (SEP.4, APP.2, APP.11, SEC.8).

Of a task definition's containers are kept the image, the names of environment variables and
where secrets come from; commands, labels and log options are not, since they may hold secrets.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from awsbasics.collect.environment_variables import kinds_of_pairs
from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, any_tags, batches
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table, dig

PAGE: Mapping[str, Any] = {"maxResults": 100}
SERVICES_AT_ONCE = 10
GONE = ("ClusterNotFoundException",)
TAGS = Column("tags", "json", "", TAGS_COLUMN_TEXT)

IN_CLUSTERS = (
    FollowUp(service="ecs", operation="ListServices", per="ecs_clusters"),
    FollowUp(service="ecs", operation="DescribeServices", per="ten ECS services"),
)


def _cluster_arns(call: Caller) -> list[str]:
    return call.items("ecs", "ListClusters", "clusterArns", **PAGE)


def _clusters(call: Caller) -> Iterator[Item]:
    for arn in _cluster_arns(call):
        yield {"arn": arn, "name": arn.rpartition("/")[2]}


def _services(call: Caller) -> Iterator[Item]:
    for services in call.map(lambda arn: _services_in(call, arn), _cluster_arns(call)):
        yield from services


def _services_in(call: Caller, cluster: str) -> list[Item]:
    operation = "ListServices"
    arns = call.listed("ecs", operation, "serviceArns", absent=GONE, cluster=cluster, **PAGE)
    _noted(call, arns, operation)
    parts = batches(arns.value or (), SERVICES_AT_ONCE)
    return [service for part in parts for service in _described(call, cluster, part)]


def _described(call: Caller, cluster: str, services: list[str]) -> Iterator[Item]:
    operation, more = "DescribeServices", ["TAGS"]
    found = call.listed(
        "ecs", operation, "services", absent=GONE, cluster=cluster, services=services, include=more
    )
    _noted(call, found, operation)
    for service in found.value or ():
        network = dig(service, "networkConfiguration.awsvpcConfiguration") or {}
        yield {**service, "network": network, "tags": any_tags(service.get("tags"))}


def _noted(call: Caller, answer: Answer, operation: str) -> None:
    if answer.status in ("denied", "error"):
        call.note(answer, operation)


def _task_definitions(call: Caller) -> Iterator[Item]:
    """The newest revision of each family, and older ones that a service still runs."""
    operation, path = "ListTaskDefinitionFamilies", "families"
    families = call.items("ecs", operation, path, status="ACTIVE", **PAGE)
    in_service = {arn for service in _services(call) for arn in _definitions_of(service)}
    newest = call.map(lambda family: _task_definition(call, family), families)
    known = {definition.get("taskDefinitionArn") for definition in newest}
    older = call.map(lambda arn: _task_definition(call, arn), sorted(in_service - known))
    for definition in (*newest, *older):
        if definition:
            yield {**definition, "in_service": definition["taskDefinitionArn"] in in_service}


def _definitions_of(service: Item) -> set[str]:
    """Task definitions of a service: while it is deployed, there are several."""
    parts = (
        *dig(service, "deployments[].taskDefinition"),
        *dig(service, "taskSets[].taskDefinition"),
    )
    return {arn for arn in (service.get("taskDefinition"), *parts) if arn}


def _task_definition(call: Caller, name: str) -> dict[str, Any]:
    operation = "DescribeTaskDefinition"
    answer = call.answer(
        "ecs", operation, expect="taskDefinition", taskDefinition=name, include=["TAGS"]
    )
    if answer.status != "ok":
        call.note(answer, operation)
        return {}
    definition = answer.value["taskDefinition"]
    containers = [_container(each) for each in definition.get("containerDefinitions", ())]
    return {**definition, "containers": containers, "tags": any_tags(answer.value.get("tags"))}


def _container(container: Item) -> Item:
    return {
        "name": container.get("name"),
        "image": container.get("image"),
        "environment": kinds_of_pairs(container.get("environment")),
        "secrets": _pointers(container.get("secrets")),
        "environment_files": dig(container, "environmentFiles[].value"),
    }


def _pointers(secrets: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Name of each variable that ECS fills, to the ARN or name of what it fills it from."""
    return {secret["name"]: secret["valueFrom"] for secret in secrets or ()}


TABLES = (
    Table(
        name="ecs_clusters",
        description="Clusters of ECS.",
        service="ecs",
        operation="ListClusters",
        path="clusterArns",
        parameters=PAGE,
        gather=_clusters,
        columns=(
            Column("arn", "string", "", "ARN of the cluster."),
            Column("name", "string", "", "Name of the cluster."),
        ),
    ),
    Table(
        name="ecs_services",
        description="Services, which keep tasks running.",
        service="ecs",
        operation="ListClusters",
        path="clusterArns",
        parameters=PAGE,
        gather=_services,
        follow_ups=IN_CLUSTERS,
        columns=(
            Column("arn", "string", "serviceArn", "ARN of the service."),
            Column("name", "string", "serviceName", "Name of the service."),
            Column("cluster_arn", "string", "clusterArn", "The cluster that it is in."),
            Column("status", "string", "status", "ACTIVE, DRAINING or INACTIVE."),
            Column("launch_type", "string", "launchType", "EC2, FARGATE, …; null: by capacity."),
            Column("desired_count", "int", "desiredCount", "How many tasks it wants."),
            Column("running_count", "int", "runningCount", "How many tasks it has."),
            Column(
                "task_definition_arn",
                "string",
                "taskDefinition",
                "What it starts, see `ecs_task_definitions`.",
            ),
            Column("role_arn", "string", "roleArn", "The role that tells its load balancer."),
            Column("subnet_ids", "json", "network.subnets", "List of its tasks' subnets."),
            Column("group_ids", "json", "network.securityGroups", "List of security groups."),
            Column("assign_public_ip", "string", "network.assignPublicIp", "ENABLED or DISABLED."),
            Column("created", "timestamp", "createdAt", "When it was made."),
            TAGS,
        ),
    ),
    Table(
        name="ecs_task_definitions",
        description="Each family's newest task definition, and older ones that services run.",
        service="ecs",
        operation="ListTaskDefinitionFamilies",
        path="families",
        parameters={"status": "ACTIVE", **PAGE},
        gather=_task_definitions,
        follow_ups=(
            FollowUp(service="ecs", operation="ListClusters", per="once"),
            *IN_CLUSTERS,
            FollowUp(service="ecs", operation="DescribeTaskDefinition"),
        ),
        columns=(
            Column("arn", "string", "taskDefinitionArn", "ARN of the task definition."),
            Column("family", "string", "family", "Its name without the revision."),
            Column("revision", "int", "revision", "Its number in the family."),
            Column("task_role_arn", "string", "taskRoleArn", "The role of its containers."),
            Column(
                "execution_role_arn",
                "string",
                "executionRoleArn",
                "The role that ECS fetches images and secrets with.",
            ),
            Column("network_mode", "string", "networkMode", "awsvpc, bridge, host or none."),
            Column(
                "containers",
                "json",
                "",
                "List of {name, image, environment: {name: literal, pointer or empty}, "
                "secrets: {name: where from}, environment_files}.",
            ),
            Column("in_service", "bool", "", "Whether a service runs it."),
            Column("created", "timestamp", "registeredAt", "When it was registered."),
            TAGS,
        ),
    ),
)
