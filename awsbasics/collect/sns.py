"""SNS: topics with their policies (SEP.6), and whom they reach (REV.7).

Addresses of web hooks often hold a token, so only their host is kept; telephone numbers are
not kept at all.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

WEB = ("http", "https")
PRIVATE = ("sms",)


def _attributes(call: Caller, topic: Item) -> Mapping[str, Answer]:
    found = call.answer(
        "sns",
        "GetTopicAttributes",
        "Attributes",
        absent=("NotFound",),
        TopicArn=topic["TopicArn"],
    )
    return {
        "policy": found.at("Policy"),
        "kms_key_id": found.at("KmsMasterKeyId"),
        "subscriptions_confirmed": found.at("SubscriptionsConfirmed"),
    }


def _subscription(subscription: Item) -> Iterable[Item]:
    protocol, endpoint = subscription.get("Protocol"), subscription.get("Endpoint", "")
    arn = subscription.get("SubscriptionArn", "")
    confirmed = arn.startswith("arn:")
    return (
        {
            **subscription,
            "endpoint": _without_token(protocol, endpoint),
            "arn": arn if confirmed else None,
            "confirmed": confirmed,
        },
    )


def _without_token(protocol: str | None, endpoint: str) -> str | None:
    if protocol in PRIVATE:
        return None
    if protocol not in WEB:
        return endpoint
    try:
        return f"{protocol}://{urlsplit(endpoint).hostname or ''}"
    except ValueError:
        return None


TABLES = (
    Table(
        name="sns_topics",
        description="Topics.",
        service="sns",
        operation="ListTopics",
        path="Topics",
        each=_attributes,
        follow_ups=(FollowUp(service="sns", operation="GetTopicAttributes"),),
        columns=(
            Column("arn", "string", "TopicArn", "ARN of the topic."),
            Column("policy", "json", "", "Its resource policy.", follow_up=True),
            Column("kms_key_id", "string", "", "The key that encrypts it, if any.", follow_up=True),
            Column(
                "subscriptions_confirmed",
                "int",
                "",
                "How many subscriptions get its messages, in any account.",
                follow_up=True,
            ),
        ),
    ),
    Table(
        name="sns_subscriptions",
        description="The account's subscriptions, to its own topics and to others'.",
        service="sns",
        operation="ListSubscriptions",
        path="Subscriptions",
        split=_subscription,
        columns=(
            Column("arn", "string", "", "ARN of the subscription; null until it is confirmed."),
            Column("topic_arn", "string", "TopicArn", "The topic."),
            Column("protocol", "string", "Protocol", "email, https, lambda, sqs, sms, …"),
            Column(
                "endpoint",
                "string",
                "",
                "An ARN or a mail address; of web hooks the host; null for telephones.",
            ),
            Column("confirmed", "bool", "", "Whether it was confirmed and still exists."),
        ),
    ),
)
