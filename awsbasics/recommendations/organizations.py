"""R01: use AWS Organizations, under tight control, with CloudTrail for all of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    fail,
    not_applicable,
    ok,
)
from awsbasics.recommendations.evidence.accounts import (
    NO_ORGANIZATION,
    WORKLOAD_ENVIRONMENTS,
    Account,
    active_accounts,
)
from awsbasics.recommendations.evidence.delegation import (
    delegated_as_expected,
    security_is_delegated,
)
from awsbasics.recommendations.evidence.governance_answers import root_credentials_are_gone
from awsbasics.recommendations.evidence.member_entrances import member_entrances
from awsbasics.recommendations.evidence.organization_administrators import (
    organization_administrators,
)
from awsbasics.recommendations.evidence.organization_trail import organization_trail
from awsbasics.recommendations.evidence.principals import CENTER_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.root_users import root_users
from awsbasics.recommendations.evidence.rows import from_json, rows
from awsbasics.recommendations.evidence.security_contacts import security_contacts
from awsbasics.recommendations.remediation.organizations import (
    ADMINISTRATORS_FIX,
    CONTACTS_FIX,
    DELEGATION_FIX,
    ENTRANCES_FIX,
    MEMBERSHIP_FIX,
    OUS_FIX,
    POLICY_TYPES_FIX,
    ROOT_FIX,
    SERVICES_FIX,
    TRAIL_FIX,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts

SCP_TYPE = "SERVICE_CONTROL_POLICY"


def membership(facts: "Facts") -> Iterator[Result]:
    """ORG.1: there is an organization, and it has all features."""
    home, table = facts.home_account_id, "organizations_organization"
    organization = next(rows(facts.frame(table), "id", "feature_set"), None)
    if organization is None:
        title = f"Account {home} belongs to no organization."
        yield fail(home, key="membership", title=title, table=table)
    elif organization.feature_set != "ALL":
        title = "The organization has only consolidated billing: guard rails cannot be used."
        seen = {"feature_set": organization.feature_set}
        yield fail(home, organization.id, key="features", title=title, facts=seen, table=table)
    else:
        yield ok(home, organization.id)


def accounts_in_ous(facts: "Facts") -> Iterator[Result]:
    """ORG.2: more than one account, and no workload account directly under the root."""
    home, table = facts.home_account_id, "organizations_accounts"
    if facts.management_account_id is None:
        yield not_applicable(home, NO_ORGANIZATION)
        return
    listed = [account for account in active_accounts(facts) if account.parent_id]
    members = [account for account in listed if not account.is_management]
    if not members:
        title = "The organization has one account only: everything runs in the management account."
        yield fail(home, key="one_account", title=title, table=table)
    for account in members:
        if account.under_root and _may_be_workload(account):
            title = f"Account {account.label} lies directly under the root, in no OU."
            seen = {"parent": account.parent_id, "environment": account.environment}
            yield fail(account.id, key="under_root", title=title, facts=seen, table=table)
        else:
            yield ok(account.id)


def policy_types(facts: "Facts") -> Iterator[Result]:
    """ORG.3: service control policies are enabled at the root."""
    home, table = facts.home_account_id, "organizations_roots"
    if facts.management_account_id is None:
        yield not_applicable(home, NO_ORGANIZATION)
    for root in rows(facts.frame(table), "id", "arn", "policy_types"):
        types = {kind["Type"]: kind.get("Status") for kind in from_json(root.policy_types) or ()}
        if types.get(SCP_TYPE) == "ENABLED":
            yield ok(home, root.arn or root.id)
        else:
            title = "Service control policies are not enabled in this organization."
            seen = {"policy_types": types}
            yield fail(
                home, root.arn or root.id, key=SCP_TYPE, title=title, facts=seen, table=table
            )


def _may_be_workload(account: Account) -> bool:
    """Unclassified accounts count: nobody has said that they carry no workload."""
    return account.environment is None or account.environment in WORKLOAD_ENVIRONMENTS


ROOT_CREDENTIALS = Question(
    "Who holds the credentials of the management account's root user?",
    (
        Choice("two_together", "Two people, and only together", "pass"),
        Choice("none_exist", "Nobody: the root user has no password and no keys", "pass"),
        Choice("one_person", "One person", "fail"),
        Choice("shared", "Several people, each alone", "fail"),
    ),
)

ACCOUNT_CREATION = Question(
    "How are new accounts made?",
    (
        Choice("automated", "Automated, with the controls in place from the start", "pass"),
        Choice("scripted", "By a script; controls are added afterwards", "fail"),
        Choice("by_hand", "By hand", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R01",
    prefix="ORG",
    slug="organizations",
    title="Use AWS Organizations",
    summary=(
        "Several accounts under one organization share policies and one trail. Whoever governs"
        " the management account governs everything, so few may."
    ),
    sandboxes=True,
    checks=(
        Check(
            id="ORG.1",
            title="The account belongs to an organization with all features",
            severity="high",
            tables=("organizations_organization",),
            run=membership,
            remediation=MEMBERSHIP_FIX,
        ),
        Check(
            id="ORG.2",
            title="Workload accounts are grouped in OUs",
            severity="medium",
            tables=("organizations_organization", "organizations_accounts"),
            run=accounts_in_ous,
            remediation=OUS_FIX,
        ),
        Check(
            id="ORG.3",
            title="Service control policies are enabled at the root",
            severity="high",
            tables=("organizations_organization", "organizations_roots"),
            run=policy_types,
            remediation=POLICY_TYPES_FIX,
        ),
        Check(
            id="ORG.4",
            title="Few people can administer the organization",
            severity="critical",
            tables=(
                "organizations_organization",
                *IAM_TABLES,
                "iam_credential_report",
                *CENTER_TABLES,
            ),
            absence=("organizations_organization",),
            home_only=True,
            run=organization_administrators,
            remediation=ADMINISTRATORS_FIX,
        ),
        Check(
            id="ORG.5",
            title="Root users have MFA, no access keys, and are not used",
            severity="critical",
            tables=(
                "organizations_organization",
                "organizations_accounts",
                "iam_credential_report",
                "iam_organizations_features",
            ),
            absence=(),
            run=root_users,
            remediation=ROOT_FIX,
        ),
        Check(
            id="ORG.6",
            title="Few can enter member accounts from the management account",
            severity="high",
            tables=("organizations_organization", *IAM_TABLES),
            absence=("organizations_organization",),
            run=member_entrances,
            remediation=ENTRANCES_FIX,
        ),
        Check(
            id="ORG.7",
            title="An organization trail records every account, and its log is out of reach",
            severity="critical",
            tables=(
                "organizations_organization",
                "organizations_accounts",
                "cloudtrail_trails",
                "s3_trail_buckets",
            ),
            absence=("organizations_organization", "cloudtrail_trails"),
            home_only=True,
            run=organization_trail,
            remediation=TRAIL_FIX,
        ),
        Check(
            id="ORG.8",
            title="Security services are delegated to a member account",
            severity="medium",
            tables=(
                "organizations_organization",
                "organizations_service_access",
                "organizations_delegated_administrators",
            ),
            run=security_is_delegated,
            remediation=SERVICES_FIX,
        ),
        Check(
            id="ORG.9",
            title="Each account has a security contact; suspended accounts are known",
            severity="low",
            tables=("organizations_accounts", "account_alternate_contacts"),
            absence=("account_alternate_contacts",),
            run=security_contacts,
            remediation=CONTACTS_FIX,
        ),
        Check(
            id="ORG.10",
            title="Delegated administrators are the expected accounts",
            severity="high",
            tables=(
                "organizations_organization",
                "organizations_accounts",
                "organizations_delegated_administrators",
                "organizations_resource_policy",
            ),
            absence=("organizations_accounts",),
            run=delegated_as_expected,
            remediation=DELEGATION_FIX,
        ),
        Check(
            id="ORG.A",
            title="The management account's root credentials are in good hands",
            severity="medium",
            tables=("iam_credential_report",),
            absence=(),
            home_only=True,
            run=root_credentials_are_gone,
            question=ROOT_CREDENTIALS,
            remediation=(
                "1. Give the root password to one person and the MFA device to another, or keep "
                "both in a safe that two people open.\n"
                "2. Register two hardware MFA devices (My security credentials, as root), and "
                "write down who holds what.\n"
                "To verify: try the procedure once a year, and find that sign-in in CloudTrail."
            ),
        ),
        Check(
            id="ORG.B",
            title="New accounts start with their controls",
            severity="low",
            question=ACCOUNT_CREATION,
            remediation=(
                "1. Make accounts with Control Tower's Account Factory, or with a pipeline that "
                "calls organizations create-account and then deploys the baseline: guard rails, "
                "trail, detective services, roles.\n"
                "To verify: make an account for a test, and compare it with the baseline before "
                "anybody uses it."
            ),
        ),
    ),
)
