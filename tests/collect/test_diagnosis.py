"""The doctor's words, from a diagnosis made by hand."""

from dataclasses import replace

from awsbasics.collect.diagnosis import Diagnosis, Refusal, describe
from awsbasics.collect.outcome import Failure
from awsbasics.collect.probe import Call
from awsbasics.collect.scope import Account, Scope
from awsbasics.coverage import Coverage
from awsbasics.session import Identity

HOME, MEMBER, OLD = "111111111111", "222222222222", "333333333333"
SCOPE = Scope(
    (Account(HOME, "root"), Account(MEMBER, "app"), Account(OLD, "old", "SUSPENDED", False, "x")),
    ("us-gov-west-1",),
    True,
    HOME,
    HOME,
)
WELL = Diagnosis(
    identity=Identity(HOME, f"arn:aws-us-gov:iam::{HOME}:user/ann"),
    scope=SCOPE,
    regions_off=("us-gov-east-1",),
    role="Audit",
    entered={MEMBER: ""},
    tried=(HOME, MEMBER),
    region="us-gov-west-1",
    calls=90,
    refusals=(),
    failures=(),
)


def refusal(account: str, why: str = "not allowed") -> Refusal:
    call = Call("ec2", "DescribeVpcs", account, "us-gov-west-1")
    reason = Failure("denied", "UnauthorizedOperation", "no")
    return Refusal(call, "ec2:DescribeVpcs", why, reason)  # type: ignore[arg-type]


def test_all_well_is_said_only_where_it_is() -> None:
    assert WELL.healthy
    assert describe(WELL).endswith("all well: a gather can read whatever was tried")
    failed = Coverage(table="t", account_id=HOME, region="global", status="error")
    for change in (
        {"refusals": (refusal(HOME),)},
        {"failures": (failed,)},
        {"entered": {MEMBER: "no"}},
    ):
        ill = replace(WELL, **change)
        assert not ill.healthy
        assert "all well" not in describe(ill)


def test_accounts_that_are_left_out_are_listed() -> None:
    assert f"  {OLD} old: left out, x" in describe(WELL)


def test_it_says_from_where_the_organization_was_read() -> None:
    assert f"3 accounts, management account {HOME}\n" in describe(WELL)
    delegated = replace(WELL, scope=replace(SCOPE, organization_read_from=MEMBER))
    assert f"{HOME}, read from its delegated administrator {MEMBER}" in describe(delegated)
    plain = replace(WELL, scope=replace(SCOPE, organization_read_from=None))
    assert f"that of {HOME}, which this account may not list" in describe(plain)


def test_without_a_role_it_says_that_members_were_not_tried() -> None:
    text = describe(replace(WELL, role=None, entered={}))
    assert "1 beside this one; give --role NAME to enter them" in text


def test_a_call_refused_in_several_accounts_is_told_once() -> None:
    text = describe(replace(WELL, refusals=(refusal(HOME), refusal(MEMBER))))
    assert text.count("ec2:DescribeVpcs: not allowed") == 1
    assert f"(in {HOME}, {MEMBER})" in text
    assert text.count('"ec2:DescribeVpcs"') == 2


def test_what_no_statement_can_allow_is_not_in_one() -> None:
    ill = replace(WELL, refusals=(refusal(HOME, "scp"), refusal(MEMBER, "explicit deny")))
    assert ill.policies() == {}
    assert "closed by a service control policy" in describe(ill)
    assert "explicitly denied" in describe(ill)


def test_the_statement_for_entering_members_keeps_the_partition() -> None:
    policy = replace(WELL, entered={MEMBER: "no"}).policies()[HOME]
    [statement] = policy["Statement"]
    assert statement["Action"] == ["sts:AssumeRole"]
    assert statement["Resource"] == "arn:aws-us-gov:iam::*:role/Audit"


def test_a_role_session_is_named_as_its_role() -> None:
    arn = f"arn:aws-us-gov:sts::{HOME}:assumed-role/Auditor/ann"
    ill = replace(WELL, identity=Identity(HOME, arn), refusals=(refusal(HOME),))
    assert f"Add to role Auditor of account {HOME}:" in describe(ill)
