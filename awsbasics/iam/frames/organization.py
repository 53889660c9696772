"""The organization's tree, and the guard rails on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from awsbasics.iam.estate import Guards, Level, MaybePolicy
from awsbasics.iam.frames.policies import Policies
from awsbasics.iam.frames.rows import Row, Rows, parsed
from awsbasics.iam.layers import UNKNOWN

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
_GUARD_TABLES = (
    "organizations_accounts",
    "organizations_ous",
    "organizations_roots",
    "organizations_policies",
    "organizations_policy_targets",
)


class Organization:
    """Accounts, units and what is attached to them."""

    def __init__(self, rows: Rows, policies: Policies) -> None:
        self._rows = rows
        self._policies = policies
        self._guards: dict[tuple[str, str], Guards] = {}

    def known(self, account_id: str) -> Row:
        """The condition keys of an account's principals that the organization gives."""
        place = self._nodes.get(account_id)
        if place is None or self._organization_id is None:
            return {}
        path = "/".join([self._organization_id, *self._chain(account_id)[:-1], ""])
        return {"aws:PrincipalOrgID": self._organization_id, "aws:PrincipalOrgPaths": [path]}

    @cached_property
    def _organization_id(self) -> str | None:
        return next((row["id"] for row in self._rows.of("organizations_organization", "id")), None)

    @cached_property
    def _nodes(self) -> Mapping[str, str]:
        """The parent of each account and unit, by id; empty for a root."""
        tables = ("organizations_accounts", "organizations_ous")
        found = {row["id"]: "" for row in self._rows.of("organizations_roots", "id")}
        for table in tables:
            found |= {
                r["id"]: r["parent_id"] or "" for r in self._rows.of(table, "id", "parent_id")
            }
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
        for row in self._rows.of("organizations_policies", "id", "name", "type", "content"):
            text = row["content"]
            known = self._policies.policy(text, row["name"] or row["id"]) if text else UNKNOWN
            contents[row["id"]] = (row["type"], known)
        found: dict[tuple[str, str], list[MaybePolicy]] = defaultdict(list)
        for row in self._rows.of("organizations_policy_targets", "policy_id", "target_id"):
            if row["policy_id"] in contents:
                kind, policy = contents[row["policy_id"]]
                found[row["target_id"], kind].append(policy)
        return {target: tuple(policies) for target, policies in found.items()}

    def accounts(self) -> Iterable[str]:
        """The accounts that were gathered or are listed."""
        listed = (row["id"] for row in self._rows.of("organizations_accounts", "id"))
        return dict.fromkeys((*self._rows.snapshot.gathered_accounts, *listed))

    def guards_of(self, account_id: str, kind: str = SCP) -> Guards:
        """The SCP (or RCP) levels over an account; None where the type does not apply."""
        if (account_id, kind) not in self._guards:
            self._guards[account_id, kind] = self._find_guards(account_id, kind)
        return self._guards[account_id, kind]

    def _find_guards(self, account_id: str, kind: str) -> Guards:
        manifest = self._rows.snapshot.manifest
        if account_id == self._rows.snapshot.management_account_id:
            return None
        if manifest.get("kind") == "authorization_details":
            return None  # an export is about one account's own policies, whatever is above it
        if self._organization_id is None and self._rows.was_read("organizations_organization"):
            return None
        if not all(map(self._rows.was_read, _GUARD_TABLES)) or account_id not in self._nodes:
            return UNKNOWN
        if not self._is_on(kind):
            return None
        # AWS keeps at least one policy at every level: where none is listed, it was not seen.
        return tuple(self._levels.get((n, kind)) or (UNKNOWN,) for n in self._chain(account_id))

    def _is_on(self, kind: str) -> bool:
        """Whether a type of policy is switched on; where no root says so, by what is attached."""
        known = self._policy_types
        if not known:
            return any(of_kind == kind for _, of_kind in self._levels)
        return any(e.get("Type") == kind and e.get("Status") == "ENABLED" for e in known)

    @cached_property
    def _policy_types(self) -> tuple[Mapping[str, str], ...]:
        """The types of policies that the roots know, with their status."""
        rows = self._rows.of("organizations_roots", "policy_types")
        return tuple(each for row in rows for each in parsed(row["policy_types"]) or ())

    def delegated(self) -> Mapping[str, tuple[str, ...]]:
        """The accounts that administer a service for the organization, by service."""
        table = "organizations_delegated_administrators"
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows.of(table, "id", "services"):
            for service in parsed(row["services"]) or ():
                found[str(service)].append(row["id"])
        return {service: tuple(accounts) for service, accounts in found.items()}

    def root_sessions(self) -> bool | None:
        """Whether root sessions in members are on; None where that was not read."""
        table = "iam_organizations_features"
        if not self._rows.was_read(table):
            return None
        features = [
            parsed(row["enabled_features"]) for row in self._rows.of(table, "enabled_features")
        ]
        return any("RootSessions" in (each or ()) for each in features)
