"""CodeBuild's projects: who can make them run which code, as whom (DEP.8, DEP.6, SEC.8, SG.6).

Of a build specification only is kept where it comes from, of an environment variable its name
and kind, of a source's address no credentials: all of them may hold secrets.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from awsbasics.collect.environment_variables import kinds_of_pairs, without_credentials
from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, any_tags, batches
from awsbasics.collect.table import Caller, Column, FollowUp, Item, Table, dig

AT_ONCE = 100
# What CodeBuild fetches by itself, so that the value is a name and no secret.
POINTERS = {"PARAMETER_STORE": "parameter", "SECRETS_MANAGER": "secret"}
WEBHOOK_PARTS = (
    "branchFilter",
    "buildType",
    "filterGroups",
    "pullRequestBuildPolicy",
    "scopeConfiguration",
    "status",
)


def _projects(call: Caller) -> Iterator[Item]:
    names = call.items("codebuild", "ListProjects", "projects")
    for some in batches(sorted(names), AT_ONCE):
        for project in call.items("codebuild", "BatchGetProjects", "projects", names=some):
            yield _kept(project)


def _kept(project: Item) -> Item:
    source = project.get("source", {})
    webhook = project.get("webhook")
    return {
        **project,
        "source_location": without_credentials(source.get("location")),
        "build_specification": _origin(source),
        "secondary_sources": [_secondary(each) for each in project.get("secondarySources") or ()],
        "webhook": webhook and {name: webhook[name] for name in WEBHOOK_PARTS if name in webhook},
        "environment": _variables(dig(project, "environment.environmentVariables")),
        "privileged": dig(project, "environment.privilegedMode"),
        "tags": any_tags(project.get("tags")),
    }


def _secondary(source: Item) -> Item:
    return {"type": source.get("type"), "location": without_credentials(source.get("location"))}


def _origin(source: Item) -> str:
    """Where the commands come from: the source itself, an S3 object, or the project."""
    text = (source.get("buildspec") or "").strip()
    if text.startswith(("arn:", "s3://")):
        return "s3"
    is_path = not any(mark in text for mark in "\n:{")
    return "source" if is_path and source.get("type") != "NO_SOURCE" else "project"


def _variables(pairs: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    known = {pair["name"]: POINTERS.get(pair.get("type", "")) for pair in pairs or ()}
    return {name: known[name] or kind for name, kind in kinds_of_pairs(pairs).items()}


TABLES = (
    Table(
        name="codebuild_projects",
        description="Build projects, without what they are told in secret.",
        service="codebuild",
        operation="ListProjects",
        path="projects",
        gather=_projects,
        follow_ups=(
            FollowUp(
                service="codebuild", operation="BatchGetProjects", per="hundred build projects"
            ),
        ),
        columns=(
            Column("arn", "string", "", "ARN of the project."),
            Column("name", "string", "", "Name of the project."),
            Column("source_type", "string", "source.type", "GITHUB, CODECOMMIT, S3, …"),
            Column("source_location", "string", "", "Its repository, bucket or pipeline."),
            Column(
                "source_auth_type",
                "string",
                "source.auth.type",
                "OAUTH, CODECONNECTIONS or SECRETS_MANAGER; null: the account's credentials.",
            ),
            Column("source_version", "string", "sourceVersion", "The branch or tag it builds."),
            Column("secondary_sources", "json", "", "List of {type, location} of its others."),
            Column(
                "build_specification",
                "string",
                "",
                "Where its commands come from: source (whoever may commit writes them), s3, or "
                "project.",
            ),
            Column(
                "webhook",
                "json",
                "",
                "What starts it: {filterGroups, branchFilter, buildType, …}; null without one.",
            ),
            Column("service_role_arn", "string", "serviceRole", "The role that it runs as."),
            Column(
                "environment",
                "json",
                "",
                "Object: name of each variable to what it holds (literal, pointer, empty, "
                "parameter or secret).",
            ),
            Column("privileged", "bool", "", "Whether it runs Docker."),
            Column("visibility", "string", "projectVisibility", "PRIVATE or PUBLIC_READ."),
            Column("vpc_id", "string", "vpcConfig.vpcId", "The VPC that it runs in, if any."),
            Column("subnet_ids", "json", "vpcConfig.subnets", "List of its subnets."),
            Column("group_ids", "json", "vpcConfig.securityGroupIds", "List of security groups."),
            Column("created", "timestamp", "", "When it was made."),
            Column("updated", "timestamp", "lastModified", "When it was last changed."),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
)
