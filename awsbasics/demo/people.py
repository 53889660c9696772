"""IAM users, groups and what they may do (ENG.1, ENG.2, ENG.5, ORG.4, TEAM.3, TMP.1).

    good   amara.okafor, grace.kim: in a team's group, MFA, nothing of their own
           chloe.martin: a security key; team-payments: only sts:AssumeRole
    bad    ben.larsson: console without MFA
           diego.santos: no group, policies of his own, no MFA, two old access keys
           erin.walsh: in `contractors`, a group of no team
           hugo.brandt: administrator of production by his own policy, no MFA
           team-ledger, team-platform: standing permissions
           ci-organization: governs the organization with an access key
    other  ci-deployer, report-mailer: machines, with keys and policies of their own

In the sandbox, jonas.weber may do as he likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.documents import allow, deny, document, trust
from awsbasics.demo.setting import MANAGEMENT

AWS_POLICY = "arn:aws:iam::aws:policy/"


@dataclass(frozen=True, slots=True)
class Person:
    """An IAM user: account, groups, second factor, console, ages in days (`keys`: access keys)."""

    account: str
    name: str
    groups: tuple[str, ...] = ()
    mfa: str = ""
    console: bool = True
    keys: tuple[int, ...] = ()
    age: int = 600


PEOPLE = (
    Person(MANAGEMENT, "olivia.reed", ("organization-admins",), mfa="fido", age=1400),
    Person(MANAGEMENT, "ci-organization", console=False, keys=(620,), age=620),
    Person("development", "amara.okafor", ("team-payments",), mfa="virtual"),
    Person("development", "ben.larsson", ("team-payments",), age=410),
    Person("development", "chloe.martin", ("team-ledger",), mfa="fido"),
    Person("development", "diego.santos", keys=(820, 640), age=900),
    Person("development", "erin.walsh", ("contractors",), mfa="virtual", age=75),
    Person("development", "farid.haddad", ("team-platform",), console=False, keys=(35,)),
    Person("development", "ci-deployer", console=False, keys=(700,), age=700),
    Person("billing-production", "grace.kim", ("team-payments",), mfa="virtual", age=300),
    Person("ledger-production", "hugo.brandt", keys=(500,), age=500),
    Person("ledger-production", "ines.moreau", ("team-ledger", "team-platform"), mfa="virtual"),
    Person("ledger-production", "report-mailer", console=False, keys=(950,), age=950),
    Person("sandbox", "jonas.weber", ("team-platform",), console=False, age=120),
)

GROUPS: Mapping[str, tuple[str, ...]] = {
    MANAGEMENT: ("organization-admins",),
    "development": ("team-payments", "team-ledger", "team-platform", "contractors"),
    "billing-production": ("team-payments", "team-platform"),
    "ledger-production": ("team-ledger", "team-platform"),
    "sandbox": ("team-platform",),
}


def build_people(accounts: Mapping[str, Account]) -> None:
    """Create users and groups, and what both may do."""
    for name, groups in GROUPS.items():
        client = accounts[name].client("iam")
        with accounts[name].ago(1000):
            for group in groups:
                client.create_group(GroupName=group, Path="/teams/")
    for person in PEOPLE:
        _create(accounts[person.account], person)
    _base_policy(accounts["development"])
    _team_permissions(accounts)
    _own_permissions(accounts)
    accounts["development"].client("iam").update_account_password_policy(
        MinimumPasswordLength=14, RequireSymbols=True, RequireNumbers=True, MaxPasswordAge=365
    )


def _create(account: Account, person: Person) -> None:
    client = account.client("iam")
    with account.ago(person.age):
        tags = [{"Key": "email", "Value": f"{person.name}@example.com"}]
        client.create_user(UserName=person.name, Path="/people/", Tags=tags)
        if person.console:
            client.create_login_profile(UserName=person.name, Password="Demo-Passw0rd!")  # noqa: S106
        if person.mfa:
            _enable_mfa(account, client, person)
    for days in person.keys:
        with account.ago(days):
            client.create_access_key(UserName=person.name)
    for group in person.groups:
        client.add_user_to_group(GroupName=group, UserName=person.name)


def _enable_mfa(account: Account, client: Any, person: Person) -> None:
    serial = account.arn("iam", f"u2f/user/people/{person.name}/key-7Q4ZJ2DEMO")
    if person.mfa == "virtual":
        made = client.create_virtual_mfa_device(VirtualMFADeviceName=person.name)
        serial = made["VirtualMFADevice"]["SerialNumber"]
    client.enable_mfa_device(
        UserName=person.name,
        SerialNumber=serial,
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )


def _base_policy(account: Account) -> None:
    """What all engineers may do: manage their own credentials, with MFA."""
    own = [account.arn("iam", "user/people/${aws:username}"), account.arn("iam", "mfa/*")]
    content = document(
        allow(["iam:GetUser", "iam:ListMFADevices", "iam:CreateVirtualMFADevice"], own),
        allow(["iam:EnableMFADevice", "iam:ChangePassword", "iam:*AccessKey*"], own),
        deny(
            ["iam:ChangePassword", "iam:*AccessKey*"],
            condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
        ),
    )
    client = account.client("iam")
    policy = client.create_policy(
        PolicyName="engineer-self-service", PolicyDocument=content, Description="All engineers"
    )["Policy"]["Arn"]
    for group in GROUPS["development"]:
        client.attach_group_policy(GroupName=group, PolicyArn=policy)


def _team_permissions(accounts: Mapping[str, Account]) -> None:
    for name in ("development", "billing-production"):
        _assume_only(accounts[name], "team-payments", "billing")
    _assume_only(accounts["ledger-production"], "team-ledger", "ledger")
    development = accounts["development"].client("iam")
    development.attach_group_policy(
        GroupName="team-ledger", PolicyArn=AWS_POLICY + "AmazonDynamoDBFullAccess"
    )
    development.put_group_policy(
        GroupName="team-ledger",
        PolicyName="buckets",
        PolicyDocument=document(
            allow("s3:*", ["arn:aws:s3:::ledger-*", "arn:aws:s3:::ledger-*/*"])
        ),
    )
    development.attach_group_policy(
        GroupName="contractors", PolicyArn=AWS_POLICY + "ReadOnlyAccess"
    )
    for name in ("development", "ledger-production", "sandbox"):
        accounts[name].client("iam").attach_group_policy(
            GroupName="team-platform", PolicyArn=AWS_POLICY + "PowerUserAccess"
        )
    accounts[MANAGEMENT].client("iam").attach_group_policy(
        GroupName="organization-admins", PolicyArn=AWS_POLICY + "AdministratorAccess"
    )


def _assume_only(account: Account, group: str, application: str) -> None:
    """The good way: a team assumes its application's role; nobody holds permissions standing."""
    client = account.client("iam")
    role = f"{application}-developer"
    client.create_role(
        RoleName=role,
        Path=f"/{application}/",
        AssumeRolePolicyDocument=trust(
            {"AWS": account.arn("iam", "root")},
            condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        ),
        Description=f"What {group} may do with {application}",
        Tags=[{"Key": "application", "Value": application}],
    )
    client.put_group_policy(
        GroupName=group,
        PolicyName="assume-developer-role",
        PolicyDocument=document(
            allow("sts:AssumeRole", account.arn("iam", f"role/{application}/{role}"))
        ),
    )


