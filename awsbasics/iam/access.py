"""Single permissions of principals, decided exactly, as the steps of a path need them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.context import Context
from awsbasics.iam.estate import MaybePolicy, Principal
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.examples import example_resources, granting
from awsbasics.iam.explain import Decision
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.logic import atoms
from awsbasics.iam.matrix import Matrix
from awsbasics.iam.planes import context_values, keys_of
from awsbasics.iam.request import Request, caller_of, derived_keys
from awsbasics.iam.rule import Rule
from awsbasics.iam.services import needs_resource_policy
from awsbasics.iam.target import Target, asks_who, denies_nothing, lets_all_by
from awsbasics.iam.verdict import NO, OPEN, Status, Verdict, best, blocked, possible

UNREAD = "a policy that was not read"
_ASSUME_ROLE = "sts:AssumeRole"
# As much as 500 statements about one action, each with a condition: more than AWS lets a role
# hold of use to anyone. A decision on it takes some milliseconds, and ways up take thousands.
_MOST_WEIGHT = 10_000


class Access:
    """Decides single requests of an estate's principals; equal ones once."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.estate = matrix.estate
        self._known: dict[Any, Verdict] = {}
        self._at_once: dict[tuple[int, str], Verdict | None] = {}
        self._contexts: dict[str, Mapping[str, Any]] = {}
        self._plain: dict[str, bool] = {}
        self._too_large: dict[tuple[int, str], bool] = {}
        self._choosy: dict[Any, bool] = {}

    def granted(self, principal: Principal, action: str) -> bool:
        """Whether policies that were read grant an action on anything at all."""
        return self.matrix.vocabulary.has(self.matrix.profile(principal).granted, action)

    def at_once(self, principal: Principal, action: str) -> Verdict | None:
        """What the matrix alone tells: allowed everywhere, or nowhere granted."""
        key = (self.matrix.profile(principal).number, action)
        if key not in self._at_once:
            profile, has = self.matrix.profile(principal), self.matrix.vocabulary.has
            granted = has(profile.granted, action)
            everywhere = has(profile.definite, action)
            self._at_once[key] = NO if not granted else OPEN if everywhere else None
        return self._at_once[key]

    def can(
        self, principal: Principal, action: str, resource: str, context: Mapping[str, Any]
    ) -> Verdict:
        """Whether a principal can do something to a resource."""
        known = self.at_once(principal, action)
        if known is not None:
            return known
        number = self.matrix.profile(principal).number
        key = (number, action, resource, tuple(sorted(context.items(), key=str)))
        found = self._known.get(key)
        if found is None:
            target = Target(resource, context=context)
            found = self._known[key] = self._decided(principal, action, target)
        return found

    def reaches(self, principal: Principal, action: str, target: Target) -> Verdict:
        """Whether a principal of any account can do something to a resource.

        Decided once for all principals of a profile, unless the resource's policy or the RCPs
        of its account tell them apart (`asks_who`).
        """
        if self.at_once(principal, action) is OPEN and self._defers(principal, action, target):
            return OPEN
        who = principal.arn if self.asks_who(target) else ""
        key = (self.matrix.profile(principal).number, who, action, target)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._decided(principal, action, target)
        return found

    def _defers(self, principal: Principal, action: str, target: Target) -> bool:
        """Whether a resource leaves an action to the policies of its own account's principals."""
        if target.account_id != principal.account_id:
            return False
        if target.policy is UNKNOWN or needs_resource_policy(action.lower(), target.arn):
            return False
        guards = self.estate.resource_guards.get(target.account_id)
        if isinstance(target.policy, CompiledPolicy) and not denies_nothing(target.policy):
            return False
        return guards is None or (isinstance(guards, tuple) and all(map(lets_all_by, guards)))

    def asks_who(self, target: Target) -> bool:
        """Whether a resource's policy, or an RCP, tells principals of one account apart."""
        return any(map(self._asks_who, self._policies_of(target)))

    def _asks_who(self, policy: CompiledPolicy) -> bool:
        key = id(policy.content)
        if key not in self._choosy:
            self._choosy[key] = asks_who(policy)
        return self._choosy[key]

    def _policies_of(self, target: Target) -> Iterator[CompiledPolicy]:
        guards = self.estate.resource_guards.get(target.account_id or "")
        levels = guards if isinstance(guards, tuple) else ()
        for policy in (target.policy, *(each for level in levels for each in level)):
            if isinstance(policy, CompiledPolicy):
                yield policy

    def anywhere(
        self, principal: Principal, action: str, about: Mapping[str, Any] | None = None
    ) -> Verdict:
        """Whether a principal can do something to any resource of its account.

        `about` are condition keys of the request beside those that follow from the principal.
        """
        known = self.at_once(principal, action)
        if known is not None:
            return known
        if self.is_too_large(principal, action):
            return self._unsettled(principal, action)
        more = about or {}
        key = (self.matrix.profile(principal).number, action, tuple(sorted(more.items(), key=str)))
        found = self._known.get(key)
        if found is None:
            context = {"aws:ResourceAccount": principal.account_id, **more}
            found = self._known[key] = best(
                self._decided(principal, action, Target(resource, context=context))
                for resource in example_resources(principal, action, self.matrix.vocabulary)
            )
        return found

    def assume(self, principal: Principal, role: Principal) -> Verdict:
        """Whether a principal can take up a role: its own policies and the role's trust."""
        if self.at_once(principal, "sts:AssumeRole") is OPEN and self._is_plain(role, principal):
            return OPEN
        key = (self.matrix.profile(principal).number, principal.arn, role.arn)
        found = self._known.get(key)
        if found is None:
            target = Target(role.arn, role.account_id, role.trust, self.about(role))
            found = self._known[key] = self._decided(principal, "sts:AssumeRole", target)
        return found

    def _is_plain(self, role: Principal, principal: Principal) -> bool:
        """Whether a role trusts all of its own account without condition, and no RCP is near."""
        account = role.account_id
        if account != principal.account_id or self.estate.resource_guards.get(account):
            return False
        if role.arn not in self._plain:
            rules = role.trust.rules if isinstance(role.trust, CompiledPolicy) else ()
            root = {account, f"arn:{role.partition}:iam::{account}:root"}
            self._plain[role.arn] = (
                len(rules) == 1
                and rules[0].allows
                and not rules[0].denies
                and not rules[0].is_conditional
                and not rules[0].source.not_principals
                and rules[0].matches_action("sts:assumerole") is True
                and any(p.kind == "AWS" and p.id in root for p in rules[0].source.principals)
                and rules[0].resources is None
                and not (isinstance(role.trust, CompiledPolicy) and role.trust.content.unreadable)
            )
        return self._plain[role.arn]

    def is_too_large(self, principal: Principal, action: str) -> bool:
        """Whether a decision would have to try more than AWS lets any principal hold."""
        key = (self.matrix.profile(principal).number, action)
        if key not in self._too_large:
            self._too_large[key] = _are_too_large(principal.policies(), action)
        return self._too_large[key]

    def passes_to(self, role: Principal, service: str) -> Verdict:
        """Whether a service may take up a role."""
        if not isinstance(role.trust, CompiledPolicy):
            return possible(f"the trust policy of {role.arn}")
        if _are_too_large([role.trust], "sts:AssumeRole"):
            return _too_large(f"the trust policy of {role.arn}")
        context = {**self.estate.clock, "aws:SourceAccount": role.account_id}
        request = Request(service, "sts:AssumeRole", role.arn, role.account_id, context)
        decision = evaluate(request, resource_policy=role.trust)
        return NO if "deny" in decision.outcome else _open(decision)

    def about(self, target: Principal) -> Mapping[str, Any]:
        """The condition keys of requests that are about a role or user."""
        found: dict[str, Any] = {"aws:ResourceAccount": target.account_id}
        organization = target.known.get("aws:PrincipalOrgID")
        if organization:
            found["aws:ResourceOrgID"] = organization
        return {**found, **self.tagged(target.tags, "iam")}

    def tagged(self, tags: Mapping[str, str], service: str) -> Mapping[str, Any]:
        """The condition keys for a resource's tags that the estate's policies ask for."""
        prefixes = ("aws:resourcetag/", f"{service}:resourcetag/")
        found: dict[str, Any] = {k: None for k in self._tag_keys if k.startswith(prefixes)}
        for name, value in tags.items():
            for prefix in prefixes:
                key = f"{prefix}{name.lower()}"
                if key in found:
                    found[key] = value
        return found

    @cached_property
    def _tag_keys(self) -> frozenset[str]:
        """The tags of resources that policies ask for, as keys in small letters."""
        seen: set[int] = set()
        keys: set[str] = set()
        for policy in self.estate.policies():
            if id(policy.content) not in seen:
                seen.add(id(policy.content))
                for rule in policy.rules:
                    keys |= keys_of(rule)
        return frozenset(key for key in keys if ":resourcetag/" in key)

    def _context(self, principal: Principal) -> Mapping[str, Any]:
        found = self._contexts.get(principal.arn)
        if found is None:
            found = self._contexts[principal.arn] = {**self.estate.clock, **principal.known}
        return found

    def _decided(self, principal: Principal, action: str, target: Target) -> Verdict:
        if self.is_too_large(principal, action) or _are_too_large([target.policy], action):
            return self._unsettled(principal, action, target)
        whole = {**self._context(principal), **target.context}
        request = Request(principal.arn, action, target.arn, target.account_id, whole)
        decision = evaluate(
            request,
            identity=principal.identity,
            boundary=None if principal.boundary is None else (principal.boundary,),
            scps=principal.guards,
            rcps=self.estate.resource_guards.get(target.account_id or ""),
            resource_policy=target.policy,
        )
        if "deny" not in decision.outcome:
            return _open(decision)
        if decision.layer == "resource":
            return NO
        own = decision.layer in {"identity", "boundary"}
        if target.policy is not None and own and not _trusts(request, target.policy):
            return NO
        if not _grants(principal, request, target):
            return NO
        return blocked(_what_stops(decision, action))

    def _unsettled(
        self, principal: Principal, action: str, target: Target | None = None
    ) -> Verdict:
        """What can be said where policies are too large: whether the matrix leaves it open."""
        profile = self.matrix.profile(principal)
        if target is None or target.policy is None:
            if not self.matrix.vocabulary.has(profile.possible, action):
                return _BLOCKED
            return _too_large(f"the policies of {principal.arn}")
        kind = "trust policy" if action == _ASSUME_ROLE else "policy"
        return _too_large(f"the policies of {principal.arn} or the {kind} of {target.arn}")


