"""Which accounts a policy lets in, asked of the engine."""

from typing import Any

import pytest

from awsbasics.iam.compile import compile_policy
from awsbasics.iam.layers import UNKNOWN
from awsbasics.recommendations.evidence.account_grants import Guest, Host, grants
from tests.recommendations.principal_rows import allow, deny, policy
from tests.recommendations.support import DEVELOPMENT, PRODUCTION

BUCKET = Host("arn:aws:s3:::orders", PRODUCTION, None)
KEYS: dict[str, Any] = {
    "aws:PrincipalOrgID": "o-1",
    "aws:SourceOwner": DEVELOPMENT,
    "kms:CallerAccount": DEVELOPMENT,
    "aws:SourceAccount": None,
}
GUEST = Guest(DEVELOPMENT, None, KEYS)
GUARDED = GUEST._replace(guards=((compile_policy(policy(deny("s3:*"))),),))
READ = ("s3:GetObject", "s3:ListBucket")


def given(
    principal: Any, condition: Any = None, *more: Any, guest: Guest = GUEST, **statement: Any
) -> list[Any]:
    allowed: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"],
        **statement,
    }
    if condition:
        allowed["Condition"] = condition
    return grants(policy(allowed, *more), BUCKET, READ, {DEVELOPMENT: guest})


def account(name: str = "root", of: str = DEVELOPMENT) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{of}:{name}"}


@pytest.mark.parametrize("principal", [account(), account("role/ci"), {"AWS": DEVELOPMENT}])
def test_a_named_account_or_principal_gets_in(principal: Any) -> None:
    [grant] = given(principal)
    assert grant.principal == principal["AWS"]
    assert (grant.account_id, set(grant.actions)) == (DEVELOPMENT, set(READ))


@pytest.mark.parametrize(
    "principal", [account(of=PRODUCTION), {"Service": "ec2.amazonaws.com"}, {"AWS": "AROAEXAMPLE"}]
)
def test_others_do_not(principal: Any) -> None:
    assert given(principal) == []


def test_the_organization_as_a_whole_holds_the_account() -> None:
    assert given("*", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    assert not given("*", {"StringEquals": {"aws:PrincipalOrgID": "o-other"}})


def test_everybody_under_an_open_condition_is_somebody_else() -> None:
    assert not given("*", {"StringEquals": {"aws:SourceVpce": "vpce-1"}})
    [grant] = given(account(), {"StringEquals": {"aws:SourceVpce": "vpce-1"}})
    assert grant.needs == ("aws:SourceVpce",)


def test_the_default_policy_of_a_topic_is_for_its_owner() -> None:
    assert not given("*", {"StringEquals": {"AWS:SourceOwner": PRODUCTION}})


def test_principals_that_a_condition_names_are_tried() -> None:
    named = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{DEVELOPMENT}:role/ci-*"}}
    assert given(account(), named)
    assert given(account(), {"ArnLikeIfExists": named["ArnLike"]})
    assert given("*", named)
    assert not given("*", {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PRODUCTION}:role/*"}})


def test_denials_of_the_policy_and_guard_rails_count() -> None:
    denied = {**deny("s3:*"), "Principal": "*"}
    assert not given(account(), None, denied)
    assert not given(account(), guest=GUARDED)


def test_what_several_statements_give_adds_up() -> None:
    more = {**allow("s3:PutObject", "arn:aws:s3:::orders/*"), "Principal": account()}
    [grant] = given(account(), None, more, Action="s3:ListBucket")
    assert grant.actions == ("s3:ListBucket", "s3:PutObject")


def test_guard_rails_that_were_not_read_close_nothing() -> None:
    unread = GUEST._replace(guards=UNKNOWN)
    assert given("*", guest=unread)
    assert not given("*", {"StringEquals": {"aws:SourceVpce": "vpce-1"}}, guest=unread)


def test_actions_that_are_named_count_too() -> None:
    [grant] = given(account(), Action="s3:PutObject")
    assert grant.actions == ("s3:PutObject",)


@pytest.mark.parametrize("text", [None, "{", '{"Statement": [1]}', {"Statement": None}])
def test_odd_policies_give_nothing(text: Any) -> None:
    assert grants(text, BUCKET, READ, {DEVELOPMENT: GUEST}) == []
