"""One hop on a way up."""

from collections.abc import Mapping
from dataclasses import dataclass

from awsbasics.iam.estate import Principal
from awsbasics.iam.paths import Gain, Need, On, Path
from awsbasics.iam.verdict import Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One hop: who, by which path, whom, and how open it is.

    `to_administrator`: whoever takes it has the power of an administrator then. `on` is what the
    actions are done to, where it is not the target. `is_step`: nothing is gained by it but a way
    that leads further.
    """

    source: Principal
    path: Path
    target_arn: str
    verdict: Verdict
    to_administrator: bool
    on: Mapping[On, str]
    is_step: bool = False

    def steps(self) -> list[str]:
        """What is done, in words."""
        said = [self._step(need) for need in self.path.needs]
        end = "has every permission" if self.path.gain in _OWN_GAINS else "acts as it"
        return [*said, f"{end}: {self.target_arn}"]

    def _step(self, need: Need) -> str:
        place = self.on.get(need.on) or ("" if need.on is On.ANY else self.target_arn)
        if need.on is On.PASSED:
            return f"{need.action}: hands {place} to {' or '.join(self.path.services)}"
        return f"{need.action} on {place}" if place else need.action


_OWN_GAINS = frozenset({Gain.SELF, Gain.UNBOUND, Gain.GROUP})
