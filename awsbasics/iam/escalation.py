"""Who can become an administrator, or another and more powerful principal, and how.

Every declared path is tried for every principal that is none: first by the rows of the matrix,
then exactly, on the roles, users and resources that it may gain. What is found is a graph of who
reaches whom; ways of several hops to an administrator come from one search back from them.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from awsbasics.iam.access import Access
from awsbasics.iam.candidates import Candidates
from awsbasics.iam.estate import Estate, Person
from awsbasics.iam.frames import Moment, estate_of, frame_of
from awsbasics.iam.gains import Edge, Gains
from awsbasics.iam.matrix import Matrix
from awsbasics.iam.pause import collection_paused
from awsbasics.iam.verdict import Status, both
from awsbasics.snapshot import Snapshot

COLUMNS: Mapping[str, str] = {
    "principal_arn": "str",
    "account_id": "str",
    "path_id": "str",
    "target_arn": "str",
    "hops": "Int64",
    "steps": "str",
    "status": "str",
    "blocked_by": "str",
    "missing": "str",
}


def escalation_paths(snapshot: Snapshot, as_of: Moment = None) -> pd.DataFrame:
    """Ways up, one row for each principal, path and target; one for a way of several hops.

    `status`: `open`; `conditional` on the condition keys in `missing`; `possible` if what
    `missing` names, and was not read, is so, or if it names policies too large to be settled (AWS
    stores none of that size); `blocked` by what `blocked_by` names, else open.
    `steps` says in words what is done. A way of several hops (`hops` over 1) is reported to an
    administrator only, the shortest of the best status, under the id of its first path. People
    of Identity Center are principals whose first hop is signing in.
    """
    with collection_paused():
        rows = [way.row() for way in ways(estate_of(snapshot, as_of))]
    return frame_of(rows, COLUMNS)


@dataclass(frozen=True, slots=True)
class Way:
    """One or several edges, one after the other; `before` is what a person does first."""

    principal_arn: str
    account_id: str
    edges: tuple[Edge, ...]
    before: str = ""

    def row(self) -> tuple[str, str, str, str, int, str, str, str, str]:
        """Its row in the frame."""
        verdict = both(*(edge.verdict for edge in self.edges))
        steps = [step for edge in self.edges for step in edge.steps()]
        return (
            self.principal_arn,
            self.account_id,
            self.edges[0].path.id,
            self.edges[-1].target_arn,
            len(self.edges) + bool(self.before),
            json.dumps([self.before, *steps] if self.before else steps),
            verdict.status.name.lower(),
            _listed(verdict.blocked_by),
            _listed(verdict.missing),
        )


def _listed(texts: frozenset[str]) -> str:
    return json.dumps(sorted(texts)) if texts else "[]"


def ways(estate: Estate) -> Iterator[Way]:
    """All ways up in an estate."""
    access = Access(Matrix(estate))
    yield from ways_by(access, Candidates(access))


def ways_by(access: Access, candidates: Candidates) -> Iterator[Way]:
    """All ways up in the estate of these, which remember what they find."""
    matrix, gains = access.matrix, Gains(access, candidates)
    edges = {
        principal.arn: tuple(gains.of(principal))
        for principal, profile in matrix.profiles()
        if not profile.title and not principal.is_service_linked
    }
    for found in edges.values():
        for edge in found:
            if not edge.is_step:
                yield Way(edge.source.arn, edge.source.account_id, (edge,))
    search = _Search(edges)
    for arn, found in edges.items():
        further = search.beyond_one_hop(arn)
        if further:
            yield Way(arn, found[0].source.account_id, further)
    administrators = {each.arn for each, profile in matrix.profiles() if profile.title}
    for person in access.estate.people:
        yield from _of_person(person, search, administrators)


def _of_person(person: Person, search: "_Search", administrators: set[str]) -> Iterator[Way]:
    """The best way up of a person that is no administrator by an assignment."""
    if any(each.role_arn in administrators for each in person.sign_ins):
        return
    found = [(each, search.best(each.role_arn)) for each in person.sign_ins]
    known = [(each, edges) for each, edges in found if edges]
    if known:
        sign_in, edges = min(known, key=lambda each: _rank(each[1]))
        through = f" as a member of {sign_in.through}" if sign_in.through else ""
        before = f"{person.name} signs in with {sign_in.permission_set}{through}"
        before += f": {sign_in.role_arn}"
        yield Way(person.arn, person.account_id, edges, before)


def _rank(edges: tuple[Edge, ...]) -> tuple[int, int]:
    return both(*(edge.verdict for edge in edges)).status, len(edges)


class _Search:
    """The shortest ways to an administrator, searched back from all administrators at once."""

    def __init__(self, edges: Mapping[str, tuple[Edge, ...]]) -> None:
        self._edges = edges
        levels = (Status.OPEN, Status.CONDITIONAL, Status.POSSIBLE)
        self._next = {level: self._searched(level) for level in levels}

    def best(self, arn: str) -> tuple[Edge, ...]:
        """The shortest way of the best status; empty if there is none."""
        for following in self._next.values():
            if arn in following:
                return _followed(arn, following)
        return ()

    def beyond_one_hop(self, arn: str) -> tuple[Edge, ...]:
        """That way, if it has several hops and no single edge is as good."""
        found = self.best(arn)
        return found if len(found) > 1 else ()

    def _searched(self, most: Status) -> Mapping[str, Edge]:
        """For each principal the first edge of the shortest way with edges as open as that."""
        into: dict[str, list[Edge]] = {}
        following: dict[str, Edge] = {}
        queue: deque[str] = deque()
        for edge in _all(self._edges.values()):
            if edge.verdict.status > most:
                continue
            if not edge.to_administrator:
                into.setdefault(edge.target_arn, []).append(edge)
            elif edge.source.arn not in following:
                following[edge.source.arn] = edge
                queue.append(edge.source.arn)
        while queue:
            for edge in into.get(queue.popleft(), ()):
                if edge.source.arn not in following:
                    following[edge.source.arn] = edge
                    queue.append(edge.source.arn)
        return following


def _followed(arn: str, following: Mapping[str, Edge]) -> tuple[Edge, ...]:
    edges = [following[arn]]
    while not edges[-1].to_administrator:
        edges.append(following[edges[-1].target_arn])
    return tuple(edges)


def _all(groups: Iterable[tuple[Edge, ...]]) -> Iterator[Edge]:
    for group in groups:
        yield from group
