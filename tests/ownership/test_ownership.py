import json
from typing import Any

import pytest

from awsbasics.engagement import Engagement
from awsbasics.engagement.model import Applications, Teams
from awsbasics.ownership import Owner, Ownership
from tests.ownership.frames import (
    ACCOUNT,
    REGION,
    ownership,
    resource,
    role_arn,
    stack,
    stack_id,
)

ROLE = role_arn("reader")


def application(owners: Ownership, thing: str = ROLE, **more: Any) -> Owner:
    return owners.application(ACCOUNT, REGION, thing, **more)


def in_stack(name: str, *stacks: dict[str, Any], **more: Any) -> Ownership:
    return ownership(
        cloudformation_stacks=stacks or [stack(name)],
        cloudformation_stack_resources=[resource(name, "AWS::IAM::Role", "reader")],
        **more,
    )


def test_the_stack_comes_before_all_else() -> None:
    tags = {"application": "ledger"}
    found = application(in_stack("billing-prod"), tags=tags, name="web-prod")
    assert found == ("billing", "stack billing-prod")


def test_a_nested_stack_counts_through_its_root() -> None:
    nested = "billing-prod-Roles-1ABC"
    root = stack("billing-prod")
    for up in ({"root_id": stack_id("billing-prod")}, {"parent_id": stack_id("billing-prod")}):
        owners = in_stack(nested, root, stack(nested, **up))
        assert application(owners) == ("billing", "stack billing-prod")


def test_a_root_that_was_not_read_is_known_by_the_name_in_its_id() -> None:
    owners = in_stack("nested", stack("nested", root_id=stack_id("billing-prod")))
    assert application(owners).value == "billing"


def test_stacks_that_point_at_each_other_end() -> None:
    one = stack("one", parent_id=stack_id("two"))
    two = stack("two", parent_id=stack_id("one"))
    assert application(in_stack("one", one, two)).value is None


def test_a_stack_whose_name_says_nothing_is_known_by_its_tags() -> None:
    owners = in_stack("Network", stack("Network", tags='{"application": "billing"}'))
    assert application(owners) == ("billing", "tag application of stack Network")


def test_a_root_stacks_tags_come_before_those_of_the_nested_one() -> None:
    root = stack("Root", tags='{"app": "billing"}')
    nested = stack("Nested", root_id=stack_id("Root"), tags='{"app": "ledger"}')
    assert application(in_stack("Nested", root, nested)).value == "billing"


def test_a_stack_that_names_no_application_leaves_it_to_tags_and_name() -> None:
    owners = in_stack("Network")
    assert application(owners, tags={"app": "web"}) == ("web", "tag app")
    assert application(owners, name="web-prod-reader").value == "web"
    assert application(owners) == (None, "stack Network names no application")


def test_tags_come_before_the_name() -> None:
    assert application(ownership(), tags={"app": "web"}, name="billing-prod").value == "web"


def test_the_order_of_tags_is_the_files() -> None:
    tags = {"app": "one", "application": "two"}
    assert application(ownership(), tags=tags).value == "two"
    engagement = Engagement(applications=Applications(tags=("service",)))
    assert application(ownership(engagement), tags={**tags, "Service": "three"}).value == "three"
    assert application(ownership(engagement), tags=tags).value is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"arn:aws:resource-groups:{REGION}:{ACCOUNT}:group/Billing/01abcdefgh", "Billing"),
        (f"arn:aws-cn:resource-groups:{REGION}:{ACCOUNT}:group/Billing", "Billing"),
        (f"arn:aws:servicecatalog:{REGION}:{ACCOUNT}:/applications/0abc", "0abc"),
        ("Billing", "Billing"),
        ("arn:", "arn:"),
    ],
)
def test_an_applications_arn_gives_its_name(value: str, expected: str) -> None:
    assert application(ownership(), tags={"awsApplication": value}).value == expected


def test_the_name_in_an_arn_counts_where_no_name_is_given() -> None:
    assert application(ownership(), role_arn("app/billing-prod")).value == "billing"
    assert application(ownership(), role_arn("billing-prod-reader")) == (
        "billing",
        "name fits {application}-{environment}-*",
    )
    assert application(ownership(), role_arn("billing-blue")) == (None, "no rule fits")


