"""R04: engineers have their permissions by team groups, and sign in with MFA."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    fail,
    ok,
)
from awsbasics.recommendations.evidence.access_keys import access_keys
from awsbasics.recommendations.evidence.assumed_roles import assumed_roles
from awsbasics.recommendations.evidence.engineer_base import engineer_base
from awsbasics.recommendations.evidence.engineer_teams import team_groups
from awsbasics.recommendations.evidence.password_policy import password_policy
from awsbasics.recommendations.evidence.principals import CENTER_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.rows import counted, rows, shown, text_of
from awsbasics.recommendations.evidence.self_management import self_management
from awsbasics.recommendations.evidence.single_sign_on import provisioned_users, single_sign_on
from awsbasics.recommendations.evidence.sso_credentials import sso_credentials
from awsbasics.recommendations.evidence.unused_identities import unused_identities
from awsbasics.recommendations.remediation.engineers import (
    ACCESS_KEYS_FIX,
    ASSUMED_ROLES_FIX,
    BASE_FIX,
    CONSOLE_FIX,
    POLICIES_FIX,
    PROVISIONED_FIX,
    SELF_MANAGEMENT_FIX,
    SINGLE_SIGN_ON_FIX,
    SSO_CREDENTIALS_FIX,
    TEAMS_FIX,
    UNUSED_FIX,
    WEAK_POLICY_FIX,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts

REPORT = "iam_credential_report"
ROOT = "<root_account>"

# Without their rows a Deny that asks for MFA may be missing.
POLICY_TABLES = (
    "iam_groups",
    "iam_group_members",
    "iam_policies",
    "iam_attachments",
    "iam_inline_policies",
)


def policies_of_users(facts: "Facts") -> Iterator[Result]:
    """ENG.1: no IAM user carries policies of its own; groups and roles do."""
    attached: dict[str, list[str]] = defaultdict(list)
    for row in rows(
        facts.frame("iam_attachments"), "principal_arn", "principal_type", "policy_arn"
    ):
        attached[row.principal_arn].append(row.policy_arn)
    inline: dict[str, list[str]] = defaultdict(list)
    for row in rows(facts.frame("iam_inline_policies"), "principal_arn", "name"):
        inline[row.principal_arn].append(row.name)
    for user in rows(facts.frame("iam_users"), "account_id", "arn", "name", "path"):
        own = [*attached.get(user.arn, ()), *inline.get(user.arn, ())]
        if not own:
            yield ok(user.account_id, user.arn)
            continue
        title = (
            f"IAM user {user.name} carries {counted(len(own), 'policy', 'policies')} of its own."
        )
        seen = {
            "attached": shown(attached.get(user.arn, ())),
            "inline": shown(inline.get(user.arn, ())),
            "human": facts.engagement.humans.includes(user.name, user.path or "/"),
        }
        yield fail(user.account_id, user.arn, title=title, facts=seen, table="iam_attachments")


def console_users_have_mfa(facts: "Facts") -> Iterator[Result]:
    """ENG.5: whoever can sign in to the console has MFA; the root user is not one of them."""
    for user in _console_users(facts):
        if user.mfa_active:
            yield ok(user.account_id, user.arn)
            continue
        title = f"IAM user {user.user} signs in to the console without MFA."
        seen = {
            "password_last_used": text_of(user.password_last_used),
            "password_last_changed": text_of(user.password_last_changed),
        }
        yield fail(user.account_id, user.arn, title=title, facts=seen, table=REPORT)


def console_mfa(facts: "Facts") -> pd.DataFrame:
    """Console users and the strongest MFA of each: account_id, user, mfa.

    `mfa` is `fido` (the only kind that phishing does not defeat), `hardware`, `virtual`,
    `unknown` (a device that was not listed) or `none`.
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    for device in rows(facts.frame("iam_mfa_devices"), "user_arn", "kind"):
        kinds[device.user_arn].add(device.kind)
    found = [
        (user.account_id, user.user, _strongest(kinds.get(user.arn, set()), user.mfa_active))
        for user in _console_users(facts)
    ]
    return pd.DataFrame(found, columns=["account_id", "user", "mfa"], dtype="str")


def _console_users(facts: "Facts") -> Iterator[Any]:
    columns = ("account_id", "arn", "user", "password_enabled", "mfa_active")
    times = ("password_last_used", "password_last_changed")
    for user in rows(facts.frame(REPORT), *columns, *times):
        if user.user != ROOT and user.password_enabled:
            yield user


def _strongest(kinds: set[str], mfa_active: bool | None) -> str:
    if not mfa_active:
        return "none"
    return next((kind for kind in ("fido", "hardware", "virtual") if kind in kinds), "unknown")


PROVIDER_MFA = Question(
    "Which MFA does the identity provider ask for?",
    (
        Choice(
            "phishing_resistant", "A kind that resists phishing (passkey, security key)", "pass"
        ),
        Choice("any", "Any kind", "info"),
        Choice("not_enforced", "None: it is not enforced", "fail"),
    ),
)

