"""Every principal and every action at once: rows of bits after all layers.

Principals that hold the same policies, and are told apart by none of them, share one profile.
A profile's rows combine the identity policies, the boundary and each level of SCPs; `allow` is
what is allowed on every resource in every context, `depends` what conditions, resources or
something not read decide.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeGuard

from awsbasics.iam.compile import CompiledPolicy, Rules
from awsbasics.iam.context import Context
from awsbasics.iam.estate import Estate, Guards, MaybePolicy, Principal
from awsbasics.iam.layers import Unknown
from awsbasics.iam.planes import (
    Planes,
    PolicyPlanes,
    Settled,
    asks_who,
    context_values,
    is_on_everything,
    is_personal,
    settle,
)
from awsbasics.iam.request import Request, caller_of, derived_keys
from awsbasics.iam.rule import Rule
from awsbasics.iam.vocabulary import LEVELS, Bits, Vocabulary, vocabulary

Title = Literal["", "wildcard", "not_action", "sum", "iam"]


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What principals with the same policies can do.

    `granted` is what identity policies allow at all, before any deny and any other layer;
    `possible` and `definite` are after all layers. `title` says why it is an administrator,
    empty if it is none; `perhaps` is the same if all conditions held. `is_unread`: some policy
    of it, its boundary or SCPs was not read, or is too large to be settled.
    """

    number: int
    principal: Principal
    granted: Bits
    possible: Bits
    definite: Bits
    title: Title
    perhaps: bool
    is_unread: bool

    @property
    def unread_identity(self) -> bool:
        """Whether an identity policy is among what was not read or settled."""
        return not all(map(_is_settled, self.principal.identity))


