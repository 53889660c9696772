"""SQS: queues with their policies (SEP.6)."""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.shaping import regional_arn
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

PAGE: Mapping[str, Any] = {"MaxResults": 1000}
GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


def _queues(call: Caller) -> Iterator[Item]:
    """Every queue; an answer without queues also lacks the list."""
    for page in call.items("sqs", "ListQueues", "", **PAGE):
        for url in page.get("QueueUrls") or ():
            name = url.rpartition("/")[2]
            yield {"url": url, "name": name, "arn": regional_arn(call, "sqs", name)}


def _policy(call: Caller, queue: Item) -> Mapping[str, Answer]:
    """A queue without a policy is answered without attributes."""
    return {
        "policy": call.answer(
            "sqs",
            "GetQueueAttributes",
            "Attributes.Policy",
            absent=GONE,
            expect="",
            QueueUrl=queue["url"],
            AttributeNames=["Policy"],
        )
    }


TABLES = (
    Table(
        name="sqs_queues",
        description="Queues.",
        service="sqs",
        operation="ListQueues",
        path="QueueUrls",
        parameters=PAGE,
        gather=_queues,
        each=_policy,
        follow_ups=(FollowUp(service="sqs", operation="GetQueueAttributes"),),
        columns=(
            Column("arn", "string", "", "ARN of the queue."),
            Column("name", "string", "", "Name of the queue."),
            Column("url", "string", "", "What it is called by."),
            Column("policy", "json", "", "Its resource policy.", follow_up=True),
        ),
    ),
)
