"""What the engine knows of an organization: principals with all their policies, and more.

Pure values; `awsbasics.iam.frames` makes them from a snapshot. Where something was not read,
UNKNOWN stands in its place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.layers import Unknown

Kind = Literal["user", "role"]
MaybePolicy = CompiledPolicy | Unknown
Level = tuple[MaybePolicy, ...]
Guards = tuple[Level, ...] | Unknown | None

SERVICE_LINKED = "/aws-service-role/"
RESERVED = "/aws-reserved/"


@dataclass(frozen=True, slots=True, eq=False)
class Principal:
    """A user or role: `identity` are its own, attached and its groups' policies.

    `boundary` is None where it has none. `guards` are the SCP levels from the root down to its
    account, one object for all principals of an account. `attached` are the ARNs of its managed
    policies, its groups' included. `known` are condition keys that follow from the snapshot.
    """

    arn: str
    account_id: str
    kind: Kind
    name: str
    path: str = "/"
    identity: tuple[MaybePolicy, ...] = ()
    boundary: MaybePolicy | None = None
    boundary_arn: str = ""
    guards: Guards = None
    trust: MaybePolicy | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    known: Mapping[str, Any] = field(default_factory=dict)

    def policies(self) -> Iterable[MaybePolicy]:
        """All that decides what it can do: its own policies, its boundary and its SCPs."""
        yield from self.identity
        if self.boundary is not None:
            yield self.boundary
        for level in self.guards if isinstance(self.guards, tuple) else ():
            yield from level

    @property
    def partition(self) -> str:
        """The ARN's partition."""
        return self.arn.split(":", 2)[1]

    @property
    def is_service_linked(self) -> bool:
        """Whether it belongs to a service, which alone can use and change it."""
        return self.path.startswith(SERVICE_LINKED)

    @property
    def is_protected(self) -> bool:
        """Whether AWS lets nobody change it in IAM: reserved and service-linked roles.

        Source: the IAM Identity Center user guide, "Referencing permission sets in resource
        policies" (its roles are managed from there alone).
        """
        return self.path.startswith((SERVICE_LINKED, RESERVED))


@dataclass(frozen=True, slots=True)
class Group:
    """An IAM group and the policies that membership gives."""

    arn: str
    account_id: str
    name: str
    identity: tuple[MaybePolicy, ...] = ()
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carrier:
    """Something that exists and works with a role: an instance, a function, a stack."""

    account_id: str
    arn: str
    role_arn: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """A role that a person reaches in Identity Center, and by which permission set."""

    role_arn: str
    permission_set: str
    through: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the identity store, with the reserved roles of all assignments."""

    arn: str
    name: str
    account_id: str
    sign_ins: tuple[SignIn, ...]


@dataclass(frozen=True, eq=False)
class Estate:
    """Everything in one snapshot that decides who can do what.

    `permission_sets` are the ARNs of Identity Center's, by name. `carriers` are by table;
    `present` are the accounts in which a table has rows, for tables that are gathered. `guards`
    are the SCP levels of every account that is known, gathered or not, `resource_guards` the
    RCP levels. `clock` are the condition keys of the moment that is asked about (None: absent).
    `delegated` are the accounts that administer a service for all, by the service principal;
    `root_sessions` says whether members' root sessions are switched on (None: not read). `read`
    are the (table, account) pairs of which everything was read.
    """

    principals: Mapping[str, Principal]
    groups: Mapping[str, Group] = field(default_factory=dict)
    customer_policies: Mapping[str, str] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    carriers: Mapping[str, tuple[Carrier, ...]] = field(default_factory=dict)
    profiles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    permission_sets: Mapping[str, str] = field(default_factory=dict)
    instance_of_identity_center: tuple[str, ...] = ()
    present: Mapping[str, frozenset[str]] = field(default_factory=dict)
    accounts: tuple[str, ...] = ()
    guards: Mapping[str, Guards] = field(default_factory=dict)
    resource_guards: Mapping[str, Guards] = field(default_factory=dict)
    management_account_id: str | None = None
    delegated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    root_sessions: bool | None = None
    two_keys: frozenset[str] = frozenset()
    passwords: Mapping[str, bool] = field(default_factory=dict)
    clock: Mapping[str, str | None] = field(default_factory=dict)
    read: frozenset[tuple[str, str]] = frozenset()

    def was_read(self, table: str, account_id: str) -> bool:
        """Whether all of a table is known for an account."""
        return (table, account_id) in self.read

    @cached_property
    def by_account(self) -> Mapping[str, tuple[Principal, ...]]:
        """The principals of each account."""
        return by_account(self.principals.values())

    @cached_property
    def holders(self) -> Mapping[str, tuple[str, ...]]:
        """The principals that a managed policy is on, by its ARN."""
        found: dict[str, list[str]] = {}
        for principal in self.principals.values():
            for arn in principal.attached:
                found.setdefault(arn, []).append(principal.arn)
        return {arn: tuple(each) for arn, each in found.items()}

    def policies(self) -> Iterable[CompiledPolicy]:
        """Every policy that was read, each content at least once."""
        levels: dict[int, Guards] = {}
        for principal in self.principals.values():
            levels[id(principal.guards)] = principal.guards
            yield from _read((*principal.identity, principal.boundary, principal.trust))
        for group in self.groups.values():
            yield from _read(group.identity)
        for guards in levels.values():
            for level in guards if isinstance(guards, tuple) else ():
                yield from _read(level)


def _read(policies: Iterable[MaybePolicy | None]) -> Iterable[CompiledPolicy]:
    return (each for each in policies if isinstance(each, CompiledPolicy))


def by_account(principals: Iterable[Principal]) -> Mapping[str, tuple[Principal, ...]]:
    """Principals by the id of their account."""
    found: dict[str, list[Principal]] = {}
    for principal in principals:
        found.setdefault(principal.account_id, []).append(principal)
    return {account: tuple(each) for account, each in found.items()}
