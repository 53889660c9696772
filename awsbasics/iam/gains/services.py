"""Roles that services work as: handed to something new, or carried by something that exists."""

from collections.abc import Iterator
from functools import cached_property

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.gains.edge import Edge
from awsbasics.iam.gains.ground import Ground
from awsbasics.iam.paths import On, Path
from awsbasics.iam.verdict import NO, OPEN, Status, Verdict, both, possible

_WITH_PROFILE = frozenset(
    {
        "ec2:RunInstances",
        "ec2:RequestSpotInstances",
        "ec2:AssociateIamInstanceProfile",
        "ec2:ReplaceIamInstanceProfileAssociation",
    }
)
_MAKING_PROFILES = ("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile")


class Services:
    """Roles that are had through what a service does with them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def passed(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Roles handed to something that is made or started anew."""
        others = self._ground.allowed(source, path, On.ANY)
        there = self._is_there(path, source.account_id)
        if Status.NO in {others.status, there.status}:
            return
        for service in path.services:
            for role, trust in self._ground.candidates.of_service(source.account_id, service):
                about = {
                    **self._ground.access.about(role),
                    "iam:PassedToService": _named(service, role),
                }
                passes = self._ground.allowed(source, path, On.PASSED, role.arn, about)
                if passes.status is not Status.NO:
                    profile = self._in_profile(source, path, role)
                    verdict = both(others, there, passes, trust, profile)
                    yield from self._ground.edge(source, path, role, verdict)

    def carried(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Roles of what exists, or may exist where it was not read."""
        others = self._ground.allowed(source, path, On.ANY)
        if others.status is Status.NO:
            return
        found: dict[str, tuple[Verdict, str]] = {}
        for carrier in self._ground.estate.carriers.get(path.table, ()):
            if carrier.account_id == source.account_id:
                verdict = both(
                    others, self._ground.allowed(source, path, On.RESOURCE, carrier.arn, {})
                )
                known, _ = found.get(carrier.role_arn, (NO, ""))
                if verdict.status < known.status:
                    found[carrier.role_arn] = (verdict, carrier.arn)
        if not self._is_known(path.table, source.account_id):
            self._add_unseen(source, path, others, found)
        for arn, (verdict, resource) in found.items():
            role = self._ground.estate.principals.get(arn)
            if role is not None:
                yield from self._ground.edge(source, path, role, verdict, {On.RESOURCE: resource})

    def _add_unseen(
        self,
        source: Principal,
        path: Path,
        others: Verdict,
        found: dict[str, tuple[Verdict, str]],
    ) -> None:
        """Roles that something which was not read may carry."""
        needs = [need for need in path.needs if need.on is On.RESOURCE]
        allowed = both(
            others, *(self._ground.access.anywhere(source, need.action) for need in needs)
        )
        if allowed.status is Status.NO:
            return
        for service in path.services:
            for role, trust in self._ground.candidates.of_service(source.account_id, service):
                if role.arn not in found:
                    verdict = both(allowed, trust, possible(path.exists))
                    found[role.arn] = (verdict, path.exists)

    def _is_known(self, table: str, account_id: str) -> bool:
        """Whether all that carries roles is known: the kit gathers it, and it was read."""
        return table in self._ground.estate.carriers and self._ground.estate.was_read(
            table, account_id
        )

    def _is_there(self, path: Path, account_id: str) -> Verdict:
        """Whether the account has what a path needs to find there."""
        if not path.exists or account_id in self._ground.estate.present.get(path.table, ()):
            return OPEN
        gathered = path.table in self._ground.estate.present
        if gathered and self._ground.estate.was_read(path.table, account_id):
            return NO
        return possible(path.exists)

    def _in_profile(self, source: Principal, path: Path, role: Principal) -> Verdict:
        """An instance takes a role only from an instance profile that holds it."""
        if not any(need.action in _WITH_PROFILE for need in path.needs):
            return OPEN
        if role.arn in self._profiled:
            return OPEN
        made = both(*(self._ground.access.anywhere(source, each) for each in _MAKING_PROFILES))
        return made if made.status is Status.OPEN else possible("an instance profile with the role")

    @cached_property
    def _profiled(self) -> frozenset[str]:
        return frozenset(arn for roles in self._ground.estate.profiles.values() for arn in roles)


def _named(service: str, role: Principal) -> str:
    """The service principal as the role's trust policy writes it: some end in `.cn` in China."""
    known = role.trust
    texts = (
        {p.id for rule in known.rules for p in rule.source.principals}
        if isinstance(known, CompiledPolicy)
        else set()
    )
    return service if service in texts or f"{service}.cn" not in texts else f"{service}.cn"
