"""What all attempts share: what is allowed, and whether the result is worth having."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from awsbasics.iam.access import Access
from awsbasics.iam.candidates import Candidates
from awsbasics.iam.estate import Principal
from awsbasics.iam.gains.edge import Edge
from awsbasics.iam.matrix import Profile
from awsbasics.iam.paths import Need, On, Path, escalation_path_declarations
from awsbasics.iam.verdict import NO, OPEN, Status, Verdict, both, possible

_ADMINISTRATOR = "policy/AdministratorAccess"


class Ground:
    """The estate and the decisions that attempts on it have in common, each made once."""

    def __init__(self, access: Access, candidates: Candidates) -> None:
        self.access = access
        self.candidates = candidates
        self.estate = access.estate
        self.matrix = access.matrix
        self._worth: dict[tuple[int, int], Verdict] = {}
        self._leads: dict[tuple[int, int], bool] = {}
        self._paths: dict[bytes, tuple[Path, ...]] = {}
        self._keys: dict[tuple[str, str], Mapping[str, Any]] = {}

    def open_to(self, principal: Principal) -> tuple[Path, ...]:
        """The paths whose actions a principal's policies grant at all."""
        actions, places, masks = self._actions
        has = self.matrix.profile(principal).granted[places] & masks
        key = has.tobytes()
        if key not in self._paths:
            granted = {action for action, bit in zip(actions, has, strict=True) if bit}
            paths = escalation_path_declarations().values()
            self._paths[key] = tuple(path for path in paths if path.actions <= granted)
        return self._paths[key]

    @cached_property
    def _actions(self) -> tuple[tuple[str, ...], Any, Any]:
        """The actions of all paths that the vocabulary has: names, bytes and bits in a row."""
        needs = (need for path in escalation_path_declarations().values() for need in path.needs)
        index = self.matrix.vocabulary.index
        names = tuple(sorted({need.action.lower() for need in needs} & index.keys()))
        places = np.array([index[name] for name in names])
        return names, places >> 3, (128 >> (places & 7)).astype(np.uint8)

    def allowed(
        self,
        source: Principal,
        path: Path,
        on: On,
        resource: str = "",
        context: Mapping[str, Any] | None = None,
    ) -> Verdict:
        """All needs of a path of one kind, on a resource or, without one, on any."""
        verdicts: list[Verdict] = []
        for need in path.needs:
            if need.on is not on:
                continue
            if resource:
                found = self.access.can(source, need.action, resource, context or {})
            else:
                found = self.access.anywhere(source, need.action)
            if found.status is Status.NO:
                return NO
            verdicts.append(found)
        return both(OPEN, *verdicts)

    def edge(
        self,
        source: Principal,
        path: Path,
        target: Principal,
        verdict: Verdict,
        on: Mapping[On, str] | None = None,
    ) -> Iterator[Edge]:
        """An edge to another principal, if that is worth having."""
        if verdict.status is Status.NO or source is target:
            return
        own, gained = self.matrix.profile(source), self.matrix.profile(target)
        worth = self.worth_of(own, gained)
        if worth.status is not Status.NO:
            whole = both(verdict, worth)
            yield Edge(source, path, target.arn, whole, bool(gained.title), on or {})
        elif self.leads_on(own, gained):
            yield Edge(source, path, target.arn, verdict, False, on or {}, is_step=True)

    def leads_on(self, own: Profile, other: Profile) -> bool:
        """Whether another profile may do, on something else, what ways up are made of."""
        key = (own.number, other.number)
        if key not in self._leads:
            _, places, masks = self._actions
            more = other.possible[places] & ~own.definite[places] & masks
            self._leads[key] = bool(more.any())
        return self._leads[key]

    def worth_of(self, own: Profile, other: Profile) -> Verdict:
        """Whether another profile can do anything that one's own cannot."""
        key = (own.number, other.number)
        if key not in self._worth:
            more = bool(other.title) or bool((other.possible & ~own.possible).any())
            found = OPEN if more else NO
            if not other.title and other.unread_identity:
                found = possible(f"the policies of {other.principal.arn}")
            self._worth[key] = found
        return self._worth[key]

    def changes(self, target: Principal, need: Need) -> Mapping[str, Any]:
        """The condition keys of a change to a principal's policies: all power, as its boundary.

        A policy or group is not its holder: its tags are not known.
        """
        action, is_other = need.action, need.on in {On.POLICY, On.BOUNDARY, On.GROUP}
        known = self._keys.get((target.arn, action))
        if known is not None:
            return known
        if is_other:
            found: dict[str, Any] = {"aws:ResourceAccount": target.account_id}
        else:
            found = dict(self.access.about(target))
        found["iam:PermissionsBoundary"] = target.boundary_arn or None
        strongest = f"arn:{target.partition}:iam::aws:{_ADMINISTRATOR}"
        if "Attach" in action:
            found["iam:PolicyARN"] = strongest
        if action.endswith("PermissionsBoundary") and "Put" in action:
            found["iam:PermissionsBoundary"] = strongest
        self._keys[target.arn, action] = found
        return found

    def own_policies(self, holder: Principal) -> tuple[str, ...]:
        """The customer managed policies of a principal that its account can rewrite."""
        return tuple(arn for arn in holder.attached if is_own(arn, holder))

    def exists(self, path: Path) -> Verdict:
        """What no table can tell must be there."""
        return possible(path.exists) if path.exists else OPEN


def is_own(arn: str, holder: Principal) -> bool:
    """Whether a policy is one of the holder's account, which can be changed."""
    return f":{holder.account_id}:policy/" in arn
