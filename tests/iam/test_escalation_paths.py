"""Every declared path, where it leads up, and where something is in its way."""

from dataclasses import replace

from awsbasics.iam.escalation import ways
from awsbasics.iam.estate import MaybePolicy
from awsbasics.iam.paths import Gain, On, Path
from tests.iam.estates import allow, arn, deny, policy, role, statuses, under
from tests.iam.path_scenes import (
    EVERYTHING,
    LIMIT,
    NAMED,
    PATHS,
    UNHELD,
    actions_of,
    each_path,
    reached,
    scene,
)


def test_every_published_path_is_declared_and_own_ones_have_sources() -> None:
    own = [path for path in PATHS if path.id.startswith("awsbasics-")]
    assert len(PATHS) - len(own) == 65
    assert len(own) >= 15
    assert all(path.source.startswith("https://docs.aws.amazon.com/") for path in own)


@each_path()
def test_a_path_is_found_for_who_holds_what_it_needs(path: Path) -> None:
    unseen = path.gain is Gain.CARRIED and not path.table
    older = path.exists and path.gain in {Gain.SELF, Gain.FEDERATED}
    wanted = "possible" if unseen or older else "open"
    assert reached(path, policy(allow(actions_of(path)))) == {wanted}


@each_path(UNHELD)
def test_without_any_one_of_its_permissions_a_path_is_not_found(path: Path) -> None:
    for missing in path.needs:
        rest = [action for action in actions_of(path) if action != missing.action]
        held = [policy(allow(rest))] if rest else [policy(allow("s3:GetObject"))]
        assert reached(path, *held) == set(), missing.action


@each_path()
def test_a_boundary_blocks_a_path(path: Path) -> None:
    boundary = policy(allow(["s3:*", "logs:*"]), name="limit")
    held = policy(allow(actions_of(path)))
    assert reached(path, held, boundary=boundary, boundary_arn=LIMIT) <= {"blocked"}
    assert reached(path, held, boundary=boundary, boundary_arn=LIMIT), "it would be open but for it"


@each_path()
def test_an_scp_blocks_a_path_and_is_named(path: Path) -> None:
    for action in actions_of(path):
        guards = under([[EVERYTHING], [EVERYTHING], [EVERYTHING, policy(deny(action), name="No")]])
        whole, source = scene(path, policy(allow(actions_of(path))), guards=guards)
        rows = [way.row() for way in ways(whole) if way.principal_arn == source.arn]
        mine = [row for row in rows if row[2] == path.id]
        assert {row[6] for row in mine} == {"blocked"}, action
        assert all("scp: No" in row[7] for row in mine)


@each_path()
def test_a_level_of_scps_that_allows_something_else_blocks_a_path(path: Path) -> None:
    guards = under([[EVERYTHING], [policy(allow("s3:*"))], [EVERYTHING]])
    assert reached(path, policy(allow(actions_of(path))), guards=guards) == {"blocked"}


@each_path()
def test_a_deny_of_ones_own_blocks_a_path(path: Path) -> None:
    for action in actions_of(path):
        denied = policy(deny(action), name="Never")
        assert reached(path, policy(allow(actions_of(path))), denied) == {"blocked"}, action


@each_path([path for path in UNHELD if any(n.on in NAMED for n in path.needs)])
def test_a_permission_on_something_else_is_no_path(path: Path) -> None:
    for need in path.needs:
        if need.on not in NAMED:
            continue
        rest = [action for action in actions_of(path) if action != need.action]
        elsewhere = allow(need.action, "arn:aws:iam::111122223333:nothing/else")
        held = policy(elsewhere, *([allow(rest)] if rest else []))
        assert reached(path, held) == set(), need.action


@each_path([path for path in PATHS if path.services])
def test_a_role_that_does_not_trust_the_service_is_not_gained(path: Path) -> None:
    whole, source = scene(path, policy(allow(actions_of(path))))
    target = whole.principals[arn("role", "target")]
    other = role("target", *target.identity, trusts={"Service": "backup.amazonaws.com"})
    carriers = dict.fromkeys(whole.carriers, ())
    changed = replace(whole, principals={**whole.principals, other.arn: other}, carriers=carriers)
    assert statuses(changed, source, path.id) == set()


@each_path([path for path in PATHS if any(n.on is On.PASSED for n in path.needs)])
def test_a_role_may_be_passed_to_the_named_service_only(path: Path) -> None:
    rest = [action for action in actions_of(path) if action != "iam:PassRole"]

    def held(service: str) -> MaybePolicy:
        condition = {"StringEquals": {"iam:PassedToService": service}}
        return policy(allow(rest), allow("iam:PassRole", **condition))

    assert reached(path, held("backup.amazonaws.com")) == set()
    assert reached(path, held(path.services[0])) == {"open"}


@each_path([path for path in PATHS if any(n.on is On.PASSED for n in path.needs)])
def test_a_role_that_has_nothing_more_is_not_worth_passing(path: Path) -> None:
    whole, source = scene(path, policy(allow(actions_of(path))))
    poor = replace(whole.principals[arn("role", "target")], identity=())
    changed = replace(whole, principals={**whole.principals, poor.arn: poor})
    assert statuses(changed, source, path.id) == set()


@each_path(UNHELD)
def test_an_expired_permission_is_no_path(path: Path) -> None:
    expired = {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}
    assert reached(path, policy(allow(actions_of(path), **expired))) == set()


@each_path(UNHELD)
def test_a_condition_that_can_hold_makes_a_path_conditional(path: Path) -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    whole, source = scene(path, policy(allow(actions_of(path), **mfa)))
    rows = [w.row() for w in ways(whole) if w.principal_arn == source.arn]
    mine = [row for row in rows if row[2] == path.id]
    assert {row[6] for row in mine} <= {"conditional", "possible"}
    assert mine
    assert all("aws:MultiFactorAuthPresent" in row[8] for row in mine)


@each_path(UNHELD)
def test_a_condition_that_contradicts_itself_is_no_path(path: Path) -> None:
    never = {
        "StringEquals": {"aws:PrincipalTag/team": "a"},
        "StringNotEquals": {"aws:PrincipalTag/team": "a"},
    }
    assert reached(path, policy(allow(actions_of(path), **never))) == set()


@each_path([path for path in PATHS if path.gain is Gain.CARRIED and path.table])
def test_what_was_read_and_is_not_there_carries_no_role(path: Path) -> None:
    whole, source = scene(path, policy(allow(actions_of(path))))
    empty = replace(whole, carriers={path.table: ()})
    assert statuses(empty, source, path.id) == set()
    unread = replace(empty, read=frozenset())
    assert statuses(unread, source, path.id) == {"possible"}
