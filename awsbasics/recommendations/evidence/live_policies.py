"""What principals are really allowed: their rows and their policies, by name and ARN."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.evidence.rows import rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

EMBEDDED = "iam_inline_policies"
ATTACHED = "iam_attachments"
TABLES = {
    "AWS::IAM::Role": "iam_roles",
    "AWS::IAM::User": "iam_users",
    "AWS::IAM::Group": "iam_groups",
}


class LivePolicies:
    """All accounts' principals and policies; `facts.live_policies` are these, found once.

    `principals` are rows by CloudFormation's type, account and name; `policies` rows by ARN;
    `embedded` and `attached` the rows of a principal's ARN.
    """

    kinds = tuple(TABLES)

    def __init__(self, facts: "Facts") -> None:
        self.principals = {
            (kind, row.account_id, row.name): row
            for kind, table in TABLES.items()
            for row in rows(facts.frame(table), *_columns(kind))
        }
        frame = facts.frame("iam_policies")
        self.policies = {
            row.arn: row for row in rows(frame, "arn", "name", "document") if row.document
        }
        self.embedded = _by_principal(facts, EMBEDDED, "name", "document")
        self.attached = _by_principal(facts, ATTACHED, "policy_arn")


def _columns(kind: str) -> tuple[str, ...]:
    more = {"AWS::IAM::Role": ("boundary_arn", "trust_policy"), "AWS::IAM::User": ("boundary_arn",)}
    return ("account_id", "arn", "name", *more.get(kind, ()))


def _by_principal(facts: "Facts", table: str, *columns: str) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows(facts.frame(table), "principal_arn", *columns):
        found[row.principal_arn].append(row)
    return found
