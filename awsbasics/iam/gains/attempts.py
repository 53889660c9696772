"""Tries the declared paths on principals."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from awsbasics.iam.access import Access
from awsbasics.iam.candidates import Candidates
from awsbasics.iam.estate import Principal
from awsbasics.iam.gains.edge import Edge
from awsbasics.iam.gains.ground import Ground
from awsbasics.iam.gains.oneself import Oneself
from awsbasics.iam.gains.organization import Organization
from awsbasics.iam.gains.others import Others
from awsbasics.iam.gains.services import Services
from awsbasics.iam.paths import Gain, Path
from awsbasics.iam.verdict import Status


class Gains:
    """What each principal gains in one hop."""

    def __init__(self, access: Access, candidates: Candidates) -> None:
        self._ground = ground = Ground(access, candidates)
        oneself, services = Oneself(ground), Services(ground)
        others, organization = Others(ground, oneself), Organization(ground)
        self._by_gain: Mapping[Gain, Callable[[Principal, Path], Iterable[Edge]]] = {
            Gain.SELF: oneself.rewritten,
            Gain.UNBOUND: oneself.unbound,
            Gain.GROUP: oneself.joined,
            Gain.ROLE: others.taken,
            Gain.CHANGED_ROLE: others.changed_role,
            Gain.USER: others.signed_in,
            Gain.CHANGED_USER: others.changed_user,
            Gain.PASSED: services.passed,
            Gain.CARRIED: services.carried,
            Gain.FEDERATED: organization.federated,
            Gain.MEMBER: organization.member,
            Gain.CENTER: organization.center,
        }

    def of(self, principal: Principal) -> Iterator[Edge]:
        """The edges from a principal, those that are blocked included."""
        profile = self._ground.matrix.profile(principal)
        conditional_administrator = profile.perhaps and not profile.is_unread
        for path in self._ground.open_to(principal):
            if path.only in {"user", "role"} and path.only != principal.kind:
                continue
            for edge in self._by_gain[path.gain](principal, path):
                # Who is an administrator under a condition gains nothing under it.
                if edge.verdict.status is Status.OPEN or (
                    edge.verdict.status is not Status.NO and not conditional_administrator
                ):
                    yield edge
