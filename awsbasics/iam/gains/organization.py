"""What reaches beyond a principal's account: identity providers, root sessions, Identity Center."""

from collections.abc import Iterator

from awsbasics.iam.estate import Principal
from awsbasics.iam.gains.edge import Edge
from awsbasics.iam.gains.ground import Ground
from awsbasics.iam.paths import On, Path
from awsbasics.iam.verdict import OPEN, Status, both, possible

_ROOT_TASK = "policy/root-task/IAMCreateRootUserPassword"


class Organization:
    """What identity providers and the organization's administrators can take up."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def federated(self, source: Principal, path: Path) -> Iterator[Edge]:
        """The roles that trust a provider of the account, once that is changed."""
        for role, provider in self._ground.candidates.of_provider(source.account_id, path.only):
            allowed = self._ground.allowed(source, path, On.PROVIDER, provider, {})
            verdict = both(allowed, self._ground.exists(path))
            yield from self._ground.edge(source, path, role, verdict, {On.PROVIDER: provider})

    def member(self, source: Principal, path: Path) -> Iterator[Edge]:
        """The root users of member accounts, from where IAM's root sessions are governed."""
        if (
            not self._administers(source, "iam.amazonaws.com")
            or self._ground.estate.root_sessions is False
        ):
            return
        known = (
            OPEN if self._ground.estate.root_sessions else possible("whether root sessions are on")
        )
        task = {"sts:TaskPolicyArn": f"arn:{source.partition}:iam::aws:{_ROOT_TASK}"}
        for account in self._ground.estate.accounts:
            if account not in {self._ground.estate.management_account_id, source.account_id}:
                root = f"arn:{source.partition}:iam::{account}:root"
                verdict = both(known, self._ground.allowed(source, path, On.TARGET, root, task))
                if verdict.status is not Status.NO:
                    yield Edge(source, path, root, verdict, True, {})

    def center(self, source: Principal, path: Path) -> Iterator[Edge]:
        """Whatever Identity Center can assign, from where it is governed."""
        if not self._administers(source, "sso.amazonaws.com"):
            return
        home = self._ground.estate.management_account_id or source.account_id
        known = (
            OPEN
            if self._ground.estate.was_read("sso_instances", home)
            else possible("Identity Center")
        )
        instances = self._ground.estate.instance_of_identity_center
        if not instances and known is OPEN:
            return
        verdict = both(known, self._ground.allowed(source, path, On.ANY))
        if verdict.status is not Status.NO:
            target = instances[0] if instances else f"arn:{source.partition}:sso:::instance"
            yield Edge(source, path, target, verdict, True, {})

    def _administers(self, source: Principal, service: str) -> bool:
        """Whether an account administers a service for the whole organization."""
        delegated = self._ground.estate.delegated.get(service, ())
        return source.account_id in {self._ground.estate.management_account_id, *delegated}
