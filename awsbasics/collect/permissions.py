"""The IAM policies that a gather needs: every call that the tables declare, and no other.

IAM counts a managed policy's characters without whitespace and takes no more than 6,144
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html); what does not
fit one policy is spread over several.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from awsbasics.collect.tables import ACTION_PREFIXES, TABLES, permissions_of
from awsbasics.errors import UsageError

MANAGED_POLICY_LIMIT = 6_144
ENTERING = "sts:AssumeRole"
"""What the account that a gather starts in needs beside them, to enter the others."""

NAMED_OTHERWISE: Mapping[tuple[str, str], str] = {
    ("s3", "GetBucketLifecycleConfiguration"): "s3:GetLifecycleConfiguration",
    ("s3", "GetObjectLockConfiguration"): "s3:GetBucketObjectLockConfiguration",
    ("s3", "GetPublicAccessBlock"): "s3:GetBucketPublicAccessBlock",
    ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
    ("s3control", "GetPublicAccessBlock"): "s3:GetAccountPublicAccessBlock",
}
"""The actions of calls whose operation IAM does not know by its name."""

Policy = dict[str, Any]


def needed_actions() -> list[str]:
    """The IAM actions of all tables as `prefix:Action`, sorted."""
    return sorted({action for table in TABLES.values() for action in permissions_of(table)})


def action_of(service: str, operation: str) -> str:
    """The IAM action of a call, from boto3's name of the service and AWS's of the operation."""
    prefix = ACTION_PREFIXES.get(service, service)
    return NAMED_OTHERWISE.get((service, operation), f"{prefix}:{operation}")


def read_only_policies(
    actions: Iterable[str] | None = None, limit: int = MANAGED_POLICY_LIMIT
) -> list[Policy]:
    """Policies that together allow the actions (default: all that are needed), each in the limit.

    Raises ValueError where an action alone is longer than the limit.
    """
    policies: list[list[str]] = [[]]
    for action in needed_actions() if actions is None else sorted(set(actions)):
        if size(allow([*policies[-1], action])) > limit:
            policies.append([])
        policies[-1].append(action)
        if size(allow(policies[-1])) > limit:
            raise ValueError(f"{action} alone is longer than {limit} characters")
    return [allow(part) for part in policies if part]


def allow(actions: Sequence[str]) -> Policy:
    """A policy document that allows actions on everything."""
    statement = {"Sid": "Gather", "Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def size(policy: Policy) -> int:
    """A policy's characters as IAM counts them: without whitespace."""
    return len(json.dumps(policy, separators=(",", ":")))


def minimum_policy() -> str:
    """The policy as JSON; a JSON list of policies where one would be too long for IAM."""
    policies = read_only_policies()
    return json.dumps(policies[0] if len(policies) == 1 else policies, indent=2)


def write_policies(folder: Path) -> list[Path]:
    """Write each policy to `policy-N.json` in a folder, and say where they are.

    Raises UsageError where the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder, n, policy) for n, policy in enumerate(read_only_policies(), 1)]
    except OSError as error:
        raise UsageError(f"{folder} cannot be written to: {error.strerror or error}") from error


def _write(folder: Path, number: int, policy: Policy) -> Path:
    path = folder / f"policy-{number}.json"
    path.write_text(json.dumps(policy, indent=2) + "\n", encoding="utf-8")
    return path
