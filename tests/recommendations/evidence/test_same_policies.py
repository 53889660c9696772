"""DEP.4: the same permissions in every environment."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement.model import Applications
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    engagement,
    failures,
    judged,
    results,
)

Rows = dict[str, list[dict[str, Any]]]
NAMES = engagement(applications=Applications(stack_pattern=("{application}-{phase}",)))


def role_arn(account: str, phase: str) -> str:
    return f"arn:aws:iam::{account}:role/billing-{phase}-app"


def environment(account: str, phase: str, *statements: dict[str, Any]) -> Rows:
    """A stack with one role, which embeds one policy."""
    stack = f"arn:aws:cloudformation:{REGION}:{account}:stack/billing-{phase}/1"
    own = {"account_id": account, "region": REGION}
    arn = role_arn(account, phase)
    return {
        "cloudformation_stacks": [
            {
                **own,
                "id": stack,
                "arn": stack,
                "name": f"billing-{phase}",
                "status": "CREATE_COMPLETE",
            }
        ],
        "cloudformation_stack_resources": [
            {
                **own,
                "stack_id": stack,
                "stack_name": f"billing-{phase}",
                "logical_id": logical_id,
                "physical_id": physical_id,
                "type": kind,
                "status": "CREATE_COMPLETE",
            }
            for logical_id, physical_id, kind in (
                ("App", f"billing-{phase}-app", "AWS::IAM::Role"),
                ("Data", f"billing-{phase}-data-{account[:4]}x", "AWS::S3::Bucket"),
            )
        ],
        "iam_roles": [{"account_id": account, "arn": arn, "name": f"billing-{phase}-app"}],
        "iam_inline_policies": [
            {
                "account_id": account,
                "principal_arn": arn,
                "name": "app",
                "document": {"Version": "2012-10-17", "Statement": list(statements)},
            }
        ],
    }


def allow(action: str, resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def usual(account: str, phase: str, region: str = REGION) -> list[dict[str, Any]]:
    return [
        allow("s3:GetObject", f"arn:aws:s3:::billing-{phase}-data-{account[:4]}x/*"),
        allow("sqs:SendMessage", f"arn:aws:sqs:{region}:{account}:billing-{phase}-jobs"),
    ]


def both(*environments: Rows) -> Rows:
    tables = environments[0].keys()
    return {table: [row for each in environments for row in each[table]] for table in tables}


PROD = environment(PRODUCTION, "prod", *usual(PRODUCTION, "prod"))


def test_names_of_accounts_regions_environments_and_own_resources_are_no_difference() -> None:
    dev = environment(DEVELOPMENT, "dev", *usual(DEVELOPMENT, "dev", "us-east-1"))
    (found,) = results("DEP.4", both(PROD, dev), engagement=NAMES)
    assert (found.status, found.resource) == ("ok", role_arn(DEVELOPMENT, "dev"))


def test_order_and_form_are_no_difference() -> None:
    first, second = usual(DEVELOPMENT, "dev")
    dev = environment(DEVELOPMENT, "dev", second, {**first, "Action": ["s3:GetObject"]})
    assert failures("DEP.4", both(PROD, dev), engagement=NAMES) == []


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([*usual(DEVELOPMENT, "dev"), allow("s3:DeleteObject", "*")], "gains s3:DeleteObject"),
        (usual(DEVELOPMENT, "dev")[:1], "loses sqs:SendMessage"),
    ],
)
def test_other_permissions_than_in_production_fail(
    statements: list[dict[str, Any]], said: str
) -> None:
    dev = environment(DEVELOPMENT, "dev", *statements)
    (found,) = failures("DEP.4", both(PROD, dev), engagement=NAMES)
    assert (found.resource, found.key) == (role_arn(DEVELOPMENT, "dev"), "production")
    assert said in found.title
    assert found.application == "billing"


def test_an_application_in_one_environment_has_nothing_to_compare() -> None:
    (found,) = results("DEP.4", PROD, engagement=NAMES)
    assert found.status == "not_applicable"


def test_without_policies_dep_4_is_unknown(tmp_path: Path) -> None:
    dev = environment(DEVELOPMENT, "dev", allow("s3:DeleteObject", "*"))
    denied = ("iam_inline_policies", PRODUCTION, "global")
    found = judged("DEP.4", tmp_path / "s", both(PROD, dev), denied)
    assert {each.status for each in found if each.account_id == PRODUCTION} <= {"unknown"}
    assert "unknown" in {each.status for each in found}
