"""Who can do an action to resources: principals of the estate, and outsiders that policies name.

A resource's own policy counts, and that of the customer's key which encrypts it. Principals are
looked at by profile, and only where something grants them the action on the resource or its
policy may name them: 100,000 roles and 5,000 secrets make few pairs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal, by_account
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.examples import granting
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.patterns import matcher, tokens_of
from awsbasics.iam.permissions import Permissions
from awsbasics.iam.request import Request
from awsbasics.iam.target import Target
from awsbasics.iam.verdict import NO, OPEN, Status, Verdict, blocked, both, possible
from awsbasics.recommendations.evidence.policy_names import (
    STRANGER,
    account_of,
    accounts_named,
    is_for_everybody,
    is_pattern,
    names_in,
    principals_named,
    somebody,
)
from awsbasics.recommendations.evidence.thing_index import ThingIndex, is_about
from awsbasics.recommendations.evidence.things import Thing

EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
OWN_KEY = "AWS's own key, which serves its own account only"

Kind = Literal["public", "organization", "account", "inside"]


class Reader(NamedTuple):
    """A principal of the estate that can do the action, as far as `verdict` says."""

    principal: Principal
    verdict: Verdict


class Outsider(NamedTuple):
    """Whom a resource's policy lets in beside single principals of its own account.

    `public` is anybody with AWS credentials, `organization` all of it, `inside` every principal
    of its own account, whatever its policies; an `account` comes with the names that it goes by.
    """

    kind: Kind
    account_id: str
    names: tuple[str, ...]
    verdict: Verdict


class Reach:
    """Who can do one action to some resources, `among` some principals, or all of the estate."""

    def __init__(
        self, permissions: Permissions, action: str, among: Iterable[Principal] | None = None
    ) -> None:
        self._access = permissions.access
        self._estate = permissions.estate
        self._matrix = permissions.matrix
        self.action = action
        self._is_among = among is not None
        self._principals, self._by_account = self._estate.principals, self._estate.by_account
        if among is not None:
            self._principals = {principal.arn: principal for principal in among}
            self._by_account = by_account(self._principals.values())
        self._groups: dict[str, list[list[Principal]]] = {}
        self._keys: dict[tuple[Target, str], Target] = {}

    def inside(self, things: Iterable[Thing]) -> Iterator[tuple[Thing, Reader]]:
        """The principals of each thing's own account that can do it, those it names included.

        Whom a policy lets in together, as everybody of the account, is an outsider's kind.
        """
        by_account: dict[str, list[Thing]] = defaultdict(list)
        for thing in things:
            by_account[thing.account_id].append(thing)
        for account, own in by_account.items():
            seen: set[tuple[str, str]] = set()
            index = ThingIndex(own)
            for group in self._granted(account):
                for thing in self._near(group[0], index):
                    for reader in self._readers(group, thing):
                        seen.add((reader.principal.arn, thing.target.arn))
                        yield thing, reader
            for thing in own:
                for principal in self._named_principals(thing):
                    if (principal.arn, thing.target.arn) in seen:
                        continue
                    if principal.account_id == account:
                        yield from ((thing, r) for r in self._readers([principal], thing))

    def across(self, thing: Thing) -> Iterator[Reader]:
        """The principals of other accounts that a thing's policy lets in.

        Those that come by a statement for everybody, or for the whole organization, are told
        where only some principals are asked about: of all, there would be too many.
        """
        seen: set[str] = set()
        for principal in self._named_principals(thing):
            if principal.account_id != thing.account_id:
                seen.add(principal.arn)
                yield from self._readers([principal], thing)
        accounts = accounts_named(thing.target)
        if self._is_among and is_for_everybody(thing.target):
            accounts = set(self._by_account)
        for account in sorted(accounts - {thing.account_id}):
            for group in self._granted(account):
                if self._is_near(group[0], thing):
                    for reader in self._readers(group, thing):
                        if reader.principal.arn not in seen:
                            yield reader

    def crosses(self, thing: Thing) -> bool:
        """Whether a thing's policy lets some others in; of anybody, other checks tell."""
        if thing.target.policy is None:
            return False
        return not any(each.kind == "public" for each in self.outsiders(thing))

    def outsiders(self, thing: Thing) -> list[Outsider]:
        """Whom a thing's policy lets in together, found by asking for principals of each kind."""
        policy = thing.target.policy
        if not isinstance(policy, CompiledPolicy):
            return []
        partition, own = thing.target.arn.split(":", 2)[1], thing.account_id
        organization = thing.target.context.get("aws:ResourceOrgID")
        names = names_in(thing.target, partition)
        strangers = [somebody(partition, STRANGER), *names.pop(STRANGER, ())]
        found = [self._outsider("public", "", thing, strangers)]
        if organization:
            found.append(self._outsider("organization", "", thing, strangers[:1], organization))
        found.append(self._outsider("inside", own, thing, [somebody(partition, own)], organization))
        for account, named in names.items():
            if account != own:
                member = organization if account in self._estate.guards else None
                found.append(self._outsider("account", account, thing, named, member))
        return [each for each in found if each.verdict.status is not Status.NO]

    def _outsider(
        self,
        kind: Kind,
        account: str,
        thing: Thing,
        names: Iterable[str],
        organization: str | None = None,
    ) -> Outsider:
        verdicts = {name: self._probe(thing, name, organization) for name in names}
        best = min(verdicts.values(), key=lambda verdict: verdict.status)
        let_in = tuple(name for name, each in verdicts.items() if each.status is best.status)
        return Outsider(kind, account, let_in, best)

    def at_once(self, account_id: str) -> list[Principal]:
        """The principals of an account whose own policies allow the action on everything."""
        return [
            principal
            for group in self._granted(account_id)
            if self._access.at_once(group[0], self.action) is OPEN
            for principal in group
        ]

    def _granted(self, account_id: str) -> list[list[Principal]]:
        """The principals of an account that have the action granted somewhere, by profile."""
        if account_id not in self._groups:
            found: dict[int, list[Principal]] = defaultdict(list)
            for principal in self._by_account.get(account_id, ()):
                if not principal.is_service_linked:
                    found[self._matrix.profile(principal).number].append(principal)
            self._groups[account_id] = [
                group
                for group in found.values()
                if self._access.at_once(group[0], self.action) is not NO
            ]
        return self._groups[account_id]

    def _near(self, principal: Principal, index: "ThingIndex") -> Iterable[Thing]:
        """The things that a principal's policies may grant the action on."""
        found: dict[Thing, None] = {}
        for rule in granting(principal.identity, self.action):
            found |= dict.fromkeys(index.matching(rule))
        return found

    def _is_near(self, principal: Principal, thing: Thing) -> bool:
        rules = granting(principal.identity, self.action)
        return any(is_about(rule, thing.target.arn) for rule in rules)

    def _readers(self, group: list[Principal], thing: Thing) -> Iterator[Reader]:
        """Those of principals with one profile that can; one decides for all if it may."""
        targets = [thing.target, *([thing.key] if thing.key else [])]
        if any(map(self._access.asks_who, targets)):
            verdicts = [self.verdict(each, thing) for each in group]
        else:
            verdicts = [self.verdict(group[0], thing)] * len(group)
        for principal, verdict in zip(group, verdicts, strict=True):
            if verdict.status <= Status.POSSIBLE:
                yield Reader(principal, verdict)

    def verdict(self, principal: Principal, thing: Thing) -> Verdict:
        """Whether one principal can do it to a thing, the key's policy included."""
        verdict = self._access.reaches(principal, self.action, thing.target)
        if verdict.status > Status.POSSIBLE:
            return verdict
        if thing.sealed and principal.account_id != thing.account_id:
            return blocked(OWN_KEY)
        key = self._key(thing, principal.account_id)
        if key is None:
            return verdict
        return both(verdict, self._access.reaches(principal, "kms:Decrypt", key))

    def _key(self, thing: Thing, caller: str) -> Target | None:
        """A thing's key, as an account uses it."""
        key = thing.key
        if key is None:
            return None
        if (key, caller) not in self._keys:
            context = {**key.context, "kms:CallerAccount": caller}
            self._keys[key, caller] = Target(key.arn, key.account_id, key.policy, context)
        return self._keys[key, caller]

    def _probe(self, thing: Thing, name: str, organization: str | None = None) -> Verdict:
        """Whether a thing lets somebody in who may do everything by policies of his own.

        Somebody of the thing's own account has no policies: only the resource's count.
        """
        account = name.split(":")[4]
        own = account == thing.account_id
        verdict = self._asked(thing.target, name, self.action, organization, with_policies=not own)
        if verdict.status > Status.POSSIBLE or own:
            return verdict
        if thing.sealed:
            return blocked(OWN_KEY)
        key = self._key(thing, account)
        if key is None:
            return verdict
        return both(verdict, self._asked(key, name, "kms:Decrypt", organization))

    def _asked(
        self,
        target: Target,
        name: str,
        action: str,
        organization: str | None,
        *,
        with_policies: bool = True,
    ) -> Verdict:
        if target.policy is UNKNOWN:
            return possible(f"the policy of {target.arn}")
        of_organization = {"aws:PrincipalOrgID": organization}
        if organization is None:
            of_organization["aws:PrincipalOrgPaths"] = None
        context = {**self._estate.clock, **of_organization, **target.context}
        decision = evaluate(
            Request(name, action, target.arn, target.account_id, context),
            identity=(EVERYTHING,) if with_policies else (),
            rcps=self._estate.resource_guards.get(target.account_id or ""),
            resource_policy=target.policy,
        )
        if "deny" in decision.outcome:
            return NO
        if decision.outcome == "allow":
            return OPEN
        return Verdict(Status.CONDITIONAL, frozenset(decision.missing_keys))

    def _named_principals(self, thing: Thing) -> Iterator[Principal]:
        """The principals of the estate that a thing's policy names one by one."""
        found: dict[Principal, None] = {}
        for text in dict.fromkeys(principals_named(thing.target)):
            if text in self._principals:
                found[self._principals[text]] = None
            elif is_pattern(text):
                fits = matcher(tokens_of(text))
                for principal in self._by_account.get(account_of(text), ()):
                    if not principal.is_service_linked and fits(principal.arn):
                        found[principal] = None
        yield from found
