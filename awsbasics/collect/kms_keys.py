"""The account's own KMS keys with their policies (SEC.7, SEP.6).

AWS's keys for its services are left out: everyone's have the same policies. They are known by
their aliases, which saves a call for each key.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

PAGE: Mapping[str, Any] = {"Limit": 1000}
OF_AWS = "alias/aws/"


def _keys(call: Caller) -> Iterator[Item]:
    aliases: dict[str, list[str]] = {}
    for alias in call.items("kms", "ListAliases", "Aliases", **PAGE):
        aliases.setdefault(alias.get("TargetKeyId", ""), []).append(alias["AliasName"])
    for key in call.items("kms", "ListKeys", "Keys", **PAGE):
        names = sorted(aliases.get(key["KeyId"], ()))
        if not any(name.startswith(OF_AWS) for name in names):
            yield {**key, "aliases": names}


def _policy(call: Caller, key: Item) -> Mapping[str, Answer]:
    return {
        "policy": call.answer(
            "kms",
            "GetKeyPolicy",
            "Policy",
            absent=("NotFoundException",),
            KeyId=key["KeyArn"],
            PolicyName="default",
        )
    }


TABLES = (
    Table(
        name="kms_keys",
        description="Keys that the account made, those scheduled for deletion included.",
        service="kms",
        operation="ListKeys",
        path="Keys",
        parameters=PAGE,
        gather=_keys,
        each=_policy,
        follow_ups=(
            FollowUp(service="kms", operation="ListAliases", per="once"),
            FollowUp(service="kms", operation="GetKeyPolicy"),
        ),
        columns=(
            Column("arn", "string", "KeyArn", "ARN of the key."),
            Column("id", "string", "KeyId", "AWS's id of the key."),
            Column("aliases", "json", "", "List of its aliases, as in `alias/billing`."),
            Column("policy", "json", "", "Its policy.", follow_up=True),
        ),
    ),
)
