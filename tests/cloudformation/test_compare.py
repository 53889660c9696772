"""Live policies against a template's: real differences only."""

from typing import Any

import pytest

from awsbasics.cloudformation.compare import could_be
from awsbasics.cloudformation.values import NO_VALUE, Either, Hole, Open, open_text

BUCKET = Open(("arn:aws:s3:::", Hole("Bucket"), "/*"))
MAYBE_Y = Either("C", ("y", NO_VALUE))
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}


def policy(*statements: Any, **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **more}


@pytest.mark.parametrize(
    ("expected", "live"),
    [
        ({**READ, "Action": ["s3:GetObject"]}, READ),
        ({**READ, "Sid": "One"}, {**READ, "Sid": "Two"}),
        ({**READ, "Action": "S3:getobject"}, READ),
        ({**READ, "Action": ["a:B", "c:D"]}, {**READ, "Action": ["c:D", "a:B"]}),
        ({**READ, "Resource": BUCKET}, READ),
        ({**READ, "Resource": [BUCKET, "x"]}, {**READ, "Resource": ["x", "arn:aws:s3:::b/*"]}),
        ({**READ, "Resource": open_text("List")}, {**READ, "Resource": ["x", "y", "z"]}),
        ({**READ, "Resource": "[dropped]"}, READ),
        ({**READ, "Resource": ["x", MAYBE_Y]}, {**READ, "Resource": "x"}),
        ({**READ, "Resource": ["x", MAYBE_Y]}, {**READ, "Resource": ["x", "y"]}),
        ({**READ, "Resource": Either("C", (["x", "y"], "z"))}, {**READ, "Resource": "z"}),
        ({"Principal": "*"}, {"Principal": {"AWS": "*"}}),
        (
            {"Principal": {"AWS": "arn:aws:iam::000000000012:root"}},
            {"Principal": {"AWS": ["000000000012"]}},
        ),
        (
            {"Condition": {"StringEquals": {"aws:PrincipalTag/a": ["x"]}}},
            {"Condition": {"stringequals": {"AWS:PrincipalTag/A": "x"}}},
        ),
        ({"Condition": {"Bool": {"aws:X": True}}}, {"Condition": {"Bool": {"aws:X": "true"}}}),
        ({"Condition": Either("C", ({"Bool": {"k": "v"}}, NO_VALUE))}, {}),
    ],
)  # fmt: skip
def test_what_means_the_same_is_no_difference(expected: Any, live: Any) -> None:
    assert could_be(policy(expected), policy(live))


@pytest.mark.parametrize(
    ("expected", "live"),
    [
        (READ, {**READ, "Effect": "Deny"}),
        (READ, {**READ, "Action": ["s3:GetObject", "s3:PutObject"]}),
        ({**READ, "Action": ["s3:GetObject", "s3:PutObject"]}, READ),
        ({**READ, "Resource": BUCKET}, {**READ, "Resource": "arn:aws:s3:::a"}),
        ({**READ, "Resource": [BUCKET, BUCKET]}, {**READ, "Resource": ["x", "arn:aws:s3:::b/*"]}),
        ({**READ, "Resource": Either("C", ("x", "y"))}, {**READ, "Resource": ["x", "y"]}),
        (READ, {**READ, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        ({**READ, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, READ),
        (READ, {**READ, "NotResource": "x"}),
        ({**READ, "Resource": "arn:aws:s3:::A/*"}, READ),
        ({"Principal": {"Service": "a"}}, {"Principal": {"AWS": "a"}}),
    ],
)
def test_a_real_difference_is_one(expected: Any, live: Any) -> None:
    assert not could_be(policy(expected), policy(live))


def test_statements_are_paired_one_to_one_in_any_order() -> None:
    narrow = {**READ, "Resource": "x"}
    wide = {**READ, "Resource": open_text("R")}
    assert could_be(policy(wide, narrow), policy({**READ, "Resource": "y"}, narrow))
    assert could_be(policy(wide, narrow), policy(narrow, {**READ, "Resource": "x"}))
    assert not could_be(policy(wide, narrow), policy(narrow))
    assert not could_be(policy(narrow), policy(narrow, wide | {"Resource": "y"}))


def test_a_statement_need_not_be_in_a_list() -> None:
    assert could_be({"Version": "2012-10-17", "Statement": READ}, policy(READ))


def test_a_missing_version_is_the_old_one() -> None:
    assert could_be({"Statement": READ}, {"Version": "2008-10-17", "Statement": READ})
    assert not could_be({"Statement": READ}, policy(READ))


def test_a_policy_that_is_open_may_be_any() -> None:
    assert could_be(open_text("Policy"), policy(READ))
    assert could_be(Either("C", (policy(), open_text("Policy"))), policy(READ))


def test_long_lists_are_compared_in_bounded_time() -> None:
    many = [{**READ, "Resource": f"r{number}"} for number in range(3000)]
    assert could_be(policy(*many), policy(*reversed(many)))
    assert not could_be(policy(*many), policy(*(s | {"Effect": "Deny"} for s in many)))
