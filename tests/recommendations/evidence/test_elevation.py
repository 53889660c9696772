"""What changes something: by access levels, without reading and without one's own credentials."""

import pytest

from awsbasics.iam.permissions import Permissions
from awsbasics.recommendations.evidence.elevation import changes, heavy_actions
from tests.iam.estates import allow, estate, policy, user


def changing(*actions: str) -> list[str]:
    who = user("ada", policy(allow(list(actions))))
    matrix = Permissions(estate(who)).matrix
    return changes(matrix, heavy_actions(matrix), who)


@pytest.mark.parametrize("action", ["s3:PutObject", "iam:AttachRolePolicy", "ec2:RunInstances"])
def test_writing_and_managing_permissions_change_something(action: str) -> None:
    assert changing(action) == [action]


@pytest.mark.parametrize(
    "action",
    ["s3:GetObject", "athena:GetSessionEndpoint", "sts:AssumeRole", "iam:ChangePassword"],
)
def test_reading_leading_and_ones_own_credentials_do_not(action: str) -> None:
    assert changing(action) == []
