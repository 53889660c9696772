"""Other users and roles of the account: taken up as they are, or changed first."""

from collections.abc import Iterator

from awsbasics.iam.estate import Principal
from awsbasics.iam.gains.edge import Edge
from awsbasics.iam.gains.ground import Ground
from awsbasics.iam.gains.oneself import Oneself
from awsbasics.iam.paths import On, Path
from awsbasics.iam.verdict import NO, OPEN, Status, Verdict, best, both, possible


class Others:
    """Other principals whose credentials or trust are to be had."""

    def __init__(self, ground: Ground, oneself: Oneself) -> None:
        self._ground = ground
        self._oneself = oneself

    def taken(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Roles as they are: by assuming them, or after a change of their trust."""
        if path.needs[0].on is On.ASSUME:
            for arn, verdict in self._ground.candidates.assumable(source).items():
                yield from self._ground.edge(
                    source, path, self._ground.estate.principals[arn], verdict
                )
            return
        for role in self._changeable(source, "role"):
            yield from self._ground.edge(source, path, role, self._on_target(source, path, role))

    def changed_role(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Roles that are given every permission, and taken up where the path says so."""
        assumes = any(need.on is On.ASSUME for need in path.needs)
        reached = self._ground.candidates.assumable(source) if assumes else {}
        for role in self._changeable(source, "role"):
            taken = reached.get(role.arn, NO) if assumes else OPEN
            if taken.status is not Status.NO:
                yield from self._changed(source, path, role, taken)

    def signed_in(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Users as they are, by new credentials of theirs."""
        for user in self._changeable(source, "user"):
            fits = self._fits_credentials(path, user)
            if fits.status is not Status.NO:
                verdict = both(fits, self._on_target(source, path, user))
                yield from self._ground.edge(source, path, user, verdict)

    def changed_user(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Users that are given every permission, as far as their credentials are to be had."""
        for user in self._changeable(source, "user"):
            yield from self._changed(source, path, user, self._fits_credentials(path, user))

    def _changed(
        self, source: Principal, path: Path, target: Principal, taken: Verdict
    ) -> Iterator[Edge]:
        """Another principal that is given every permission first."""
        verdict = both(taken, self._on_target(source, path, target))
        if verdict.status is not Status.NO:
            whole = both(verdict, self._oneself.is_free(target))
            policies = self._ground.own_policies(target)
            on = {On.POLICY: policies[0]} if policies else {}
            yield Edge(source, path, target.arn, whole, True, on)

    def _changeable(self, source: Principal, kind: str) -> Iterator[Principal]:
        for each in self._ground.estate.by_account.get(source.account_id, ()):
            if each.kind == kind and each is not source and not each.is_protected:
                yield each

    def _on_target(self, source: Principal, path: Path, target: Principal) -> Verdict:
        """Whether all that a path does to its target, or to a policy of it, is allowed."""
        verdicts: list[Verdict] = []
        for need in path.needs:
            if need.on is On.ASSUME:
                continue
            places = self._ground.own_policies(target) if need.on is On.POLICY else (target.arn,)
            found = self._ground.access.at_once(source, need.action) if places else NO
            if found is None:
                about = self._ground.changes(target, need)
                found = best(
                    self._ground.access.can(source, need.action, each, about) for each in places
                )
            if found.status is Status.NO:
                return NO
            verdicts.append(found)
        return both(OPEN, *verdicts)

    def _fits_credentials(self, path: Path, user: Principal) -> Verdict:
        """Whether the user's credentials are such that the path's calls succeed."""
        actions = {need.action for need in path.needs}
        password = self._ground.estate.passwords.get(user.arn)
        keys_full = (
            user.arn in self._ground.estate.two_keys and "iam:DeleteAccessKey" not in actions
        )
        if "iam:CreateAccessKey" in actions and keys_full:
            return NO
        if "iam:CreateLoginProfile" in actions and password:
            return NO
        if "iam:UpdateLoginProfile" in actions:
            if password is False:
                return NO
            if not self._ground.estate.was_read("iam_credential_report", user.account_id):
                return possible(f"whether {user.arn} has a password")
        return OPEN
