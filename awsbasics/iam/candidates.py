"""Who may be gained at all: roles by whom they trust, so that no pair is looked at in vain."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from awsbasics.iam.access import Access
from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.examples import granting
from awsbasics.iam.paths import escalation_path_declarations
from awsbasics.iam.patterns import Matcher, any_match
from awsbasics.iam.policy import Principal as Named
from awsbasics.iam.rule import Rule
from awsbasics.iam.verdict import Status, Verdict

_ASSUME = "sts:assumerole"
_FEDERATED = ("sts:assumerolewithsaml", "sts:assumerolewithwebidentity")


class Candidates:
    """The roles of an estate by trusted account, principal, service and identity provider."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._estate = access.estate
        self._assumable: dict[str, Mapping[str, Verdict]] = {}

    def of_service(self, account_id: str, service: str) -> tuple[tuple[Principal, Verdict], ...]:
        """The roles of an account that a service may take up."""
        return self._by_service.get((account_id, service), ())

    def of_provider(self, account_id: str, kind: str) -> Iterator[tuple[Principal, str]]:
        """The roles of an account that trust providers of it (`saml-provider`), with these."""
        for role, provider in self._by_provider.get(account_id, ()):
            if f":{account_id}:{kind}/" in provider:
                yield role, provider

    def assumable(self, principal: Principal) -> Mapping[str, Verdict]:
        """The roles that a principal can assume, or could but for something, by ARN."""
        found = self._assumable.get(principal.arn)
        if found is None:
            verdicts = {
                role.arn: self._access.assume(principal, role)
                for role in self._candidates(principal)
                if role is not principal
            }
            found = {arn: each for arn, each in verdicts.items() if each.status is not Status.NO}
            self._assumable[principal.arn] = found
        return found

    def _candidates(self, principal: Principal) -> list[Principal]:
        found = dict.fromkeys(self._by_name.get(principal.arn, ()))
        if self._access.granted(principal, _ASSUME):
            matches = self._reach(principal)
            for role in (*self._by_account.get(principal.account_id, ()), *self._to_all):
                if role not in found and matches(role.arn):
                    found[role] = None
        return list(found)

    def _reach(self, principal: Principal) -> Matcher:
        """Which roles a principal's own policies may be about, never too narrowly."""
        if self._access.is_too_large(principal, _ASSUME):
            return _any_role
        matchers = [_reach(rule) for rule in granting(principal.identity, _ASSUME)]
        if _any_role in matchers:
            return _any_role
        return any_match((), matchers)

    @cached_property
    def _roles(self) -> tuple[Principal, ...]:
        every = self._estate.principals.values()
        return tuple(each for each in every if each.kind == "role" and not each.is_service_linked)

    @cached_property
    def _by_service(self) -> Mapping[tuple[str, str], tuple[tuple[Principal, Verdict], ...]]:
        found: dict[tuple[str, str], list[tuple[Principal, Verdict]]] = defaultdict(list)
        for role in self._roles:
            if role.is_protected:
                continue
            services = {n.id for n in _named(role, _ASSUME) if n.kind == "Service"}
            for service in services & self._services:
                verdict = self._access.passes_to(role, service)
                if verdict.status is not Status.NO:
                    known = service.removesuffix(".cn")
                    found[role.account_id, known].append((role, verdict))
        return {key: tuple(each) for key, each in found.items()}

    @cached_property
    def _services(self) -> frozenset[str]:
        """The services that some path hands roles to or finds roles with."""
        paths = escalation_path_declarations().values()
        known = {service for path in paths for service in path.services}
        return frozenset(known | {f"{service}.cn" for service in known})

    @cached_property
    def _by_provider(self) -> Mapping[str, tuple[tuple[Principal, str], ...]]:
        found: dict[str, list[tuple[Principal, str]]] = defaultdict(list)
        for role in self._roles:
            providers = {
                named.id
                for action in _FEDERATED
                for named in _named(role, action)
                if named.kind == "Federated"
            }
            if not role.is_protected:
                found[role.account_id] += [(role, each) for each in sorted(providers)]
        return {key: tuple(each) for key, each in found.items()}

    @cached_property
    def _trusting(
        self,
    ) -> tuple[Mapping[str, list[Principal]], Mapping[str, list[Principal]], list[Principal]]:
        """Roles by the account that they trust, by the principal that they name, and the rest."""
        by_account: dict[str, list[Principal]] = defaultdict(list)
        by_name: dict[str, list[Principal]] = defaultdict(list)
        to_all: list[Principal] = []
        for role in self._roles:
            if not isinstance(role.trust, CompiledPolicy) or _names_by_exclusion(role):
                by_account[role.account_id].append(role)
                continue
            for text in {n.id for n in _named(role, _ASSUME) if n.kind == "AWS"}:
                account = _account_of(text)
                if text == "*":
                    to_all.append(role)
                elif account:
                    by_account[account].append(role)
                else:
                    by_name[text].append(role)
        return by_account, by_name, to_all

    @property
    def _by_account(self) -> Mapping[str, list[Principal]]:
        return self._trusting[0]

    @property
    def _by_name(self) -> Mapping[str, list[Principal]]:
        return self._trusting[1]

    @property
    def _to_all(self) -> list[Principal]:
        return self._trusting[2]


def _reach(rule: Rule) -> Matcher:
    """Which roles a statement may be about, told quickly and never too narrowly."""
    resources, source = rule.resources, rule.source
    if resources is None or resources.templates or source.unreadable:
        return _any_role
    if "NotResource" in source.elements or "*" in source.resources:
        return _any_role
    return resources.match


def _any_role(_arn: str) -> bool:
    return True


def _named(role: Principal, action: str) -> Iterator[Named]:
    """Whom the allowing statements of a role's trust policy name for an action."""
    if isinstance(role.trust, CompiledPolicy):
        for rule, _ in role.trust.content.about(action):
            if rule.allows:
                yield from rule.source.principals


def _names_by_exclusion(role: Principal) -> bool:
    trust = role.trust
    return isinstance(trust, CompiledPolicy) and any(
        rule.allows and (rule.source.not_principals or rule.source.unreadable)
        for rule in trust.rules
    )


def _account_of(text: str) -> str:
    """The account that a principal text means as a whole: its id, or its root's ARN."""
    if text.isdigit():
        return text
    parts = text.split(":")
    return parts[4] if len(parts) == 6 and parts[5] == "root" else ""
