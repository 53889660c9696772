"""Policies by who holds them; what was not read is UNKNOWN."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from awsbasics.iam.compile import CompiledPolicy, compile_policy
from awsbasics.iam.estate import MaybePolicy
from awsbasics.iam.frames.rows import Rows
from awsbasics.iam.layers import UNKNOWN

_POLICY_TABLES = ("iam_attachments", "iam_inline_policies")


class Policies:
    """The policies of a snapshot; those with the same text are compiled once."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._compiled: dict[tuple[str, str], CompiledPolicy] = {}

    def policy(self, document: str, name: str) -> CompiledPolicy:
        """A document, compiled once."""
        found = self._compiled.get((document, name))
        if found is None:
            found = self._compiled[document, name] = compile_policy(document, name)
        return found

    @cached_property
    def managed(self) -> Mapping[str, MaybePolicy]:
        """The managed policies whose documents were read, by ARN."""
        found: dict[str, MaybePolicy] = {}
        for row in self._rows.of("iam_policies", "arn", "name", "document"):
            if row["document"]:
                found[row["arn"]] = self.policy(row["document"], row["name"] or row["arn"])
        return found

    def of_customer(self) -> Mapping[str, str]:
        """The default versions of the customers' own policies, by ARN."""
        rows = self._rows.of("iam_policies", "arn", "aws_managed", "default_version_id")
        return {r["arn"]: r["default_version_id"] or "" for r in rows if not r["aws_managed"]}

    @cached_property
    def attached(self) -> Mapping[str, list[str]]:
        """The ARNs of the managed policies on each principal or group."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows.of("iam_attachments", "principal_arn", "policy_arn"):
            found[row["principal_arn"]].append(row["policy_arn"])
        return found

    @cached_property
    def _inline(self) -> Mapping[str, list[MaybePolicy]]:
        found: dict[str, list[MaybePolicy]] = defaultdict(list)
        for row in self._rows.of("iam_inline_policies", "principal_arn", "name", "document"):
            text, name = row["document"], row["name"] or ""
            found[row["principal_arn"]].append(self.policy(text, name) if text else UNKNOWN)
        return found

    def identity(self, arn: str, account_id: str) -> tuple[MaybePolicy, ...]:
        """The policies on a user, group or role itself; UNKNOWN once for all that is missing."""
        managed = [self.managed.get(each, UNKNOWN) for each in self.attached.get(arn, ())]
        found = [*self._inline.get(arn, ()), *managed]
        if not all((table, account_id) in self._rows.read for table in _POLICY_TABLES):
            found.append(UNKNOWN)
        return tuple(dict.fromkeys(found))
