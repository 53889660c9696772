"""What a principal gains by each path in one hop: edges from it to others, or to power."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from awsbasics.iam.access import (
    NO,
    OPEN,
    Access,
    Status,
    Verdict,
    best,
    blocked,
    both,
    possible,
)
from awsbasics.iam.candidates import Candidates
from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.matrix import Profile
from awsbasics.iam.paths import Gain, Need, On, Path, escalation_path_declarations

_ROOT_TASK = "policy/root-task/IAMCreateRootUserPassword"
_ADMINISTRATOR = "policy/AdministratorAccess"
_WITH_PROFILE = frozenset(
    {
        "ec2:RunInstances",
        "ec2:RequestSpotInstances",
        "ec2:AssociateIamInstanceProfile",
        "ec2:ReplaceIamInstanceProfileAssociation",
    }
)
_MAKING_PROFILES = ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile")


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One hop: who, by which path, whom, and how open it is.

    `to_administrator`: whoever takes it has the power of an administrator then. `on` is what the
    actions are done to, where it is not the target.
    """

    source: Principal
    path: Path
    target_arn: str
    verdict: Verdict
    to_administrator: bool
    on: Mapping[On, str]

    def steps(self) -> list[str]:
        """What is done, in words."""
        said = [self._step(need) for need in self.path.needs]
        end = "has every permission" if self.path.gain in _OWN_GAINS else "acts as it"
        return [*said, f"{end}: {self.target_arn}"]

    def _step(self, need: Need) -> str:
        place = self.on.get(need.on) or ("" if need.on is On.ANY else self.target_arn)
        if need.on is On.PASSED:
            return f"{need.action}: hands {place} to {' or '.join(self.path.services)}"
        return f"{need.action} on {place}" if place else need.action


_OWN_GAINS = frozenset({Gain.SELF, Gain.UNBOUND, Gain.GROUP})