class Matrix:
    """Profiles of all principals of an estate."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.vocabulary = _vocabulary(estate)
        self._planes = PolicyPlanes(self.vocabulary)
        self._profiles: dict[Hashable, Profile] = {}
        self._of: dict[str, Profile] = {}
        self._impersonal: dict[int, Settled | None] = {}
        self._guards: dict[Hashable, Planes] = {}
        self._clock = context_values(estate.clock)

    def profile(self, principal: Principal) -> Profile:
        """What a principal can do."""
        found = self._of.get(principal.arn)
        if found is None:
            found = self._of[principal.arn] = self._shared(principal)
        return found

    def profiles(self) -> Iterator[tuple[Principal, Profile]]:
        """Every principal with what it can do."""
        for principal in self.estate.principals.values():
            yield principal, self.profile(principal)

    def frees(self, principal: Principal) -> bool:
        """Whether a principal's boundary leaves room for an administrator."""
        settled = self._settled((principal.boundary,), self._context(principal))
        boundary = self._layer(settled).definite
        return _has_all(boundary, self._planes.everything.always)

    def unbound(self, principal: Principal) -> Profile:
        """What a principal could do without its boundary."""
        return self._shared(replace(principal, boundary=None, boundary_arn=""))

    def group(self, user: Principal, policies: tuple[MaybePolicy, ...]) -> Profile:
        """What a user could do with these policies alone, under its own boundary and SCPs."""
        return self._shared(replace(user, identity=policies))

    @cached_property
    def power_over_iam(self) -> Bits:
        """The row of IAM's permissions-management actions."""
        actions = self.vocabulary.actions
        return self.vocabulary.pack(
            action.name.startswith("iam:") and LEVELS[0] in action.levels for action in actions
        )

    def likeness(self, principal: Principal) -> Hashable:
        """Equal for principals of an account whose policies tell them apart by name alone.

        That is by `${aws:username}` and the like in resources, which mean each one's own.
        """
        layers = self._layers(principal)
        return (self._key(principal, layers), self._told_apart(principal, layers, self._asks_who))

    def _shared(self, principal: Principal) -> Profile:
        layers = self._layers(principal)
        key = (self._key(principal, layers), self._told_apart(principal, layers, self._depends))
        if key not in self._profiles:
            identity, boundary, *guards = layers
            self._profiles[key] = self._made(principal, identity, boundary, guards)
        return self._profiles[key]

    def _layers(self, principal: Principal) -> list[list[tuple[MaybePolicy | None, Settled]]]:
        """Identity policies, the boundary, and each level of SCPs, as they are for a principal."""
        context = self._context(principal)
        levels = principal.guards if isinstance(principal.guards, tuple) else ()
        layers = (principal.identity, (principal.boundary,), *levels)
        return [self._settled(layer, context) for layer in layers]

    def _key(
        self, principal: Principal, layers: list[list[tuple[MaybePolicy | None, Settled]]]
    ) -> Hashable:
        identity, boundary, *guards = layers
        return (
            frozenset(_keys(identity)),
            tuple(_keys(boundary)),
            id(principal.guards),
            tuple(tuple(_keys(level)) for level in guards),
            principal.account_id,
        )

    def _context(self, principal: Principal) -> Context:
        keys = derived_keys(caller_of(Request(principal.arn, "")))
        return context_values(self.estate.clock, keys, principal.known)

    def _settled(
        self, policies: Iterable[MaybePolicy | None], context: Context
    ) -> list[tuple[MaybePolicy | None, Settled]]:
        return [
            (each, self._settle(each.content, context) if isinstance(each, CompiledPolicy) else ())
            for each in policies
        ]

    def _settle(self, content: Rules, context: Context) -> Settled:
        key = id(content)
        if key not in self._impersonal:
            personal = any(map(is_personal, content.rules))
            self._impersonal[key] = None if personal else settle(content.rules, self._clock)
        known = self._impersonal[key]
        return settle(content.rules, context) if known is None else known

    def _told_apart(
        self,
        principal: Principal,
        layers: Iterable[Iterable[tuple[MaybePolicy | None, Settled]]],
        asks: Callable[[MaybePolicy | None, Settled], bool],
    ) -> str:
        """The principal's ARN, where something of its policies still asks who it is."""
        return principal.arn if any(asks(p, s) for each in layers for p, s in each) else ""

    def _depends(self, policy: MaybePolicy | None, settled: Settled) -> bool:
        """Whether a policy says something else to each principal, in resources too."""
        if not self._is_personal(policy):
            return False
        return self._asks_who(policy, settled) or any(map(_has_variables, policy.rules))

    def _asks_who(self, policy: MaybePolicy | None, settled: Settled) -> bool:
        """Whether conditions about the principal are left open."""
        return self._is_personal(policy) and any(
            holds is None and asks_who(rule)
            for rule, holds in zip(policy.rules, settled, strict=True)
        )

    def _is_personal(self, policy: MaybePolicy | None) -> TypeGuard[CompiledPolicy]:
        return isinstance(policy, CompiledPolicy) and self._impersonal[id(policy.content)] is None

    def _made(
        self,
        principal: Principal,
        identity: Sequence[tuple[MaybePolicy | None, Settled]],
        boundary: Sequence[tuple[MaybePolicy | None, Settled]],
        guards: Sequence[Sequence[tuple[MaybePolicy | None, Settled]]],
    ) -> Profile:
        known = [self._planes.of(p, s) for p, s in identity if isinstance(p, CompiledPolicy)]
        granted = _union(known, self._planes.nothing)
        own = granted if len(known) == len(identity) else granted.or_(self._planes.perhaps)
        held = own if principal.boundary is None else own.and_(self._layer(boundary))
        after = held.and_(self._guarded(principal.guards, guards))
        unread, nothing = _is_unread(principal), self._planes.nothing.always
        everything = self._planes.everything.always
        whole = _has_all(held.definite, everything)
        over_iam = not unread and _has_all(after.definite, self.power_over_iam)
        title: Title = self._by_what(identity) if whole else "iam" if over_iam else ""
        return Profile(
            number=len(self._profiles),
            principal=principal,
            granted=granted.somehow,
            possible=_shared_with(granted.somehow, after.possible),
            definite=nothing if unread else _shared_with(nothing, after.definite),
            title=title,
            perhaps=_has_all(held.broad, everything) or _has_all(after.broad, self.power_over_iam),
            is_unread=unread,
        )

    def _layer(self, policies: Sequence[tuple[MaybePolicy | None, Settled]]) -> Planes:
        """A boundary or a level of SCPs; where it was not read, it may allow or deny everything."""
        known = [self._planes.of(p, s) for p, s in policies if isinstance(p, CompiledPolicy)]
        if len(known) < len(policies):
            known.append(self._planes.perhaps)
        return _union(known, self._planes.nothing)

    def _guarded(
        self, guards: Guards, levels: Sequence[Sequence[tuple[MaybePolicy | None, Settled]]]
    ) -> Planes:
        key = (id(guards), tuple(tuple(_keys(level)) for level in levels))
        if key not in self._guards:
            planes = self._planes.everything if guards is None or levels else self._planes.perhaps
            for level in levels:
                planes = planes.and_(self._layer(level))
            self._guards[key] = planes
        return self._guards[key]

    def _by_what(self, identity: Sequence[tuple[MaybePolicy | None, Settled]]) -> Title:
        """Which statements make an administrator: one of `*`, one of NotAction, or several."""
        rules = [
            rule
            for policy, settled in identity
            if isinstance(policy, CompiledPolicy)
            for rule, holds in zip(policy.rules, settled, strict=True)
            if holds and rule.is_plain and rule.allows and is_on_everything(rule)
        ]
        if any(set(pattern) == {"*"} for rule in rules for pattern in rule.source.actions):
            return "wildcard"
        return "not_action" if any("NotAction" in r.source.elements for r in rules) else "sum"


def _has_variables(rule: Rule) -> bool:
    return rule.resources is not None and bool(rule.resources.templates)


def _vocabulary(estate: Estate) -> Vocabulary:
    """AWS's actions, and what only the policies of the estate name."""
    patterns: dict[str, None] = {}
    seen: set[int] = set()
    for policy in estate.policies():
        if id(policy.content) in seen or policy.content.is_large:
            continue
        seen.add(id(policy.content))
        for rule in policy.rules:
            patterns |= dict.fromkeys((*rule.source.actions, *rule.source.not_actions))
    return vocabulary().extended(patterns)


def _keys(policies: Iterable[tuple[MaybePolicy | None, Settled]]) -> Iterator[Hashable]:
    for policy, settled in policies:
        yield (id(policy.content), settled) if isinstance(policy, CompiledPolicy) else policy


def _union(parts: Sequence[Planes], nothing: Planes) -> Planes:
    whole = parts[0] if parts else nothing
    for part in parts[1:]:
        whole = whole.or_(part)
    return whole


def _is_unread(principal: Principal) -> bool:
    if isinstance(principal.guards, Unknown):
        return True
    return not all(map(_is_settled, principal.policies()))


def _is_settled(policy: MaybePolicy) -> bool:
    return isinstance(policy, CompiledPolicy) and not policy.content.is_large


def _shared_with(known: Bits, row: Bits) -> Bits:
    """A row, or one that is known and equal to it: most of many thousands are."""
    return known if known.tobytes() == row.tobytes() else row


def _has_all(row: Bits, wanted: Bits) -> bool:
    return not (wanted & ~row).any()
