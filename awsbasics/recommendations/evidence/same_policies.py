"""DEP.4: an application's stacks give the same permissions in every environment.

Compared are the live policies of the principals that the stacks made, pairwise by their name
in the template. Account ids, regions, names of environments and the stack's own resources
differ on purpose, and stand for themselves.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsbasics.iam import permission_changes
from awsbasics.recommendations.base import Result, fail, not_applicable, ok
from awsbasics.recommendations.evidence.deployed_stacks import Deployed
from awsbasics.recommendations.evidence.live_policies import EMBEDDED, LivePolicies
from awsbasics.recommendations.evidence.rows import SHOWN

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Rename = Callable[[str], str]

_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_REGION = re.compile(r"(?<![a-z0-9])[a-z]{2}(?:-[a-z]+){1,3}-[0-9](?![0-9])")
NONE = "No application has stacks in several environments."


@dataclass(frozen=True, slots=True)
class Twin:
    """A stack of an application in one environment."""

    deployed: Deployed
    application: str
    environment: str


def same_policies(facts: "Facts") -> Iterator[Result]:
    """DEP.4: one result per principal that has a counterpart in the environment compared with.

    That is production, or else the first by name.
    """
    live = facts.live_policies
    words = _environment_words(facts)
    found = False
    for twins in _twins(facts, words):
        first, *others = sorted(twins, key=_rank)
        for other in others:
            if other.environment != first.environment:
                found = True
                yield from _compared(first, other, live, words)
    if not found:
        yield not_applicable(facts.home_account_id, NONE)


def _rank(twin: Twin) -> tuple[bool, str, str]:
    return (twin.environment != "production", twin.environment, twin.deployed.arn)


def _twins(facts: "Facts", words: re.Pattern[str]) -> Iterator[Sequence[Twin]]:
    """The stacks of an application that have the same name but for the environment's."""
    found: dict[tuple[str, str], list[Twin]] = defaultdict(list)
    for deployed in facts.stacks:
        place = (deployed.account_id, deployed.region, deployed.arn)
        application = facts.ownership.application(*place).value
        environment = facts.ownership.environment(deployed.account_id).value
        if application and environment and environment != "sandbox":
            name = words.sub("*", deployed.name)
            found[application, name].append(Twin(deployed, application, environment))
    return (twins for twins in found.values() if len({t.environment for t in twins}) > 1)


def _environment_words(facts: "Facts") -> re.Pattern[str]:
    """The words that name an environment, where they stand alone."""
    environments = facts.ownership.accounts["environment"].dropna()
    words = {*facts.engagement.phases, *facts.engagement.phases.values(), *environments}
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    listed = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{listed})(?![A-Za-z0-9])", re.IGNORECASE)


def _compared(
    first: Twin, other: Twin, live: LivePolicies, words: re.Pattern[str]
) -> Iterator[Result]:
    named = _principals(first, live)
    for logical_id, (kind, row) in _principals(other, live).items():
        if logical_id not in named or named[logical_id][0] != kind:
            continue
        before = _documents(named[logical_id][1], live, _rename(first.deployed, words))
        after = _documents(row, live, _rename(other.deployed, words))
        changes = [str(change) for change in permission_changes(before, after)]
        if not changes:
            yield ok(other.deployed.account_id, row.arn)
            continue
        title = (
            f"{kind.rpartition(':')[2]} {row.name} of {other.application} may other things in"
            f" {other.environment} than in {first.environment}: there it {changes[0]}."
        )
        yield fail(
            other.deployed.account_id,
            row.arn,
            key=first.environment,
            title=title,
            facts={
                "compared_with": named[logical_id][1].arn,
                "differences": changes[:SHOWN],
                "more_differences": max(0, len(changes) - SHOWN),
                "stacks": [first.deployed.name, other.deployed.name],
            },
            table=EMBEDDED,
            application=other.application,
        )


def _principals(twin: Twin, live: LivePolicies) -> dict[str, tuple[str, Any]]:
    """The stack's principals that are there, by their name in the template."""
    found = {}
    account = twin.deployed.account_id
    for logical_id, physical_id in twin.deployed.physical_ids.items():
        for kind in live.kinds:
            row = live.principals.get((kind, account, physical_id))
            if row is not None and twin.deployed.types.get(logical_id) == kind:
                found[logical_id] = (kind, row)
    return found


def _documents(row: Any, live: LivePolicies, rename: Rename) -> list[str]:
    """All policies of a principal, in names that are the same in every environment."""
    embedded = (policy.document for policy in live.embedded.get(row.arn, ()))
    attached = (live.policies.get(one.policy_arn) for one in live.attached.get(row.arn, ()))
    documents = [*embedded, *(policy.document for policy in attached if policy is not None)]
    return [rename(document) for document in documents if document]


def _rename(deployed: Deployed, words: re.Pattern[str]) -> Rename:
    """Puts what stands for itself in place of the names that differ on purpose."""
    own = {
        physical_id: logical_id
        for logical_id, physical_id in deployed.physical_ids.items()
        if len(physical_id) > 3
    }
    longest_first = sorted(own, key=lambda name: (-len(name), name))
    names = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def rename(text: str) -> str:
        text = names.sub(lambda match: f"<{own[match[0]]}>", text)
        text = _ACCOUNT.sub("<account>", text)
        text = words.sub("<environment>", text)
        return _REGION.sub("<region>", text)

    return rename
