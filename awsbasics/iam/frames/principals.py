"""Users, roles and groups with all their policies."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from awsbasics.iam.estate import SERVICE_LINKED, Group, Kind, MaybePolicy, Principal
from awsbasics.iam.frames.organization import Organization
from awsbasics.iam.frames.policies import Policies
from awsbasics.iam.frames.rows import Row, Rows, parsed
from awsbasics.iam.layers import UNKNOWN


class Principals:
    """The principals of a snapshot; a boundary that it does not hold is UNKNOWN."""

    def __init__(self, rows: Rows, policies: Policies, organization: Organization) -> None:
        self._rows = rows
        self._policies = policies
        self._organization = organization

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """The groups, by ARN."""
        return {
            row["arn"]: Group(
                arn=row["arn"],
                account_id=row["account_id"],
                name=row["name"] or "",
                identity=self._policies.identity(row["arn"], row["account_id"]),
                attached=tuple(self._policies.attached.get(row["arn"], ())),
            )
            for row in self._rows.of("iam_groups", "arn", "account_id", "name")
        }

    @cached_property
    def _memberships(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows.of("iam_group_members", "group_arn", "user_arn"):
            found[row["user_arn"]].append(row["group_arn"])
        return found

    def all(self) -> Iterator[Principal]:
        """Each user and role."""
        common = ("arn", "account_id", "name", "path", "boundary_arn", "tags")
        for row in self._rows.of("iam_users", *common):
            yield self._principal("user", row, self._memberships.get(row["arn"], ()))
        for row in self._rows.of("iam_roles", *common, "trust_policy"):
            yield self._principal("role", row, ())

    def _principal(self, kind: Kind, row: Row, groups: Sequence[str]) -> Principal:
        arn, account_id, path = row["arn"], row["account_id"], row["path"] or "/"
        identity, attached = (
            [*self._policies.identity(arn, account_id)],
            [*self._policies.attached.get(arn, ())],
        )
        for group in groups:
            known = self.groups.get(group)
            identity += known.identity if known else (UNKNOWN,)
            attached += known.attached if known else ()
        if kind == "user" and ("iam_group_members", account_id) not in self._rows.read:
            identity.append(UNKNOWN)
        boundary_arn = row["boundary_arn"] or ""
        boundary = self._policies.managed.get(boundary_arn, UNKNOWN) if boundary_arn else None
        trust: MaybePolicy | None = None
        if kind == "role":
            text = row["trust_policy"]
            trust = self._policies.policy(text, "trust policy") if text else UNKNOWN
        tags = _tags(row["tags"])
        return Principal(
            arn=arn,
            account_id=account_id,
            kind=kind,
            name=row["name"] or arn.rpartition("/")[2],
            path=path,
            identity=tuple(dict.fromkeys(identity)),
            boundary=boundary,
            boundary_arn=boundary_arn,
            guards=None
            if path.startswith(SERVICE_LINKED)
            else self._organization.guards_of(account_id),
            trust=trust,
            tags=tags,
            groups=tuple(groups),
            attached=tuple(dict.fromkeys(attached)),
            known={
                **self._organization.known(account_id),
                **{f"aws:PrincipalTag/{key}": value for key, value in tags.items()},
            },
        )


def _tags(text: str | None) -> Mapping[str, str]:
    tags = parsed(text)
    return tags if isinstance(tags, dict) else {}
