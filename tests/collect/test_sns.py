"""Topics, and whom they reach."""

import pytest

from tests.collect.fake_caller import read, refused, rows_of
from tests.collect.recordings.watch import RECORDED, TOPIC, subscription


def test_a_topic_says_how_many_subscriptions_were_confirmed() -> None:
    (row,) = rows_of("sns_topics", RECORDED["sns_topics"])
    assert (row["arn"], row["subscriptions_confirmed"]) == (TOPIC, 2)


def test_a_topic_that_went_meanwhile_is_absent_and_a_denied_one_is_not() -> None:
    for code, status, coverage in (
        ("NotFound", "absent", "ok"),
        ("AuthorizationError", "denied", "partial"),
    ):
        found = read("sns_topics", {**RECORDED["sns_topics"], "GetTopicAttributes": refused(code)})
        assert found.rows[0]["policy_status"] == status
        assert found.coverage.status == coverage


def test_a_subscription_that_waits_for_consent_is_not_confirmed() -> None:
    rows = rows_of("sns_subscriptions", RECORDED["sns_subscriptions"])
    states = {row["protocol"]: (row["confirmed"], row["arn"]) for row in rows}
    assert states["lambda"] == (False, None)
    assert states["email"] == (True, f"{TOPIC}:1")


@pytest.mark.parametrize(
    ("protocol", "endpoint", "kept"),
    [
        ("email", "security@example.com", "security@example.com"),
        ("https", "https://u:p@hooks.example.com/T0/B0/x?k=v", "https://hooks.example.com"),
        ("http", "http://[broken", None),
        ("sms", "+447700900123", None),
        (
            "sqs",
            "arn:aws:sqs:eu-west-1:000000000012:jobs",
            "arn:aws:sqs:eu-west-1:000000000012:jobs",
        ),
    ],
)
def test_an_endpoint_is_kept_without_tokens(protocol: str, endpoint: str, kept: str | None) -> None:
    answers = {"ListSubscriptions": {"Subscriptions": [subscription(protocol, endpoint)]}}
    (row,) = rows_of("sns_subscriptions", answers)
    assert row["endpoint"] == kept
