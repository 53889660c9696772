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
from awsbasics.iam.explain import StatementRef
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
_EVERYONE = ((True, Grant.DIRECT),)


@dataclass(frozen=True, slots=True)
class Question:
    """A request as the layers need it: the action in small letters, who asks, what is known.

    `is_local` says whether caller and resource belong to one account, `bounded` whether the
    caller has a permissions boundary.
    """

    action: str
    resource: str
    caller: Caller
    context: Context
    is_local: bool = True
    bounded: Truth = False


class Found(NamedTuple):
    """A statement that applies, or may: `truth` says when, `grant` how it names the caller.

    `place` is the level of SCPs or RCPs that its policy is in, and the policy's number there.
    """

    place: tuple[str, int, int]
    policy: CompiledPolicy
    rule: Rule
    truth: Truth
    grant: Grant = Grant.DIRECT

    def ref(self) -> StatementRef:
        """Where the statement stands, by the policy's name or, failing that, its number."""
        layer, level, number = self.place
        name = self.policy.name or f"{f'{level}.' if level else ''}{number}"
        return StatementRef(layer, name, self.rule.source.sid, self.rule.source.index)


@dataclass(frozen=True, slots=True)
class Look:
    """The allows and denies of a layer; `unread` are unknowns for what was not read of it."""

    allows: Sequence[Found] = ()
    denies: Sequence[Found] = ()
    unread: Sequence[tuple[Atom, Atom]] = ()

    def allowed(self, least: Grant = Grant.NONE) -> Truth:
        """Whether it allows, counting what names the caller at least as closely as this."""
        counted = [each.truth for each in self.allows if each.grant >= least]
        if True in counted:
            return True
        return any_of(counted + [allow for allow, _ in self.unread])

    def denied(self) -> Truth:
        """Whether it denies."""
        if not self.denies and not self.unread:
            return False
        return any_of([each.truth for each in self.denies] + [deny for _, deny in self.unread])


NO_LOOK = Look()


def look(layer: str, policies: Policies | None, question: Question, level: int = 0) -> Look:
    """What a layer's policies (or those of one level of it, from 1) say."""
    allows: list[Found] = []
    denies: list[Found] = []
    unread: list[tuple[Atom, Atom]] = []
    action, names_nobody = question.action, layer not in RESOURCE_LAYERS
    for number, policy in enumerate(_listed(policies), start=1):
        place = (layer, level, number)
        if policy is UNKNOWN:
            unread.append(_unread(place))
            continue
        compiled = policy if isinstance(policy, CompiledPolicy) else compile_policy(policy)
        for rule, about in compiled.content.about(action):
            applies = about if rule.is_unlimited else _applies(rule, about, layer, question)
            if applies is False:
                continue
            found = Found(place, compiled, rule, applies)
            if names_nobody and rule.is_plain:
                (allows if rule.allows else denies).append(found)
                continue
            allows += _allows(found, question)
            denies += _denies(found, question)
        if compiled.content.unreadable:
            unread += map(_unreadable, compiled.content.unreadable)
    return Look(allows, denies, unread)


def _listed(policies: Any) -> Iterable[Any]:
    """The policies of a list; anything else is one policy, nothing a layer that was not read."""
    if isinstance(policies, list | tuple):
        return policies
    return (UNKNOWN if policies is None else policies,)


def _unread(place: tuple[str, int, int]) -> tuple[Atom, Atom]:
    layer, level, number = place
    text = f"{layer} policy {f'{level}.' if level else ''}{number} (not read)"
    return Atom((place, "allows"), f"{text} allows"), Atom((place, "denies"), f"{text} denies")


def _unreadable(atom: Atom) -> tuple[Atom, Atom]:
    return atom, Atom((atom.identity, "denies"), f"{atom.text} denies")


def _allows(found: Found, question: Question) -> Iterable[Found]:
    """The statement as an allow, for each way in which it names the caller."""
    rule, applies = found.rule, found.truth
    if not rule.allows:
        return
    if rule.denies:
        applies = all_of((applies, rule.doubt("Effect")))
    for named, how in _named(rule, found.place[0], question, denying=False):
        truth = applies if named is True else all_of((applies, named))
        if truth is not False:
            yield found._replace(truth=truth, grant=how)


def _denies(found: Found, question: Question) -> Iterable[Found]:
    """The statement as a deny, if it names the caller in any way."""
    rule, applies = found.rule, found.truth
    if not rule.denies:
        return
    if rule.allows:
        applies = all_of((applies, negate(rule.doubt("Effect"))))
    named = any_of([each for each, _ in _named(rule, found.place[0], question, denying=True)])
    truth = applies if named is True else all_of((applies, named))
    if truth is not False:
        yield found._replace(truth=truth)


def _applies(rule: Rule, about: Truth, layer: str, question: Question) -> Truth:
    """Whether the resource and the conditions fit, where the action does (`about`)."""
    resource = rule.matches_resource(question.resource, question.context)
    if resource is False:
        return False
    if rule.resources is None and not _may_lack_resource(rule, layer):
        resource = rule.doubt("Resource")
    holds = rule.matches_conditions(question.context)
    if holds is True and resource is True:
        return about
    return all_of((about, resource, holds))


def _may_lack_resource(rule: Rule, layer: str) -> bool:
    """Some resource policies name no resource: trust policies, those of repositories."""
    return layer == "resource" and not rule.source.elements & {"Resource", "NotResource"}


def _named(
    rule: Rule, layer: str, question: Question, *, denying: bool
) -> Iterable[tuple[Truth, Grant]]:
    """Whether, and how closely, a statement names the caller; in several ways if unsure."""
    elements = rule.names_principals
    if layer not in RESOURCE_LAYERS:
        # Identity policies name nobody: whoever holds them is meant.
        return ((rule.doubt("Principal"), Grant.DIRECT),) if elements else _EVERYONE
    if elements == {"Principal"}:
        return _by_principal(rule, question.caller)
    if elements == {"NotPrincipal"}:
        return _by_not_principal(rule, question, denying=denying)
    if not elements and layer == "rcp":
        return _EVERYONE  # an RCP's principal can only be `*`
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
