"""When the facts of a finding were read."""

from pathlib import Path

import pandas as pd

from awsbasics.engagement import Engagement
from awsbasics.facts import Facts
from tests.snapshots import MEMBER, write_snapshot

GROUPS = "ec2_security_groups"


def facts(path: Path, **times: str) -> Facts:
    """Facts over a snapshot whose groups were read at these times, by region."""
    snapshot = write_snapshot(path)
    coverage = snapshot.coverage
    for region, time in times.items():
        place = (coverage["table"] == GROUPS) & (coverage["region"] == region.replace("_", "-"))
        coverage.loc[place, "read_at"] = pd.Timestamp(time)
    return Facts(snapshot, Engagement(), pd.Timestamp("2026-11-02T00:00:00Z"))


def test_a_region_has_its_own_time(tmp_path: Path) -> None:
    seen = facts(tmp_path, eu_west_1="2026-11-01T09:00:00Z", us_east_1="2026-11-01T08:00:00Z")
    assert seen.read_at(GROUPS, MEMBER, "eu-west-1") == "2026-11-01T09:00:00Z"
    assert seen.read_at(GROUPS, MEMBER, "eu-north-1") == ""


def test_what_is_said_of_all_regions_is_as_old_as_the_first_of_them(tmp_path: Path) -> None:
    seen = facts(tmp_path, eu_west_1="2026-11-01T09:00:00Z", us_east_1="2026-11-01T08:00:00Z")
    assert seen.read_at(GROUPS, MEMBER, "global") == "2026-11-01T08:00:00Z"
    assert seen.read_at(GROUPS, "999999999999", "global") == ""
    assert seen.read_at("iam_users", MEMBER, "eu-west-1") == "2026-11-01T00:00:00Z"
