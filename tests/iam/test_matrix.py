"""What the matrix says of every action at once, and that it agrees with single decisions."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from awsbasics.iam import Request, evaluate
from awsbasics.iam.estate import MaybePolicy, Principal
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.matrix import Matrix, Profile
from tests.iam.estates import ADMINISTRATOR, allow, deny, estate, policy, role, under, user

EVERYTHING = policy(allow("*"))
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def profile_of(principal: Principal, **more: Any) -> tuple[Matrix, Profile]:
    matrix = Matrix(estate(principal, **more))
    return matrix, matrix.profile(principal)


def outcome(principal: Principal, action: str) -> str:
    matrix, profile = profile_of(principal)
    if matrix.vocabulary.has(profile.definite, action):
        return "allow"
    possible = matrix.vocabulary.has(profile.possible, action)
    return ("unknown" if profile.is_unread else "depends") if possible else "deny"


def title(*identity: MaybePolicy, **more: Any) -> str:
    return profile_of(user("ann", *identity, **more))[1].title


def test_a_deny_of_a_service_that_nobody_knows_takes_its_actions_away() -> None:
    held = policy(allow("brandnew:Do"), deny("brandnew:*"))
    assert outcome(user("ann", held), "brandnew:Do") == "deny"


def test_an_allow_on_everything_is_definite_and_one_on_something_depends() -> None:
    assert outcome(user("ann", policy(allow("s3:GetObject"))), "s3:GetObject") == "allow"
    held = policy(allow("s3:GetObject", "arn:aws:s3:::a/*"))
    assert outcome(user("ann", held), "s3:GetObject") == "depends"
    assert outcome(user("ann", held), "s3:PutObject") == "deny"


def test_a_condition_makes_it_depend_and_a_deny_takes_it_away() -> None:
    assert outcome(user("ann", policy(allow("s3:*", **MFA))), "s3:GetObject") == "depends"
    denied = policy(allow("s3:*"), deny("s3:Get*"))
    assert outcome(user("ann", denied), "s3:GetObject") == "deny"
    perhaps = policy(allow("s3:*"), deny("s3:Get*", **MFA))
    assert outcome(user("ann", perhaps), "s3:GetObject") == "depends"


def test_principals_are_alike_but_for_what_is_their_own() -> None:
    own = policy(allow("iam:*", "arn:aws:iam::*:user/${aws:username}"))
    named = policy(allow("s3:*", StringLike={"aws:username": "ann"}))
    ann, bob = user("ann", own), user("bob", own)
    ann_named, bob_named = user("ann", named), user("bob", named)
    matrix = Matrix(estate(ann, bob))
    assert matrix.likeness(ann) == matrix.likeness(bob)
    assert matrix.profile(ann).number != matrix.profile(bob).number
    assert matrix.likeness(ann_named) != matrix.likeness(bob_named)


def test_boundary_and_every_level_of_scps_must_allow() -> None:
    ann = user("ann", EVERYTHING, boundary=policy(allow("s3:*")), boundary_arn="b")
    assert outcome(ann, "s3:GetObject") == "allow"
    assert outcome(ann, "iam:CreateUser") == "deny"
    guards = under([[EVERYTHING], [policy(allow("ec2:*"))], [EVERYTHING]])
    assert outcome(replace(ann, guards=guards), "s3:GetObject") == "deny"


def test_a_boundary_that_was_not_read_makes_it_unknown_not_unbounded() -> None:
    ann = user("ann", EVERYTHING, boundary=UNKNOWN, boundary_arn="b")
    assert outcome(ann, "s3:GetObject") == "unknown"
    assert title(EVERYTHING, boundary=UNKNOWN, boundary_arn="b") == ""


def test_a_policy_that_was_not_read_makes_everything_unknown_but_what_is_denied() -> None:
    ann = user("ann", UNKNOWN, policy(deny("s3:*")))
    assert outcome(ann, "ec2:RunInstances") == "unknown"
    assert outcome(ann, "s3:GetObject") == "deny"


def test_scps_that_were_not_read_make_it_unknown() -> None:
    assert outcome(user("ann", EVERYTHING, guards=UNKNOWN), "s3:GetObject") == "unknown"


def test_an_expired_permission_is_none_and_one_that_lasts_is_certain() -> None:
    past = {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}
    later = {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}
    assert outcome(user("ann", policy(allow("s3:*", **past))), "s3:GetObject") == "deny"
    assert outcome(user("ann", policy(allow("s3:*", **later))), "s3:GetObject") == "allow"


def test_an_exemption_from_an_scp_is_settled_by_who_asks() -> None:
    but = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/security-*"}}
    guards = under([[EVERYTHING, policy(deny("iam:*", **but))]])
    spared = role("security-1", EVERYTHING, guards=guards)
    other = role("other", EVERYTHING, guards=guards)
    assert outcome(spared, "iam:CreateUser") == "allow"
    assert outcome(other, "iam:CreateUser") == "deny"


def test_administrators_by_wildcard_by_not_action_and_by_the_sum() -> None:
    assert title(ADMINISTRATOR) == "wildcard"
    nearly = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}
    assert title(policy(nearly)) == ""
    assert title(policy(nearly), policy(allow("iam:*"))) in {"not_action", "sum"}
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    without_iam = policy(allow([f"{each}*" for each in letters if each != "i"]))
    assert title(without_iam) == ""
    assert title(without_iam, policy(allow("i*"))) == "sum"


def test_an_administrator_over_iam_alone_is_one_after_all_layers() -> None:
    assert title(policy(allow("iam:*"))) == "iam"
    guards = under([[EVERYTHING, policy(deny("iam:PutRolePolicy"))]])
    assert title(policy(allow("iam:*")), guards=guards) == ""


def test_a_guard_rails_deny_does_not_take_the_title_away() -> None:
    guards = under([[EVERYTHING, policy(deny(["iam:*", "organizations:*"]))]])
    assert title(ADMINISTRATOR, guards=guards) == "wildcard"


def test_everything_on_some_resources_is_no_administrator() -> None:
    held = policy(allow("*", "arn:aws:s3:::a/*"))
    assert title(held) == ""
    assert not profile_of(user("ann", held))[1].perhaps


def test_an_action_that_nobody_knows_has_its_own_entry() -> None:
    assert outcome(user("ann", policy(allow("brandnew:Do"))), "brandnew:Do") == "allow"


def test_principals_with_the_same_policies_share_a_profile() -> None:
    one, two, three = (user(name, ADMINISTRATOR) for name in ("one", "two", "three"))
    other = replace(three, identity=(policy(allow("s3:*")),))
    matrix = Matrix(estate(one, two, other))
    assert matrix.profile(one) is matrix.profile(two)
    assert matrix.profile(one) is not matrix.profile(other)


ACTIONS = ("s3:GetObject", "s3:PutObject", "iam:PassRole", "sqs:SendMessage")
PATTERNS = st.sampled_from([*ACTIONS, "s3:*", "*", "iam:Pass*", "*:*Object"])
STATEMENTS = st.builds(
    lambda effect, negated, actions: {
        "Effect": effect,
        "NotAction" if negated else "Action": actions,
        "Resource": "*",
    },
    st.sampled_from(["Allow", "Allow", "Deny"]),
    st.booleans(),
    st.lists(PATTERNS, min_size=1, max_size=3),
)
POLICIES = st.lists(STATEMENTS, min_size=1, max_size=3).map(lambda found: policy(*found))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(POLICIES, max_size=2),
    st.none() | POLICIES,
    st.none() | st.lists(st.lists(POLICIES, min_size=1, max_size=2), min_size=1, max_size=3),
)
def test_evaluate_and_the_matrix_agree_where_nothing_is_conditional(
    identity: list[MaybePolicy],
    boundary: MaybePolicy | None,
    levels: list[list[MaybePolicy]] | None,
) -> None:
    guards = None if levels is None else under(levels)
    ann = user("ann", *identity, boundary=boundary, guards=guards)
    matrix, profile = profile_of(ann)
    for action in ACTIONS:
        decision = evaluate(
            Request(ann.arn, action, "arn:aws:x:::y", ann.account_id),
            identity=identity,
            boundary=None if boundary is None else (boundary,),
            scps=guards,
        )
        allowed = decision.outcome == "allow"
        assert matrix.vocabulary.has(profile.definite, action) is allowed
        assert matrix.vocabulary.has(profile.possible, action) is allowed
