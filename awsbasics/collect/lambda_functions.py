"""Lambda functions: role, network, resource policy, and names of variables.

APP.2 asks which application's function has which role, SG.6 for groups, SEC.8 for variables
(whose values are dropped here), SEP.6 for who may call it from outside.
"""

from collections.abc import Iterable, Mapping

from awsbasics.collect.environment_variables import KINDS_TEXT, kinds_of
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table, dig


def _function(function: Item) -> Iterable[Item]:
    """A function without its variables' values; Lambda writes an empty VPC for none."""
    variables = dig(function, "Environment.Variables")
    unreadable = dig(function, "Environment.Error") is not None
    environment = None if unreadable else kinds_of(variables or {})
    vpc = {name: value or None for name, value in (function.get("VpcConfig") or {}).items()}
    return ({**function, "Environment": None, "environment": environment, "VpcConfig": vpc},)


def _policy(call: Caller, function: Item) -> Mapping[str, Answer]:
    return {
        "policy": call.answer(
            "lambda",
            "GetPolicy",
            "Policy",
            absent=("ResourceNotFoundException",),
            FunctionName=function["FunctionArn"],
        )
    }


TABLES = (
    Table(
        name="lambda_functions",
        description="Functions as they are now; earlier versions are left out.",
        service="lambda",
        operation="ListFunctions",
        path="Functions",
        split=_function,
        each=_policy,
        follow_ups=(FollowUp(service="lambda", operation="GetPolicy"),),
        columns=(
            Column("arn", "string", "FunctionArn", "ARN of the function."),
            Column("name", "string", "FunctionName", "Name of the function."),
            Column("runtime", "string", "Runtime", "As in `python3.13`; null for an image."),
            Column("role_arn", "string", "Role", "The role that it runs as."),
            Column("vpc_id", "string", "VpcConfig.VpcId", "The VPC that it is in, if any."),
            Column("subnet_ids", "json", "VpcConfig.SubnetIds", "List of its subnets."),
            Column("group_ids", "json", "VpcConfig.SecurityGroupIds", "List of security groups."),
            Column("environment", "json", "", f"{KINDS_TEXT} Null where Lambda cannot read it."),
            Column("kms_key_arn", "string", "KMSKeyArn", "The key of its variables, if its own."),
            Column("last_modified", "timestamp", "LastModified", "When it was last changed."),
            Column("policy", "json", "", "Its resource policy.", follow_up=True),
        ),
    ),
)
