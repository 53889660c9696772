"""The organization itself: OUs, accounts, policy types, delegated administrators.

    Root                          management
    ├── Security                  security, log-archive
    ├── Workloads
    │   ├── Prod                  billing-production, ledger-production
    │   └── NonProd               test, development
    └── Sandbox                   sandbox

An organization can be right or wrong but once: ORG.1 (all features), ORG.2, ORG.3 (SCPs on,
RCPs off), SEP.1 and SEP.2 are good here.
"""

from typing import Any

from awsbasics.demo.account import Account
from awsbasics.demo.setting import ACCOUNT_IDS

OU_PATHS = ("Security", "Workloads", "Workloads/Prod", "Workloads/NonProd", "Sandbox")

PLACES = {
    "security": "Security",
    "log-archive": "Security",
    "billing-production": "Workloads/Prod",
    "ledger-production": "Workloads/Prod",
    "test": "Workloads/NonProd",
    "development": "Workloads/NonProd",
    "sandbox": "Sandbox",
}
"""The OU of each member account."""

TAGS = {
    "billing-production": {"application": "billing", "owner": "payments"},
    "ledger-production": {"application": "ledger", "owner": "ledger"},
    "test": {"environment": "test"},
    "development": {"environment": "development"},
}


def build_structure(management: Account) -> None:
    """Create the organization, its OUs and its accounts."""
    client = management.client("organizations")
    with management.ago(1500):
        client.create_organization(FeatureSet="ALL")
        root = client.list_roots()["Roots"][0]["Id"]
        for policy_type in ("SERVICE_CONTROL_POLICY", "TAG_POLICY"):
            client.enable_policy_type(RootId=root, PolicyType=policy_type)
        ous = _create_ous(client, root)
    for number, (name, path) in enumerate(PLACES.items()):
        with management.ago(1490 - number):
            _create_account(client, name, root, ous[path])
    _delegate(management)


def _create_ous(client: Any, root: str) -> dict[str, str]:
    ids = {"": root}
    for path in OU_PATHS:
        parent, _, name = path.rpartition("/")
        answer = client.create_organizational_unit(ParentId=ids[parent], Name=name)
        ids[path] = answer["OrganizationalUnit"]["Id"]
    return ids


def _create_account(client: Any, name: str, root: str, ou: str) -> None:
    tags = [{"Key": key, "Value": value} for key, value in TAGS.get(name, {}).items()]
    client.create_account(AccountName=name, Email=f"aws+{name}@example.com", Tags=tags)
    client.move_account(AccountId=ACCOUNT_IDS[name], SourceParentId=root, DestinationParentId=ou)


def _delegate(management: Account) -> None:
    """Security services are run from the security account (moto knows only some of them)."""
    client = management.client("organizations")
    with management.ago(1400):
        for service in ("cloudtrail", "guardduty", "access-analyzer"):
            client.enable_aws_service_access(ServicePrincipal=f"{service}.amazonaws.com")
        for service in ("guardduty", "access-analyzer"):
            client.register_delegated_administrator(
                AccountId=ACCOUNT_IDS["security"], ServicePrincipal=f"{service}.amazonaws.com"
            )
