"""From a snapshot's frames to the estate that the engine works on; alone knows pandas.

What was not read is UNKNOWN: an attached policy whose document is missing, a boundary that the
snapshot does not hold, SCPs that nobody could list.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from awsbasics.collect.tables import TABLES
from awsbasics.coverage import READ
from awsbasics.iam.compile import CompiledPolicy, compile_policy
from awsbasics.iam.estate import (
    SERVICE_LINKED,
    Carrier,
    Estate,
    Group,
    Guards,
    Kind,
    Level,
    MaybePolicy,
    Person,
    Principal,
    SignIn,
)
from awsbasics.iam.layers import UNKNOWN
from awsbasics.snapshot import Snapshot

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
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
_POLICY_TABLES = ("iam_attachments", "iam_inline_policies")
_GUARD_TABLES = (
    "organizations_accounts",
    "organizations_ous",
    "organizations_roots",
    "organizations_policies",
    "organizations_policy_targets",
)
_OFF = frozenset({"region_off", "scp_denied"})
_ENDED = frozenset({"terminated", "shutting-down"})

Row = dict[str, Any]
Moment = datetime | pd.Timestamp | str | None


def estate_of(snapshot: Snapshot, as_of: Moment = None) -> Estate:
    """All that decides who can do what; `as_of` defaults to the moment the data speaks of."""
    return _Loader(snapshot).estate(_clock(snapshot, as_of))


def frame_of(rows: Iterable[Sequence[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Rows as a typed frame; `columns` gives each name its dtype."""
    return pd.DataFrame(list(rows), columns=list(columns)).astype(dict(columns))


def frame_of_columns(values: Mapping[str, Any]) -> pd.DataFrame:
    """Whole columns of text as a frame."""
    return pd.DataFrame(dict(values)).astype("str")


def _clock(snapshot: Snapshot, as_of: Moment) -> Mapping[str, str]:
    moment = snapshot.collected_at if as_of is None else pd.Timestamp(as_of)
    moment = moment.tz_localize(UTC) if moment.tzinfo is None else moment.tz_convert(UTC)
    seconds = int(moment.timestamp())
    shown = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"aws:CurrentTime": shown, "aws:EpochTime": str(seconds)}


