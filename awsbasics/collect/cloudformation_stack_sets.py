"""Stack sets and stack policies: what reaches other accounts, and what updates may not touch.

A stack set's administration role enters other accounts (ORG.6) and is none of a team's doing;
a stack policy is one of the things that keep a deployment from its own boundary (DEP.7).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.cloudformation import IN_REVIEW, STACK_COLUMNS
from awsbasics.collect.shaping import regional_arn
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

ACTIVE: Mapping[str, Any] = {"Status": "ACTIVE", "MaxResults": 100}


def _stack_sets(call: Caller) -> Iterator[Item]:
    for stack_set in call.items("cloudformation", "ListStackSets", "Summaries", **ACTIVE):
        resource = f"stackset/{stack_set['StackSetId']}"
        yield {**stack_set, "arn": regional_arn(call, "cloudformation", resource)}


def _roles(call: Caller, stack_set: Item) -> Mapping[str, Answer]:
    """A service-managed set works with roles of AWS's, and is not asked about."""
    if stack_set.get("PermissionModel") == "SERVICE_MANAGED":
        described = Answer("absent")
    else:
        described = call.answer(
            "cloudformation",
            "DescribeStackSet",
            "StackSet",
            absent=("StackSetNotFoundException",),
            StackSetName=stack_set["StackSetName"],
        )
    return {
        "administration_role_arn": described.at("AdministrationRoleARN"),
        "execution_role_name": described.at("ExecutionRoleName"),
    }


def _deployed(call: Caller) -> Iterator[Item]:
    for stack in call.items("cloudformation", "DescribeStacks", "Stacks"):
        if stack["StackStatus"] != IN_REVIEW:
            yield {"stack_id": stack["StackId"], "stack_name": stack["StackName"]}


def _stack_policy(call: Caller, stack: Item) -> Mapping[str, Answer]:
    path = "StackPolicyBody"  # left out where there is none
    answer = call.answer(
        "cloudformation", "GetStackPolicy", path, expect="", StackName=stack["stack_id"]
    )
    return {"policy": answer}


TABLES = (
    Table(
        name="cloudformation_stack_sets",
        description="Stack sets that the account administers.",
        service="cloudformation",
        operation="ListStackSets",
        path="Summaries",
        parameters=ACTIVE,
        gather=_stack_sets,
        each=_roles,
        follow_ups=(
            FollowUp(
                service="cloudformation", operation="DescribeStackSet", per="self-managed stack set"
            ),
        ),
        columns=(
            Column("id", "string", "StackSetId", "AWS's id of the stack set, name and UUID."),
            Column("arn", "string", "", "ARN of the stack set."),
            Column("name", "string", "StackSetName", "Name of the stack set."),
            Column(
                "permission_model", "string", "PermissionModel", "SERVICE_MANAGED or SELF_MANAGED."
            ),
            Column(
                "auto_deployment",
                "bool",
                "AutoDeployment.Enabled",
                "Whether new accounts get its stacks by themselves.",
            ),
            Column(
                "drift_status",
                "string",
                "DriftStatus",
                "IN_SYNC, DRIFTED, UNKNOWN or NOT_CHECKED, when drift was last looked for.",
            ),
            Column(
                "drift_checked", "timestamp", "LastDriftCheckTimestamp", "When that was, if ever."
            ),
            Column(
                "administration_role_arn",
                "string",
                "",
                "The role that enters the accounts; absent where AWS manages it.",
                follow_up=True,
            ),
            Column(
                "execution_role_name",
                "string",
                "",
                "The role in the accounts that lets it in; absent where AWS manages it.",
                follow_up=True,
            ),
        ),
    ),
    Table(
        name="cloudformation_stack_policies",
        description="Stack policies, which say what updates may not touch.",
        service="cloudformation",
        operation="DescribeStacks",
        path="Stacks",
        gather=_deployed,
        each=_stack_policy,
        follow_ups=(FollowUp(service="cloudformation", operation="GetStackPolicy"),),
        columns=(
            *STACK_COLUMNS,
            Column("policy", "json", "", "The policy; absent without one.", follow_up=True),
        ),
    ),
)
