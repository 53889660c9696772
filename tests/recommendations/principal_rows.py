"""Rows of users, roles, their policies and an organization above them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.recommendations.support import DEVELOPMENT, MANAGEMENT, PRODUCTION, Rows

Document = dict[str, Any]
Tables = dict[str, list[dict[str, Any]]]

MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
SSO = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
FULL_ACCESS = "p-FullAWSAccess"


def arn(kind: str, name: str, account: str = DEVELOPMENT, path: str = "/") -> str:
    return f"arn:aws:iam::{account}:{kind}{path}{name}"


def allow(actions: Any, resource: Any = "*", condition: Document | None = None) -> Document:
    return _statement("Allow", actions, resource, condition)


def deny(actions: Any, resource: Any = "*", condition: Document | None = None) -> Document:
    return _statement("Deny", actions, resource, condition)


def _statement(effect: str, actions: Any, resource: Any, condition: Document | None) -> Document:
    found = {"Effect": effect, "Action": actions, "Resource": resource}
    return {**found, "Condition": condition} if condition else found


def policy(*statements: Document) -> Document:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(principal: Any, condition: Document | None = None) -> Document:
    found: Document = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return policy({**found, "Condition": condition} if condition else found)


def root(account: str) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{account}:root"}


LAMBDA = {"Service": "lambda.amazonaws.com"}


def role(
    name: str,
    *statements: Document,
    account: str = DEVELOPMENT,
    trusts: Document | None = None,
    path: str = "/",
    **more: Any,
) -> Tables:
    """A role with these statements as an inline policy `own`."""
    row = {
        "account_id": account,
        "arn": arn("role", name, account, path),
        "name": name,
        "path": path,
        "trust_policy": trusts or trust(LAMBDA),
        "max_session_duration": 3600,
        **more,
    }
    return {"iam_roles": [row], **_inline(row["arn"], account, statements)}


def user(name: str, *statements: Document, account: str = DEVELOPMENT, **more: Any) -> Tables:
    """A user with these statements as an inline policy `own`."""
    row = {"account_id": account, "arn": arn("user", name, account), "name": name, "path": "/"}
    return {"iam_users": [{**row, **more}], **_inline(row["arn"], account, statements)}


def _inline(holder: str, account: str, statements: Sequence[Document]) -> Tables:
    if not statements:
        return {}
    row = {"account_id": account, "principal_arn": holder, "name": "own"}
    return {"iam_inline_policies": [{**row, "document": policy(*statements)}]}


def credentials(name: str, account: str, **more: Any) -> Tables:
    """A user's row of the credential report: a password, MFA, no keys, unless said otherwise."""
    row = {
        "account_id": account,
        "arn": arn("user", name, account),
        "user": name,
        "password_enabled": True,
        "mfa_active": True,
        "access_key_1_active": False,
        "access_key_2_active": False,
    }
    return {"iam_credential_report": [{**row, **more}]}


def signs_in(person: str, set_name: str, account: str, *statements: Document) -> Tables:
    """A person of Identity Center in a group that has a permission set in an account."""
    place = {"account_id": MANAGEMENT}
    path = "/aws-reserved/sso.amazonaws.com/"
    reserved = f"AWSReservedSSO_{set_name}_0123456789abcdef"
    trusts = trust({"Federated": f"arn:aws:iam::{account}:saml-provider/AWSSSO"})
    return joined(
        role(reserved, *statements, account=account, path=path, trusts=trusts),
        {
            "sso_instances": [{**place, "arn": "arn:aws:sso:::instance/ssoins-1"}],
            "sso_permission_sets": [{**place, "arn": SSO, "name": set_name}],
            "identitystore_users": [{**place, "id": f"u-{person}", "user_name": person}],
            "identitystore_groups": [{**place, "id": "g-1", "display_name": "operators"}],
            "identitystore_group_members": [{**place, "group_id": "g-1", "user_id": f"u-{person}"}],
            "sso_assignments": [
                {
                    **place,
                    "permission_set_arn": SSO,
                    "target_account_id": account,
                    "principal_type": "GROUP",
                    "principal_id": "g-1",
                }
            ],
        },
    )


def organization(
    *denying: Document,
    at: str = "r-1",
    enabled: bool = True,
    members: Sequence[str] = (DEVELOPMENT, PRODUCTION),
) -> Tables:
    """Members directly under the root; one SCP of these statements, `guard`, at a node."""
    own = {"account_id": MANAGEMENT}
    kind = {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED" if enabled else "PENDING_DISABLE"}
    nodes = ["r-1", MANAGEMENT, *members]
    scp = {**own, "type": "SERVICE_CONTROL_POLICY"}
    targets = [{**own, "policy_id": FULL_ACCESS, "target_id": node} for node in nodes]
    return {
        "organizations_organization": [
            {**own, "id": "o-1", "management_account_id": MANAGEMENT, "feature_set": "ALL"}
        ],
        "organizations_roots": [{**own, "id": "r-1", "policy_types": [kind]}],
        "organizations_accounts": [
            {
                **own,
                "id": account,
                "name": f"account-{account[-2:]}",
                "parent_id": "r-1",
                "is_management": account == MANAGEMENT,
                "status": "ACTIVE",
            }
            for account in (MANAGEMENT, *members)
        ],
        "organizations_policies": [
            {**scp, "id": FULL_ACCESS, "name": "FullAWSAccess", "content": policy(allow("*"))},
            *([{**scp, "id": "p-1", "name": "guard", "content": policy(*denying)}] * bool(denying)),
        ],
        "organizations_policy_targets": [
            *targets,
            *([{**own, "policy_id": "p-1", "target_id": at}] * bool(denying)),
        ],
    }


def joined(*parts: Rows | Mapping[str, Any]) -> Tables:
    """All rows of several parts, table by table."""
    found: Tables = {}
    for part in parts:
        for table, rows in part.items():
            known = found.setdefault(table, [])
            known += [dict(row) for row in rows if dict(row) not in known]
    return found
