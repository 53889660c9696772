"""Resources to try an action on, where a question is about any resource."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import MaybePolicy, Principal
from awsbasics.iam.patterns import ANY, tokens_of
from awsbasics.iam.rule import Rule
from awsbasics.iam.vocabulary import Vocabulary, resource_pattern

_SOME = "awsbasics"
_REGION = "us-east-1"
_MOST_RESOURCES = 24


def example_resources(principal: Principal, action: str, vocabulary: Vocabulary) -> Iterator[str]:
    """One ARN of each resource type of an action, and of each pattern that grants it."""
    known: dict[str, None] = {}
    granted = (_named(pattern, principal) for pattern in _granted(principal, action))
    for each in chain(_typical(principal, action, vocabulary), granted):
        if each not in known:
            known[each] = None
            yield each
        if len(known) >= _MOST_RESOURCES:
            return


def granting(policies: Iterable[MaybePolicy], action: str) -> Iterator[Rule]:
    """The allow statements about an action in the policies that were read."""
    for policy in policies:
        if isinstance(policy, CompiledPolicy):
            yield from (rule for rule, _ in policy.content.about(action.lower()) if rule.allows)


def _granted(principal: Principal, action: str) -> Iterable[str]:
    """The resource patterns of the statements that grant an action."""
    rules = granting(principal.identity, action)
    return (pattern for rule in rules for pattern in rule.source.resources)


def _typical(principal: Principal, action: str, vocabulary: Vocabulary) -> Iterator[str]:
    place = vocabulary.index.get(action.lower())
    service = action.partition(":")[0]
    types = vocabulary.actions[place].resource_types if place is not None else ()
    if not types:
        yield "*"
    for each in types:
        pattern = resource_pattern(service, each)
        for key, value in (
            ("${Partition}", principal.partition),
            ("${Region}", _REGION),
            ("${Account}", principal.account_id),
        ):
            pattern = pattern.replace(key, value)
        if pattern:
            yield "".join(_without_variables(pattern))


def _named(pattern: str, principal: Principal) -> str:
    """Some resource that a pattern of a policy means; ARNs with region and account filled in."""
    parts = pattern.split(":", 5)
    if len(parts) == 6:
        defaults = {3: _REGION, 4: principal.account_id}
        parts = [defaults.get(i, p) if set(p) == {"*"} else p for i, p in enumerate(parts)]
    own = {key.lower(): value for key, value in principal.known.items() if isinstance(value, str)}
    if principal.kind == "user":
        own["aws:username"] = principal.name
    tokens = tokens_of("".join(_without_variables(":".join(parts), own)))
    return "".join(t if isinstance(t, str) else _SOME if t is ANY else "x" for t in tokens)


def _without_variables(
    pattern: str, values: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """A pattern with what it stands for in place of each `${…}`, or a plain name."""
    head, *rest = pattern.split("${")
    yield head
    for part in rest:
        name, _, tail = part.partition("}")
        yield values.get(name.partition(",")[0].strip().lower(), _SOME)
        yield tail