class Gains:
    """Tries the declared paths on principals."""

    def __init__(self, access: Access, candidates: Candidates) -> None:
        self._access = access
        self._candidates = candidates
        self._estate = access.estate
        self._matrix = access.matrix
        self._worth: dict[tuple[int, int], Verdict] = {}
        self._paths: dict[bytes, tuple[Path, ...]] = {}
        self._keys: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._freedom: dict[str, Verdict] = {}
        self._by_gain: Mapping[Gain, Callable[[Principal, Path], Iterable[Edge]]] = {
            Gain.SELF: self._self,
            Gain.UNBOUND: self._unbound,
            Gain.GROUP: self._group,
            Gain.ROLE: self._role,
            Gain.CHANGED_ROLE: self._changed_role,
            Gain.USER: self._user,
            Gain.CHANGED_USER: self._changed_user,
            Gain.PASSED: self._passed,
            Gain.CARRIED: self._carried,
            Gain.FEDERATED: self._federated,
            Gain.MEMBER: self._member,
            Gain.CENTER: self._center,
        }

    def of(self, principal: Principal) -> Iterator[Edge]:
        """The edges from a principal, those that are blocked included."""
        profile = self._matrix.profile(principal)
        conditional_administrator = profile.perhaps and not profile.is_unread
        for path in self._open_to(principal):
            if path.only in {"user", "role"} and path.only != principal.kind:
                continue
            for edge in self._by_gain[path.gain](principal, path):
                # Who is an administrator under a condition gains nothing under it.
                if edge.verdict.status is Status.OPEN or (
                    edge.verdict.status is not Status.NO and not conditional_administrator
                ):
                    yield edge

    def _open_to(self, principal: Principal) -> tuple[Path, ...]:
        """The paths whose actions a principal's policies grant at all."""
        actions, places, masks = self._actions
        has = self._matrix.profile(principal).granted[places] & masks
        key = has.tobytes()
        if key not in self._paths:
            granted = {action for action, bit in zip(actions, has, strict=True) if bit}
            paths = escalation_path_declarations().values()
            self._paths[key] = tuple(path for path in paths if path.actions <= granted)
        return self._paths[key]

    @cached_property
    def _actions(self) -> tuple[tuple[str, ...], Any, Any]:
        """The actions of all paths that the vocabulary has: names, bytes and bits in a row."""
        paths = escalation_path_declarations().values()
        index = self._matrix.vocabulary.index
        names = tuple(sorted(a for a in set().union(*(p.actions for p in paths)) if a in index))
        places = np.array([index[name] for name in names])
        return names, places >> 3, (128 >> (places & 7)).astype(np.uint8)

    # Oneself

    def _self(self, source: Principal, path: Path) -> Iterator[Edge]:
        needs = [self._on_self(source, need) for need in path.needs]
        verdict = both(*(found for found, _ in needs), self._exists(path))
        if verdict.status is Status.NO:
            return
        on = {need.on: where for need, (_, where) in zip(path.needs, needs, strict=True)}
        whole = both(verdict, self._free(source))
        yield Edge(source, path, source.arn, whole, True, on)

    def _on_self(self, source: Principal, need: Need) -> tuple[Verdict, str]:
        """The best place where an action changes a principal's own policies."""
        if need.on is On.SELF and source.is_protected:
            return NO, ""
        places = {
            On.SELF: (source.arn,),
            On.GROUP: source.groups,
            On.POLICY: self._own_policies(source),
            On.BOUNDARY: tuple(a for a in (source.boundary_arn,) if self._is_own(a, source)),
        }[need.on]
        about = self._changes(source, need.action) if places else {}
        found = [(self._access.can(source, need.action, each, about), each) for each in places]
        return min(found, key=lambda each: each[0].status, default=(NO, ""))

    def _own_policies(self, holder: Principal) -> tuple[str, ...]:
        return tuple(arn for arn in holder.attached if self._is_own(arn, holder))

    def _is_own(self, arn: str, holder: Principal) -> bool:
        """Whether a policy is one of the holder's account, which can be changed."""
        return f":{holder.account_id}:policy/" in arn

    def _changes(self, target: Principal, action: str) -> Mapping[str, Any]:
        """The condition keys of a change to a principal's policies: all power, as its boundary."""
        known = self._keys.get((target.arn, action))
        if known is not None:
            return known
        found = dict(self._access.about(target))
        found["iam:PermissionsBoundary"] = target.boundary_arn or None
        strongest = f"arn:{target.partition}:iam::aws:{_ADMINISTRATOR}"
        if "Attach" in action:
            found["iam:PolicyARN"] = strongest
        if action.endswith("PermissionsBoundary") and "Put" in action:
            found["iam:PermissionsBoundary"] = strongest
        self._keys[target.arn, action] = found
        return found

    def _free(self, principal: Principal) -> Verdict:
        """Whether a principal with every permission is an administrator, for all its boundary."""
        if principal.boundary is None:
            return OPEN
        if principal.arn not in self._freedom:
            self._freedom[principal.arn] = self._freed(principal)
        return self._freedom[principal.arn]

    def _freed(self, principal: Principal) -> Verdict:
        if principal.boundary is UNKNOWN:
            return possible(f"the boundary {principal.boundary_arn}")
        if self._matrix.frees(principal):
            return OPEN
        removed = best(
            edge.verdict
            for path in self._open_to(principal)
            if path.gain is Gain.UNBOUND and path.only in {"", principal.kind}
            for edge in self._removing(principal, path)
        )
        stopped = blocked(f"boundary: {principal.boundary_arn}")
        return stopped if removed.status >= Status.BLOCKED else removed

    def _unbound(self, source: Principal, path: Path) -> Iterator[Edge]:
        if source.boundary is None:
            return
        after = self._matrix.unbound(source)
        worth = self._worth_of(self._matrix.profile(source), after)
        for edge in self._removing(source, path):
            verdict = both(edge.verdict, worth)
            if verdict.status is not Status.NO:
                yield replace(edge, verdict=verdict, to_administrator=bool(after.title))

    def _removing(self, source: Principal, path: Path) -> Iterator[Edge]:
        verdict, where = self._on_self(source, path.needs[0])
        if source.boundary is not None and verdict.status is not Status.NO:
            yield Edge(source, path, source.arn, verdict, False, {path.needs[0].on: where})

    def _group(self, source: Principal, path: Path) -> Iterator[Edge]:
        for group in self._estate.groups.values():
            if group.account_id != source.account_id or group.arn in source.groups:
                continue
            after = self._matrix.group(source, group.identity)
            worth = self._worth_of(self._matrix.profile(source), after)
            verdict = both(worth, self._all(source, path, On.GROUP, group.arn, {}))
            if verdict.status is not Status.NO:
                whole = bool(after.title)
                yield Edge(source, path, group.arn, verdict, whole, {On.GROUP: group.arn})

    # Others

    def _role(self, source: Principal, path: Path) -> Iterator[Edge]:
        if path.needs[0].on is On.ASSUME:
            for arn, verdict in self._candidates.assumable(source).items():
                yield from self._edge(source, path, self._estate.principals[arn], verdict)
            return
        for role in self._changeable(source, "role"):
            yield from self._edge(source, path, role, self._on_target(source, path, role))

    def _changed_role(self, source: Principal, path: Path) -> Iterator[Edge]:
        assumes = any(need.on is On.ASSUME for need in path.needs)
        reached = self._candidates.assumable(source) if assumes else {}
        for role in self._changeable(source, "role"):
            taken = reached.get(role.arn, NO) if assumes else OPEN
            if taken.status is not Status.NO:
                yield from self._changed(source, path, role, taken)

    def _user(self, source: Principal, path: Path) -> Iterator[Edge]:
        for user in self._changeable(source, "user"):
            fits = self._fits_credentials(path, user)
            if fits.status is not Status.NO:
                verdict = both(fits, self._on_target(source, path, user))
                yield from self._edge(source, path, user, verdict)

    def _changed_user(self, source: Principal, path: Path) -> Iterator[Edge]:
        for user in self._changeable(source, "user"):
            yield from self._changed(source, path, user, self._fits_credentials(path, user))

    def _changed(
        self, source: Principal, path: Path, target: Principal, taken: Verdict
    ) -> Iterator[Edge]:
        """Another principal that is given every permission first."""
        verdict = both(taken, self._on_target(source, path, target))
        if verdict.status is not Status.NO:
            whole = both(verdict, self._free(target))
            policies = self._own_policies(target)
            on = {On.POLICY: policies[0]} if policies else {}
            yield Edge(source, path, target.arn, whole, True, on)

    def _changeable(self, source: Principal, kind: str) -> Iterator[Principal]:
        for each in self._estate.by_account.get(source.account_id, ()):
            if each.kind == kind and each is not source and not each.is_protected:
                yield each

    def _on_target(self, source: Principal, path: Path, target: Principal) -> Verdict:
        """Whether all that a path does to its target, or to a policy of it, is allowed."""
        verdicts: list[Verdict] = []
        for need in path.needs:
            if need.on is On.ASSUME:
                continue
            places = self._own_policies(target) if need.on is On.POLICY else (target.arn,)
            found = self._access.at_once(source, need.action) if places else NO
            if found is None:
                about = self._changes(target, need.action)
                found = best(self._access.can(source, need.action, each, about) for each in places)
            if found.status is Status.NO:
                return NO
            verdicts.append(found)
        return both(OPEN, *verdicts)

    def _fits_credentials(self, path: Path, user: Principal) -> Verdict:
        """Whether the user's credentials are such that the path's calls succeed."""
        actions = {need.action for need in path.needs}
        password = self._estate.passwords.get(user.arn)
        keys_full = user.arn in self._estate.two_keys and "iam:DeleteAccessKey" not in actions
        if "iam:CreateAccessKey" in actions and keys_full:
            return NO
        if "iam:CreateLoginProfile" in actions and password:
            return NO
        if "iam:UpdateLoginProfile" in actions:
            if password is False:
                return NO
            if not self._estate.was_read("iam_credential_report", user.account_id):
                return possible(f"whether {user.arn} has a password")
        return OPEN

    def _edge(
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
        gained = self._matrix.profile(target)
        whole = both(verdict, self._worth_of(self._matrix.profile(source), gained))
        if whole.status is not Status.NO:
            yield Edge(source, path, target.arn, whole, bool(gained.title), on or {})

    def _worth_of(self, own: Profile, other: Profile) -> Verdict:
        """Whether another profile can do anything that one's own cannot."""
        key = (own.number, other.number)
        if key not in self._worth:
            more = bool(other.title) or bool((other.possible & ~own.possible).any())
            found = OPEN if more else NO
            if not other.title and other.unread_identity:
                found = possible(f"the policies of {other.principal.arn}")
            self._worth[key] = found
        return self._worth[key]

    # Services, providers, the organization

    def _passed(self, source: Principal, path: Path) -> Iterator[Edge]:
        others = self._all(source, path, On.ANY)
        there = self._is_there(path, source.account_id)
        if Status.NO in {others.status, there.status}:
            return
        for service in path.services:
            for role, trust in self._candidates.of_service(source.account_id, service):
                about = {**self._access.about(role), "iam:PassedToService": _named(service, role)}
                passes = self._all(source, path, On.PASSED, role.arn, about)
                if passes.status is not Status.NO:
                    profile = self._in_profile(source, path, role)
                    verdict = both(others, there, passes, trust, profile)
                    yield from self._edge(source, path, role, verdict)

    def _carried(self, source: Principal, path: Path) -> Iterator[Edge]:
        others = self._all(source, path, On.ANY)
        if others.status is Status.NO:
            return
        found: dict[str, tuple[Verdict, str]] = {}
        for carrier in self._estate.carriers.get(path.table, ()):
            if carrier.account_id == source.account_id:
                verdict = both(others, self._all(source, path, On.RESOURCE, carrier.arn, {}))
                known, _ = found.get(carrier.role_arn, (NO, ""))
                if verdict.status < known.status:
                    found[carrier.role_arn] = (verdict, carrier.arn)
        if not self._is_known(path.table, source.account_id):
            self._add_unseen(source, path, others, found)
        for arn, (verdict, resource) in found.items():
            role = self._estate.principals.get(arn)
            if role is not None:
                yield from self._edge(source, path, role, verdict, {On.RESOURCE: resource})

    def _add_unseen(
        self,
        source: Principal,
        path: Path,
        others: Verdict,
        found: dict[str, tuple[Verdict, str]],
    ) -> None:
        """Roles that something which was not read may carry."""
        needs = [need for need in path.needs if need.on is On.RESOURCE]
        allowed = both(others, *(self._access.anywhere(source, need.action) for need in needs))
        if allowed.status is Status.NO:
            return
        for service in path.services:
            for role, trust in self._candidates.of_service(source.account_id, service):
                if role.arn not in found:
                    verdict = both(allowed, trust, possible(path.exists))
                    found[role.arn] = (verdict, path.exists)

    def _is_known(self, table: str, account_id: str) -> bool:
        """Whether all that carries roles is known: the kit gathers it, and it was read."""
        return table in self._estate.carriers and self._estate.was_read(table, account_id)

    def _is_there(self, path: Path, account_id: str) -> Verdict:
        """Whether the account has what a path needs to find there."""
        if not path.exists or account_id in self._estate.present.get(path.table, ()):
            return OPEN
        gathered = path.table in self._estate.present
        if gathered and self._estate.was_read(path.table, account_id):
            return NO
        return possible(path.exists)

    def _in_profile(self, source: Principal, path: Path, role: Principal) -> Verdict:
        """An instance takes a role only from an instance profile that holds it."""
        if not any(need.action in _WITH_PROFILE for need in path.needs):
            return OPEN
        if role.arn in self._profiled:
            return OPEN
        made = both(*(self._access.anywhere(source, each) for each in _MAKING_PROFILES))
        return made if made.status is Status.OPEN else possible("an instance profile with the role")

    @cached_property
    def _profiled(self) -> frozenset[str]:
        return frozenset(arn for roles in self._estate.profiles.values() for arn in roles)

    def _federated(self, source: Principal, path: Path) -> Iterator[Edge]:
        for role, provider in self._candidates.of_provider(source.account_id, path.only):
            allowed = self._all(source, path, On.PROVIDER, provider, {})
            verdict = both(allowed, self._exists(path))
            yield from self._edge(source, path, role, verdict, {On.PROVIDER: provider})

    def _member(self, source: Principal, path: Path) -> Iterator[Edge]:
        if (
            not self._administers(source, "iam.amazonaws.com")
            or self._estate.root_sessions is False
        ):
            return
        known = OPEN if self._estate.root_sessions else possible("whether root sessions are on")
        task = {"sts:TaskPolicyArn": f"arn:{source.partition}:iam::aws:{_ROOT_TASK}"}
        for account in self._estate.accounts:
            if account not in {self._estate.management_account_id, source.account_id}:
                root = f"arn:{source.partition}:iam::{account}:root"
                verdict = both(known, self._all(source, path, On.TARGET, root, task))
                if verdict.status is not Status.NO:
                    yield Edge(source, path, root, verdict, True, {})

    def _center(self, source: Principal, path: Path) -> Iterator[Edge]:
        if not self._administers(source, "sso.amazonaws.com"):
            return
        home = self._estate.management_account_id or source.account_id
        known = (
            OPEN if self._estate.was_read("sso_instances", home) else possible("Identity Center")
        )
        instances = self._estate.instance_of_identity_center
        if not instances and known is OPEN:
            return
        verdict = both(known, self._all(source, path, On.ANY))
        if verdict.status is not Status.NO:
            target = instances[0] if instances else f"arn:{source.partition}:sso:::instance"
            yield Edge(source, path, target, verdict, True, {})

    def _administers(self, source: Principal, service: str) -> bool:
        """Whether an account administers a service for the whole organization."""
        delegated = self._estate.delegated.get(service, ())
        return source.account_id in {self._estate.management_account_id, *delegated}

    def _exists(self, path: Path) -> Verdict:
        return possible(path.exists) if path.exists else OPEN

    def _all(
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
                found = self._access.can(source, need.action, resource, context or {})
            else:
                found = self._access.anywhere(source, need.action)
            if found.status is Status.NO:
                return NO
            verdicts.append(found)
        return both(OPEN, *verdicts)


def _named(service: str, role: Principal) -> str:
    """The service principal as the role's trust policy writes it: some end in `.cn` in China."""
    known = role.trust
    texts = (
        {p.id for rule in known.rules for p in rule.source.principals}
        if isinstance(known, CompiledPolicy)
        else set()
    )
    return service if service in texts or f"{service}.cn" not in texts else f"{service}.cn"
