"""What moto lacks or says wrongly about accounts and people.

What is wrong with moto's own answers:

    GetAccountAuthorizationDetails   policies lack PolicyName and PolicyId, and any order; roles
                                     their last use
    GetCredentialReport              no row for the root user, no last uses, a date of 2015
    GetAccountSummary                knows nothing of the root user
    ListVirtualMFADevices            gives away the seeds; no device of the root user
    Organizations                    members get empty lists where AWS denies; newer policy types
                                     are errors; no resource policy; the management account's name
    SSO                              an instance in every account and region; no tags, no boundary;
                                     permission sets provisioned to the caller's account alone
"""

import csv
import io
from datetime import timedelta
from typing import Any

from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.organizations.models import FakePolicy, organizations_backends
from moto.ssoadmin.models import ssoadmin_backends
from moto.utilities.utils import get_partition

from awsbasics.demo.extras import (
    KEY_LAST_USED,
    PASSWORD_LAST_USED,
    ROLE_LAST_USED,
    ROLES_IN_DISUSE,
    ROOTS,
    Root,
)
from awsbasics.demo.overlay import Call, Output, Refusal
from awsbasics.demo.setting import ACCESS_KEY_ID, ACCOUNT_IDS, HOME_REGION, MANAGEMENT

GUARDED = (
    "DescribeAccount",
    "DescribePolicy",
    "ListAccounts",
    "ListAccountsForParent",
    "ListAWSServiceAccessForOrganization",
    "ListChildren",
    "ListDelegatedAdministrators",
    "ListDelegatedServicesForAccount",
    "ListOrganizationalUnitsForParent",
    "ListParents",
    "ListPoliciesForTarget",
    "ListRoots",
    "ListTagsForResource",
    "ListTargetsForPolicy",
)
"""Operations of Organizations that AWS denies to members."""

_NAMES = {account_id: name for name, account_id in ACCOUNT_IDS.items()}


def refuse_members(call: Call) -> Output | None:
    """Deny an operation of Organizations to members, as AWS does, delegated ones among them."""
    if call.account_id != ACCOUNT_IDS[MANAGEMENT]:
        raise Refusal(
            "AccessDeniedException", "You don't have permissions to access this resource."
        )
    return None


def list_policies(call: Call) -> Output | None:
    """No policies of the types that moto does not know; otherwise moto's answer."""
    refuse_members(call)
    known = FakePolicy.supported_policy_type(call.parameters.get("Filter", ""))
    return None if known else {"Policies": []}


def no_delegation_policy(call: Call) -> Output | None:
    """The organization has no resource policy."""
    refuse_members(call)
    raise Refusal("ResourcePolicyNotFoundException", "We can't find a resource policy.")


def name_management_account(call: Call, output: Output) -> Output:
    """Call the management account by its name where moto calls it `master`."""
    backend: Any = organizations_backends[call.account_id][get_partition(call.region)]
    email = "aws+management@example.com"
    backend.accounts[0].name, backend.accounts[0].email = MANAGEMENT, email
    backend.org.master_account_email = email
    output["Organization"]["MasterAccountEmail"] = email
    return output


def caller_identity(call: Call, output: Output) -> Output:
    """The demo's own credentials are those of an assessor who assumed a role."""
    if call.access_key_id == ACCESS_KEY_ID:
        prefix = f"arn:{get_partition(call.region)}:sts::{call.account_id}"
        output["UserId"] = "AROADEMOASSESSOR00000:awsbasics"
        output["Arn"] = f"{prefix}:assumed-role/security-assessor/awsbasics"
    return output


def authorization_details(call: Call, output: Output) -> Output:
    """Give policies their names and ids, and roles a last use; leave out AWS's that nobody uses."""
    backend = iam_backends[call.account_id][get_partition(call.region)]
    kept = []
    for policy in output["Policies"]:
        if ":iam::aws:" in policy["Arn"] and not policy.get("AttachmentCount"):
            continue
        policy["PolicyName"] = policy["Arn"].rpartition("/")[2]
        policy["PolicyId"] = backend.managed_policies[policy["Arn"]].id
        kept.append(policy)
    kept.sort(key=lambda policy: str(policy["Arn"]))
    for role in output["RoleDetailList"]:
        if role["RoleName"] not in ROLES_IN_DISUSE:
            used = max(utcnow() - ROLE_LAST_USED, role["CreateDate"].replace(tzinfo=None))
            role["RoleLastUsed"] = {"LastUsedDate": used, "Region": HOME_REGION}
    return {**output, "Policies": kept}


def account_summary(call: Call, output: Output) -> Output:
    """Tell of the root user's credentials."""
    root = _root(call)
    output["SummaryMap"] |= {
        "AccountMFAEnabled": int(root.mfa),
        "AccountAccessKeysPresent": int(root.access_key),
        "AccountPasswordPresent": int(root.password),
    }
    return output


