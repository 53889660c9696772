"""What the policies of one layer say about a request: their allows and denies.

Sources: the IAM user guide, "Policy evaluation logic"; the Organizations user guide, "SCP
evaluation" and "RCP evaluation" (each level from the root down must allow).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from awsbasics.iam.compile import CompiledPolicy, compile_policy
from awsbasics.iam.context import Context
from awsbasics.iam.logic import Atom, Truth, all_of, any_of, negate
from awsbasics.iam.principals import Grant, canonical_user, grant, is_spared
from awsbasics.iam.request import Caller
from awsbasics.iam.rule import Rule


class Unknown(Enum):
    """What stands in place of a layer, a level or a policy that was not read."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return self.name


UNKNOWN = Unknown.UNKNOWN

Document = Mapping[str, Any] | str | CompiledPolicy
Policies = Sequence[Document | Unknown] | Document | Unknown
Levels = Sequence[Policies] | Unknown

RESOURCE_LAYERS = frozenset({"resource", "rcp"})


@dataclass(frozen=True, slots=True)
class Question:
    """A request as the layers need it: the action in small letters, who asks, what is known.

    `bounded` says whether the caller has a permissions boundary.
    """

    action: str
    resource: str
    caller: Caller
    context: Context
    bounded: Truth = False


class Found(NamedTuple):
    """A statement that applies, or may: `truth` says when, `grant` how it names the caller."""

    layer: str
    policy: str
    rule: Rule
    truth: Truth
    grant: Grant = Grant.DIRECT


@dataclass(frozen=True, slots=True)
class Look:
    """The allows and denies of a layer; `unread` are unknowns for what was not read of it."""

    allows: Sequence[Found] = ()
    denies: Sequence[Found] = ()
    unread: Sequence[tuple[Atom, Atom]] = ()

    def allowed(self, least: Grant = Grant.NONE) -> Truth:
        """Whether it allows, counting what names the caller at least as closely as this."""
        found = [each.truth for each in self.allows if each.grant >= least]
        return any_of((*found, *(allow for allow, _ in self.unread)))

    def denied(self) -> Truth:
        """Whether it denies."""
        return any_of((*(each.truth for each in self.denies), *(deny for _, deny in self.unread)))


def look(layer: str, policies: Policies, question: Question, place: str = "") -> Look:
    """What a layer's policies (or those of one level of it) say."""
    allows: list[Found] = []
    denies: list[Found] = []
    unread: list[tuple[Atom, Atom]] = []
    for number, policy in enumerate(_listed(policies), start=1):
        if policy is UNKNOWN:
            unread.append(_unread(layer, f"{place}{number}"))
            continue
        compiled = compile_policy(policy)
        name = compiled.name or f"{place}policy {number}"
        for rule, about in compiled.content.about(question.action):
            _judge(Found(layer, name, rule, about), question, allows, denies)
        unread += [
            (atom, Atom((atom.identity, "denies"), f"{atom.text} denies"))
            for atom in compiled.content.unreadable
        ]
    return Look(allows, denies, unread)


def _listed(policies: Policies | None) -> Iterable[Any]:
    if policies is None:
        return (UNKNOWN,)
    if isinstance(policies, Unknown | Mapping | str | CompiledPolicy):
        return (policies,)
    return policies


def _unread(layer: str, place: str) -> tuple[Atom, Atom]:
    text = f"the {layer} policy {place} (not read)"
    return (
        Atom(("unread", layer, place, "allows"), f"{text} allows"),
        Atom(("unread", layer, place, "denies"), f"{text} denies"),
    )


def _judge(found: Found, question: Question, allows: list[Found], denies: list[Found]) -> None:
    rule = found.rule
    applies = _applies(rule, found, question)
    if applies is False:
        return
    effect: Truth = rule.doubt("Effect") if rule.allows and rule.denies else True
    if rule.allows:
        for named, how in _named(rule, found.layer, question, denying=False):
            truth = all_of((applies, named, effect))
            if truth is not False:
                allows.append(found._replace(truth=truth, grant=how))
    if rule.denies:
        effect = effect if effect is True else negate(effect)
        named = any_of(each for each, _ in _named(rule, found.layer, question, denying=True))
        truth = all_of((applies, named, effect))
        if truth is not False:
            denies.append(found._replace(truth=truth))


def _applies(rule: Rule, found: Found, question: Question) -> Truth:
    """Whether action, resource and conditions fit; `found.truth` is that of the action."""
    if rule.resources is None and not _may_lack_resource(rule, found.layer):
        resource: Truth = rule.doubt("Resource")
    else:
        resource = rule.matches_resource(question.resource, question.context)
    if resource is False:
        return False
    holds = rule.matches_conditions(question.context)
    if holds is True and resource is True:
        return found.truth
    return all_of((found.truth, resource, holds))


def _may_lack_resource(rule: Rule, layer: str) -> bool:
    """Some resource policies name no resource: trust policies, those of repositories."""
    return layer == "resource" and not rule.source.elements & {"Resource", "NotResource"}


def _named(
    rule: Rule, layer: str, question: Question, *, denying: bool
) -> Iterable[tuple[Truth, Grant]]:
    """Whether, and how closely, a statement names the caller; in several ways if unsure."""
    elements = rule.source.elements & {"Principal", "NotPrincipal"}
    if layer not in RESOURCE_LAYERS:
        # Identity policies name nobody: whoever holds them is meant.
        return ((rule.doubt("Principal"), Grant.DIRECT),) if elements else ((True, Grant.DIRECT),)
    if elements == {"Principal"}:
        return _by_principal(rule, question.caller)
    if elements == {"NotPrincipal"}:
        return _by_not_principal(rule, question, denying=denying)
    if not elements and layer == "rcp":
        return ((True, Grant.DIRECT),)  # an RCP's principal can only be `*`
    return ((rule.doubt("Principal"), Grant.DIRECT),)


def _by_principal(rule: Rule, caller: Caller) -> Iterable[tuple[Truth, Grant]]:
    how = grant(rule.source.principals, caller)
    if how is not Grant.NONE:
        yield True, how
    if "Principal" in rule.source.unreadable:
        yield rule.doubt("Principal"), Grant.DIRECT
    elif how is Grant.NONE:
        yield canonical_user(rule.source.principals, caller), Grant.ACCOUNT


def _by_not_principal(
    rule: Rule, question: Question, *, denying: bool
) -> Iterable[tuple[Truth, Grant]]:
    """With Deny all but those who are spared; with Allow all whom it does not name at all."""
    named, caller = rule.source.not_principals, question.caller
    doubts: list[Truth] = [canonical_user(named, caller)]
    if "NotPrincipal" in rule.source.unreadable:
        doubts.append(rule.doubt("Principal"))
    if denying:
        spared = any_of((is_spared(named, caller), *doubts))
        yield any_of((negate(spared), question.bounded)), Grant.DIRECT
    else:
        yield negate(any_of((grant(named, caller) is not Grant.NONE, *doubts))), Grant.DIRECT
