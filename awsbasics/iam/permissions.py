"""Who can do what in one snapshot, for many questions: loaded once, each part when it is needed."""

from dataclasses import replace
from functools import cached_property

from awsbasics.iam.access import Access
from awsbasics.iam.candidates import Candidates
from awsbasics.iam.escalation import Way, ways_by
from awsbasics.iam.estate import Estate
from awsbasics.iam.frames import Moment, estate_of
from awsbasics.iam.matrix import Matrix
from awsbasics.iam.pause import collection_paused
from awsbasics.snapshot import Snapshot

# Long after every window that people write: what is allowed then is allowed without end.
FOR_EVER = {"aws:CurrentTime": "9998-12-31T00:00:00Z", "aws:EpochTime": "253370678400"}


class Permissions:
    """The engine's view of an estate; `matrix`, `access` and `ways` share their work."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate

    @cached_property
    def matrix(self) -> Matrix:
        """Every principal and every action."""
        return Matrix(self.estate)

    @cached_property
    def access(self) -> Access:
        """Single permissions, decided exactly."""
        return Access(self.matrix)

    @cached_property
    def candidates(self) -> Candidates:
        """Who can assume which role."""
        return Candidates(self.access)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """All ways up, those of people and those that are blocked included."""
        with collection_paused():
            return tuple(ways_by(self.access, self.candidates))

    @cached_property
    def for_ever(self) -> "Permissions":
        """The same when every window is over: what then is allowed has no end."""
        return Permissions(replace(self.estate, clock=FOR_EVER))


def permissions_of(snapshot: Snapshot, as_of: Moment = None) -> Permissions:
    """The permissions in a snapshot at a moment (default: that of the data)."""
    with collection_paused():
        return Permissions(estate_of(snapshot, as_of))