LEAVERS = Question(
    "How do people who leave lose their access?",
    (
        Choice("same_day", "The same day, by the personnel system", "pass"),
        Choice("ticket", "By a ticket", "pass"),
        Choice("manually", "Manually, by whoever thinks of it", "fail"),
        Choice("no_process", "There is no process", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R04",
    prefix="ENG",
    slug="engineers",
    title="Give engineers permissions by team groups, with MFA",
    summary=(
        "Permissions come from the group of one's team, together with a base that all engineers"
        " have. Who has signed in with MFA manages their own credentials, and nobody else's."
    ),
    checks=(
        Check(
            id="ENG.1",
            title="IAM users carry no policies of their own",
            severity="medium",
            tables=("iam_users", "iam_attachments", "iam_inline_policies"),
            absence=(),
            run=policies_of_users,
            remediation=POLICIES_FIX,
        ),
        Check(
            id="ENG.2",
            title="Each user is in a team's group, and each group belongs to a team",
            severity="medium",
            tables=(
                "iam_users",
                "iam_groups",
                "iam_group_members",
                "identitystore_users",
                "identitystore_groups",
                "identitystore_group_members",
                "sso_assignments",
            ),
            absence=(
                "iam_groups",
                "iam_group_members",
                "identitystore_groups",
                "identitystore_group_members",
            ),
            run=team_groups,
            remediation=TEAMS_FIX,
        ),
        Check(
            id="ENG.3",
            title="One base of permissions reaches all engineers",
            severity="medium",
            tables=(*IAM_TABLES, *CENTER_TABLES),
            absence=("iam_group_members", "iam_attachments", "identitystore_group_members"),
            run=engineer_base,
            remediation=BASE_FIX,
        ),
        Check(
            id="ENG.4",
            title="With MFA, and only with it, users manage their own credentials",
            severity="high",
            tables=(*IAM_TABLES, "iam_password_policy"),
            absence=POLICY_TABLES,
            run=self_management,
            remediation=SELF_MANAGEMENT_FIX,
        ),
        Check(
            id="ENG.5",
            title="Console users have MFA",
            severity="critical",
            tables=(REPORT,),
            absence=(),
            run=console_users_have_mfa,
            remediation=CONSOLE_FIX,
        ),
        Check(
            id="ENG.6",
            title="Engineers' credentials are not used by automation",
            severity="high",
            tables=("iam_users", "iam_access_keys"),
            absence=(),
            run=access_keys,
            remediation=ACCESS_KEYS_FIX,
        ),
        Check(
            id="ENG.7",
            title="People sign in by IAM Identity Center",
            severity="high",
            tables=(
                "iam_users",
                "iam_saml_providers",
                "sso_instances",
                "sso_permission_sets",
                "sso_assignments",
                "identitystore_users",
            ),
            absence=("iam_users", "sso_instances", "sso_assignments"),
            run=single_sign_on,
            remediation=SINGLE_SIGN_ON_FIX,
        ),
        Check(
            id="ENG.8",
            title="Who signs in by Identity Center has no password or keys to manage",
            severity="medium",
            tables=(*IAM_TABLES, *CENTER_TABLES, REPORT),
            absence=(),
            run=sso_credentials,
            remediation=SSO_CREDENTIALS_FIX,
        ),
        Check(
            id="ENG.9",
            title="The password policy is strong, where passwords remain",
            severity="low",
            tables=(REPORT, "iam_password_policy"),
            absence=("iam_password_policy",),
            run=password_policy,
            remediation=WEAK_POLICY_FIX,
        ),
        Check(
            id="ENG.10",
            title="No user, key, password or role is unused",
            severity="medium",
            tables=(REPORT, "iam_roles"),
            absence=(),
            run=unused_identities,
            remediation=UNUSED_FIX,
        ),
        Check(
            id="ENG.11",
            title="Roles that people assume ask for MFA",
            severity="high",
            tables=IAM_TABLES,
            absence=POLICY_TABLES,
            run=assumed_roles,
            remediation=ASSUMED_ROLES_FIX,
        ),
        Check(
            id="ENG.12",
            title="Identity Center users come from the identity provider",
            severity="medium",
            tables=("identitystore_users", "identitystore_group_members", "sso_assignments"),
            absence=(),
            run=provisioned_users,
            remediation=PROVISIONED_FIX,
        ),
        Check(
            id="ENG.A",
            title="The identity provider enforces MFA",
            severity="high",
            question=PROVIDER_MFA,
            remediation=(
                "1. Ask for MFA at every sign-in in the identity provider, with passkeys or "
                "security keys for those who can change production.\n"
                "To verify: sign in with a test user who has no MFA; it must fail."
            ),
        ),
        Check(
            id="ENG.B",
            title="People who leave lose their access",
            severity="medium",
            question=LEAVERS,
            remediation=(
                "1. Let the personnel system disable people in the identity provider on their "
                "last day, and provision Identity Center from it (SCIM).\n"
                "To verify: take three people who left, and look for their sessions, users and "
                "keys."
            ),
        ),
    ),
)
