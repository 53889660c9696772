"""ENG.9: the account's password policy, where passwords remain."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.rows import counted, listed, rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

REPORT = "iam_credential_report"
POLICY = "iam_password_policy"
ROOT = "<root_account>"  # its password follows rules of its own


def password_policy(facts: "Facts") -> Iterator[Result]:
    """ENG.9: one result per account in which IAM users sign in with a password.

    Length and reuse count, as CIS AWS Foundations has it; expiry and kinds of characters do not.
    """
    reports = rows(facts.frame(REPORT), "account_id", "user", "password_enabled")
    users = Counter(row.account_id for row in reports if row.password_enabled and row.user != ROOT)
    columns = ("account_id", "minimum_password_length", "password_reuse_prevention")
    policies = {row.account_id: row for row in rows(facts.frame(POLICY), *columns)}
    for account, count in sorted(users.items()):
        policy = policies.get(account)
        short = list(_shortcomings(facts, policy))
        if not short:
            yield ok(account)
            continue
        which = f"Account {account} has only AWS's default password policy"
        if policy is not None:
            which = f"The password policy of account {account} is weak"
        number = counted(count, "user signs in", "users sign in")
        title = f"{which}: {listed(short)}; {number} with a password."
        seen: dict[str, Any] = {
            "users": count,
            "minimum_length": policy and policy.minimum_password_length,
            "reuse_prevention": policy and policy.password_reuse_prevention,
        }
        yield fail(account, key="policy", title=title, facts=seen, table=POLICY)


def _shortcomings(facts: "Facts", policy: Any) -> Iterator[str]:
    length = facts.engagement.thresholds["password_length"]
    reuse = facts.engagement.thresholds["password_reuse"]
    if policy is None or (policy.minimum_password_length or 0) < length:
        yield f"passwords may be shorter than {length:g} characters"
    if policy is None or (policy.password_reuse_prevention or 0) < reuse:
        yield f"fewer than {reuse:g} earlier ones are refused"
