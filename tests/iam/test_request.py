import pytest

from awsbasics.iam import Request
from awsbasics.iam.request import Caller, Kind, caller_of, derived_keys, resource_account_of

ACCOUNT = "000000000012"


def caller(principal: str, *, role_arn: str | None = None, resource: str = "*") -> Caller:
    return caller_of(Request(principal, "s3:GetObject", resource, role_arn=role_arn))


@pytest.mark.parametrize(
    ("principal", "kind", "account", "name"),
    [
        (f"arn:aws:iam::{ACCOUNT}:user/ann", Kind.USER, ACCOUNT, "ann"),
        (f"arn:aws:iam::{ACCOUNT}:user/staff/ann", Kind.USER, ACCOUNT, "ann"),
        (f"arn:aws-cn:iam::{ACCOUNT}:role/a/b/app", Kind.ROLE, ACCOUNT, "app"),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/app/me@x", Kind.SESSION, ACCOUNT, "app"),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/bob", Kind.FEDERATED_USER, ACCOUNT, "bob"),
        (f"arn:aws:iam::{ACCOUNT}:root", Kind.ROOT, ACCOUNT, ""),
        (ACCOUNT, Kind.ROOT, ACCOUNT, ""),
        (f"arn:aws:iam::{ACCOUNT}:saml-provider/idp", Kind.PROVIDER, ACCOUNT, ""),
        (f"arn:aws:iam::{ACCOUNT}:oidc-provider/host/id", Kind.PROVIDER, ACCOUNT, ""),
        ("cognito-identity.amazonaws.com", Kind.PROVIDER, "", ""),
        ("accounts.google.com", Kind.PROVIDER, "", ""),
        ("ec2.amazonaws.com", Kind.SERVICE, "", ""),
        ("ec2.amazonaws.com.cn", Kind.SERVICE, "", ""),
        ("*", Kind.ANONYMOUS, "", ""),
    ],
)
def test_principals_are_told_apart(principal: str, kind: Kind, account: str, name: str) -> None:
    found = caller(principal)
    assert (found.kind, found.account, found.name) == (kind, account, name)


def test_a_session_has_the_role_that_is_given_or_one_without_path() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/me"
    guessed = caller(session)
    assert (guessed.entity, guessed.entity_is_exact) == (f"arn:aws:iam::{ACCOUNT}:role/app", False)
    role = f"arn:aws:iam::{ACCOUNT}:role/teams/app"
    given = caller(session, role_arn=role)
    assert (given.entity, given.entity_is_exact) == (role, True)


@pytest.mark.parametrize(
    ("principal", "linked"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", True),
        (f"arn:aws:iam::{ACCOUNT}:role/AWSServiceRoleForX", False),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForX/s", None),
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/app/s", False),
        (f"arn:aws:iam::{ACCOUNT}:user/aws-service-role/x", False),
    ],
)
def test_service_linked_roles_are_known_by_their_path(principal: str, linked: bool | None) -> None:
    assert caller(principal).is_service_linked is linked


def test_keys_follow_from_the_caller() -> None:
    assert derived_keys(caller(f"arn:aws:iam::{ACCOUNT}:user/staff/ann")) == {
        "aws:username": ("ann",),
        "aws:principaltype": ("User",),
        "aws:principalisawsservice": ("false",),
        "aws:principalaccount": (ACCOUNT,),
        "aws:principalarn": (f"arn:aws:iam::{ACCOUNT}:user/staff/ann",),
    }
    session = derived_keys(caller(f"arn:aws-cn:sts::{ACCOUNT}:assumed-role/app/s"))
    assert session["aws:principalarn"] == (f"arn:aws-cn:iam::{ACCOUNT}:role/app",)
    assert session["aws:principaltype"] == ("AssumedRole",)
    assert session["aws:username"] == ()


def test_services_and_strangers_are_in_no_account() -> None:
    service = derived_keys(caller("ec2.amazonaws.com"))
    assert service["aws:principalaccount"] == service["aws:principalarn"] == ()
    assert service["aws:principalservicename"] == ("ec2.amazonaws.com",)
    assert derived_keys(caller("*"))["aws:principaltype"] == ("Anonymous",)


def test_a_root_user_by_account_id_has_the_partition_of_the_resource() -> None:
    found = caller(ACCOUNT, resource="arn:aws-us-gov:s3:::data")
    assert derived_keys(found)["aws:principalarn"] == (f"arn:aws-us-gov:iam::{ACCOUNT}:root",)
    assert "aws:principalarn" not in derived_keys(caller(ACCOUNT))


@pytest.mark.parametrize(
    ("resource", "given", "owner"),
    [
        ("arn:aws:s3:::data", None, ACCOUNT),
        ("arn:aws:s3:::data", "111122223333", "111122223333"),
        ("arn:aws:sqs:eu-west-1:111122223333:q", None, "111122223333"),
        ("arn:aws:sqs:eu-west-1:111122223333:q", ACCOUNT, ACCOUNT),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", None, ACCOUNT),
        ("*", None, ACCOUNT),
    ],
)
def test_the_owner_is_given_or_in_the_arn_or_the_caller(
    resource: str, given: str | None, owner: str
) -> None:
    principal = f"arn:aws:iam::{ACCOUNT}:user/ann"
    request = Request(principal, "x:y", resource, resource_account=given)
    assert resource_account_of(request, caller_of(request)) == owner
