"""IAM Identity Center: the organization's way to sign in (ENG.2, and ENG.7 later).

    good   teams as groups, assigned by groups; permission sets named after teams
    bad    liam.novak has an assignment of his own and is in no group;
           `everyone` is a group of no team

moto makes no roles for assignments, so they are made here, under the path that AWS uses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.documents import allow, document, trust
from awsbasics.demo.setting import ACCOUNT_IDS, MANAGEMENT

AWS_POLICY = "arn:aws:iam::aws:policy/"
SSO_PATH = "/aws-reserved/sso.amazonaws.com/"
SUFFIX = "0123456789abcdef"

GROUPS = ("team-payments", "team-ledger", "team-platform", "everyone")

PEOPLE: Mapping[str, tuple[str, ...]] = {
    "kara.lindqvist": ("team-payments", "everyone"),
    "liam.novak": (),
    "mei.tanaka": ("team-ledger", "everyone"),
    "noor.rahman": ("team-platform", "everyone"),
    "oscar.dubois": ("team-payments",),
}
"""Users and their groups."""


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """A permission set and who gets it where: (accounts, kind of principal, its name)."""

    name: str
    description: str
    managed: str = ""
    inline: str = ""
    boundary: str = ""
    session: str = "PT1H"
    tags: Mapping[str, str] = field(default_factory=dict)
    assigned: tuple[tuple[tuple[str, ...], str, str], ...] = ()


PERMISSION_SETS = (
    PermissionSet(
        "payments-developer",
        "Payments: its application's roles",
        inline=document(allow("sts:AssumeRole", "arn:aws:iam::*:role/billing/*")),
        boundary="ReadOnlyAccess",
        tags={"team": "payments"},
        assigned=((("development", "test"), "GROUP", "team-payments"),),
    ),
    PermissionSet(
        "ledger-developer",
        "Ledger: its application's tables and logs",
        managed="AmazonDynamoDBFullAccess",
        session="PT12H",
        tags={"team": "ledger"},
        assigned=((("development", "test", "ledger-production"), "GROUP", "team-ledger"),),
    ),
    PermissionSet(
        "platform-operator",
        "Platform: networks and deployments",
        managed="PowerUserAccess",
        assigned=((("development", "test", "sandbox"), "GROUP", "team-platform"),),
    ),
    PermissionSet(
        "AdministratorAccess",
        "All of it",
        managed="AdministratorAccess",
        assigned=(
            (("sandbox",), "GROUP", "team-platform"),
            (("ledger-production",), "USER", "liam.novak"),
        ),
    ),
)


def build_identity_center(accounts: Mapping[str, Account]) -> None:
    """Create users, groups, permission sets, assignments, and the roles that come of them."""
    management = accounts[MANAGEMENT]
    with management.ago(500):
        instance = management.client("sso-admin").list_instances()["Instances"][0]
        principals = _create_people(management.client("identitystore"), instance)
        for permission_set in PERMISSION_SETS:
            _create(management.client("sso-admin"), instance, permission_set, principals)
    for permission_set in PERMISSION_SETS:
        names = {name for names, _, _ in permission_set.assigned for name in names}
        for name in sorted(names):
            _create_role(accounts[name], permission_set)


def _create_people(client: Any, instance: Mapping[str, str]) -> dict[str, str]:
    """The ids of users and groups by their names."""
    store = instance["IdentityStoreId"]
    ids: dict[str, str] = {}
    for group in GROUPS:
        ids[group] = client.create_group(IdentityStoreId=store, DisplayName=group)["GroupId"]
    for user, groups in PEOPLE.items():
        given, family = user.title().split(".")
        ids[user] = client.create_user(
            IdentityStoreId=store,
            UserName=user,
            DisplayName=f"{given} {family}",
            Name={"GivenName": given, "FamilyName": family},
            Emails=[{"Value": f"{user}@example.com", "Type": "work", "Primary": True}],
        )["UserId"]
        for group in groups:
            client.create_group_membership(
                IdentityStoreId=store, GroupId=ids[group], MemberId={"UserId": ids[user]}
            )
    return ids


def _create(
    client: Any,
    instance: Mapping[str, str],
    permission_set: PermissionSet,
    principals: Mapping[str, str],
) -> None:
    made = client.create_permission_set(
        InstanceArn=instance["InstanceArn"],
        Name=permission_set.name,
        Description=permission_set.description,
        SessionDuration=permission_set.session,
        Tags=[{"Key": key, "Value": value} for key, value in permission_set.tags.items()],
    )
    key = {
        "InstanceArn": instance["InstanceArn"],
        "PermissionSetArn": made["PermissionSet"]["PermissionSetArn"],
    }
    _give_policies(client, key, permission_set)
    for names, kind, principal in permission_set.assigned:
        for name in names:
            target = {"TargetId": ACCOUNT_IDS[name], "TargetType": "AWS_ACCOUNT"}
            client.create_account_assignment(
                PrincipalType=kind, PrincipalId=principals[principal], **target, **key
            )


def _give_policies(client: Any, key: Mapping[str, str], permission_set: PermissionSet) -> None:
    if permission_set.managed:
        client.attach_managed_policy_to_permission_set(
            ManagedPolicyArn=AWS_POLICY + permission_set.managed, **key
        )
    if permission_set.inline:
        client.put_inline_policy_to_permission_set(InlinePolicy=permission_set.inline, **key)
    if permission_set.boundary:
        client.put_permissions_boundary_to_permission_set(
            PermissionsBoundary={"ManagedPolicyArn": AWS_POLICY + permission_set.boundary}, **key
        )


def _create_role(account: Account, permission_set: PermissionSet) -> None:
    """The reserved role that Identity Center would make in the account."""
    client = account.client("iam")
    name = f"AWSReservedSSO_{permission_set.name}_{SUFFIX}"
    provider = account.arn("iam", f"saml-provider/AWSSSO_{SUFFIX}_DO_NOT_DELETE")
    with account.ago(500):
        client.create_role(
            RoleName=name,
            Path=SSO_PATH,
            AssumeRolePolicyDocument=trust(
                {"Federated": provider},
                condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
                action=["sts:AssumeRoleWithSAML", "sts:TagSession"],
            ),
            MaxSessionDuration=43200,
        )
        if permission_set.managed:
            client.attach_role_policy(RoleName=name, PolicyArn=AWS_POLICY + permission_set.managed)
        if permission_set.inline:
            client.put_role_policy(
                RoleName=name,
                PolicyName="AwsSSOInlinePolicy",
                PolicyDocument=permission_set.inline,
            )
