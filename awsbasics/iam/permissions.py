"""Who can do what in one snapshot, for many questions: loaded once, each part when it is needed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal

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

SignIn = Literal["console", "access_key", "mfa"]
_HIMSELF = {"aws:ViaAWSService": "false", "aws:CalledVia": None}
# How an IAM user can ask, and what the request then says of a second factor: the console works
# with temporary credentials, which say whether there was one; a request that is signed with a
# long-lived access key has neither key. Source: the IAM user guide, "AWS global condition
# context keys", `aws:MultiFactorAuthPresent`.
SIGN_INS: Mapping[SignIn, Mapping[str, str | None]] = MappingProxyType(
    {
        "console": {
            **_HIMSELF,
            "aws:MultiFactorAuthPresent": "false",
            "aws:MultiFactorAuthAge": None,
        },
        "access_key": {
            **_HIMSELF,
            "aws:MultiFactorAuthPresent": None,
            "aws:MultiFactorAuthAge": None,
        },
        "mfa": {**_HIMSELF, "aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "1"},
    }
)


class Permissions:
    """The engine's view of an estate; `matrix`, `access` and `ways` share their work."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._signed_in: dict[SignIn, Permissions] = {}

    def signed_in(self, how: SignIn) -> "Permissions":
        """The same for IAM users who ask in one of these ways; it says nothing of roles."""
        if how not in self._signed_in:
            clock = {**self.estate.clock, **SIGN_INS[how]}
            self._signed_in[how] = Permissions(replace(self.estate, clock=clock))
        return self._signed_in[how]

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
