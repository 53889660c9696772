from typing import Any

import pytest

from awsbasics.iam import UNKNOWN, Request, evaluate

ROOT = "arn:aws:iam::111122223333:root"
USER = "arn:aws:iam::111122223333:user/ann"
OBJECT = "arn:aws:s3:::data/x"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
NONE = {**ALL, "Effect": "Deny"}
IN_REGION = {**ALL, "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ({}, "No identity policy allows it."),
        ({"identity": [policy(ALL)]}, "Allowed by statement 0 of the identity policy 1."),
        (
            {"identity": [policy({**ALL, "Sid": "Everything"})]},
            "Allowed by statement 0 (Everything) of the identity policy 1.",
        ),
        (
            {"resource_policy": policy({**ALL, "Principal": "*"})},
            "Allowed by statement 0 of the resource policy 1.",
        ),
        (
            {"identity": [policy(ALL)], "boundary": []},
            "No permissions boundary allows it.",
        ),
        ({"identity": [policy(ALL)], "scps": [[]]}, "No SCP allows it."),
        (
            {"identity": [policy(ALL, NONE)]},
            "Denied by statement 1 of the identity policy 1.",
        ),
        ({"identity": [policy(IN_REGION)]}, "Depends on aws:RequestedRegion."),
        (
            {"identity": [policy(ALL)], "boundary": UNKNOWN},
            "Depends on something that is not known of the permissions boundary.",
        ),
    ],
)
def test_a_decision_says_why(layers: dict[str, Any], reason: str) -> None:
    assert evaluate(Request(USER, "s3:GetObject", OBJECT), **layers).reason == reason


def test_of_many_statements_the_first_are_named() -> None:
    decision = evaluate(Request(USER, "s3:GetObject", OBJECT), identity=[policy(*[ALL] * 5)])
    assert decision.reason.endswith(" and statement 2 of the identity policy 1 and 2 more.")


def test_a_root_user_needs_no_policy_and_assumes_no_roles() -> None:
    decision = evaluate(Request(ROOT, "s3:GetObject", OBJECT))
    assert decision.reason == "Allowed: an account's root user needs no policy."
    role = "arn:aws:iam::111122223333:role/app"
    trust = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"}
    refused = evaluate(Request(ROOT, "sts:AssumeRole", role), resource_policy=policy(trust))
    assert refused.reason == (
        "No resource policy allows it: an account's root user cannot assume roles."
    )


def test_what_needs_no_permission_says_so() -> None:
    decision = evaluate(Request(USER, "sts:GetCallerIdentity"), identity=[policy(NONE)])
    assert decision.reason == "Allowed: AWS asks for no permission here."
