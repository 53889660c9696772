import json
from datetime import date
from importlib.resources import files

import pytest

from awsbasics.iam.services import controlled_services, needs_resource_policy

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
ROLE = "arn:aws:iam::111122223333:role/app"


def test_the_services_that_rcps_control_are_dated_and_cited() -> None:
    path = files("awsbasics") / "data" / "rcp_services.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data["source"].startswith("https://docs.aws.amazon.com/organizations/")
    assert date.fromisoformat(data["as_of"]) > date(2024, 11, 13)  # the day that RCPs came
    assert data["services"] == sorted(set(data["services"]))


def test_the_services_that_rcps_had_from_the_start_are_among_them() -> None:
    assert {"s3", "sts", "kms", "sqs", "secretsmanager"} <= controlled_services().services
    assert "ec2" not in controlled_services().services


@pytest.mark.parametrize(
    ("action", "resource", "needed"),
    [
        ("sts:assumerole", ROLE, True),
        ("sts:assumerolewithsaml", ROLE, True),
        ("sts:tagsession", ROLE, True),
        ("sts:getcalleridentity", "*", False),
        ("iam:passrole", ROLE, False),
        ("kms:decrypt", KEY, True),
        ("kms:createkey", "*", False),
        ("kms:createalias", "arn:aws:kms:eu-west-1:111122223333:alias/a", False),
        ("s3:getobject", "arn:aws:s3:::data/x", False),
    ],
)
def test_trust_and_keys_need_their_policy(action: str, resource: str, needed: bool) -> None:
    assert needs_resource_policy(action, resource) is needed
