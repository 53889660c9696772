from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest

from awsbasics.engagement import Engagement, ExceptionRule
from awsbasics.engagement.model import Humans, Roles, fits

RULE = ExceptionRule(
    check="SG.4",
    match={"account": "000000000012", "resource": "sg-1*"},
    reason="x",
    owner="y",
    expires=date(2027, 1, 31),
)


def test_an_exception_takes_in_what_fits_all_its_parts() -> None:
    assert RULE.matches("SG.4", "000000000012", "sg-12", "eu-west-1", "any")
    assert not RULE.matches("SG.5", "000000000012", "sg-12", "eu-west-1", "any")
    assert not RULE.matches("SG.4", "000000000013", "sg-12", "eu-west-1", "any")
    assert not RULE.matches("SG.4", "000000000012", "sg-21", "eu-west-1", "any")


@pytest.mark.parametrize("part", ["account", "resource", "region", "key"])
def test_each_part_of_a_match_can_exclude(part: str) -> None:
    rule = ExceptionRule(
        check="SG.4", match={part: "x?"}, reason="r", owner="o", expires=date(2027, 1, 1)
    )
    place = {"account": "a", "resource": "b", "region": "c", "key": "d"}
    assert not rule.matches("SG.4", *place.values())
    assert rule.matches("SG.4", *{**place, part: "x1"}.values())


def test_names_are_compared_in_their_own_case() -> None:
    assert not RULE.matches("SG.4", "000000000012", "SG-12")


def test_a_resource_with_brackets_can_be_pasted_as_it_is() -> None:
    arn = "arn:aws:logs:eu-west-1:000000000012:log-group:a[1]"
    rule = ExceptionRule(
        check="SG.4", match={"resource": arn}, reason="r", owner="o", expires=date(2027, 1, 1)
    )
    assert rule.matches("SG.4", "000000000012", arn)
    assert not rule.matches("SG.4", "000000000012", arn + "x")


def test_an_exception_holds_through_its_last_day_in_utc() -> None:
    assert not RULE.expired(date(2027, 1, 31))
    assert RULE.expired(date(2027, 2, 1))
    assert not RULE.expired(pd.Timestamp("2027-01-31T23:59:59Z"))
    assert RULE.expired(pd.Timestamp("2027-02-01T00:00:00Z"))
    assert RULE.expired(datetime(2027, 2, 1, tzinfo=UTC))
    behind = timezone(timedelta(hours=-5))
    assert RULE.expired(datetime(2027, 1, 31, 20, tzinfo=behind))


def test_words_stand_for_environments_in_any_case() -> None:
    engagement = Engagement()
    assert engagement.environment_of("PROD") == "production"
    assert engagement.environment_of("staging") == "test"
    assert engagement.environment_of("production") == "production"
    assert engagement.environment_of("blue") is None


def test_phases_of_the_file_replace_the_default_words() -> None:
    engagement = Engagement(phases={"live": "production", "test": "development"})
    assert engagement.environment_of("live") == "production"
    assert engagement.environment_of("test") == "development"
    assert engagement.environment_of("dev") is None


def test_a_secret_name_is_taken_apart_by_the_first_format_that_fits() -> None:
    engagement = Engagement(secret_names=("{phase}/{application}/{item}", "{application}.{item}"))
    expected = {"phase": "dev", "application": "messaging", "item": "twilio"}
    assert engagement.secret_name("dev/messaging/twilio") == expected
    assert engagement.secret_name("messaging.twilio") == {
        "application": "messaging",
        "item": "twilio",
    }
    assert engagement.secret_name("TwilioKey") is None


def test_a_dmz_is_known_by_its_id_or_name() -> None:
    assert Engagement().is_dmz("vpc-1", "company-dmz")
    assert not Engagement().is_dmz("vpc-1", "billing")
    assert Engagement(dmz_vpcs=("vpc-1",)).is_dmz("vpc-1", "")


def test_shared_secrets_are_named_by_patterns() -> None:
    engagement = Engagement(shared_secrets=("prod/shared/*",))
    assert engagement.is_shared_secret("prod/shared/smtp")
    assert not engagement.is_shared_secret("prod/billing/smtp")


@pytest.mark.parametrize(
    "name",
    [
        "AWSControlTowerExecution",
        "AWSControlTowerAdmin",
        "aws-controltower-ForwardSnsNotificationRole",
        "AWSCloudFormationStackSetExecutionRole",
        "stacksets-exec-0123456789abcdef",
        "cdk-hnb659fds-cfn-exec-role-000000000012-eu-west-1",
        "cdk-hnb659fds-deploy-role-000000000012-eu-west-1",
    ],
)
def test_provisioning_roles_are_known_by_default(name: str) -> None:
    assert Roles().is_provisioning(name)


@pytest.mark.parametrize("name", ["cdk-app-role", "AWSCloudFormationStackSetMine", "Execution"])
def test_roles_that_only_look_like_them_are_not(name: str) -> None:
    assert not Roles().is_provisioning(name)


def test_every_user_is_a_person_unless_the_file_says_otherwise() -> None:
    assert Humans().includes("ci-build")
    assert not Humans(exclude=("ci-*",)).includes("ci-build")
    assert not Humans(users=("/people/*",)).includes("ann", "/robots/")
    assert Humans(users=("/people/*",)).includes("ann", "/people/")


def test_a_pattern_that_begins_with_a_slash_is_compared_with_the_path_too() -> None:
    assert fits(["/teams/*"], "x", "/teams/")
    assert not fits(["teams/*"], "x", "/teams/")
    assert fits(["x"], "x", "/teams/")
