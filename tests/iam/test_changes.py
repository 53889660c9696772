from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from awsbasics.iam import permission_changes
from tests.iam.estates import allow, deny

A, B = "arn:aws:s3:::a/*", "arn:aws:s3:::b/*"


def document(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def said(before: Any, after: Any) -> list[str]:
    return [str(change) for change in permission_changes(before, after)]


def test_the_same_written_otherwise_is_no_change() -> None:
    one = document(allow(["s3:GetObject", "s3:PutObject"], [A, B]))
    other = [
        document(allow("s3:putobject", A), allow("s3:GetObject", [B, A])),
        document(allow(["s3:PutObject"], B)),
    ]
    assert permission_changes(one, other) == ()


def test_a_wildcard_and_the_list_of_what_it_means_are_the_same() -> None:
    listed = ["iam:PassRole"]
    assert permission_changes(document(allow("iam:PassRol?")), document(allow(listed))) == ()


def test_a_gain_names_actions_levels_and_resources() -> None:
    assert said(document(), document(allow(["s3:GetObject", "s3:PutObject"], A))) == [
        f"gains s3:GetObject, s3:PutObject (Write, Read) on {A}"
    ]


def test_a_loss_is_told_apart_from_a_gain() -> None:
    changes = permission_changes(
        document(allow("sqs:SendMessage")), document(allow("sqs:ReceiveMessage"))
    )
    assert [(change.direction, change.actions) for change in changes] == [
        ("gains", ("sqs:ReceiveMessage",)),
        ("loses", ("sqs:SendMessage",)),
    ]


def test_what_everything_covered_already_is_no_gain() -> None:
    changes = permission_changes(document(allow("*")), document(allow("s3:*", A)))
    assert [change.direction for change in changes] == ["loses"]
    assert changes[0].actions == ("*",)


def test_a_whole_service_is_one_word() -> None:
    (change,) = permission_changes(document(), document(allow("dynamodb:*")))
    assert change.actions == ("dynamodb:*",)
    assert change.levels[0] in {"Permissions management", "Write"}


def test_a_dropped_deny_and_a_dropped_condition_are_changes() -> None:
    mfa = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert said(document(deny("iam:PassRole")), document()) == [
        "loses a deny of iam:PassRole (Write) on every resource"
    ]
    changes = permission_changes(
        document(allow("iam:PassRole", **mfa)), document(allow("iam:PassRole"))
    )
    assert {change.direction for change in changes} == {"gains"}


def test_an_action_that_nobody_knows_does_not_vanish() -> None:
    (change,) = permission_changes(document(), document(allow("brandnew:Frobnicate")))
    assert change.actions == ("brandnew:Frobnicate",)


def test_what_is_not_understood_is_told_and_never_raises() -> None:
    for strange in ("not JSON", {}, {"Statement": [7]}, document({"Effect": "Perhaps"})):
        for change in permission_changes(document(), strange):
            assert change.unread or change.actions


@given(st.lists(st.sampled_from(["s3:GetObject", "iam:*", "sqs:S*", "odd:One"]), max_size=4))
def test_nothing_changes_between_equal_sets(actions: list[str]) -> None:
    statements = [allow(action, A) for action in actions]
    assert permission_changes(document(*statements), document(*reversed(statements))) == ()
