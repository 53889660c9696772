"""Things by their ARNs, so that a statement looks at those alone that its patterns begin like."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from awsbasics.iam.rule import Rule
from awsbasics.recommendations.evidence.things import Thing


class ThingIndex:
    """Things in the order of their ARNs, so that a pattern looks at those alone that begin so."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self._things = sorted(things, key=lambda thing: thing.target.arn)
        self._arns = [thing.target.arn for thing in self._things]

    def matching(self, rule: Rule) -> Iterator[Thing]:
        """The things that a statement may be about; never too few."""
        if not _says_plainly(rule):
            yield from self._things
            return
        for pattern in rule.source.resources:
            beginning = pattern[: _fixed(pattern)]
            place = bisect_left(self._arns, beginning)
            while place < len(self._arns) and self._arns[place].startswith(beginning):
                if is_about(rule, self._arns[place]):
                    yield self._things[place]
                place += 1


def _fixed(pattern: str) -> int:
    return min((pattern.find(c) for c in "*?$" if c in pattern), default=len(pattern))


def _says_plainly(rule: Rule) -> bool:
    """Whether a statement's resources are all known: no NotResource, no variables."""
    resources = rule.resources
    if resources is None or resources.templates or rule.source.unreadable:
        return False
    return "NotResource" not in rule.source.elements


def is_about(rule: Rule, arn: str) -> bool:
    """Whether a statement may be about a resource; never no where it might."""
    return not _says_plainly(rule) or rule.resources is None or bool(rule.resources.match(arn))
