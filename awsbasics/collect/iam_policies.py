"""Managed policies: the account's own, and those of AWS that it uses.

AWS's policies are the same in every account, so each is read once in a whole gather, and
only if it is attached or is a boundary. A document that cannot be read is a row whose
`document` is null and whose `document_status` says why.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from awsbasics.collect.iam import CREATED, OPERATION, PARAMETERS, authorization_details, principals
from awsbasics.collect.shaping import Unread, account_of, answered
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table, dig

NO_DEFAULT_VERSION = Answer(
    "error", None, "NoDefaultVersion", "the answer lacks the policy's default version"
)


def _policies(call: Caller) -> Iterator[Item]:
    attached, boundaries = _uses(call)
    policies = authorization_details(call, "Policies")
    known = {policy["Arn"] for policy in policies}
    used = {*attached, *boundaries} - known
    missing = sorted(arn for arn in used if account_of(arn) == "aws")
    for policy in [
        *map(_with_document, policies),
        *call.map(lambda arn: _of_aws(call, arn), missing),
    ]:
        arn = policy["Arn"]
        yield {
            **policy,
            "aws_managed": account_of(arn) == "aws",
            "attachment_count": attached[arn],
            "boundary_count": boundaries[arn],
        }


def _uses(call: Caller) -> tuple[Counter[str], Counter[str]]:
    """How often each policy is attached, and how often it is a boundary, in this account."""
    attached: Counter[str] = Counter()
    boundaries: Counter[str] = Counter()
    for _, principal, _ in principals(call):
        attached.update(dig(principal, "AttachedManagedPolicies[].PolicyArn"))
        boundary = dig(principal, "PermissionsBoundary.PermissionsBoundaryArn")
        boundaries.update([boundary] if boundary else [])
    return attached, boundaries


def _with_document(policy: Item) -> dict[str, Any]:
    default = policy.get("DefaultVersionId", "")
    documents = [
        version["Document"]
        for version in policy.get("PolicyVersionList") or ()
        if version.get("IsDefaultVersion") or version.get("VersionId") == default
    ]
    document = Answer("ok", documents[0]) if documents else NO_DEFAULT_VERSION
    return {**policy, "document": document}


def _of_aws(call: Caller, arn: str) -> Item:
    """A policy of AWS's; asked anew in this account where the first was not allowed to."""
    try:
        policy: Item = call.shared(("iam", "policy", arn), lambda: _read_for_all(call, arn))
    except Unread as unread:
        return unread.value if unread.account_id == call.account_id else _read(call, arn)
    return policy


def _read_for_all(call: Caller, arn: str) -> Item:
    policy = _read(call, arn)
    if policy["document"].status != "ok":
        raise Unread(policy, call.account_id)
    return policy


def _read(call: Caller, arn: str) -> dict[str, Any]:
    policy = call.answer("iam", "GetPolicy", "Policy", PolicyArn=arn)
    if policy.status != "ok":
        return {"Arn": arn, "PolicyName": arn.rpartition("/")[2], "document": policy}
    version = policy.value["DefaultVersionId"]
    path = "PolicyVersion.Document"
    document = call.answer("iam", "GetPolicyVersion", path, PolicyArn=arn, VersionId=version)
    return {**policy.value, "document": document}


TABLES = (
    Table(
        name="iam_policies",
        description="The account's managed policies, and those of AWS that it uses.",
        service="iam",
        operation=OPERATION,
        path="Policies",
        parameters=PARAMETERS,
        scope="account",
        gather=_policies,
        each=answered("document"),
        follow_ups=(
            FollowUp(service="iam", operation="GetPolicy", per="policy of AWS's in use"),
            FollowUp(service="iam", operation="GetPolicyVersion", per="policy of AWS's in use"),
        ),
        columns=(
            Column("arn", "string", "Arn", "ARN of the policy; AWS's have the account `aws`."),
            Column("name", "string", "PolicyName", "Name of the policy."),
            Column("path", "string", "Path", "IAM path, `/` by default."),
            Column("id", "string", "PolicyId", "AWS's id of the policy, ANPA…"),
            Column("aws_managed", "bool", "", "Whether AWS maintains the policy."),
            Column("default_version_id", "string", "DefaultVersionId", "The version in force."),
            Column("attachment_count", "int", "", "Users, groups and roles here that it is on."),
            Column("boundary_count", "int", "", "Users and roles here whose boundary it is."),
            CREATED,
            Column("updated", "timestamp", "UpdateDate", "When its last version was made."),
            Column(
                "document", "json", "", "The default version's policy document.", follow_up=True
            ),
        ),
    ),
)
