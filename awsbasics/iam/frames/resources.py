"""What carries roles, what must be there for a path, and which credentials users have."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from awsbasics.collect.tables import TABLES
from awsbasics.iam.estate import Carrier
from awsbasics.iam.frames.rows import Rows, parsed

# Tables whose rows carry a role: the column of the resource's ARN, and that of the role's.
CARRIERS: Mapping[str, tuple[str, str]] = {
    "ec2_instances": ("arn", "instance_profile_arn"),
    "ec2_launch_template_versions": ("arn", "instance_profile"),
    "cloudformation_stacks": ("arn", "role_arn"),
    "lambda_functions": ("arn", "role_arn"),
    "codebuild_projects": ("arn", "service_role_arn"),
    "glue_jobs": ("arn", "role_arn"),
    "sagemaker_notebook_instances": ("arn", "role_arn"),
}
# Tables of things that must be there, whatever role they have.
PRESENT = ("ecs_clusters", "glue_jobs", "cloudformation_stack_sets", "ec2_instances")
_ENDED = frozenset({"terminated", "shutting-down"})


class Resources:
    """What of a snapshot's resources and credentials the ways up ask for."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    @cached_property
    def profiles(self) -> Mapping[str, tuple[str, ...]]:
        """The roles in each instance profile, by its ARN."""
        return {
            row["arn"]: tuple(parsed(row["role_arns"]) or ())
            for row in self._rows.of("iam_instance_profiles", "arn", "role_arns")
        }

    def accounts_with(self, table: str) -> Iterator[str]:
        """The account of each row of a table."""
        return (row["account_id"] for row in self._rows.of(table, "account_id"))

    def carriers(self, table: str) -> Iterator[Carrier]:
        """What of a table carries a role, and is not at its end."""
        arn, role = CARRIERS[table]
        state = ("state",) if table == "ec2_instances" else ()
        for row in self._rows.of(table, "account_id", arn, role, *state):
            if row[role] and not (state and row["state"] in _ENDED):
                for role_arn in self._roles_behind(row["account_id"], row[role]):
                    yield Carrier(row["account_id"], row[arn], role_arn)

    def _roles_behind(self, account_id: str, text: str) -> Iterable[str]:
        """A role's ARN, or those in the instance profile that is meant, by ARN or name."""
        if ":role/" in text:
            return (text,)
        if ":instance-profile/" in text:
            return self.profiles.get(text, ())
        tail = f":{account_id}:instance-profile/"
        named = (a for a in self.profiles if tail in a and a.rpartition("/")[2] == text)
        return self.profiles.get(next(named, ""), ())

    def two_keys(self) -> frozenset[str]:
        """The users that have both access keys that AWS allows."""
        found: dict[str, int] = defaultdict(int)
        for row in self._rows.of("iam_access_keys", "user_arn"):
            found[row["user_arn"]] += 1
        return frozenset(arn for arn, count in found.items() if count > 1)

    def passwords(self) -> Mapping[str, bool]:
        """Whether each user has a password, as far as the credential report tells."""
        rows = self._rows.of("iam_credential_report", "arn", "password_enabled")
        return {r["arn"]: bool(r["password_enabled"]) for r in rows if r["arn"]}


def is_collected(table: str) -> bool:
    """Whether the kit gathers a table that carries roles."""
    known = TABLES.get(table)
    return known is not None and set(CARRIERS[table]) <= {c.name for c in known.all_columns}