def _are_too_large(policies: Iterable[MaybePolicy | None], action: str) -> bool:
    """Whether policies have too much to say about an action for a decision in bounded time."""
    known = [each.content for each in policies if isinstance(each, CompiledPolicy)]
    name = action.lower()
    return any(c.is_large for c in known) or sum(c.weight(name) for c in known) > _MOST_WEIGHT


def _too_large(policies: str) -> Verdict:
    return possible(f"{policies}, which are too large to be settled")


_BLOCKED = blocked("a deny, a boundary or an SCP, in policies too large to say which")
_EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}


def _trusts(request: Request, policy: MaybePolicy) -> bool:
    """Whether the resource's policy would let the caller in who may do everything."""
    decision = evaluate(request, identity=(_EVERYTHING,), resource_policy=policy)
    return "deny" not in decision.outcome


def _grants(principal: Principal, request: Request, target: Target) -> bool:
    """Whether identity policies, or the resource's, grant it: something else stops it."""
    asked = Request(principal.arn, request.action)
    known = context_values(derived_keys(caller_of(asked)), request.context)
    rules = granting(principal.identity, request.action)
    if any(_fits(rule, request.resource, known) for rule in rules):
        return True
    if target.policy is None:
        return False
    return "deny" not in evaluate(request, resource_policy=target.policy).outcome


def _open(decision: Decision) -> Verdict:
    """An allow, or what it depends on: keys, or something that was not read."""
    if decision.outcome == "allow":
        return OPEN
    keys = frozenset(decision.missing_keys)
    unknown = decision.expression is not None and any(
        not a.keys for a in atoms(decision.expression)
    )
    if unknown or not keys:
        return Verdict(Status.POSSIBLE, keys | {UNREAD})
    return Verdict(Status.CONDITIONAL, keys)


def _what_stops(decision: Decision, action: str) -> str:
    layer = decision.layer if decision.layer != "identity" else "deny"
    if decision.outcome == "implicit_deny":
        return f"{layer}: does not allow {action}"
    denying = [each for each in decision.statements if each.layer == decision.layer]
    shown = sorted({f"{each.policy} ({each.sid})" if each.sid else each.policy for each in denying})
    return f"{layer}: {', '.join(shown) or action}"


def _fits(rule: Rule, resource: str, context: Context) -> bool:
    if rule.matches_resource(resource, context) is False:
        return False
    return rule.matches_conditions(context) is not False
