"""What a path is: its actions, what each must be allowed on, and who is gained."""

from dataclasses import dataclass
from enum import StrEnum


class On(StrEnum):
    """What an action must be allowed on."""

    ANY = "any"  # something that the caller makes, or picks
    SELF = "self"
    TARGET = "target"  # the role or user to be gained
    PASSED = "passed"  # the role to be gained, handed to a service
    GROUP = "group"  # a group: the caller's own, or the one to join
    POLICY = "policy"  # a customer managed policy attached to the target
    BOUNDARY = "boundary"  # the caller's boundary policy
    RESOURCE = "resource"  # something that exists and carries the role
    PROVIDER = "provider"  # the identity provider that the role trusts
    ASSUME = "assume"  # the target role, whose trust policy must agree


class Gain(StrEnum):
    """Who is gained."""

    SELF = "self"  # the caller himself, with any permission
    UNBOUND = "unbound"  # the caller himself, without his boundary
    GROUP = "group"  # what a group may
    ROLE = "role"  # another role of the account
    CHANGED_ROLE = "changed_role"  # another role, given any permission first
    USER = "user"
    CHANGED_USER = "changed_user"
    PASSED = "passed"  # a role that a service takes up
    CARRIED = "carried"  # the role of something that exists
    FEDERATED = "federated"  # a role that trusts an identity provider
    MEMBER = "member"  # the root user of a member account
    CENTER = "center"  # any account that Identity Center reaches


@dataclass(frozen=True, slots=True)
class Need:
    """An action, and what it must be allowed on."""

    action: str
    on: On


@dataclass(frozen=True, slots=True)
class Path:
    """One way up.

    `only` is the kind of principal that it is for, if not both. `services`: one of them must be
    trusted by the role. `table` is where the resources that carry the role, or must be there,
    are found; `exists` says in words what must exist and no table can tell.
    """

    id: str
    name: str
    gain: Gain
    needs: tuple[Need, ...]
    source: str
    only: str = ""
    services: tuple[str, ...] = ()
    table: str = ""
    exists: str = ""

    @property
    def actions(self) -> frozenset[str]:
        """The actions that the caller's own policies must allow, in small letters."""
        return frozenset(need.action.lower() for need in self.needs if need.on is not On.ASSUME)
