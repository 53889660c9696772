"""Policies compiled for evaluation, each content once.

The same documents hang on many principals. Equal documents share one set of rules, for as long
as anybody holds it (the last few are held here, for callers who pass documents as they are);
for each action that is asked for, the rules remember which statements are about it.
"""

import hashlib
import json
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakValueDictionary

from awsbasics.iam.logic import Atom, Truth
from awsbasics.iam.patterns import is_pattern
from awsbasics.iam.policy import Policy, parse_policy
from awsbasics.iam.rule import Rule, compile_rule
from awsbasics.iam.variables import VERSIONS

_FIRST_VERSION = "2008-10-17"
_ACTIONS_REMEMBERED = 4096
_POLICIES_HELD = 512
_MOST_STATEMENTS_HELD = 100  # so that what is held stays small
_MOST_ACTIONS = 20_000
_MOST_ACTION_PATTERNS = 2_000

Candidate = tuple[Rule, Truth]


@dataclass(eq=False)
class Rules:
    """The statements of one document, and which of them are about an action asked for before.

    `digest` is the content's sha256, or empty where it is nothing that JSON can say.
    `unreadable` are unknowns for all that could not be read as a statement.
    """

    policy: Policy
    digest: str
    rules: tuple[Rule, ...]
    problems: tuple[str, ...]
    unreadable: tuple[Atom, ...] = ()
    _by_action: dict[str, tuple[Candidate, ...]] = field(default_factory=dict, repr=False)

    def about(self, action: str) -> tuple[Candidate, ...]:
        """The statements that are (or may be) about an action, given in small letters."""
        found = self._by_action.get(action)
        if found is None:
            if len(self._by_action) >= _ACTIONS_REMEMBERED:
                self._by_action.clear()
            matches = ((rule, rule.matches_action(action)) for rule in self.rules)
            found = tuple((rule, truth) for rule, truth in matches if truth is not False)
            self._by_action[action] = found
        return found

    @cached_property
    def is_large(self) -> bool:
        """Whether it has too many actions to say at once which it is about.

        AWS has no such policies: the largest, a managed one, has 6,144 characters (the IAM user
        guide, "IAM and AWS STS quotas"). `evaluate` reads them all the same.
        """
        elements = [e for r in self.rules for e in (r.source.actions, r.source.not_actions)]
        if sum(map(len, elements)) <= _MOST_ACTION_PATTERNS:
            return False
        named = {text for element in elements for text in element}
        return len(named) > _MOST_ACTIONS or sum(map(is_pattern, named)) > _MOST_ACTION_PATTERNS

    def weight(self, action: str) -> int:
        """How much a decision on an action, given in small letters, has to try."""
        return sum(rule.weight for rule, _ in self.about(action))


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
    """A policy ready for `evaluate`; `name` is what decisions call it, `content` is shared."""

    content: Rules
    name: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Its statements, compiled, in the document's order."""
        return self.content.rules

    @property
    def problems(self) -> tuple[str, ...]:
        """What of it was not understood."""
        return self.content.problems

    @property
    def digest(self) -> str:
        """Equal for equal content; empty where the document is nothing that JSON can say."""
        return self.content.digest


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_shared: WeakValueDictionary[str, Rules] = WeakValueDictionary()
_recent: deque[Rules] = deque(maxlen=_POLICIES_HELD)


def compile_policy(document: object, name: str = "") -> CompiledPolicy:
    """A policy from a mapping or JSON text, compiled; never raises, see `problems`.

    Nothing of it is lost: what is not understood makes decisions depend on it.
    """
    if isinstance(document, CompiledPolicy):
        return CompiledPolicy(document.content, name) if name else document
    digest = _digest(document)
    content = _shared.get(digest) if digest else None
    if content is None:
        content = _compiled(document, digest)
        if digest:
            _shared[digest] = content
            if len(content.rules) <= _MOST_STATEMENTS_HELD:
                _recent.append(content)
    return CompiledPolicy(content, name)


def _compiled(document: object, digest: str) -> Rules:
    policy = parse_policy(document)
    identity: Hashable = digest or object()
    problems = list(policy.all_problems)
    if policy.version not in VERSIONS:
        problems.append(f"unknown Version {policy.version[:60]!r}: read as the newest")
    rules = []
    for statement in policy.statements:
        found: list[str] = []
        variables = policy.version != _FIRST_VERSION
        rules.append(compile_rule(statement, policy=identity, variables=variables, problems=found))
        problems += [f"statement {statement.index}: {text}" for text in found]
    unreadable = tuple(
        Atom(("unreadable", identity, index), f"unreadable statement {index}")
        for index in policy.unreadable
    )
    return Rules(policy, digest, tuple(rules), tuple(problems), unreadable)


def _digest(document: object) -> str:
    """The sha256 of a document's canonical JSON; empty where it has none."""
    try:
        text = _CANONICAL.encode(document)
    except (TypeError, ValueError, RecursionError):
        return ""
    return hashlib.sha256(text.encode()).hexdigest()
