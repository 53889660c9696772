"""Every declared path again, with what it needs held and reached in other ways."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from awsbasics.iam.escalation import Way, ways
from awsbasics.iam.estate import Estate, Group, MaybePolicy, Person, Principal, SignIn
from awsbasics.iam.paths import Gain, On, Path
from tests.iam.estates import ACCOUNT, allow, arn, deny, found, policy, role, statuses, user
from tests.iam.path_scenes import PATHS, SOURCE, UNHELD, actions_of, each_path, reached, scene

ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
OPENNESS = ("open", "conditional", "possible", "blocked")
TEAM = {"aws:PrincipalTag/team": "a"}
# What is done to the role or user itself, whose tags the snapshot has.
TAGGED = {On.TARGET, On.PASSED, On.ASSUME}
OF_ROLES = [path for path in PATHS if path.only != "user"]


def chance(path: Path) -> random.Random:
    return random.Random(path.id)  # noqa: S311 — the same variations in each run


def held(path: Path, **condition: Any) -> MaybePolicy:
    return policy(allow(actions_of(path), **condition))


@cache
def by_itself(path: Path) -> set[str]:
    """How open a path is to who holds all that it needs in one statement."""
    return reached(path, held(path))


def in_parts(path: Path) -> list[MaybePolicy]:
    """Each action in a policy of its own, some spelt differently, in any order."""
    draw = chance(path)
    spell: tuple[Callable[[str], str], ...] = (
        str,
        str.upper,
        lambda action: f"{action}*",
        lambda action: f"{action[:-1]}?",
        lambda action: action.replace(":", ":*", 1),
    )
    parts = [policy(allow(draw.choice(spell)(action)), name=action) for action in actions_of(path)]
    draw.shuffle(parts)
    return parts


@each_path()
def test_needs_that_several_policies_meet_together_are_met(path: Path) -> None:
    assert reached(path, *in_parts(path)) == by_itself(path)


@each_path([path for path in PATHS if path.only != "role"])
def test_needs_that_a_user_and_two_groups_meet_together_are_met(path: Path) -> None:
    parts = in_parts(path)
    whole, source = scene(path, *parts)
    names = (arn("group", "one"), arn("group", "two"))
    shares = (tuple(parts[1::3]), tuple(parts[2::3]))
    groups = {n: Group(n, ACCOUNT, n, share) for n, share in zip(names, shares, strict=True)}
    member = replace(source, groups=(*source.groups, *names))
    whole = replace(
        whole,
        groups={**whole.groups, **groups},
        principals={**whole.principals, member.arn: member},
    )
    assert statuses(whole, member, path.id) == by_itself(path)


@each_path([path for path in UNHELD if len(path.actions) > 1])
def test_needs_of_which_one_policy_is_denied_are_blocked(path: Path) -> None:
    denied = chance(path).choice(sorted(path.actions))
    assert reached(path, *in_parts(path), policy(deny(denied))) == {"blocked"}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {"aws:PrincipalTag/team": "a"}}, True),
        ({"StringLike": {"aws:PrincipalTag/Team": ["x", "?"]}}, True),
        ({"Null": {"aws:PrincipalTag/team": "false"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "b"}}, False),
        ({"Null": {"aws:PrincipalTag/team": "true"}}, False),
    ],
)
def test_a_tag_of_the_principal_opens_or_closes_every_path(
    condition: dict[str, Any], holds: bool
) -> None:
    for path in UNHELD:
        wanted = by_itself(path) if holds else set()
        assert reached(path, held(path, **condition), known=TEAM) == wanted, path.id


@each_path([p for p in PATHS if p.gain is not Gain.MEMBER and TAGGED & {n.on for n in p.needs}])
@pytest.mark.parametrize("prefix", ["aws:ResourceTag", "iam:ResourceTag"])
def test_a_tag_of_who_is_gained_opens_or_closes_a_path(path: Path, prefix: str) -> None:
    tagged = [need.action for need in path.needs if need.on in TAGGED]
    rest = [need.action for need in path.needs if need.on not in TAGGED]
    for value, wanted in (("a", by_itself(path)), ("b", set())):
        condition = {"StringEquals": {f"{prefix}/team": value}}
        statements = [allow(tagged, **condition), *([allow(rest)] if rest else [])]
        whole, source = scene(path, policy(*statements))
        assert statuses(_tagged(whole, {"team": "a"}), source, path.id) == wanted


@each_path([path for path in PATHS if any(need.on is On.POLICY for need in path.needs)])
def test_the_tags_of_a_policy_are_not_known(path: Path) -> None:
    condition = {"StringEquals": {"aws:ResourceTag/team": "b"}}
    rewritten = [need.action for need in path.needs if need.on is On.POLICY]
    rest = [need.action for need in path.needs if need.on is not On.POLICY]
    statements = [allow(rewritten, **condition), *([allow(rest)] if rest else [])]
    whole, source = scene(path, policy(*statements))
    assert statuses(_tagged(whole, {"team": "a"}), source, path.id) <= {"conditional", "possible"}
    assert statuses(_tagged(whole, {"team": "a"}), source, path.id)


def _tagged(whole: Estate, tags: dict[str, str]) -> Estate:
    principals = {name: replace(each, tags=tags) for name, each in whole.principals.items()}
    return replace(whole, principals=principals)


def best_of(whole: Estate, source: Principal) -> str:
    """How open the best single hop of a principal is; all of these lead to an administrator."""
    shown = statuses(whole, source)
    return next(status for status in OPENNESS if status in shown)


def behind_roles(whole: Estate, last: Principal) -> tuple[Estate, Principal]:
    """Somebody who gets to a principal by two roles."""

    def next_to(name: str) -> MaybePolicy:
        return policy(allow("sts:AssumeRole", arn("role", name)))

    more = (
        user("ann", next_to("first")),
        role("first", next_to("second"), policy(allow("s3:GetObject")), trusts=ROOT),
        role("second", next_to(last.name), policy(allow("sqs:SendMessage")), trusts=ROOT),
    )
    return _with(whole, more), more[0]


def _with(whole: Estate, more: Iterable[Principal]) -> Estate:
    return replace(whole, principals={**whole.principals, **{each.arn: each for each in more}})


@each_path(OF_ROLES)
def test_a_path_at_the_end_of_three_roles_is_as_open_as_by_itself(path: Path) -> None:
    whole, last = as_role(path, held(path))
    chain, ann = behind_roles(whole, last)
    (row,) = [way.row() for way in found(chain, ann) if len(way.edges) > 1]
    assert (row[2], row[6]) == ("sts-001", best_of(whole, last))
    assert row[4] == 4


@each_path([path for path in OF_ROLES if path in UNHELD])
def test_a_path_that_is_blocked_ends_a_chain_of_roles(path: Path) -> None:
    whole, last = as_role(path, held(path), policy(deny(actions_of(path))))
    chain, ann = behind_roles(whole, last)
    assert {way.row()[3] for way in found(chain, ann)} == {arn("role", "first")}


@each_path(OF_ROLES)
def test_a_path_is_as_open_to_who_signs_in_with_the_role(path: Path) -> None:
    whole, last = as_role(path, *in_parts(path))
    ann = Person("arn:aws:identitystore:::user/ann", "ann", ACCOUNT, (SignIn(last.arn, "set"),))
    (row,) = [way.row() for way in ways_of(replace(whole, people=(ann,)), ann.arn)]
    assert (row[4], row[6]) == (2, best_of(whole, last))
    assert "ann signs in with set" in row[5]


@each_path([path for path in OF_ROLES if path in UNHELD])
def test_a_path_that_is_blocked_leads_nobody_up_who_signs_in(path: Path) -> None:
    whole, last = as_role(path, held(path), policy(deny(actions_of(path))))
    ann = Person("arn:aws:identitystore:::user/ann", "ann", ACCOUNT, (SignIn(last.arn, "set"),))
    assert not ways_of(replace(whole, people=(ann,)), ann.arn)


def as_role(path: Path, *policies: MaybePolicy) -> tuple[Estate, Principal]:
    """The path's account, with a role for its source that all of the account may assume."""
    whole, source = scene(replace(path, only="role"), *policies, trusts=ROOT)
    assert source.arn == arn("role", SOURCE)
    return whole, source


def ways_of(whole: Estate, name: str) -> list[Way]:
    return [way for way in ways(whole) if way.principal_arn == name]