class _Loader:
    """Reads each frame once; policies with the same text are compiled once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._compiled: dict[tuple[str, str], CompiledPolicy] = {}
        self._guards: dict[tuple[str, str], Guards] = {}

    def estate(self, clock: Mapping[str, str]) -> Estate:
        snapshot = self._snapshot
        principals = {principal.arn: principal for principal in self._principals()}
        instances = tuple(row["arn"] for row in self._rows("sso_instances", "arn"))
        return Estate(
            principals=principals,
            groups={group.arn: group for group in self._groups.values()},
            customer_policies=self._customer_policies(),
            people=tuple(self._people(principals.values())),
            carriers={t: tuple(self._carriers(t)) for t in CARRIERS if _is_collected(t)},
            profiles=self._profiles,
            permission_sets={name: arn for arn, name in self._permission_sets.items()},
            instance_of_identity_center=instances,
            present={t: frozenset(self._accounts_with(t)) for t in PRESENT if t in TABLES},
            accounts=snapshot.gathered_accounts,
            guards={a: self._guards_of(a) for a in self._accounts()},
            resource_guards={a: self._guards_of(a, RCP) for a in snapshot.gathered_accounts},
            management_account_id=snapshot.management_account_id,
            delegated=self._delegated(),
            root_sessions=self._root_sessions(),
            two_keys=self._two_keys(),
            passwords=self._passwords(),
            clock=clock,
            read=self._read,
        )

    def _rows(self, table: str, *columns: str) -> Iterator[Row]:
        """The rows of a table as dicts, missing values as None."""
        frame = self._snapshot.frame(table, columns=columns)
        texts = frame.astype(object).where(frame.notna(), None)
        for values in zip(*(texts[column] for column in columns), strict=True):
            yield dict(zip(columns, values, strict=True))

    @cached_property
    def _read(self) -> frozenset[tuple[str, str]]:
        """The (table, account) pairs of which everything was read; closed regions do not count."""
        coverage = self._snapshot.coverage
        rows = coverage.loc[~coverage["status"].isin(_OFF), ["table", "account_id", "status"]]
        whole = rows["status"].isin(READ).groupby([rows["table"], rows["account_id"]]).all()
        return frozenset(whole[whole].index)

    def _was_read(self, table: str) -> bool:
        """Whether an organization's table was read, whichever account was asked."""
        return table in self._tables_read

    @cached_property
    def _tables_read(self) -> frozenset[str]:
        return frozenset(table for table, _ in self._read)

    # Policies

    def _policy(self, document: str, name: str) -> CompiledPolicy:
        found = self._compiled.get((document, name))
        if found is None:
            found = self._compiled[document, name] = compile_policy(document, name)
        return found

    @cached_property
    def _managed(self) -> Mapping[str, MaybePolicy]:
        found: dict[str, MaybePolicy] = {}
        for row in self._rows("iam_policies", "arn", "name", "document"):
            if row["document"]:
                found[row["arn"]] = self._policy(row["document"], row["name"] or row["arn"])
        return found

    def _customer_policies(self) -> Mapping[str, str]:
        rows = self._rows("iam_policies", "arn", "aws_managed", "default_version_id")
        return {r["arn"]: r["default_version_id"] or "" for r in rows if not r["aws_managed"]}

    @cached_property
    def _attached(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("iam_attachments", "principal_arn", "policy_arn"):
            found[row["principal_arn"]].append(row["policy_arn"])
        return found

    @cached_property
    def _inline(self) -> Mapping[str, list[MaybePolicy]]:
        found: dict[str, list[MaybePolicy]] = defaultdict(list)
        for row in self._rows("iam_inline_policies", "principal_arn", "name", "document"):
            text, name = row["document"], row["name"] or ""
            found[row["principal_arn"]].append(self._policy(text, name) if text else UNKNOWN)
        return found

    def _identity(self, arn: str, account_id: str) -> tuple[MaybePolicy, ...]:
        """The policies on a user, group or role itself; UNKNOWN once for all that is missing."""
        managed = [self._managed.get(each, UNKNOWN) for each in self._attached.get(arn, ())]
        found = [*self._inline.get(arn, ()), *managed]
        if not all((table, account_id) in self._read for table in _POLICY_TABLES):
            found.append(UNKNOWN)
        return tuple(dict.fromkeys(found))

    # Principals

    @cached_property
    def _groups(self) -> Mapping[str, Group]:
        return {
            row["arn"]: Group(
                arn=row["arn"],
                account_id=row["account_id"],
                name=row["name"] or "",
                identity=self._identity(row["arn"], row["account_id"]),
                attached=tuple(self._attached.get(row["arn"], ())),
            )
            for row in self._rows("iam_groups", "arn", "account_id", "name")
        }

    @cached_property
    def _memberships(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("iam_group_members", "group_arn", "user_arn"):
            found[row["user_arn"]].append(row["group_arn"])
        return found

    def _principals(self) -> Iterator[Principal]:
        common = ("arn", "account_id", "name", "path", "boundary_arn", "tags")
        for row in self._rows("iam_users", *common):
            yield self._principal("user", row, self._memberships.get(row["arn"], ()))
        for row in self._rows("iam_roles", *common, "trust_policy"):
            yield self._principal("role", row, ())

    def _principal(self, kind: Kind, row: Row, groups: Sequence[str]) -> Principal:
        arn, account_id, path = row["arn"], row["account_id"], row["path"] or "/"
        identity, attached = [*self._identity(arn, account_id)], [*self._attached.get(arn, ())]
        for group in groups:
            known = self._groups.get(group)
            identity += known.identity if known else (UNKNOWN,)
            attached += known.attached if known else ()
        if kind == "user" and ("iam_group_members", account_id) not in self._read:
            identity.append(UNKNOWN)
        boundary_arn = row["boundary_arn"] or ""
        boundary = self._managed.get(boundary_arn, UNKNOWN) if boundary_arn else None
        trust: MaybePolicy | None = None
        if kind == "role":
            text = row["trust_policy"]
            trust = self._policy(text, "trust policy") if text else UNKNOWN
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
            guards=None if path.startswith(SERVICE_LINKED) else self._guards_of(account_id),
            trust=trust,
            tags=tags,
            groups=tuple(groups),
            attached=tuple(dict.fromkeys(attached)),
            known={
                **self._known(account_id),
                **{f"aws:PrincipalTag/{key}": value for key, value in tags.items()},
            },
        )

    def _known(self, account_id: str) -> Row:
        """The condition keys of an account's principals that the organization gives."""
        place = self._nodes.get(account_id)
        if place is None or self._organization_id is None:
            return {}
        path = "/".join([self._organization_id, *self._chain(account_id)[:-1], ""])
        return {"aws:PrincipalOrgID": self._organization_id, "aws:PrincipalOrgPaths": [path]}

    # The organization

    @cached_property
    def _organization_id(self) -> str | None:
        return next((row["id"] for row in self._rows("organizations_organization", "id")), None)

    @cached_property
    def _nodes(self) -> Mapping[str, str]:
        """The parent of each account and unit, by id; empty for a root."""
        tables = ("organizations_accounts", "organizations_ous")
        found = {row["id"]: "" for row in self._rows("organizations_roots", "id")}
        for table in tables:
            found |= {r["id"]: r["parent_id"] or "" for r in self._rows(table, "id", "parent_id")}
        return found

    def _chain(self, account_id: str) -> list[str]:
        """The ids from the root down to an account."""
        chain = [account_id]
        while parent := self._nodes.get(chain[-1]):
            if parent in chain:
                break
            chain.append(parent)
        return chain[::-1]

    @cached_property
    def _levels(self) -> Mapping[tuple[str, str], Level]:
        """The policies of a type attached to each root, unit and account."""
        contents: dict[str, tuple[str, MaybePolicy]] = {}
        for row in self._rows("organizations_policies", "id", "name", "type", "content"):
            text = row["content"]
            known = self._policy(text, row["name"] or row["id"]) if text else UNKNOWN
            contents[row["id"]] = (row["type"], known)
        found: dict[tuple[str, str], list[MaybePolicy]] = defaultdict(list)
        for row in self._rows("organizations_policy_targets", "policy_id", "target_id"):
            if row["policy_id"] in contents:
                kind, policy = contents[row["policy_id"]]
                found[row["target_id"], kind].append(policy)
        return {target: tuple(policies) for target, policies in found.items()}

    def _accounts(self) -> Iterable[str]:
        listed = (row["id"] for row in self._rows("organizations_accounts", "id"))
        return dict.fromkeys((*self._snapshot.gathered_accounts, *listed))

    def _guards_of(self, account_id: str, kind: str = SCP) -> Guards:
        if (account_id, kind) not in self._guards:
            self._guards[account_id, kind] = self._find_guards(account_id, kind)
        return self._guards[account_id, kind]

    def _find_guards(self, account_id: str, kind: str) -> Guards:
        manifest = self._snapshot.manifest
        if account_id == self._snapshot.management_account_id:
            return None
        if manifest.get("kind") == "authorization_details":
            return None  # an export is about one account's own policies, whatever is above it
        if self._organization_id is None and self._was_read("organizations_organization"):
            return None
        if not all(map(self._was_read, _GUARD_TABLES)) or account_id not in self._nodes:
            return UNKNOWN
        if not self._is_on(kind):
            return None
        # AWS keeps at least one policy at every level: where none is listed, it was not seen.
        return tuple(self._levels.get((n, kind)) or (UNKNOWN,) for n in self._chain(account_id))

    def _is_on(self, kind: str) -> bool:
        """Whether a type of policy is switched on; where no root says so, by what is attached."""
        found = [
            _json(r["policy_types"]) for r in self._rows("organizations_roots", "policy_types")
        ]
        known = [each for types in found for each in types or ()]
        if not known:
            return any(of_kind == kind for _, of_kind in self._levels)
        return any(e.get("Type") == kind and e.get("Status") == "ENABLED" for e in known)

    def _delegated(self) -> Mapping[str, tuple[str, ...]]:
        table = "organizations_delegated_administrators"
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows(table, "id", "services"):
            for service in _json(row["services"]) or ():
                found[str(service)].append(row["id"])
        return {service: tuple(accounts) for service, accounts in found.items()}

    def _root_sessions(self) -> bool | None:
        table = "iam_organizations_features"
        if not self._was_read(table):
            return None
        features = [_json(row["enabled_features"]) for row in self._rows(table, "enabled_features")]
        return any("RootSessions" in (each or ()) for each in features)

    # Resources and people

    @cached_property
    def _profiles(self) -> Mapping[str, tuple[str, ...]]:
        """The roles in each instance profile, by its ARN."""
        return {
            row["arn"]: tuple(_json(row["role_arns"]) or ())
            for row in self._rows("iam_instance_profiles", "arn", "role_arns")
        }

    def _accounts_with(self, table: str) -> Iterator[str]:
        return (row["account_id"] for row in self._rows(table, "account_id"))

    def _carriers(self, table: str) -> Iterator[Carrier]:
        arn, role = CARRIERS[table]
        state = ("state",) if table == "ec2_instances" else ()
        for row in self._rows(table, "account_id", arn, role, *state):
            if row[role] and not (state and row["state"] in _ENDED):
                for role_arn in self._roles_behind(row["account_id"], row[role]):
                    yield Carrier(row["account_id"], row[arn], role_arn)

    def _roles_behind(self, account_id: str, text: str) -> Iterable[str]:
        """A role's ARN, or those in the instance profile that is meant, by ARN or name."""
        if ":role/" in text:
            return (text,)
        if ":instance-profile/" in text:
            return self._profiles.get(text, ())
        tail = f":{account_id}:instance-profile/"
        named = (a for a in self._profiles if tail in a and a.rpartition("/")[2] == text)
        return self._profiles.get(next(named, ""), ())

    def _two_keys(self) -> frozenset[str]:
        found: dict[str, int] = defaultdict(int)
        for row in self._rows("iam_access_keys", "user_arn"):
            found[row["user_arn"]] += 1
        return frozenset(arn for arn, count in found.items() if count > 1)

    def _passwords(self) -> Mapping[str, bool]:
        rows = self._rows("iam_credential_report", "arn", "password_enabled")
        return {r["arn"]: bool(r["password_enabled"]) for r in rows if r["arn"]}

    def _people(self, principals: Iterable[Principal]) -> Iterator[Person]:
        users = list(self._rows("identitystore_users", "id", "user_name", "account_id"))
        if not users:
            return
        reserved = _reserved_roles(principals)
        sets = self._permission_sets
        of_user, of_group = self._assignments()
        members = self._members()
        groups = dict(self._group_names())
        partition = str(self._snapshot.manifest.get("partition", "aws"))
        for user in users:
            own = [(each, "") for each in of_user.get(user["id"], ())]
            own += [
                (each, groups.get(group, group))
                for group in members.get(user["id"], ())
                for each in of_group.get(group, ())
            ]
            sign_ins = (
                SignIn(role, sets[arn], through)
                for (arn, account), through in own
                if arn in sets
                for role in reserved.get((account, sets[arn]), ())
            )
            arn = f"arn:{partition}:identitystore:::user/{user['id']}"
            name = user["user_name"] or user["id"]
            yield Person(arn, name, user["account_id"], tuple(dict.fromkeys(sign_ins)))

    @cached_property
    def _permission_sets(self) -> Mapping[str, str]:
        """The names of Identity Center's permission sets, by ARN."""
        return {r["arn"]: r["name"] or "" for r in self._rows("sso_permission_sets", "arn", "name")}

    def _assignments(self) -> tuple[dict[str, list[tuple[str, str]]], ...]:
        users: dict[str, list[tuple[str, str]]] = defaultdict(list)
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        columns = ("principal_type", "principal_id", "permission_set_arn", "target_account_id")
        for row in self._rows("sso_assignments", *columns):
            found = users if row["principal_type"] == "USER" else groups
            place = (row["permission_set_arn"], row["target_account_id"])
            found[row["principal_id"]].append(place)
        return users, groups

    def _members(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("identitystore_group_members", "group_id", "user_id"):
            found[row["user_id"]].append(row["group_id"])
        return found

    def _group_names(self) -> Iterator[tuple[str, str]]:
        for row in self._rows("identitystore_groups", "id", "display_name"):
            yield row["id"], row["display_name"] or row["id"]


def _is_collected(table: str) -> bool:
    """Whether the kit gathers a table that carries roles."""
    known = TABLES.get(table)
    return known is not None and set(CARRIERS[table]) <= {c.name for c in known.all_columns}


def _reserved_roles(principals: Iterable[Principal]) -> Mapping[tuple[str, str], list[str]]:
    """Identity Center's roles by account and permission set: AWSReservedSSO_<set>_<16 digits>."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in principals:
        head, _, _ = each.name.rpartition("_")
        if each.kind == "role" and head.startswith("AWSReservedSSO_"):
            found[each.account_id, head.removeprefix("AWSReservedSSO_")].append(each.arn)
    return found


def _tags(text: str | None) -> Mapping[str, str]:
    tags = _json(text)
    return tags if isinstance(tags, dict) else {}


def _json(text: str | None) -> Any:
    return json.loads(text) if text else None
