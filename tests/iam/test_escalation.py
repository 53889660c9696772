"""Chains, accounts, people, and a snapshot's frames: how single hops become ways up."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from awsbasics.iam import administrators, effective_permissions, escalation_paths
from awsbasics.iam.escalation import COLUMNS, ways
from awsbasics.iam.estate import Person, SignIn
from awsbasics.iam.layers import UNKNOWN
from tests.iam.estates import (
    ACCOUNT,
    ADMINISTRATOR,
    allow,
    arn,
    deny,
    estate,
    found,
    policy,
    role,
    statuses,
    user,
)
from tests.snapshots import MANAGEMENT, MEMBER, Unread, write_snapshot

OTHER = "444455556666"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def assumes(name: str) -> Any:
    return policy(allow("sts:AssumeRole", arn("role", name)))


def test_a_way_of_several_hops_is_one_row_with_all_steps() -> None:
    ann = user("ann", assumes("first"))
    first = role("first", assumes("second"), policy(allow("s3:GetObject")), trusts=ROOT)
    second = role("second", policy(allow("iam:PutRolePolicy")), trusts=ROOT)
    whole = estate(ann, first, second)
    (way,) = [each for each in found(whole, ann) if len(each.edges) > 1]
    row = way.row()
    assert (row[2], row[3], row[4], row[6]) == ("sts-001", second.arn, 3, "open")
    steps = json.loads(row[5])
    assert [step.partition(" ")[0] for step in steps if ":" in step.partition(" ")[0]] == [
        "sts:AssumeRole",
        "sts:AssumeRole",
        "iam:PutRolePolicy",
    ]


def test_a_role_that_only_assumes_others_is_a_step_and_no_gain() -> None:
    ann = user("ann", assumes("first"))
    first = role("first", assumes("admin"), trusts=ROOT)
    whole = estate(ann, first, role("admin", ADMINISTRATOR, trusts=ROOT))
    rows = [way.row() for way in found(whole, ann)]
    assert [(row[3], row[4], row[6]) for row in rows] == [(arn("role", "admin"), 2, "open")]
    assert found(replace(whole, principals={ann.arn: ann, first.arn: first}), ann) == []


def test_a_cycle_of_roles_ends() -> None:
    one = role("one", assumes("two"), policy(allow("s3:GetObject")), trusts=ROOT)
    two = role("two", assumes("one"), policy(allow("sqs:SendMessage")), trusts=ROOT)
    assert {len(way.edges) for way in found(estate(one, two), one)} == {1}


def test_administrators_have_no_ways_up() -> None:
    root = role("admin", ADMINISTRATOR, trusts=ROOT)
    ann = user("ann", ADMINISTRATOR)
    assert found(estate(ann, root), ann) == []


def test_a_role_of_another_account_needs_both_sides() -> None:
    target = arn("role", "admin", OTHER)
    ann = user("ann", policy(allow("sts:AssumeRole", target)))
    bob = user("bob", policy(allow("s3:*")))
    for trusts, wanted in (
        (ROOT, {"open"}),
        ({"AWS": ann.arn}, {"open"}),
        ({"AWS": bob.arn}, set()),
        ({"AWS": f"arn:aws:iam::{OTHER}:root"}, set()),
    ):
        admin = role("admin", ADMINISTRATOR, trusts=trusts, account=OTHER)
        whole = estate(ann, bob, admin)
        assert statuses(whole, ann, "sts-001") == wanted, trusts
        assert statuses(whole, bob, "sts-001") == set(), trusts


def test_a_trust_policy_that_names_a_user_of_the_account_needs_nothing_else() -> None:
    ann, bob = user("ann"), user("bob")
    admin = role("admin", ADMINISTRATOR, trusts={"AWS": ann.arn})
    whole = estate(ann, bob, admin)
    assert statuses(whole, ann, "sts-001") == {"open"}
    assert found(whole, bob) == []


def test_an_external_id_makes_it_conditional() -> None:
    ann = user("ann", assumes("admin"))
    admin = role("admin", ADMINISTRATOR)
    trust = {
        "Effect": "Allow",
        "Principal": ROOT,
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "secret"}},
    }
    whole = estate(ann, replace(admin, trust=policy(trust)))
    (way,) = found(whole, ann)
    assert way.row()[6] == "conditional"
    assert json.loads(way.row()[8]) == ["sts:ExternalId"]


def test_service_linked_and_reserved_roles_are_neither_changed_nor_passed() -> None:
    ann = user("ann", policy(allow(["iam:UpdateAssumeRolePolicy", "iam:PassRole", "lambda:*"])))
    for path in ("/aws-service-role/lambda.amazonaws.com/", "/aws-reserved/sso.amazonaws.com/"):
        trusts = {"Service": "lambda.amazonaws.com"}
        assert found(estate(ann, role("r", ADMINISTRATOR, trusts=trusts, path=path)), ann) == []


def test_a_boundary_that_can_be_removed_keeps_nobody_down() -> None:
    limit = policy(allow(["iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary"]))
    held = policy(allow(["iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary"]))
    kept = user("ann", policy(allow("iam:PutUserPolicy")), boundary=limit, boundary_arn="b")
    free = user("ann", held, boundary=limit, boundary_arn="b")
    assert statuses(estate(kept), kept, "iam-007") == {"blocked"}
    assert statuses(estate(free), free, "iam-007") == {"open"}


def test_an_unread_boundary_makes_a_way_possible() -> None:
    ann = user("ann", policy(allow("iam:PutUserPolicy")), boundary=UNKNOWN, boundary_arn="b")
    assert statuses(estate(ann), ann, "iam-007") == {"possible"}


def test_tags_of_the_target_settle_a_condition() -> None:
    condition = {"StringEquals": {"iam:ResourceTag/team": "blue"}}
    ann = user("ann", policy(allow("iam:UpdateAssumeRolePolicy", **condition)))
    blue = role("blue", ADMINISTRATOR, tags={"team": "blue"})
    red = role("red", ADMINISTRATOR, tags={"team": "red"})
    bare = role("bare", ADMINISTRATOR)
    up = found(estate(ann, blue, red, bare), ann, "iam-012")
    assert [(way.row()[3], way.row()[6]) for way in up] == [(blue.arn, "open")]


def test_a_user_with_two_keys_gets_no_third_but_a_new_one() -> None:
    admin = user("admin", ADMINISTRATOR)
    ann = user("ann", policy(allow(["iam:CreateAccessKey", "iam:DeleteAccessKey"])))
    whole = estate(ann, admin, two_keys=frozenset({admin.arn}))
    assert statuses(whole, ann, "iam-002") == set()
    assert statuses(whole, ann, "iam-003") == {"open"}


def test_a_login_profile_is_made_or_changed_as_the_user_has_one() -> None:
    admin = user("admin", ADMINISTRATOR)
    ann = user("ann", policy(allow("iam:*LoginProfile")))
    for has, wanted in ((True, {"iam-006"}), (False, {"iam-004"})):
        whole = estate(ann, admin, passwords={admin.arn: has})
        assert {way.edges[0].path.id for way in found(whole, ann)} == wanted


def test_a_person_signs_in_first() -> None:
    reserved = role(
        "AWSReservedSSO_Dev_0123456789abcdef",
        policy(allow("iam:UpdateAssumeRolePolicy")),
        path="/aws-reserved/sso.amazonaws.com/",
    )
    admin = role("admin", ADMINISTRATOR)
    sign_in = SignIn(reserved.arn, "Dev", "developers")
    person = Person("arn:aws:identitystore:::user/u-1", "kim", ACCOUNT, (sign_in,))
    whole = estate(reserved, admin, people=(person,))
    (way,) = [w for w in ways(whole) if w.principal_arn == person.arn]
    assert way.row()[4] == 2
    assert "kim signs in with Dev as a member of developers" in json.loads(way.row()[5])[0]


def _document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _organization(scp: Any) -> dict[str, list[dict[str, Any]]]:
    kinds = json.dumps([{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}])
    full, scps = _document(allow("*")), "SERVICE_CONTROL_POLICY"
    targets = [("r-1", "p-full"), ("ou-1", "p-full"), (MEMBER, "p-full"), ("ou-1", "p-no")]
    return {
        "organizations_organization": [{"id": "o-1", "management_account_id": MANAGEMENT}],
        "organizations_roots": [{"id": "r-1", "policy_types": kinds}],
        "organizations_ous": [{"id": "ou-1", "parent_id": "r-1"}],
        "organizations_accounts": [
            {"id": MANAGEMENT, "parent_id": "r-1"},
            {"id": MEMBER, "parent_id": "ou-1"},
        ],
        "organizations_policies": [
            {"id": "p-full", "name": "FullAWSAccess", "type": scps, "content": full},
            {"id": "p-no", "name": "NoKeys", "type": scps, "content": _document(scp)},
        ],
        "organizations_policy_targets": [
            {"policy_id": policy_id, "target_id": target} for target, policy_id in targets
        ],
    }


def _users(account: str) -> dict[str, list[dict[str, Any]]]:
    admin, ann, group = (
        arn("user", "admin", account),
        arn("user", "ann", account),
        arn("group", "keys", account),
    )
    own = arn("policy", "all", account)
    common = {"account_id": account}
    return {
        "iam_users": [{**common, "arn": a, "name": a.rpartition("/")[2]} for a in (admin, ann)],
        "iam_groups": [{**common, "arn": group, "name": "keys"}],
        "iam_group_members": [{**common, "group_arn": group, "user_arn": ann}],
        "iam_policies": [{**common, "arn": own, "name": "all", "document": _document(allow("*"))}],
        "iam_attachments": [
            {**common, "principal_arn": admin, "principal_type": "user", "policy_arn": own}
        ],
        "iam_inline_policies": [
            {
                **common,
                "principal_arn": group,
                "principal_type": "group",
                "name": "keys",
                "document": _document(allow("iam:CreateAccessKey")),
            }
        ],
    }


def _joined(*parts: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    whole: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        for table, rows in part.items():
            whole.setdefault(table, []).extend(rows)
    return whole


def test_a_snapshot_gives_a_typed_frame_and_scps_bind_members_only(tmp_path: Path) -> None:
    rows = _joined(_organization(deny("iam:*AccessKey")), _users(MEMBER), _users(MANAGEMENT))
    frame = escalation_paths(write_snapshot(tmp_path / "s", rows))
    assert list(frame.columns) == list(COLUMNS)
    keys = frame[frame["path_id"] == "iam-002"].set_index("account_id")
    assert keys.loc[MANAGEMENT, "status"] == "open"
    assert keys.loc[MEMBER, "status"] == "blocked"
    assert json.loads(str(keys.loc[MEMBER, "blocked_by"])) == ["scp: NoKeys"]


def test_effective_permissions_are_made_for_what_is_asked(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path / "s", _joined(_users(MANAGEMENT)), management=None)
    ann = arn("user", "ann", MANAGEMENT)
    frame = effective_permissions(snapshot, principals=[ann])
    assert frame.to_dict("records") == [
        {
            "principal_arn": ann,
            "account_id": MANAGEMENT,
            "action": "iam:CreateAccessKey",
            "access_level": "Write",
            "outcome": "allow",
        }
    ]
    levels = effective_permissions(snapshot, access_levels=["Permissions management"])
    assert set(levels["principal_arn"]) == {arn("user", "admin", MANAGEMENT)}
    assert "iam:PutRolePolicy" in set(levels["action"])
    assert effective_permissions(snapshot, actions=["s3:Get*"])["action"].str.startswith("s3").all()


def test_unread_organization_tables_make_scps_unknown(tmp_path: Path) -> None:
    rows = _joined(_users(MEMBER))
    unread: Unread = {("organizations_organization", "*", "*"): "denied"}
    snapshot = write_snapshot(tmp_path / "s", rows, unread=unread)
    frame = escalation_paths(snapshot)
    assert set(frame.loc[frame["path_id"] == "iam-002", "status"]) == {"possible"}


def test_a_missing_document_makes_its_holder_unknown(tmp_path: Path) -> None:
    rows = _users(MANAGEMENT)
    rows["iam_policies"][0]["document"] = None
    found = administrators(write_snapshot(tmp_path / "s", rows))
    assert found.set_index("principal_arn").loc[arn("user", "admin", MANAGEMENT), "outcome"] == (
        "unknown"
    )


def test_a_boundary_that_the_snapshot_lacks_is_unknown_not_unbounded(tmp_path: Path) -> None:
    rows = _users(MANAGEMENT)
    rows["iam_users"][0]["boundary_arn"] = arn("policy", "gone", MANAGEMENT)
    frame = effective_permissions(
        write_snapshot(tmp_path / "s", rows),
        principals=[arn("user", "admin", MANAGEMENT)],
        actions=["s3:GetObject"],
    )
    assert frame["outcome"].tolist() == ["unknown"]


def test_an_administrator_but_for_an_unread_boundary_is_unknown(tmp_path: Path) -> None:
    rows = _users(MANAGEMENT)
    rows["iam_users"][0]["boundary_arn"] = arn("policy", "gone", MANAGEMENT)
    found = administrators(write_snapshot(tmp_path / "s", rows))
    assert found["outcome"].tolist() == ["unknown"]


def test_unread_scps_leave_ways_possible_for_who_may_change_all_of_iam() -> None:
    ann = user("ann", policy(allow("iam:*")), guards=UNKNOWN)
    assert statuses(estate(ann), ann, "iam-007") == {"possible"}


def test_who_is_an_administrator_under_a_condition_gains_nothing_under_it() -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    ann = user("ann", policy(allow("*", **mfa)))
    assert found(estate(ann), ann) == []
    bob = user("bob", policy(allow("*", **mfa)), policy(allow("iam:PutUserPolicy")))
    assert statuses(estate(bob), bob) == {"open"}