def virtual_mfa_devices(call: Call, output: Output) -> Output:
    """Drop the seeds, which AWS shows once only; add the root user's device."""
    for device in output["VirtualMFADevices"]:
        device.pop("Base32StringSeed", None)
        device.pop("QRCodePNG", None)
    if _root(call).mfa:
        prefix = f"arn:{get_partition(call.region)}:iam::{call.account_id}"
        enabled = utcnow() - timedelta(days=700)
        # AWS leaves out path and name here, against its own model.
        user: Output = {"Path": "/", "UserName": "root", "UserId": f"ROOT{call.account_id}"}
        user |= {"Arn": f"{prefix}:root", "CreateDate": enabled}
        serial = f"{prefix}:mfa/root-account-mfa-device"
        output["VirtualMFADevices"].append(
            {"SerialNumber": serial, "EnableDate": enabled, "User": user}
        )
    return output


def credential_report(call: Call, output: Output) -> Output:
    """Put the root user's row first, and the last uses in every row."""
    reader = csv.DictReader(io.StringIO(output["Content"].decode()))
    fields = list(reader.fieldnames or ())
    rows = [_root_row(call, fields), *map(_with_last_uses, reader)]
    text = io.StringIO()
    writer = csv.DictWriter(text, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {**output, "Content": text.getvalue().encode(), "GeneratedTime": utcnow()}


def _root_row(call: Call, fields: list[str]) -> dict[str, str]:
    root = _root(call)
    row = dict.fromkeys(fields, "N/A") | {
        "user": "<root_account>",
        "arn": f"arn:{get_partition(call.region)}:iam::{call.account_id}:root",
        "user_creation_time": _days_ago(1500),
        "password_enabled": str(root.password).lower(),
        "password_last_used": _days_ago(root.last_used),
        "password_last_changed": "not_supported",
        "password_next_rotation": "not_supported",
        "mfa_active": str(root.mfa).lower(),
        "access_key_1_active": str(root.access_key).lower(),
        "access_key_1_last_rotated": _days_ago(1400) if root.access_key else "N/A",
        "access_key_1_last_used_date": _days_ago(400) if root.access_key else "N/A",
    }
    return row | dict.fromkeys(("access_key_2_active", "cert_1_active", "cert_2_active"), "false")


def _with_last_uses(row: dict[str, str]) -> dict[str, str]:
    user = row["user"]
    if user in PASSWORD_LAST_USED:
        row["password_last_used"] = _days_ago(PASSWORD_LAST_USED[user])
    for number, days in enumerate(KEY_LAST_USED.get(user, ()), start=1):
        if days is not None:
            row[f"access_key_{number}_last_used_date"] = _days_ago(days)
            row[f"access_key_{number}_last_used_region"] = HOME_REGION
            row[f"access_key_{number}_last_used_service"] = "s3"
    return row


def identity_center_instances(call: Call, output: Output) -> Output:
    """Leave only the organization's instance: the management account's, in the home region."""
    home = (call.account_id, call.region) == (ACCOUNT_IDS[MANAGEMENT], HOME_REGION)
    return output if home else {"Instances": []}


def permission_set_tags(call: Call) -> Output:
    """The tags of a permission set."""
    return {"Tags": _permission_set(call, "ResourceArn").tags or []}


def put_permission_set_boundary(call: Call) -> Output:
    """Keep the boundary beside moto's permission set."""
    found = _permission_set(call, "PermissionSetArn")
    found.permissions_boundary = call.parameters["PermissionsBoundary"]
    return {}


def permission_set_boundary(call: Call) -> Output:
    """The boundary of a permission set; AWS refuses where there is none."""
    found = _permission_set(call, "PermissionSetArn")
    boundary = getattr(found, "permissions_boundary", None)
    if boundary is None:
        raise Refusal(
            "ResourceNotFoundException", "The permission set has no permissions boundary."
        )
    return {"PermissionsBoundary": boundary}


def accounts_of_permission_set(call: Call) -> Output:
    """The accounts in which a permission set is assigned to anybody."""
    arn = call.parameters["PermissionSetArn"]
    found = {each.target_id for each in _assignments(call) if each.permission_set_arn == arn}
    return {"AccountIds": sorted(found)}


def permission_sets_of_account(call: Call) -> Output:
    """The permission sets that are assigned to anybody in an account."""
    account_id = call.parameters["AccountId"]
    found = {each.permission_set_arn for each in _assignments(call) if each.target_id == account_id}
    return {"PermissionSets": sorted(found)}


def _assignments(call: Call) -> list[Any]:
    found: list[Any] = ssoadmin_backends[call.account_id][call.region].account_assignments
    return found


def _permission_set(call: Call, parameter: str) -> Any:
    arn = call.parameters[parameter]
    for found in ssoadmin_backends[call.account_id][call.region].permission_sets:
        if found.permission_set_arn == arn:
            return found
    raise Refusal("ResourceNotFoundException", f"{arn} does not exist.")


def _root(call: Call) -> Root:
    return ROOTS.get(_NAMES.get(call.account_id, ""), Root())


def _days_ago(days: int | None) -> str:
    if days is None:
        return "no_information"
    return (utcnow() - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S+00:00")
