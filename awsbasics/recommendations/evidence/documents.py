"""Policy documents with the principals that hold them, each text parsed once by its users."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsbasics.recommendations.evidence.rows import rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One policy: `resource` is the managed policy, or the principal that it is embedded in.

    `name` is its name, `text` its JSON, None where it was not read. `holders` are the ARNs of
    the users, groups and roles that have it.
    """

    account_id: str
    resource: str
    name: str
    text: str | None
    holders: tuple[str, ...]
    table: str
    aws_managed: bool = False
    path: str = "/"
    boundary_count: int = 0
    inline: bool = False

    def key(self, part: str) -> str:
        """The finding's key for a part: a principal can embed several policies."""
        return f"{self.name}/{part}" if self.inline else part


def managed_policies(facts: "Facts") -> Iterator[Document]:
    """The managed policies of every account, those of AWS that it uses included."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    frame = facts.frame("iam_attachments")
    for row in rows(frame, "account_id", "principal_arn", "policy_arn"):
        holders[row.account_id, row.policy_arn].append(row.principal_arn)
    table = "iam_policies"
    names = ("account_id", "arn", "name", "path", "aws_managed", "document", "boundary_count")
    for policy in rows(facts.frame(table), *names):
        yield Document(
            account_id=policy.account_id,
            resource=policy.arn,
            name=policy.name,
            text=policy.document,
            holders=tuple(holders.get((policy.account_id, policy.arn), ())),
            table=table,
            aws_managed=bool(policy.aws_managed),
            path=policy.path or "/",
            boundary_count=policy.boundary_count or 0,
        )


def inline_policies(facts: "Facts") -> Iterator[Document]:
    """The policies that users, groups and roles embed."""
    table = "iam_inline_policies"
    frame = facts.frame(table)
    for policy in rows(frame, "account_id", "principal_arn", "name", "document"):
        yield Document(
            account_id=policy.account_id,
            resource=policy.principal_arn,
            name=policy.name,
            text=policy.document,
            holders=(policy.principal_arn,),
            table=table,
            inline=True,
        )
