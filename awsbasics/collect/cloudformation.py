"""CloudFormation's stacks, what they own, and their templates without secrets.

Values of parameters and outputs are never kept, only their names; templates pass through
`awsbasics.collect.secrets_filter` before anything is written.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.cloudformation.load import load_template
from awsbasics.collect.documents import canonical_json
from awsbasics.collect.secrets_filter import filter_template
from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, with_tags
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table
from awsbasics.errors import TemplateError

# A stack in review has a change set and no resources; asking for its template is an error.
IN_REVIEW = "REVIEW_IN_PROGRESS"

STACK_COLUMNS = (
    Column("stack_id", "string", "", "The stack's id, which is its ARN."),
    Column("stack_name", "string", "", "Name of the stack."),
)


def _stacks(call: Caller) -> list[Item]:
    stacks: list[Item] = call.items("cloudformation", "DescribeStacks", "Stacks")
    return stacks


def _resources(call: Caller) -> Iterator[Item]:
    deployed = [stack for stack in _stacks(call) if stack["StackStatus"] != IN_REVIEW]
    for resources in call.map(lambda stack: _resources_of(call, stack), deployed):
        yield from resources


def _resources_of(call: Caller, stack: Item) -> list[Item]:
    operation, path = "ListStackResources", "StackResourceSummaries"
    answer = call.listed("cloudformation", operation, path, StackName=stack["StackId"])
    if answer.status != "ok":
        call.note(answer, operation)
    return [{**resource, **_stack_of(stack)} for resource in answer.value or ()]


def _stack_of(stack: Item) -> dict[str, Any]:
    return {"stack_id": stack["StackId"], "stack_name": stack["StackName"]}


def _templates(call: Caller) -> list[Item]:
    return [{**_stack_of(stack), "status": stack["StackStatus"]} for stack in _stacks(call)]


def _template_body(call: Caller, stack: Item) -> Mapping[str, Answer]:
    if stack["status"] == IN_REVIEW:
        return {"body": Answer("absent")}
    answer = call.answer(
        "cloudformation",
        "GetTemplate",
        "TemplateBody",
        StackName=stack["stack_id"],
        TemplateStage="Processed",
    )
    return {"body": _without_secrets(answer.value) if answer.status == "ok" else answer}


def _without_secrets(body: Any) -> Answer:
    """A template as JSON text; boto3 gives a dict for JSON and text for YAML.

    Nothing of a template that cannot be read is kept, for nobody knows what is in it.
    """
    try:
        template = load_template(body) if isinstance(body, str) else body
        return Answer("ok", canonical_json(filter_template(template)))
    except (TemplateError, RecursionError) as error:
        return Answer("error", None, type(error).__name__, str(error))


TABLES = (
    Table(
        name="cloudformation_stacks",
        description="Stacks that exist, nested ones and those in review included.",
        service="cloudformation",
        operation="DescribeStacks",
        path="Stacks",
        split=with_tags,
        columns=(
            Column("id", "string", "StackId", "The stack's id, which is its ARN."),
            Column("arn", "string", "StackId", "ARN of the stack."),
            Column("name", "string", "StackName", "Name of the stack."),
            Column("status", "string", "StackStatus", "CREATE_COMPLETE, UPDATE_COMPLETE, …"),
            Column("role_arn", "string", "RoleARN", "The service role that it deploys with."),
            Column(
                "termination_protection",
                "bool",
                "EnableTerminationProtection",
                "Whether it is safe from deletion; nested stacks have their root's.",
            ),
            Column("parent_id", "string", "ParentId", "The stack that it is nested in."),
            Column("root_id", "string", "RootId", "The outermost stack that it is nested in."),
            Column("created", "timestamp", "CreationTime", "When it was made."),
            Column("updated", "timestamp", "LastUpdatedTime", "When it was last updated."),
            Column(
                "parameters", "json", "Parameters[].ParameterKey", "List of its parameters' names."
            ),
            Column("outputs", "json", "Outputs[].OutputKey", "List of its outputs' names."),
            Column(
                "drift_status",
                "string",
                "DriftInformation.StackDriftStatus",
                "IN_SYNC, DRIFTED, UNKNOWN or NOT_CHECKED, when drift was last looked for.",
            ),
            Column(
                "drift_checked",
                "timestamp",
                "DriftInformation.LastCheckTimestamp",
                "When that was, if ever.",
            ),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
    Table(
        name="cloudformation_stack_resources",
        description="What each stack owns.",
        service="cloudformation",
        operation="DescribeStacks",
        path="Stacks",
        gather=_resources,
        follow_ups=(
            FollowUp(
                service="cloudformation",
                operation="ListStackResources",
                per="cloudformation_stacks",
            ),
        ),
        columns=(
            *STACK_COLUMNS,
            Column("logical_id", "string", "LogicalResourceId", "Its name in the template."),
            Column(
                "physical_id",
                "string",
                "PhysicalResourceId",
                "AWS's name, id or ARN of it, as its type has it.",
            ),
            Column("type", "string", "ResourceType", "Resource type, as in `AWS::IAM::Role`."),
            Column("status", "string", "ResourceStatus", "CREATE_COMPLETE, UPDATE_FAILED, …"),
        ),
    ),
    Table(
        name="cloudformation_templates",
        description="Templates after their transforms, without literals that may be secrets.",
        service="cloudformation",
        operation="DescribeStacks",
        path="Stacks",
        gather=_templates,
        each=_template_body,
        follow_ups=(FollowUp(service="cloudformation", operation="GetTemplate"),),
        columns=(
            *STACK_COLUMNS,
            Column(
                "body",
                "string",
                "",
                "The template as JSON text, short forms written out; `[dropped]` is for literals.",
                follow_up=True,
            ),
        ),
    ),
)
