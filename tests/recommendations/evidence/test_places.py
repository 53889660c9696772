"""Accounts and regions: which are open, and where a table was read."""

from pathlib import Path

import pytest

from awsbasics.engagement import Engagement
from awsbasics.facts import Facts
from awsbasics.recommendations.evidence.places import Places, living_regions
from tests.recommendations.support import DEVELOPMENT, NOW, PRODUCTION, REGION, facts_of
from tests.snapshots import Unread, write_snapshot

SECOND = "eu-central-1"


def facts(path: Path) -> Facts:
    """One account in which a region is off, and a table that was denied in the other."""
    unread: Unread = {
        ("*", DEVELOPMENT, SECOND): "region_off",
        ("events_rules", DEVELOPMENT, "*"): "denied",
    }
    accounts = (DEVELOPMENT, PRODUCTION)
    regions = (REGION, SECOND)
    own = write_snapshot(path, unread=unread, accounts=accounts, regions=regions, management=None)
    return Facts(own, Engagement(), NOW)


def test_regions_that_are_off_are_left_out(tmp_path: Path) -> None:
    places = Places(facts(tmp_path))
    assert places.regions(DEVELOPMENT) == (REGION,)
    assert places.regions(PRODUCTION) == (REGION, SECOND)
    assert places.was_gathered(SECOND)
    assert not places.was_gathered("us-east-1")


def test_a_denied_table_was_not_read_and_other_tables_are_not_known(tmp_path: Path) -> None:
    places = Places(facts(tmp_path), ["events_rules"])
    assert not places.was_read("events_rules", DEVELOPMENT, REGION)
    assert places.was_read_everywhere("events_rules", PRODUCTION)
    assert not places.was_read("sns_topics", PRODUCTION, REGION)


@pytest.mark.parametrize(
    ("region", "partition"),
    [(REGION, "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")],
)
def test_regions_tell_the_partition(region: str, partition: str) -> None:
    assert Places(facts_of({}, regions=(region,))).partition == partition


def test_something_lives_where_there_are_interfaces_functions_or_stacks() -> None:
    rows = {"lambda_functions": [{"region": SECOND}], "ec2_vpcs": [{"region": REGION}]}
    assert living_regions(facts_of(rows)) == {(DEVELOPMENT, SECOND)}
