"""The bucket of the organization trail's log: where it is, who can write, how long it keeps.

Only a bucket's owner can read its settings: a row lies in the account that owns the bucket.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.evidence.accounts import WORKLOAD_ENVIRONMENTS
from awsbasics.recommendations.evidence.bucket_policies import (
    acl_is_public,
    policy_is_public,
    writers,
)
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, shown
from awsbasics.recommendations.evidence.trails import UNREAD, Part

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "s3_trail_buckets"
SETTINGS = ("policy", "public_access_block", "acl", "lifecycle_rules")
SWITCHES = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")

# A year of logs is what most rules ask for (PCI DSS 10.5.1), and what an inquiry needs.
RETENTION_DAYS = 365


def bucket_parts(facts: "Facts", trail: Any) -> Iterator[Part]:
    """What is asked of a trail's bucket; one unknown part where its owner was not gathered."""
    bucket = _bucket(facts, trail)
    if bucket is None:
        text = f"Bucket {trail.bucket_name} belongs to an account that was not gathered or read."
        yield Part(key="bucket", met=None, severity="high", unread=text, table=TABLE)
        return
    block = from_json(bucket.public_access_block) or {}
    yield _account(facts, bucket)
    yield _public(bucket, block)
    yield _block(bucket, block)
    yield _writers(facts, bucket)
    yield _retention(bucket, trail)


def _bucket(facts: "Facts", trail: Any) -> Any:
    statuses = (f"{name}_status" for name in SETTINGS)
    names = ("account_id", "trail_arn", "name", *SETTINGS, *statuses)
    found = (row for row in rows(facts.frame(TABLE), *names) if row.trail_arn == trail.arn)
    return next(found, None)


def _account(facts: "Facts", bucket: Any) -> Part:
    environment = facts.ownership.environment(bucket.account_id).value
    archive = environment not in WORKLOAD_ENVIRONMENTS and environment != "management"
    return Part(
        key="bucket_account",
        met=None if environment is None else archive,
        severity="high",
        title=f"The log's bucket {bucket.name} lies in a {environment} account, not in an archive.",
        facts={"bucket": bucket.name, "owner": bucket.account_id, "environment": environment},
        table=TABLE,
        unread=f"Bucket {bucket.name} is account {bucket.account_id}'s, of no known environment.",
    )


def _public(bucket: Any, block: Mapping[str, Any]) -> Part:
    """Public by policy or by access control list, unless a switch of the bucket undoes it."""
    by_policy = policy_is_public(bucket.policy) and not block.get("RestrictPublicBuckets")
    by_acl = acl_is_public(from_json(bucket.acl)) and not block.get("IgnorePublicAcls")
    unread = {bucket.policy_status, bucket.acl_status, bucket.public_access_block_status} & UNREAD
    return Part(
        key="bucket_public",
        met=None if unread else not (by_policy or by_acl),
        severity="critical",
        title=f"The log's bucket {bucket.name} is public.",
        facts={"bucket": bucket.name, "by_policy": by_policy, "by_acl": by_acl},
        table=TABLE,
        unread=f"Whether bucket {bucket.name} is public was not read.",
    )


def _block(bucket: Any, block: Mapping[str, Any]) -> Part:
    off = [name for name in SWITCHES if not block.get(name)]
    return Part(
        key="bucket_public_access_block",
        met=None if bucket.public_access_block_status in UNREAD else not off,
        severity="high",
        title=f"Bucket {bucket.name} of the log does not block public access: {listed(off)}.",
        facts={
            "bucket": bucket.name,
            "off": off,
            "note": "the account's own switches do not count",
        },
        table=TABLE,
        unread=f"The public access block of bucket {bucket.name} was not read.",
    )


def _writers(facts: "Facts", bucket: Any) -> Part:
    """Whoever the policy lets write, other than the owner, services, and security's accounts."""
    strangers = [
        writer
        for writer, account_id in writers(bucket.policy)
        if account_id is None or not _is_trusted(facts, bucket, account_id)
    ]
    return Part(
        key="bucket_writers",
        met=None if bucket.policy_status in UNREAD else not strangers,
        severity="critical",
        title=f"The log's bucket {bucket.name} lets others than CloudTrail write or delete.",
        facts={"bucket": bucket.name, "writers": shown(strangers)},
        table=TABLE,
        unread=f"The policy of bucket {bucket.name} was not read.",
    )


def _is_trusted(facts: "Facts", bucket: Any, account_id: str) -> bool:
    if account_id == bucket.account_id:
        return True
    environment = facts.ownership.environment(account_id).value
    return environment is not None and environment not in WORKLOAD_ENVIRONMENTS


def _retention(bucket: Any, trail: Any) -> Part:
    prefix = f"{trail.bucket_prefix}/AWSLogs/" if trail.bucket_prefix else "AWSLogs/"
    early = [
        rule.get("ID", "without a name")
        for rule in from_json(bucket.lifecycle_rules) or ()
        if _expires_early(rule) and _concerns(rule, prefix)
    ]
    return Part(
        key="retention",
        met=None if bucket.lifecycle_rules_status in UNREAD else not early,
        severity="medium",
        title=f"Bucket {bucket.name} deletes the log within {RETENTION_DAYS} days.",
        facts={"bucket": bucket.name, "rules": early, "wanted_days": RETENTION_DAYS},
        table=TABLE,
        unread=f"How long bucket {bucket.name} keeps the log was not read.",
    )


def _expires_early(rule: Mapping[str, Any]) -> bool:
    """Whether a lifecycle rule removes objects before their year is over; a date always does."""
    expiration = rule.get("Expiration") or {}
    days = expiration.get("Days")
    soon = "Date" in expiration or (days is not None and days < RETENTION_DAYS)
    return rule.get("Status") == "Enabled" and soon


def _concerns(rule: Mapping[str, Any], prefix: str) -> bool:
    """Whether a rule takes in the log's files, which have no tags."""
    chosen = rule.get("Filter") or {}
    both = chosen.get("And") or {}
    if "Tag" in chosen or both.get("Tags"):
        return False
    own = rule.get("Prefix") or chosen.get("Prefix") or both.get("Prefix") or ""
    return bool(prefix.startswith(own) or own.startswith(prefix))