def test_tags_in_the_snapshot_count_where_none_are_given() -> None:
    role = {"arn": ROLE, "name": "reader", "tags": '{"application": "billing"}'}
    group = {"id": "sg-1", "tags": '{"application": "web"}'}
    owners = ownership(iam_roles=[role], ec2_security_groups=[group])
    assert application(owners).value == "billing"
    assert application(owners, "sg-1").value == "web"
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group/sg-1"
    assert application(owners, arn).value == "web"
    assert application(owners, "sg-2").value is None
    assert application(owners, tags={}).value is None


def test_a_secret_is_read_by_the_format_of_secret_names() -> None:
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:prod/billing/db-AbCdEf"
    assert application(ownership(), secret).value == "billing"
    shared = ownership(Engagement(shared_secrets=("prod/*",)))
    assert application(shared, secret, tags={"app": "x"}) == (None, "a shared secret")


@pytest.mark.parametrize("tags", [None, float("nan"), "{", "[]", '{"app": {}}', "x" * 1_000_000])
def test_hostile_tags_and_names_belong_to_nobody(tags: Any) -> None:
    assert application(ownership(), tags=tags, name="a-" * 500_000).value is None


@pytest.mark.parametrize(
    ("stacks", "kinds", "expected"),
    [
        ([stack("billing")], [], "cloudformation"),
        ([stack("billing")], ["AWS::CDK::Metadata"], "cdk"),
        ([stack("billing", root_id=stack_id("CDKToolkit")), stack("CDKToolkit")], [], "cdk"),
        ([], [], "cloudformation"),
        ([], ["AWS::CDK::Metadata"], "cdk"),
    ],
)
def test_a_stack_is_code(stacks: Any, kinds: list[str], expected: str) -> None:
    rows = [resource("billing", "AWS::IAM::Role", "reader")]
    rows += [resource("billing", kind, "meta") for kind in kinds]
    owners = ownership(cloudformation_stacks=stacks, cloudformation_stack_resources=rows)
    assert owners.managed_by(ACCOUNT, REGION, ROLE) == (expected, "stack billing")


def test_terraform_is_code_and_a_name_is_not() -> None:
    tags = json.dumps({"ManagedBy": "terraform"})
    assert ownership().managed_by(ACCOUNT, REGION, ROLE, tags) == ("terraform", "tag ManagedBy")
    assert ownership().managed_by(ACCOUNT, REGION, role_arn("terraform")).value is None


def test_the_stack_comes_before_terraforms_tags() -> None:
    found = in_stack("billing").managed_by(ACCOUNT, REGION, ROLE, {"terraform": "true"})
    assert found.value == "cloudformation"


def test_the_team_of_a_group_is_in_its_name_or_path() -> None:
    assert ownership().team_of_group("team-payments") == ("payments", "name fits team-{team}")
    assert ownership().team_of_group("admins", "/team-payments/").value is None
    by_path = Engagement(teams=Teams(group_pattern=("/teams/{team}/*", "team-{team}")))
    assert ownership(by_path).team_of_group("admins", "/teams/payments/").value == "payments"
    assert ownership(by_path).team_of_group("team-web", "/").value == "web"
    assert ownership(by_path).team_of_group("team-web", None).value == "web"


def test_the_team_of_a_permission_set_is_a_tag_or_in_its_name() -> None:
    owners = ownership(Engagement(teams=Teams(permission_set_pattern=("{team}-*",))))
    assert owners.team_of_permission_set("web-read", '{"Team": "payments"}') == (
        "payments",
        "tag Team",
    )
    assert owners.team_of_permission_set("web-read").value == "web"
    assert owners.team_of_permission_set("AdministratorAccess").value is None


def test_frames_are_read_only_when_they_are_needed() -> None:
    def refuse(name: str) -> Any:
        raise AssertionError(name)

    owners = Ownership(refuse, Engagement())
    assert owners.team_of_group("team-x").value == "x"
    with pytest.raises(AssertionError, match="organizations_accounts"):
        owners.environment(ACCOUNT)