def _own_permissions(accounts: Mapping[str, Account]) -> None:
    development = accounts["development"].client("iam")
    development.attach_user_policy(
        UserName="diego.santos", PolicyArn=AWS_POLICY + "AmazonEC2FullAccess"
    )
    development.put_user_policy(
        UserName="diego.santos",
        PolicyName="everything-for-now",
        PolicyDocument=document(allow("*")),
    )
    development.attach_user_policy(UserName="ci-deployer", PolicyArn=AWS_POLICY + "PowerUserAccess")
    accounts[MANAGEMENT].client("iam").put_user_policy(
        UserName="ci-organization",
        PolicyName="accounts",
        PolicyDocument=document(allow(["organizations:*", "account:*"])),
    )
    production = accounts["ledger-production"].client("iam")
    production.attach_user_policy(
        UserName="hugo.brandt", PolicyArn=AWS_POLICY + "AdministratorAccess"
    )
    production.put_user_policy(
        UserName="report-mailer",
        PolicyName="send-mail",
        PolicyDocument=document(
            allow("ses:SendEmail", production_identity(accounts["ledger-production"]))
        ),
    )


def production_identity(account: Account) -> str:
    """The mail identity that the ledger's reports are sent from."""
    return account.arn("ses", "identity/example.com", account.client("iam").meta.region_name)
