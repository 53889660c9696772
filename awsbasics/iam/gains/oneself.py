"""What a principal makes of itself: other policies, no boundary, another group."""

from collections.abc import Iterator
from dataclasses import replace

from awsbasics.iam.estate import Principal
from awsbasics.iam.gains.edge import Edge
from awsbasics.iam.gains.ground import Ground, is_own
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.paths import Gain, Need, On, Path
from awsbasics.iam.verdict import NO, OPEN, Status, Verdict, best, blocked, both, possible


class Oneself:
    """Changes to a principal's own policies, boundary and groups."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._freedom: dict[str, Verdict] = {}

    def rewritten(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Every permission, by what its own policies or groups become."""
        needs = [self._on_self(source, need) for need in path.needs]
        verdict = both(*(found for found, _ in needs), self._ground.exists(path))
        if verdict.status is Status.NO:
            return
        on = {need.on: where for need, (_, where) in zip(path.needs, needs, strict=True)}
        whole = both(verdict, self.is_free(source))
        yield Edge(source, path, source.arn, whole, True, on)

    def _on_self(self, source: Principal, need: Need) -> tuple[Verdict, str]:
        """The best place where an action changes a principal's own policies."""
        if need.on is On.SELF and source.is_protected:
            return NO, ""
        places = {
            On.SELF: (source.arn,),
            On.GROUP: source.groups,
            On.POLICY: self._ground.own_policies(source),
            On.BOUNDARY: tuple(a for a in (source.boundary_arn,) if is_own(a, source)),
        }[need.on]
        about = self._ground.changes(source, need) if places else {}
        found = [
            (self._ground.access.can(source, need.action, each, about), each) for each in places
        ]
        return min(found, key=lambda each: each[0].status, default=(NO, ""))

    def is_free(self, principal: Principal) -> Verdict:
        """Whether a principal with every permission is an administrator, for all its boundary."""
        if principal.boundary is None:
            return OPEN
        if principal.arn not in self._freedom:
            self._freedom[principal.arn] = self._freed(principal)
        return self._freedom[principal.arn]

    def _freed(self, principal: Principal) -> Verdict:
        if principal.boundary is UNKNOWN:
            return possible(f"the boundary {principal.boundary_arn}")
        if self._ground.matrix.frees(principal):
            return OPEN
        removed = best(
            edge.verdict
            for path in self._ground.open_to(principal)
            if path.gain is Gain.UNBOUND and path.only in {"", principal.kind}
            for edge in self._removing(principal, path)
        )
        stopped = blocked(f"boundary: {principal.boundary_arn}")
        return stopped if removed.status >= Status.BLOCKED else removed

    def unbound(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Itself without its boundary, where that is worth having."""
        if source.boundary is None:
            return
        after = self._ground.matrix.unbound(source)
        worth = self._ground.worth_of(self._ground.matrix.profile(source), after)
        for edge in self._removing(source, path):
            verdict = both(edge.verdict, worth)
            if verdict.status is not Status.NO:
                yield replace(edge, verdict=verdict, to_administrator=bool(after.title))

    def _removing(self, source: Principal, path: Path) -> Iterator[Edge]:
        verdict, where = self._on_self(source, path.needs[0])
        if source.boundary is not None and verdict.status is not Status.NO:
            yield Edge(source, path, source.arn, verdict, False, {path.needs[0].on: where})

    def joined(self, source: Principal, path: Path) -> Iterator[Edge]:
        """What a group of its account may, as a member of it."""
        for group in self._ground.estate.groups.values():
            if group.account_id != source.account_id or group.arn in source.groups:
                continue
            after = self._ground.matrix.group(source, group.identity)
            worth = self._ground.worth_of(self._ground.matrix.profile(source), after)
            verdict = both(worth, self._ground.allowed(source, path, On.GROUP, group.arn, {}))
            if verdict.status is not Status.NO:
                whole = bool(after.title)
                yield Edge(source, path, group.arn, verdict, whole, {On.GROUP: group.arn})
