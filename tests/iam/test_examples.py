"""Resources that an action is tried on: typical ones, and what the policies name."""

from awsbasics.iam.examples import example_resources, granting
from awsbasics.iam.vocabulary import vocabulary
from tests.iam.estates import ACCOUNT, Document, allow, arn, deny, policy, user


def tried(*statements: Document, action: str = "iam:PassRole") -> list[str]:
    ann = user("ann", policy(*statements))
    return list(example_resources(ann, action, vocabulary()))


def test_a_typical_resource_is_tried_first_then_those_that_policies_name() -> None:
    app = arn("role", "app-*")
    assert tried(allow("iam:PassRole", [app, app])) == [
        arn("role", "awsbasics"),
        arn("role", "app-awsbasics"),
    ]


def test_what_a_deny_or_another_action_names_is_not_tried() -> None:
    statements = (deny("iam:PassRole", arn("role", "a")), allow("s3:Get*", "arn:aws:s3:::b"))
    assert tried(*statements) == [arn("role", "awsbasics")]


def test_region_and_account_are_filled_in() -> None:
    queue = "arn:aws:sqs:*:*:orders"
    found = tried(allow("sqs:SendMessage", queue), action="sqs:SendMessage")
    assert f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders" in found


def test_variables_stand_for_the_principals_own_name() -> None:
    own = "arn:aws:iam::*:user/${aws:username}"
    assert arn("user", "ann") in tried(allow("iam:GetUser", own), action="iam:GetUser")
    tagged = "arn:aws:s3:::home-${aws:PrincipalTag/team, 'none'}"
    assert "arn:aws:s3:::home-awsbasics" in tried(allow("s3:*", tagged), action="s3:ListBucket")


def test_of_many_patterns_a_few_are_tried() -> None:
    patterns = [arn("role", f"r{number}") for number in range(20_000)]
    found = tried(allow("iam:PassRole", patterns))
    assert len(found) == 24
    assert patterns[0] in found


def test_granting_statements_are_the_allows_about_an_action() -> None:
    known = policy(allow("iam:*"), deny("*"), allow("s3:*"))
    assert [rule.source.index for rule in granting([known], "iam:PassRole")] == [0]
